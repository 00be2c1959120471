import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as settle } from 'node:timers/promises'

import { describe, expect, it, vi } from 'vitest'

import {
  type App,
  type ChatEvent,
  type Context,
  type Dispose,
  file,
  type MessageSupport,
  MynahError,
  type Receipt,
  type ReplyBudget,
  segment,
  type StoredMessages,
} from '../src/index.ts'
import { deferred, type OutgoingMessage } from '../src/adapter.ts'
import { TestClock } from '../src/testing/index.ts'
import { contextOf, FakeBot, startFakeApp } from './fake-bot.ts'
import { MemoryJournal } from './memory-journal.ts'

/** Shows four characters in one message, and numbers what it delivers. */
class NarrowBot extends FakeBot {
  override readonly support: MessageSupport = { elements: ['at', 'image'], maxTextLength: 4 }
  budget: ReplyBudget | undefined
  /** Fails instead of the next deliveries. */
  readonly failures: Error[] = []
  readonly seen: OutgoingMessage[] = []

  override async deliver(message: OutgoingMessage): Promise<Receipt> {
    const failure = this.failures.shift()
    if (failure !== undefined) throw failure
    this.seen.push(message)
    await super.deliver(message)
    return { status: 'delivered', messageIds: [`id${this.sent.length}`] }
  }

  override replyBudget(_event: ChatEvent): Promise<ReplyBudget | undefined> {
    return Promise.resolve(this.budget)
  }
}

interface Run {
  readonly app: App
  readonly bot: NarrowBot
  readonly clock: TestClock
  readonly journal: MemoryJournal
  readonly outbox: StoredMessages
  readonly ctx: Context
  readonly logs: string[]
  /** Keys and ends that were told. */
  readonly ends: string[]
}

/** A run of the program; one after another may share a journal and a clock. */
async function run(
  journal = new MemoryJournal(),
  clock = new TestClock(),
  status: 'online' | 'reconnecting' = 'online',
): Promise<Run> {
  const { app, logs } = startFakeApp({ clock })
  const bot = new NarrowBot('b')
  bot.setStatus(status)
  const ends: string[] = []
  app.on('message-settled', ({ event }) => {
    const { key = '', receipt } = event.settled
    const end = receipt.status === 'failed' ? receipt.error.code : receipt.status
    ends.push([key, end, ...receipt.messageIds].join(' '))
  })
  await app.start()
  const ctx = await contextOf(app)
  const outbox = ctx.keepMessages(journal)
  app.addBot(bot)
  return { app, bot, clock, journal, outbox, ctx, logs, ends }
}

