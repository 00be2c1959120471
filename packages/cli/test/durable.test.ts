import { startOneBotEmulator } from '@mynah/emulator-onebot'
import { expect, it, vi } from 'vitest'

import { TestProject } from './bot-process.ts'

vi.setConfig({ testTimeout: 120_000 })

const count = 500

/** Stores so many messages of two parts, answers when all of them are on disk, and logs how each ends. */
const plugin = `import { definePlugin, element } from '@mynah/core'
export default definePlugin({
  name: 'p',
  setup(ctx) {
    ctx.command('ping').action(() => 'pong')
    ctx.command('fill').action(async ({ session }) => {
      const sends = Array.from({ length: ${count} }, (_, n) =>
        session.reply([element('message', {}, n + '.a'), element('message', {}, n + '.b')], {
          durable: true,
          key: 'p:' + n,
        }))
      const receipts = await Promise.all(sends)
      return receipts.filter(({ status }) => status === 'stored').length + ' stored'
    })
    ctx.on('message-settled', ({ event: { settled: { key, receipt } } }) =>
      ctx.logger.info('end of ' + key + ': ' + (receipt.status === 'failed' ? receipt.error.code : receipt.status)))
  },
})
`

it('loses no durable message to kill -9, repeats no part, and lets a live answer pass the backlog', async () => {
  await using emulator = await startOneBotEmulator({ selfId: 10_001 })
  const { url } = await emulator.listenWebSocket()
  const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
  await using project = await TestProject.create({
    'bot.config.yaml': `database: sqlite:data/bot.db\nadapters:\n  onebot:\n    forward:\n      - url: ${url}\n`,
    'plugins/p.js': plugin,
  })
  const texts = (): string[] =>
    emulator.calls.flatMap(({ action, params }) =>
      action === 'send_msg'
        ? (/\b\d+\.[ab]|pong|\d+ stored/.exec(JSON.stringify(params['message'])) ?? [])
        : [],
    )
  // A platform that takes its time, so that there is a backlog to be killed in.
  emulator.faults.call('send_msg', { kind: 'late', delayMs: 5 }, Number.POSITIVE_INFINITY)

  await using first = project.bot(['start'], {}, { stdin: 'ignore' })
  await emulator.online(40_000)
  await alice.say('/fill')
  await vi.waitFor(() => expect(texts()).toContain(`${count} stored`), { timeout: 60_000, interval: 5 })
  await vi.waitFor(() => expect(texts().length).toBeGreaterThan(20), { timeout: 60_000, interval: 1 })
  first.kill('SIGKILL')
  await first.exited()
  expect(texts().length).toBeLessThan(count * 2)

  await using second = project.bot(['start'], {}, { stdin: 'ignore' })
  await emulator.online(40_000)
  await alice.say('/ping')
  await vi.waitFor(() => expect(texts()).toContain('pong'), { timeout: 60_000, interval: 5 })
  expect(texts().length).toBeLessThan(count * 2)
  await vi.waitFor(
    () => expect(second.log.some(({ msg }) => msg.startsWith(`end of p:${count - 1}:`))).toBe(true),
    {
      timeout: 60_000,
      interval: 20,
    },
  )

  const ends = new Map(
    [...first.log, ...second.log].flatMap(({ msg }) => {
      const [, key = '', end = ''] = /^end of p:(\d+): (\S+)$/.exec(msg) ?? []
      return key === '' ? [] : [[Number(key), end] as const]
    }),
  )
  const said = texts().filter((text) => /^\d+\.[ab]$/.test(text))
  expect(new Set(said).size).toBe(said.length)
  const doubtful = Array.from(ends).filter(([, end]) => end !== 'delivered')
  expect(doubtful.length).toBeLessThanOrEqual(1)
  expect(doubtful.every(([, end]) => end === 'SEND_IN_DOUBT')).toBe(true)
  // What is not in doubt is out, whole and in order.
  const inDoubt = new Set(doubtful.map(([n]) => n))
  const whole = Array.from({ length: count }, (_, n) => n).filter((n) => !inDoubt.has(n))
  const certain = said.filter((text) => !inDoubt.has(Number.parseInt(text, 10)))
  expect(certain).toEqual(whole.flatMap((n) => [`${n}.a`, `${n}.b`]))
})
