import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type App, definePlugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { describe, expect, it, onTestFinished } from 'vitest'

import { fastClock } from './clocks.ts'
import { connect, eventually, secret, start, type Started } from './start.ts'

/** A database that goes with the test. */
async function newDatabase(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mynah-qq-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return `sqlite:${join(folder, 'bot.db')}`
}

interface Handled {
  readonly text: string
  readonly redelivered: boolean
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

const isOnline = ({ emulator }: Pick<Started, 'emulator'>): Promise<{ readonly sessionId: string }> =>
  emulator.gateway.expect('online')

describe('a bot with a database', () => {
  it('continues its session after a stop: what came meanwhile is new, what was given up comes again', async () => {
    const database = await newDatabase()
    const before: Handled[] = []
    const asked = deferred()
    const first = await start({ database, setup: noting(before, asked.resolve) })
    const { sessionId } = await isOnline(first)
    const alice = first.emulator.user()
    for (const text of ['one', 'hang', 'two', '/ask']) alice.c2c.say(text)
    await eventually(() => expect(before.map(({ text }) => text)).toEqual(['one', 'hang', 'two', '/ask']))
    await asked.promise
    await first.app.stop()
    alice.c2c.say('meanwhile')

    const after: Handled[] = []
    await connect(first.emulator, { database, setup: noting(after) })
    expect(await isOnline(first)).toEqual({ kind: 'online', sessionId })
    const expected = [
      { text: 'hang', redelivered: true },
      { text: 'meanwhile', redelivered: false },
    ]
    await eventually(() => expect(after).toEqual(expected))
    alice.c2c.say('later')
    await eventually(() => expect(after).toEqual([...expected, { text: 'later', redelivered: false }]))
  })

  it('names in heartbeats what was taken, and not what is settled', async () => {
    const database = await newDatabase()
    const started = await start({
      database,
      clock: fastClock(50),
      emulator: { heartbeatIntervalMs: 5000 },
      setup: noting([]),
    })
    await isOnline(started)
    started.emulator.user().c2c.say('hang')
    await started.emulator.gateway.expect('heartbeat', ({ sequence }) => sequence === 2)
    expect(started.bot.status).toBe('online')
  })

  it('begins anew when the platform does not continue its session, and says so', async () => {
    const database = await newDatabase()
    const first = await start({ database })
    const { sessionId } = await isOnline(first)
    await first.app.stop()
    first.emulator.faults.expireSessions()
    const second = await connect(first.emulator, { database, clock: fastClock(20) })
    expect(await isOnline(first)).not.toMatchObject({ sessionId })
    expect(second.log.join('')).toContain('QQ does not continue the session')
    await second.app.stop()
    const third = await connect(first.emulator, { database, clock: fastClock(20) })
    expect(third.log.join('')).not.toContain('QQ does not continue the session')
  })

  it.each([
    ['intents', { intents: ['GROUP_AND_C2C_EVENT'] }],
    ['another number of shards', { shards: 2 }],
  ] as const)('does not continue a session of other settings: %s', async (_, config) => {
    const database = await newDatabase()
    const first = await start({ database })
    const { sessionId } = await isOnline(first)
    await first.app.stop()
    await connect(first.emulator, { database, config: { ...config } })
    expect(await isOnline(first)).not.toMatchObject({ sessionId })
  })

  it.each(['group', 'c2c'] as const)('says in a %s each answer once to what comes again', async (kind) => {
    const database = await newDatabase()
    const runs: Handled[][] = [[], []]
    const answering =
      (run: number) =>
      (app: App): void =>
        void app.plugin(
          definePlugin({
            name: 'answering',
            setup: (ctx) =>
              void ctx.on('message-created', async (session) => {
                runs[run]?.push({ text: session.text, redelivered: session.event.redelivered === true })
                await session.reply('first')
                await session.reply('second')
                if (run === 0) await deferred().promise
                await session.reply('third')
              }),
          }),
        )
    const first = await start({ database, setup: answering(0) })
    const { emulator } = first
    const alice = emulator.user()
    const place = kind === 'c2c' ? alice.c2c : alice.in(emulator.group())
    place.say('hello')
    await place.expectReply('second')
    await first.app.stop()
    await connect(emulator, { database, setup: answering(1) })
    await place.expectReply('third')
    expect(runs).toEqual([[{ text: 'hello', redelivered: false }], [{ text: 'hello', redelivered: true }]])
    expect(emulator.messages.map(({ text }) => text)).toEqual(['first', 'second', 'third'])
  })

  it('keeps no secret where it stores the session', async () => {
    const database = await newDatabase()
    const { bot } = await start({ database })
    const row = await eventually(async () => {
      const found = await bot.keys?.get(`qq:${bot.selfId}:gateway:0/1`)
      expect(found).toMatchObject({ session: expect.any(String) })
      return found
    })
    expect(JSON.stringify(row)).not.toContain(secret)
  })
})

describe('pushes to a bot with a database', () => {
  const config = { transport: 'webhook' } as const
  const said = (id: string, content: string): string =>
    JSON.stringify({
      op: 0,
      t: 'C2C_MESSAGE_CREATE',
      id: `C2C_MESSAGE_CREATE:${id}`,
      d: { id, author: { id: 'U', user_openid: 'U' }, content },
    })

  it('are handled by the next run where this one did not settle them, and once where it did', async () => {
    const database = await newDatabase()
    const before: Handled[] = []
    const limits = { maxRunning: 4, maxQueued: 1 }
    const first = await start({ database, config, limits, setup: noting(before) })
    const { emulator } = first
    for (const text of ['one', 'two'])
      expect((await emulator.webhook.post(said(text, text))).status).toBe(200)
    // One handler has the only place of the conversation, one waits in the queue, the others wait before it.
    for (const id of ['h1', 'h2', 'h3', 'h4'])
      expect((await emulator.webhook.post(said(id, 'hang'))).status).toBe(200)
    await eventually(() => expect(before.map(({ text }) => text)).toEqual(['one', 'two', 'hang']))
    await first.app.stop()

    const after: Handled[] = []
    const second = await connect(emulator, { database, config, setup: noting(after) })
    await eventually(() => expect(after).toHaveLength(4))
    expect(after[0]).toEqual({ text: 'hang', redelivered: true })
    expect(after[3]).toEqual({ text: 'hang', redelivered: false })
    for (const id of ['one', 'h4', 'new'])
      expect((await emulator.webhook.post(said(id, id))).text).toBe('{"op":12,"d":0}')
    await eventually(() => expect(after.slice(4)).toEqual([{ text: 'new', redelivered: false }]))
    expect(second.bot.intake.refused).toBe(0)
  })
})

it('begins anew where nobody keeps a session', async () => {
  const first = await start()
  const { sessionId } = await isOnline(first)
  await first.app.stop()
  await connect(first.emulator)
  expect(await isOnline(first)).not.toMatchObject({ sessionId })
})
