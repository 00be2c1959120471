import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type App, definePlugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import type { KookChannel, KookUser } from '@mynah/emulator-kook'
import server from '@mynah/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { start, type Started, type StartOptions } from './start.ts'

interface Handled {
  readonly text: string
  readonly redelivered: boolean
}

let folder: string
let database: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mynah-kook-'))
  database = `sqlite:${join(folder, 'bot.db')}`
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Waits until a check holds, for as long as a busy machine may need. */
function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 5 })
}

/** Notes each message as its handler begins; `hang` never ends, and `ask` waits for a person. */
function noting(handled: Handled[], onAsked: () => void = () => {}) {
  return (app: App): void =>
    void app.plugin(
      definePlugin({
        name: 'noting',
        setup(ctx) {
          ctx.on('message-created', async ({ text, event }) => {
            handled.push({ text, redelivered: event.redelivered === true })
            if (text === 'hang') await deferred().promise
          })
          ctx.command('ask').action(({ session }) => session.prompt('What?'))
          ctx.on('prompt-state', ({ isWaiting }) => (isWaiting ? onAsked() : undefined))
        },
      }),
    )
}

function place({ emulator }: Started): { alice: KookUser; lobby: KookChannel } {
  const alice = emulator.user({ username: 'alice' })
  return { alice, lobby: emulator.guild({ members: [alice] }).channel('lobby') }
}

/** Another run of the bot; its sessions and logs are its own. */
async function restart(first: Started, options: StartOptions = {}): Promise<Started> {
  await eventually(() => expect(first.bot.status).toBe('online'))
  await first.app.stop()
  return start({ beside: first, ...options })
}

describe('a bot with a database', () => {
  it('continues its session after a stop: what came meanwhile is new, what was given up comes again', async () => {
    const before: Handled[] = []
    const asked = deferred()
    await using first = await start({ database, setup: noting(before, asked.resolve) })
    const { emulator } = first
    const { alice, lobby } = place(first)
    const { sessionId } = emulator.gateway
    for (const text of ['one', 'hang', 'two', '/ask']) alice.in(lobby).say(text)
    await eventually(() => expect(before.map(({ text }) => text)).toEqual(['one', 'hang', 'two', '/ask']))
    await asked.promise
    await first.app.stop()
    alice.in(lobby).say('meanwhile')

    const after: Handled[] = []
    await using second = await start({ beside: first, database, setup: noting(after) })
    expect(emulator.gateway.sessionId).toBe(sessionId)
    expect(emulator.gateway.opened.at(-1)).toMatchObject({ resume: true, sessionId })
    const expected = [
      { text: 'hang', redelivered: true },
      { text: 'meanwhile', redelivered: false },
    ]
    await eventually(() => expect(after).toEqual(expected))
    alice.in(lobby).say('later')
    await eventually(() => expect(after).toEqual([...expected, { text: 'later', redelivered: false }]))
    expect(second.bot.status).toBe('online')
  })

  it('begins anew when the platform does not continue its session, and says so', async () => {
    await using first = await start({ database })
    const { sessionId } = first.emulator.gateway
    await eventually(() => expect(first.bot.status).toBe('online'))
    await first.app.stop()
    first.emulator.faults.expireSessions()
    await using second = await start({ beside: first, database })
    expect(first.emulator.gateway.sessionId).not.toBe(sessionId)
    expect(second.logs.join('')).toContain('KOOK does not continue the session')
    await using third = await restart(second, { beside: first, database })
    expect(third.logs.join('')).not.toContain('KOOK does not continue the session')
  })

  it('does not sign off the run before it whose session it continues', async () => {
    await using first = await start({ database })
    const { sessionId } = first.emulator.gateway
    await using second = await restart(first, { database, config: { signOffFirst: true } })
    expect(second.emulator.gateway.sessionId).toBe(sessionId)
  })

  it('does not continue the session of another address', async () => {
    await using first = await start({ database })
    const { sessionId } = first.emulator.gateway
    const baseUrl = first.emulator.baseUrl.replace('127.0.0.1', 'localhost')
    await using second = await restart(first, { database, config: { baseUrl } })
    expect(second.emulator.gateway.sessionId).not.toBe(sessionId)
  })

  it('takes new events in order after a session was lost with events that wait', async () => {
    const handled: Handled[] = []
    await using first = await start({ database, setup: noting(handled) })
    const { alice, lobby } = place(first)
    for (const text of ['1', '2', '3']) alice.in(lobby).say(text)
    await eventually(() => expect(handled).toHaveLength(3))
    first.emulator.faults.requestReconnect()
    await eventually(() => expect(first.logs.join('')).toContain('KOOK does not continue the session'))
    await eventually(() => expect(first.emulator.gateway.isOnline).toBe(true))
    for (const text of ['4', '5']) alice.in(lobby).say(text)
    await eventually(() => expect(handled.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']))
  })

  it('keeps no token where it stores the session', async () => {
    await using first = await start({ database })
    const { bot, emulator } = first
    await vi.waitFor(async () => {
      const row = await bot.keys?.get(`${bot.key}:gateway`)
      expect(row).toMatchObject({ session: emulator.gateway.sessionId })
      expect(JSON.stringify(row)).not.toContain(emulator.token)
    })
  })
})

it('hands on after a restart what came by the webhook and was not settled, once', async () => {
  const verifyToken = 'vt-0001'
  const config = { transport: 'webhook', webhook: { verifyToken, path: '/kook' } } as const
  const limits = { maxRunning: 4, maxQueued: 1 }
  const before: Handled[] = []
  await using first = await start({ database, config: false, app: { limits }, setup: noting(before) })
  first.app.plugin(server, { port: 0 })
  await first.connect(config)
  const push = async (run: Started, id: string, content: string): Promise<number> => {
    const shared = run.app.service('server')
    const d = {
      channel_type: 'GROUP',
      type: 9,
      target_id: '1',
      author_id: '7',
      content,
      msg_id: id,
      msg_timestamp: Date.now(),
      nonce: '',
      verify_token: verifyToken,
      extra: { guild_id: '2', author: { id: '7', username: 'alice' } },
    }
    const body = JSON.stringify({ s: 0, d, sn: 1 })
    return (await fetch(`${shared?.url}/kook`, { method: 'POST', body })).status
  }
  for (const text of ['one', 'two']) expect(await push(first, text, text)).toBe(200)
  // One handler has the only place of the conversation, one waits in the queue, the others wait before it.
  for (const id of ['h1', 'h2', 'h3', 'h4']) expect(await push(first, id, 'hang')).toBe(200)
  await eventually(() => expect(before.map(({ text }) => text)).toEqual(['one', 'two', 'hang']))
  await first.app.stop()

  const after: Handled[] = []
  await using second = await start({ beside: first, database, config: false, setup: noting(after) })
  second.app.plugin(server, { port: 0 })
  await second.connect(config)
  await eventually(() => expect(after).toHaveLength(4))
  expect(after[0]).toEqual({ text: 'hang', redelivered: true })
  expect(after[3]).toEqual({ text: 'hang', redelivered: false })
  for (const id of ['one', 'h4', 'new']) expect(await push(second, id, id)).toBe(200)
  await eventually(() => expect(after.slice(4)).toEqual([{ text: 'new', redelivered: false }]))
})

it('begins anew where nobody keeps a session', async () => {
  await using first = await start()
  const { sessionId } = first.emulator.gateway
  await using second = await restart(first)
  expect(second.emulator.gateway.sessionId).not.toBe(sessionId)
})