/** Lets everything go as far as it can without time. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await settle()
}

const durable = { durable: true, expiresIn: '10m' } as const
const codeOf = (receipt: Receipt): string =>
  receipt.status === 'failed' ? receipt.error.code : receipt.status
const timeout = (): MynahError => new MynahError('API_TIMEOUT', 'No answer.')
const offline = (): MynahError => new MynahError('BOT_OFFLINE', 'No socket.', { retriable: true })

describe('a durable message', () => {
  it('is stored, then delivered, and its end is told with the ids of its parts', async () => {
    const { bot, ends, journal } = await run()
    const receipt = await bot.sendMessage('lobby', 'one two', { ...durable, key: 'k' })
    expect(receipt).toEqual({ status: 'stored', key: 'k', messageIds: [] })
    await rest()
    expect(bot.texts.join('')).toBe('one two')
    expect(ends).toEqual(['k delivered id1 id2'])
    expect(journal.saved).toEqual(['k trying 0', 'k trying 1', 'k delivered 2', 'k delivered 2'])
  })

  it('has a key of its own where nobody gives one, and is forgotten when its end was told', async () => {
    const { bot, ends, journal } = await run()
    const receipts = [
      await bot.sendMessage('lobby', 'a', durable),
      await bot.sendMessage('lobby', 'b', durable),
    ]
    const keys = receipts.map((receipt) => (receipt.status === 'stored' ? receipt.key : ''))
    expect(new Set(keys).size).toBe(2)
    await rest()
    expect(ends).toHaveLength(2)
    expect(journal.rows.size).toBe(0)
  })

  it('fails at once without a journal, and says what to install', async () => {
    const { app, bot } = startFakeApp()
    const receipt = await bot.sendMessage('lobby', 'a', durable)
    expect(receipt).toMatchObject({ status: 'failed', error: { code: 'OUTBOX_MISSING' } })
    expect(receipt.status === 'failed' && receipt.error.message).toContain('@mynah/database')
    expect(bot.texts).toEqual([])
    await app.stop()
  })

  it('is one message when it is sent twice with one key, and the second send gets the state of the first', async () => {
    const { bot, ends } = await run()
    const sendIt = (): Promise<Receipt> => bot.sendMessage('lobby', 'tea', { ...durable, key: 'k' })
    const both = await Promise.all([sendIt(), sendIt()])
    expect(both.map(codeOf)).toEqual(['stored', 'stored'])
    await rest()
    expect(bot.texts).toEqual(['tea'])
    expect(await sendIt()).toEqual({ status: 'delivered', messageIds: ['id1'] })
    await rest()
    expect(ends).toEqual(['k delivered id1'])
    const elsewhere = await bot.sendMessage('kitchen', 'tea', { ...durable, key: 'k' })
    expect(codeOf(elsewhere)).toBe('DURABLE_INVALID')
  })

  it('goes through outgoing middlewares before it is stored', async () => {
    const { bot, ctx } = await run()
    ctx.outgoing((message, next) => {
      message.elements = [segment.at('ann')]
      return next()
    })
    await bot.sendMessage('lobby', 'a', durable)
    await rest()
    expect(bot.seen.map(({ elements }) => elements[0]?.type)).toEqual(['at'])
  })

  it('keeps the bytes of a file, so that the file may go', async () => {
    const { bot } = await run(undefined, undefined, 'reconnecting')
    const folder = await mkdtemp(join(tmpdir(), 'mynah-'))
    const path = join(folder, 'cat.png')
    await writeFile(path, 'meow')
    expect(codeOf(await bot.sendMessage('lobby', segment.image(file(path)), durable))).toBe('stored')
    await rm(folder, { recursive: true })
    expect(codeOf(await bot.sendMessage('lobby', segment.image(file(path)), durable))).toBe('MEDIA_REFUSED')
    bot.setStatus('online')
    await rest()
    const [image] = bot.seen[0]?.elements ?? []
    expect(image?.attrs).toEqual({ src: `data:application/octet-stream;base64,${btoa('meow')}` })
  })
})

describe('the order of durable messages', () => {
  it('is that in which they were sent, in each conversation, across a restart', async () => {
    const first = await run(undefined, undefined, 'reconnecting')
    for (const text of ['1', '2', '3']) await first.bot.sendMessage('lobby', text, durable)
    await first.app.stop()
    const { bot } = await run(first.journal, first.clock, 'reconnecting')
    await bot.sendMessage('lobby', '4', durable)
    await bot.sendMessage('hall', 'x', durable)
    expect(bot.texts).toEqual([])
    bot.setStatus('online')
    await rest()
    expect(bot.texts.filter((text) => text !== 'x')).toEqual(['1', '2', '3', '4'])
    expect(bot.texts).toContain('x')
  })

  it('stays when one of them has to be tried again', async () => {
    const { bot, clock } = await run()
    bot.failures.push(offline(), offline())
    await bot.sendMessage('lobby', '1', durable)
    await bot.sendMessage('lobby', '2', durable)
    await rest()
    expect(bot.texts).toEqual([])
    await clock.advance(5000)
    await rest()
    expect(bot.texts).toEqual(['1', '2'])
  })

  it('lets a live answer pass a backlog, whatever waits', async () => {
    const first = await run(undefined, undefined, 'reconnecting')
    for (let index = 0; index < 100; index += 1) await first.bot.sendMessage('lobby', `${index}`, durable)
    await first.app.stop()
    const { bot } = await run(first.journal, first.clock, 'reconnecting')
    bot.onDeliver = async () => {
      await settle()
      return { status: 'delivered', messageIds: [] }
    }
    bot.setStatus('online')
    for (let turns = 0; bot.texts.length === 0 && turns < 50; turns += 1) await settle()
    const answer = await bot.sendMessage('lobby', 'live')
    expect(answer.status).toBe('delivered')
    expect(bot.texts.indexOf('live')).toBeLessThan(5)
    await rest()
    for (let turns = 0; bot.texts.length < 101 && turns < 50; turns += 1) await rest()
    expect(bot.texts.filter((text) => text !== 'live')).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`))
  })
})

describe('a durable message on its way', () => {
  /** A bot whose first delivery ends when a test says so. */
  async function underWay(): Promise<
    Run & { readonly end: (receipt: Receipt) => void; readonly leave: Dispose }
  > {
    const clock = new TestClock()
    const { app, logs } = startFakeApp({ clock })
    await app.start()
    const ctx = await contextOf(app)
    const journal = new MemoryJournal()
    const outbox = ctx.keepMessages(journal)
    const ends: string[] = []
    app.on('message-settled', ({ event }) => ends.push(event.settled.receipt.status))
    const bot = new NarrowBot('b')
    const first = deferred<Receipt>()
    bot.onDeliver = ({ channelId }) =>
      channelId === 'lobby' && bot.seen.length === 1
        ? first.promise
        : Promise.resolve({ status: 'delivered', messageIds: [] })
    const leave = app.addBot(bot)
    await bot.sendMessage('lobby', 'tea', { ...durable, key: 'k' })
    await rest()
    expect(journal.saved).toEqual(['k trying 0'])
    return { app, bot, clock, journal, outbox, ctx, logs, ends, end: first.resolve, leave }
  }

  it('holds the turn of its conversation, and of no other', async () => {
    const { bot, end } = await underWay()
    const live = bot.sendMessage('lobby', 'live')
    await bot.sendMessage('hall', 'else')
    await rest()
    expect(bot.texts).toEqual(['else'])
    end({ status: 'delivered', messageIds: [] })
    await live
    expect(bot.texts).toEqual(['else', 'tea', 'live'])
  })

  it('is waited for when its adapter reloads, before the bot is stopped, and is not in doubt', async () => {
    const { app, bot, end, ends, leave } = await underWay()
    const stop = vi.spyOn(bot, 'stop')
    const waiting = await bot.sendMessage('lobby', 'cake', { ...durable, key: 'cake' })
    expect(waiting.status).toBe('stored')
    const left = leave()
    await rest()
    expect(stop).not.toHaveBeenCalled()
    end({ status: 'delivered', messageIds: [] })
    await left
    expect([stop.mock.calls.length, bot.texts]).toEqual([1, ['tea']])
    const next = new NarrowBot('b')
    app.addBot(next)
    await rest()
    expect([next.texts, ends]).toEqual([['cake'], ['delivered', 'delivered']])
  })

  it('does not keep an adapter from reloading for ever', async () => {
    const { bot, clock, leave } = await underWay()
    const stop = vi.spyOn(bot, 'stop')
    void leave()
    await clock.advance(5000)
    await rest()
    expect(stop).toHaveBeenCalled()
  })
})

