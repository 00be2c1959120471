import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import {
  type App,
  type Message,
  type MessageSupport,
  MynahError,
  type Page,
  type Receipt,
  suppress,
} from '../src/index.ts'
import { deferred, type OutgoingMessage } from '../src/adapter.ts'
import { contextOf, FakeBot, startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

/** Shows so many characters in one message. */
class NarrowBot extends FakeBot {
  override readonly support: MessageSupport = { elements: ['at'], maxTextLength: 4 }
}

function start<B extends FakeBot>(bot: B): { app: App; bot: B; clock: TestClock } {
  const clock = new TestClock(0)
  const { app } = startFakeApp({ clock })
  app.addBot(bot)
  return { app, bot, clock }
}

const offline = (): MynahError => new MynahError('BOT_OFFLINE', 'no socket', { retriable: true })
const codeOf = (receipt: Receipt): string =>
  receipt.status === 'failed' ? receipt.error.code : receipt.status

describe('messages of one conversation', () => {
  it('leave in the order in which they were sent, and others do not wait for them', async () => {
    const { bot } = start(new FakeBot('b'))
    const gate = deferred()
    bot.onDeliver = async ({ channelId }) => {
      if (channelId === 'slow') await gate.promise
      return { status: 'delivered', messageIds: [] }
    }
    const all = [
      bot.sendMessage('slow', '1'),
      bot.sendMessage('slow', '2'),
      bot.sendMessage('fast', '3'),
      bot.sendMessage('slow', '4'),
    ]
    await settle()
    expect(bot.texts).toEqual(['3'])
    gate.resolve()
    await Promise.all(all)
    expect(bot.texts).toEqual(['3', '1', '2', '4'])
  })

  it('are given up by their signal while they wait, and the others go on', async () => {
    const { bot } = start(new FakeBot('b'))
    const gate = deferred()
    bot.onDeliver = async () => {
      await gate.promise
      return { status: 'delivered', messageIds: [] }
    }
    const abort = new AbortController()
    const first = bot.sendMessage('c', '1')
    const second = bot.sendMessage('c', '2', { signal: abort.signal })
    const third = bot.sendMessage('c', '3')
    await settle()
    abort.abort(new Error('never mind'))
    expect(await second).toMatchObject({ status: 'failed', error: { cause: { message: 'never mind' } } })
    gate.resolve()
    expect([codeOf(await first), codeOf(await third)]).toEqual(['delivered', 'delivered'])
    expect(bot.texts).toEqual(['1', '3'])
  })

  it('that are too many are refused at once', async () => {
    const { bot } = start(new FakeBot('b'))
    const gate = deferred()
    bot.onDeliver = async () => {
      await gate.promise
      return { status: 'delivered', messageIds: [] }
    }
    const all = Array.from({ length: 1001 }, () => bot.sendMessage('c', 'x'))
    expect(codeOf(await bot.sendMessage('c', 'one too many'))).toBe('RATE_LIMITED')
    gate.resolve()
    expect((await Promise.all(all)).every(({ status }) => status === 'delivered')).toBe(true)
  })
})

describe('a message to a bot that lost its connection', () => {
  const flaky = (bot: FakeBot): void => {
    bot.onDeliver = () =>
      bot.status === 'online'
        ? Promise.resolve({ status: 'delivered', messageIds: ['1'] })
        : Promise.reject(offline())
  }

  it('waits until it is back', async () => {
    const { bot, clock } = start(new FakeBot('b'))
    flaky(bot)
    bot.setStatus('reconnecting')
    const all = [bot.sendMessage('c', '1'), bot.sendMessage('c', '2')]
    await clock.advance(20_000)
    expect(bot.texts).toEqual([])
    bot.setStatus('online')
    expect((await Promise.all(all)).map(codeOf)).toEqual(['delivered', 'delivered'])
    expect(bot.texts).toEqual(['1', '2'])
  })

  it('fails after half a minute, and so does all that waits behind it', async () => {
    const { bot, clock } = start(new FakeBot('b'))
    flaky(bot)
    bot.setStatus('reconnecting')
    const all = [bot.sendMessage('c', '1'), bot.sendMessage('c', '2'), bot.sendMessage('c', '3')]
    await clock.advance(30_000)
    expect((await Promise.all(all)).map(codeOf)).toEqual(['BOT_OFFLINE', 'BOT_OFFLINE', 'BOT_OFFLINE'])
    expect(clock.now()).toBe(30_000)
  })

  it('fails at once when the bot is signed out meanwhile, or is signed out already', async () => {
    const { bot, clock } = start(new FakeBot('b'))
    flaky(bot)
    bot.setStatus('reconnecting')
    const waiting = bot.sendMessage('c', '1')
    await settle()
    bot.setStatus('offline')
    expect(codeOf(await waiting)).toBe('BOT_OFFLINE')
    const late = bot.sendMessage('c', '2')
    await clock.advance(10_000)
    expect(codeOf(await late)).toBe('BOT_OFFLINE')
  })

  it('is given up by its signal', async () => {
    const { bot } = start(new FakeBot('b'))
    flaky(bot)
    bot.setStatus('reconnecting')
    const abort = new AbortController()
    const sending = bot.sendMessage('c', '1', { signal: abort.signal })
    await settle()
    abort.abort()
    expect(codeOf(await sending)).toBe('SEND_FAILED')
  })
})

describe('a try that fails', () => {
  it('is repeated only where nothing can be sent twice', async () => {
    const { bot, clock } = start(new FakeBot('b'))
    let tries = 0
    const failWith = (error: MynahError): void => {
      tries = 0
      bot.onDeliver = () => {
        tries += 1
        return Promise.reject(error)
      }
    }
    failWith(new MynahError('API_UNREACHABLE', 'refused', { retriable: true }))
    const safe = bot.sendMessage('c', 'x')
    await clock.advance(20_000)
    const receipt = await safe
    expect([codeOf(receipt), tries]).toEqual(['API_UNREACHABLE', 3])
    expect(receipt.steps?.map(({ kind }) => kind)).toEqual(['retry', 'retry'])
    failWith(new MynahError('API_TIMEOUT', 'silence'))
    expect([codeOf(await bot.sendMessage('c', 'x')), tries]).toEqual(['API_TIMEOUT', 1])
  })

  it('for too many messages is waited for as long as the platform asks, and only then', async () => {
    const { bot, clock } = start(new FakeBot('b'))
    let tries = 0
    let error = new MynahError('RATE_LIMITED', 'slow down', { retriable: true, retryAfterMs: 2000 })
    bot.onDeliver = () => {
      tries += 1
      return tries < 3 ? Promise.reject(error) : Promise.resolve({ status: 'delivered', messageIds: [] })
    }
    const sent = bot.sendMessage('c', 'x')
    await clock.advance(1999)
    expect(tries).toBe(1)
    await clock.advance(2001)
    expect([codeOf(await sent), tries]).toEqual(['delivered', 3])
    tries = 0
    error = new MynahError('RATE_LIMITED', 'too many wait', { retriable: true })
    expect([codeOf(await bot.sendMessage('c', 'x')), tries]).toEqual(['RATE_LIMITED', 1])
  })

  it('in the middle of a message says which parts are out', async () => {
    const { bot } = start(new NarrowBot('narrow'))
    bot.onDeliver = ({ elements }: OutgoingMessage) =>
      elements[0]?.attrs['content'] === 'two'
        ? Promise.reject(new MynahError('API_REJECTED', 'muted'))
        : Promise.resolve({ status: 'delivered', messageIds: ['7'] })
    expect(await bot.sendMessage('c', 'one two')).toMatchObject({
      status: 'failed',
      messageIds: ['7'],
      error: { code: 'API_REJECTED' },
    })
  })
})

it('a call of an account keeps what its caller leaves out', async () => {
  const seen: unknown[] = []
  class ListingBot extends FakeBot {
    override listMessages(_channelId: string, next?: string): Promise<Page<Message>> {
      seen.push(next)
      return Promise.resolve({ data: [] })
    }
  }
  const { app, bot } = start(new ListingBot('b'))
  await app.bots.get(bot.key)?.listMessages('c', undefined)
  expect(seen).toEqual([undefined])
})

describe('what is sent', () => {
  it('is announced with its receipt, and the trace of what it answers tells the story', async () => {
    const clock = new TestClock(0)
    const { app, bot } = startFakeApp({ clock })
    const seen: object[] = []
    app.on('message-out', ({ channelId, content, event, receipt }) => {
      seen.push({ channelId, content, answers: event?.id, status: receipt.status })
    })
    let tries = 0
    bot.onDeliver = () => {
      tries += 1
      return tries === 1
        ? Promise.reject(new MynahError('API_UNREACHABLE', 'refused', { retriable: true }))
        : Promise.resolve({ status: 'delivered', messageIds: ['9'] })
    }
    app.on('message-created', (session) => session.reply('hello'))
    const saying = bot.say('hi')
    await clock.advance(2000)
    await saying
    expect(seen).toEqual([
      {
        channelId: 'lobby',
        content: [{ type: 'text', attrs: { content: 'hello' }, children: [] }],
        answers: 'm1',
        status: 'delivered',
      },
    ])
    expect(app.inspect.traces.find('m1')?.steps.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['retry', 'sent']),
    )
  })

  it('and stopped by an outgoing middleware is no error of the plugin', async () => {
    const { app, bot, logs } = startFakeApp()
    const ctx = await contextOf(app)
    ctx.outgoing((message, next) =>
      message.elements.some(({ attrs }) => attrs['content'] === 'secret')
        ? Promise.resolve(suppress('not for your ears'))
        : next(),
    )
    app.on('message-created', (session) => session.reply('secret'))
    await bot.say('hi')
    expect(bot.texts).toEqual([])
    expect(logs.join()).not.toContain('failed in')
    expect(app.inspect.traces.find('m1')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'suppressed', detail: expect.stringContaining('not for your ears') }),
    )
  })
})
