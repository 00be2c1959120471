import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { startKookEmulator } from '@mynah/emulator-kook'
import { startOneBotEmulator } from '@mynah/emulator-onebot'
import { startQQEmulator } from '@mynah/emulator-qq'
import { expect, it, vi } from 'vitest'

import { type BotProcess, TestProject } from '../bot-process.ts'

/** How often the bot is killed; `pnpm soak` makes it many times. */
const kills = Number(process.env['MYNAH_SOAK_KILLS'] ?? 20)
vi.setConfig({ testTimeout: 60_000 + kills * 6000 })

const clients = 64
const secret = 'kq7Zt2WmXp9LcR4vBn3Y'

/** What the program has found at the end. */
interface Report {
  readonly rows: readonly { readonly id: string; readonly pair: string }[]
  readonly keys: readonly (readonly [string, number])[]
  readonly dead: readonly (readonly [string, string])[]
}

it(`keeps all that it acknowledged over ${kills} times kill -9, and delivers no message twice`, async () => {
  await using onebot = await startOneBotEmulator({ selfId: 10_001 })
  await using qq = await startQQEmulator({ appId: '102000001', secret })
  await using kook = await startKookEmulator()
  const { url } = await onebot.listenWebSocket()
  const groups = Array.from({ length: 8 }, (_, at) =>
    onebot.group({ groupId: 765_432_100 + at, name: `${at}` }),
  )
  const bob = kook.user({ username: 'bob' })
  const lobby = kook.guild({ members: [bob] }).channel('lobby')
  const alice = qq.user()
  const { token: tokenUrl, api } = qq.baseUrls
  const adapters = {
    onebot: { forward: [{ url }] },
    qq: { appId: '102000001', secret, endpoints: { token: tokenUrl, api } },
    kook: { token: kook.token, baseUrl: kook.baseUrl },
  }
  const channels = groups.map(({ groupId }) => String(groupId))
  const program = await readFile(fileURLToPath(new URL('database-program.mjs', import.meta.url)), 'utf8')
  await using project = await TestProject.create({ 'program.mjs': program })
  const start = (run: number, count: number): BotProcess =>
    project.bot(
      ['program.mjs', JSON.stringify({ run, clients: count, channels, adapters })],
      {},
      { command: process.execPath, stdin: 'ignore' },
    )
  const said: string[] = []
  const speak = (): void => {
    said.push(`q${said.length}`, `k${said.length + 1}`)
    alice.c2c.say(said.at(-2) ?? '')
    bob.in(lobby).say(said.at(-1) ?? '')
  }

  // Ended in order, so that the platforms have a session that is known to go on.
  await using first = start(0, 0)
  await first.expectLog('ready')
  first.kill('SIGTERM')
  await first.exited()

  for (let run = 1; run <= kills; run += 1) {
    await using bot = start(run, clients)
    // Sometimes it has not even opened the file.
    if (run % 4 === 3) await pass(Math.random() * 400)
    else {
      await bot.expectLog('ready')
      for (let count = 0; count < 3; count += 1) speak()
      await pass(Math.random() * 250)
    }
    bot.kill('SIGKILL')
    await bot.exited()
    speak()
  }

  await using last = start(kills + 1, 0)
  await last.expectLog('ready')
  const acks = (await readFile(join(project.root, 'acks'), 'utf8')).split('\n')
  const acknowledged = (kind: string): string[] =>
    acks.flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : []))
  const messages = acknowledged('message')
  const report = await vi.waitFor(
    async () => {
      const found: Report = JSON.parse(await readFile(join(project.root, 'report.json'), 'utf8'))
      const dead = new Set(found.dead.map(([key]) => key))
      const out = new Set(delivered())
      expect(messages.filter((key) => !out.has(key) && !dead.has(key))).toEqual([])
      const keys = new Map(found.keys)
      expect(said.filter((text) => keys.get(`event:${text}`) === undefined)).toEqual([])
      return found
    },
    { timeout: 60_000, interval: 100 },
  )

  const out = delivered()
  expect(new Set(out).size).toBe(out.length)
  expect(report.dead.filter(([, state]) => state !== 'in-doubt')).toEqual([])
  // At most one part of each conversation is on its way when the bot is killed.
  expect(report.dead.length).toBeLessThanOrEqual(kills * 4)
  const ids = new Set(report.rows.map(({ id }) => id))
  expect(acknowledged('row').filter((id) => !ids.has(id))).toEqual([])
  expect(report.rows.filter(({ pair }) => !ids.has(pair))).toEqual([])
  const keys = new Map(report.keys)
  for (let client = 0; client < clients; client += 1) {
    const count = acknowledged('count').filter((id) => id === String(client)).length
    expect(keys.get(`count:${client}`)).toBeGreaterThanOrEqual(count)
    // What was on disk and not acknowledged is one increment of each run at most.
    expect(keys.get(`count:${client}`)).toBeLessThanOrEqual(count + kills)
  }
  expect(messages.length).toBeGreaterThan(kills * 5)

  function delivered(): string[] {
    return onebot.calls.flatMap(({ action, params }) =>
      action.startsWith('send_') ? (/m:\d+:\d+\./.exec(JSON.stringify(params['message'])) ?? []) : [],
    )
  }
})