describe('a durable message that fails', () => {
  it('is tried again as long as nothing was sent, and no part twice', async () => {
    const { bot, clock, ends } = await run()
    bot.onDeliver = () => {
      if (bot.sent.length === 1) bot.failures.push(...Array.from({ length: 5 }, offline))
      return Promise.resolve({ status: 'delivered', messageIds: [] })
    }
    await bot.sendMessage('lobby', 'aaaabbbbcccc', { ...durable, key: 'k' })
    await clock.advance(120_000)
    await rest()
    expect(bot.texts).toEqual(['aaaa', 'bbbb', 'cccc'])
    expect(ends).toEqual(['k delivered id1 id2 id3'])
  })

  it('is a dead letter at once when it will never be taken', async () => {
    const { bot, ends, outbox, logs } = await run()
    bot.failures.push(new MynahError('API_REJECTED', 'You are muted.'))
    await bot.sendMessage('lobby', 'aaaabbbb', { ...durable, key: 'k' })
    await rest()
    expect(ends).toEqual(['k API_REJECTED'])
    expect(await outbox.list()).toMatchObject([
      { key: 'k', state: 'failed', parts: 2, delivered: 0, text: 'aaaabbbb' },
    ])
    expect(logs.join('')).toContain('You are muted.')
    expect(await outbox.again('k')).toBe(true)
    await rest()
    expect(bot.texts).toEqual(['aaaa', 'bbbb'])
    expect(ends).toEqual(['k API_REJECTED', 'k delivered id1 id2'])
    expect(await outbox.list()).toEqual([])
    expect(await outbox.again('k')).toBe(false)
  })

  it('stops in doubt when nobody knows whether a part is out, until the operator says', async () => {
    const { bot, ends, outbox } = await run()
    bot.onDeliver = () => {
      if (bot.sent.length === 0) bot.failures.push(timeout())
      return Promise.resolve({ status: 'delivered', messageIds: [] })
    }
    await bot.sendMessage('lobby', 'aaaabbbbcccc', { ...durable, key: 'k' })
    await bot.sendMessage('lobby', 'next', durable)
    await rest()
    expect(bot.texts).toEqual(['aaaa', 'next'])
    expect(ends[0]).toBe('k SEND_IN_DOUBT id1')
    expect(await outbox.list()).toMatchObject([{ key: 'k', state: 'in-doubt', delivered: 1 }])
    await outbox.again('k')
    await rest()
    expect(bot.texts).toEqual(['aaaa', 'next', 'bbbb', 'cccc'])
  })

  it('sends a part in doubt again where the sender wants that', async () => {
    const { bot, clock } = await run()
    bot.failures.push(timeout())
    await bot.sendMessage('lobby', 'tea', { ...durable, onDoubt: 'again' })
    await clock.advance(5000)
    await rest()
    expect(bot.texts).toEqual(['tea'])
  })

  it('can be dropped by the operator', async () => {
    const { bot, outbox, journal } = await run()
    bot.failures.push(new MynahError('API_REJECTED', 'No.'))
    await bot.sendMessage('lobby', 'tea', { ...durable, key: 'k' })
    await rest()
    expect([await outbox.drop('k'), await outbox.drop('k')]).toEqual([true, false])
    expect(journal.rows.size).toBe(0)
  })
})

