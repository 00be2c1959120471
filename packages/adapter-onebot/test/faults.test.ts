import { App, createLogger, definePlugin, type Receipt } from '@mynah/core'
import type { Connection, OneBotEmulator } from '@mynah/emulator-onebot'
import { describe, expect, it, onTestFinished } from 'vitest'

import { AdapterHost } from '../src/adapter.ts'
import { onebotConfig } from '../src/config.ts'
import { Forward } from '../src/receive/forward.ts'
import { botOf, eventually, lines, reverseUrl, start, startEmulator } from './start.ts'

const online = (app: App) => eventually(() => expect(botOf(app).status).toBe('online'))

/** Settles when both sides know of the connection. */
async function connected(emulator: OneBotEmulator, app: App): Promise<void> {
  await online(app)
  await eventually(() => expect(emulator.connections).toHaveLength(1))
}

const messages = 1000
const disconnects = 20
const people = 20

/** A generator of numbers that can be repeated: what fails once fails again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** Answers every message with its own words, and keeps the receipts by them. */
function echo(handled: Map<string, number>, receipts: Map<string, Receipt>) {
  return definePlugin({
    name: 'echo',
    setup(ctx) {
      ctx.on('message-created', async (session) => {
        handled.set(session.text, (handled.get(session.text) ?? 0) + 1)
        receipts.set(session.text, await session.reply(session.text))
      })
    },
  })
}

/** Ends a connection in one of the ways in which connections end. */
function cut(connection: Connection, how: number): Promise<void> {
  if (how < 0.4) return connection.terminate()
  return how < 0.7 ? connection.close(1000) : connection.close(1011, 'crashed')
}

/** Lets people talk while the connection is lost again and again. */
async function talkThroughTrouble(emulator: OneBotEmulator, app: App, seed: number): Promise<Set<string>> {
  const next = random(seed)
  const voices = Array.from({ length: people }, (_, index) => emulator.friend({ userId: index + 1 }))
  const cuts = new Set(
    Array.from({ length: disconnects }, (_, index) =>
      Math.floor((index + next()) * (messages / disconnects)),
    ),
  )
  const certain = new Set<string>()
  let unconfirmed: string[] = []
  await connected(emulator, app)
  for (let index = 0; index < messages; index += 1) {
    const words = `message ${index}`
    await voices[index % people]?.say(words)
    unconfirmed.push(words)
    const [connection] = emulator.connections
    if (cuts.has(index) && connection !== undefined) {
      if (next() < 0.5) await connection.roundTrip()
      else unconfirmed = []
      for (const sent of unconfirmed) certain.add(sent)
      unconfirmed = []
      await cut(connection, next())
      await connected(emulator, app)
    }
  }
  await emulator.connections[0]?.roundTrip()
  for (const sent of unconfirmed) certain.add(sent)
  return certain
}

/** How often each text was really said. */
function said(emulator: OneBotEmulator): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { action, params } of emulator.calls) {
    if (action !== 'send_msg') continue
    const words = /message \d+/.exec(JSON.stringify(params['message']))?.[0] ?? ''
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  return counts
}

const outcomeOf = (receipt: Receipt | undefined): string => {
  if (receipt === undefined) return 'nothing'
  if (receipt.status !== 'failed') return 'delivered'
  return receipt.error.retriable ? 'not-sent' : 'unknown'
}

/** An app that dials the emulator and does not wait long to do so again. */
async function dialling(emulator: OneBotEmulator): Promise<App> {
  const { url } = await emulator.listenWebSocket()
  const options = onebotConfig.parse({ forward: [{ url }] })
  const plugin = definePlugin({
    name: 'onebot',
    setup(ctx) {
      for (const entry of options.forward) {
        const forward = new Forward({
          host: new AdapterHost(ctx, options),
          config: entry,
          timeoutMs: 5000,
          backoff: { baseMs: 5, maxMs: 20 },
        })
        ctx.effect(() => () => forward.stop())
        forward.start()
      }
    },
  })
  const app = new App({ logger: createLogger({ level: 'warn', stream: lines }), graceMs: 500 })
  onTestFinished(() => app.stop())
  app.plugin(plugin)
  await app.start()
  return app
}

describe.each([
  ['forward', 1],
  ['reverse', 2],
] as const)('a %s WebSocket that is lost again and again', (kind, seed) => {
  it(
    'loses nothing that arrived, answers once, and says what could not be sent',
    { timeout: 120_000 },
    async () => {
      const handled = new Map<string, number>()
      const receipts = new Map<string, Receipt>()
      const emulator = await startEmulator()
      const app = kind === 'forward' ? await dialling(emulator) : await start({ reverse: [{}] })
      app.plugin(echo(handled, receipts))
      if (kind === 'reverse') await emulator.connectReverse(reverseUrl(app), { reconnectMs: 5 })
      await online(app)

      const certain = await talkThroughTrouble(emulator, app, seed)
      await eventually(() => expect(receipts.size).toBe(handled.size))

      expect([...certain].filter((words) => handled.get(words) !== 1)).toEqual([])
      expect([...handled].filter(([, count]) => count !== 1)).toEqual([])
      expect(certain.size).toBeGreaterThan(messages * 0.25)

      const counts = said(emulator)
      const wrong = [...receipts].filter(([words, receipt]) => {
        const count = counts.get(words) ?? 0
        const outcome = outcomeOf(receipt)
        if (outcome === 'delivered') return count !== 1
        return outcome === 'unknown' ? count > 1 : count !== 0 || outcome !== 'not-sent'
      })
      expect(wrong.map(([words, receipt]) => [words, outcomeOf(receipt), counts.get(words)])).toEqual([])
      expect(botOf(app).connections.state).toMatchObject({
        status: 'online',
        pending: 0,
        queued: 0,
        reconnects: disconnects,
      })
    },
  )
})

describe('a hundred reconnects', () => {
  it('leave nothing behind', { timeout: 60_000 }, async () => {
    const emulator = await startEmulator()
    const app = await start({ reverse: [{}] })
    await emulator.connectReverse(reverseUrl(app), { reconnectMs: 1 })
    await emulator.online()
    await online(app)
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    for (let round = 1; round <= 100; round += 1) {
      await emulator.connections[0]?.terminate()
      await eventually(() => {
        expect(botOf(app).connections.state.reconnects).toBe(round)
        expect(emulator.connections).toHaveLength(1)
      })
    }
    await online(app)
    await emulator.silence()
    expect(timers()).toBeLessThanOrEqual(before + 5)
    expect(botOf(app).connections.state.pending).toBe(0)
  })
})