describe('what a crash does', () => {
  /** Runs until the second of three parts is on its way, and is never heard of again. */
  async function crash(onDoubt: 'stop' | 'again'): Promise<Run> {
    const first = await run()
    first.bot.onDeliver = () =>
      first.bot.sent.length === 1
        ? deferred<Receipt>().promise
        : Promise.resolve({ status: 'delivered', messageIds: [] })
    await first.bot.sendMessage('lobby', 'aaaabbbbcccc', { ...durable, key: 'k', onDoubt })
    await rest()
    expect(first.journal.saved.at(-1)).toBe('k trying 1')
    const journal = new MemoryJournal()
    for (const [key, record] of first.journal.rows) journal.rows.set(key, record)
    return run(journal, first.clock)
  }

  it('leaves the part under way in doubt, repeats none before it, and lets those after it wait', async () => {
    const { bot, ends, outbox } = await crash('stop')
    await rest()
    expect(bot.texts).toEqual([])
    expect(ends).toEqual(['k SEND_IN_DOUBT id1'])
    await outbox.again('k')
    await rest()
    expect(bot.texts).toEqual(['bbbb', 'cccc'])
  })

  it('sends the part under way again where the sender wants that', async () => {
    const { bot, ends } = await crash('again')
    await rest()
    expect(bot.texts).toEqual(['bbbb', 'cccc'])
    expect(ends).toEqual(['k delivered id1 id1 id2'])
  })

  it('does not lose the end of a message that nobody was told of', async () => {
    const first = await run()
    await first.bot.sendMessage('lobby', 'tea', { ...durable, key: 'k' })
    await rest()
    const row = first.journal.rows.get('k')
    if (row !== undefined)
      first.journal.rows.set('k', { ...row, progress: { ...row.progress, isTold: false } })
    const { ends, bot } = await run(first.journal, first.clock)
    await rest()
    expect(ends).toEqual(['k delivered id1'])
    expect(bot.texts).toEqual([])
  })
})

describe('a durable message whose time is over', () => {
  it('is never sent, and its end is told while the bot is still away', async () => {
    const { bot, clock, ends, outbox } = await run(undefined, undefined, 'reconnecting')
    await bot.sendMessage('lobby', 'late', { ...durable, key: 'late' })
    await bot.sendMessage('lobby', 'soon', { durable: true, expiresIn: 1000, key: 'soon' })
    await bot.sendMessage('hall', 'x', { durable: true, expiresIn: '1h' })
    await clock.advance(1000)
    await rest()
    expect(ends).toEqual(['soon SEND_EXPIRED'])
    await clock.advance(599_000)
    await rest()
    expect(ends).toEqual(['soon SEND_EXPIRED', 'late SEND_EXPIRED'])
    bot.setStatus('online')
    await rest()
    expect(bot.texts).toEqual(['x'])
    expect((await outbox.list()).map(({ state }) => state)).toEqual(['expired', 'expired'])
  })

  it('has expired after a restart, too', async () => {
    const first = await run(undefined, undefined, 'reconnecting')
    await first.bot.sendMessage('lobby', 'late', { ...durable, key: 'late' })
    await first.app.stop()
    await first.clock.advance(600_000)
    const { bot, ends } = await run(first.journal, first.clock)
    await rest()
    expect(bot.texts).toEqual([])
    expect(ends).toEqual(['late SEND_EXPIRED'])
  })

  it('has the time that the platform gives an answer, or ten minutes', async () => {
    const { bot, clock, journal } = await run(undefined, undefined, 'reconnecting')
    const event = bot.message('hello')
    const expiryOf = (key: string): number => (journal.rows.get(key)?.progress.expiresAt ?? 0) - clock.now()
    const say = (key: string, expiresIn?: string): Promise<Receipt> =>
      bot.sendMessage('lobby', 'tea', { durable: true, event, key, expiresIn })
    await say('uncounted')
    bot.budget = { replies: 1, borrowable: 0, proactive: 0, expiresAt: clock.now() + 300_000 }
    await say('counted')
    await say('shorter', '1m')
    await say('longer', '1h')
    expect(['uncounted', 'counted', 'shorter', 'longer'].map(expiryOf)).toEqual([
      600_000, 300_000, 60_000, 300_000,
    ])
    await clock.advance(300_000)
    expect(codeOf(await say('late'))).toBe('SEND_EXPIRED')
  })

  it.each([
    ['no time for what answers nothing', {}],
    ['a time that is none', { expiresIn: 'soon' }],
    ['no time at all', { expiresIn: 0 }],
  ])('is refused with %s', async (_what, options) => {
    const { bot, journal } = await run()
    expect(codeOf(await bot.sendMessage('lobby', 'tea', { durable: true, ...options }))).toBe(
      'DURABLE_INVALID',
    )
    expect(journal.rows.size).toBe(0)
  })
})

describe('limits and faults', () => {
  it('refuses more than 10,000 messages, tells the operator once, and takes them again later', async () => {
    const { bot, logs } = await run(undefined, undefined, 'reconnecting')
    const fill = Array.from({ length: 10_000 }, (_, index) => bot.sendMessage(`c${index % 50}`, 'x', durable))
    expect(new Set((await Promise.all(fill)).map(codeOf))).toEqual(new Set(['stored']))
    const more = await Promise.all([1, 2].map(() => bot.sendMessage('lobby', 'x', durable)))
    expect(more.map(codeOf)).toEqual(['OUTBOX_FULL', 'OUTBOX_FULL'])
    expect(logs.filter((line) => line.includes('No more messages can be stored'))).toHaveLength(1)
    bot.setStatus('online')
    for (let turns = 0; bot.texts.length < 10_000 && turns < 20_000; turns += 1) await settle()
    expect(codeOf(await bot.sendMessage('lobby', 'x', durable))).toBe('stored')
  }, 30_000)

  it('refuses one that is larger than 16 MB, and more than 100 MB of them', async () => {
    const { bot } = await run(undefined, undefined, 'reconnecting')
    const image = (mb: number) => segment.image(`data:;base64,${'A'.repeat(mb * 1024 * 1024)}`)
    expect(codeOf(await bot.sendMessage('lobby', image(16), durable))).toBe('OUTBOX_FULL')
    const many: string[] = []
    for (let index = 0; index < 7; index += 1)
      many.push(codeOf(await bot.sendMessage('lobby', image(15), durable)))
    expect(many).toEqual([...Array.from({ length: 6 }, () => 'stored'), 'OUTBOX_FULL'])
  }, 30_000)

  it('says so when the disk does not take it, and sends nothing', async () => {
    const { bot, journal } = await run()
    journal.fault = new Error('The disk is full.')
    const receipt = await bot.sendMessage('lobby', 'tea', durable)
    expect(receipt).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('disk is full') },
    })
    await rest()
    expect(bot.texts).toEqual([])
  })

  it('sends no part twice when the disk fails behind it', async () => {
    const { bot, clock, ends, journal } = await run()
    bot.onDeliver = () => {
      if (bot.sent.length === 0) journal.fault = new Error('The disk is full.')
      return Promise.resolve({ status: 'delivered', messageIds: [] })
    }
    await bot.sendMessage('lobby', 'aaaabbbb', { ...durable, key: 'k' })
    await clock.advance(10_000)
    expect(bot.texts).toEqual(['aaaa'])
    journal.fault = undefined
    await clock.advance(120_000)
    await rest()
    expect(bot.texts).toEqual(['aaaa', 'bbbb'])
    expect(ends).toEqual(['k delivered id1 id2'])
  })
})
