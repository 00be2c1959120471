import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { definePlugin, formatTrace } from '../src/index.ts'
import { deferred } from '../src/adapter.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

describe('the way in', () => {
  it('keeps what is too much waiting, in order, and lets whoever brings more wait, too', async () => {
    const clock = new TestClock(0)
    const { app, bot } = startFakeApp({ clock, limits: { maxRunning: 1, maxQueued: 4 } })
    const gate = deferred()
    const heard: string[] = []
    app.on('message-created', async ({ text }) => {
      heard.push(text)
      await gate.promise
    })
    await app.start()
    const taken: string[] = []
    const all = Array.from({ length: 8 }, async (_, index) => {
      const acceptance = await bot.emit(bot.message(`${index + 1}`))
      taken.push(`${index + 1} ${acceptance}`)
    })
    await settle()
    expect(heard).toEqual(['1'])
    expect(app.inspect.load.queued).toBe(4)
    expect(taken).toEqual(['1 taken', '2 taken', '3 taken', '4 taken', '5 taken'])
    gate.resolve()
    await Promise.all(all)
    await app.idle()
    expect(taken.slice(5)).toEqual(['6 taken', '7 taken', '8 taken'])
    expect(heard).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
    expect(bot.intake.refused).toBe(0)
    expect(app.inspect.traces.find('m5')?.steps.map(({ kind }) => kind)).toContain('queued')
    await app.stop()
    expect(clock.pending.length).toBe(0)
  })

  it('loses nothing of a flood on a small queue when each event is awaited', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 5, maxQueued: 50 } })
    const heard: string[] = []
    app.on('message-created', async ({ text }) => {
      await new Promise(setImmediate)
      heard.push(text)
    })
    for (let index = 0; index < 500; index += 1) expect(await bot.emit(bot.message(`${index}`))).toBe('taken')
    await app.idle()
    expect(heard).toEqual(Array.from({ length: 500 }, (_, index) => `${index}`))
    await app.stop()
  })

  it('lets a reader that gives up take its event back: it can come again', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 1, maxQueued: 1 } })
    const gate = deferred()
    const heard: string[] = []
    app.on('message-created', async ({ text }) => {
      heard.push(text)
      await gate.promise
    })
    void bot.say('1')
    void bot.say('2')
    const abort = new AbortController()
    const third = bot.message('3')
    const waiting = bot.emit(third, abort.signal)
    const fourth = bot.emit(bot.message('4'))
    abort.abort(new Error('the socket is gone'))
    expect(await waiting).toBe('refused')
    expect(bot.intake.refused).toBe(1)
    gate.resolve()
    expect(await fourth).toBe('taken')
    expect(await bot.emit(third)).toBe('taken')
    await app.idle()
    expect(heard).toEqual(['1', '2', '4', '3'])
    await app.stop()
  })

  it('says no aloud once the app stops', async () => {
    const { app, bot, logs } = startFakeApp()
    await app.start()
    const stopping = app.stop()
    expect(await bot.emit(bot.message('too late'))).toBe('refused')
    await stopping
    expect(logs.filter((line) => line.includes('The bot is stopping'))).toHaveLength(1)
  })

  it('tells how each event ends, and once when all that still runs waits for a person', async () => {
    const { app, bot } = startFakeApp()
    const ends: string[] = []
    bot.onSettled(({ eventId, outcome }) => void ends.push(`${eventId} ${outcome}`))
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx.command('ask').action(async ({ session }) => `Hello ${await session.prompt('Who?')}`)
          ctx.command('fail').action(() => {
            throw new Error('no')
          })
        },
      }),
    )
    await app.start()
    await bot.say('hi')
    const asking = bot.say('/ask')
    await settle()
    expect(ends).toEqual(['m1 handled', 'm2 waiting'])
    await bot.say('Ann')
    await asking
    await bot.say('/fail')
    await bot.emit(bot.message('again', { id: 'm1' }))
    expect(ends.slice(2)).toEqual(['m3 handled', 'm2 handled', 'm4 failed'])
    await app.stop()
  })

  it('never lets an event overtake those that wait', async () => {
    const { app, bot } = startFakeApp()
    const heard: string[] = []
    const release = app.hold()
    let extra: Promise<void> | undefined
    app.on('message-created', ({ text }) => {
      heard.push(text)
      if (text === '1') extra = bot.say('said while 1 was handled')
    })
    const all = ['1', '2', '3'].map((text) => bot.say(text))
    release()
    await Promise.all(all)
    await extra
    expect(heard).toEqual(['1', '2', '3', 'said while 1 was handled'])
    await app.stop()
  })

  it('knows what an account saw when its bot is made anew', async () => {
    const { app, bot, signOff } = startFakeApp()
    const heard: string[] = []
    app.on('message-created', ({ text }) => void heard.push(text))
    const event = bot.message('once')
    await bot.handle(event)
    await signOff()
    const again = new FakeBot()
    app.addBot(again)
    expect(await again.emit(event)).toBe('duplicate')
    expect(heard).toEqual(['once'])
    expect(app.inspect.traces.find(event.id)?.steps.map(({ kind }) => kind)).toContain('duplicate')
    await app.stop()
  })

  it('remembers thousands of ids and no more than that', async () => {
    const { app, bot } = startFakeApp()
    let count = 0
    app.on('message-created', () => void (count += 1))
    const first = bot.message('first')
    await bot.handle(first)
    for (let index = 0; index < 4999; index += 1) await bot.say('x')
    await bot.handle(first)
    expect(count).toBe(5000)
    for (let index = 0; index < 10_000; index += 1) await bot.say('x')
    await bot.handle(first)
    expect(count).toBe(15_001)
    await app.stop()
  })

  it('answers messages that come late, unless they are older than the limit; listeners see them all', async () => {
    const clock = new TestClock(1_000_000)
    const { app, bot } = startFakeApp({ clock, limits: { maxLateMs: 60_000 } })
    const heard: (string | boolean | undefined)[] = []
    app.on('message-created', ({ text, event }) => void heard.push(text, event.late))
    app.plugin(definePlugin({ name: 'ping', setup: (ctx) => void ctx.command('ping').action(() => 'pong') }))
    await bot.say('/ping', { late: true, time: 950_000 })
    await bot.say('/ping', { late: true, time: 900_000 })
    expect(bot.texts).toEqual(['pong'])
    expect(heard).toEqual(['/ping', true, '/ping', true])
    expect(app.inspect.traces.find('m2')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'late', detail: '100000 ms old, too old for an answer' }),
    )
    await app.stop()
  })
})

describe('a burst', () => {
  it.each([2000, 20_000])('of %i waiting messages is handled once each, in order', async (count) => {
    const { app, bot } = startFakeApp({ limits: { maxQueued: count } })
    const heard: string[] = []
    app.on('message-created', ({ text }) => void heard.push(text))
    const release = app.hold()
    const all = Array.from({ length: count }, (_, index) => bot.say(`${index}`))
    release()
    await Promise.all(all)
    expect(heard).toEqual(Array.from({ length: count }, (_, index) => `${index}`))
    await app.stop()
  })

  it('behind slow handlers is answered in full, and others get a turn meanwhile', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 10, maxQueued: 20_000 } })
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx.command('slow').action(() => new Promise<string>((resolve) => setImmediate(resolve, 'slow')))
          ctx.command('fast').action(() => 'fast')
        },
      }),
    )
    await app.start()
    let turns = 0
    const turn = (): void => {
      turns += 1
      timer = setImmediate(turn)
    }
    let timer = setImmediate(turn)
    await Promise.all(
      Array.from({ length: 10_000 }, (_, index) => bot.say(index % 100 === 0 ? '/slow' : '/fast')),
    )
    clearImmediate(timer)
    expect(bot.texts).toHaveLength(10_000)
    expect(turns).toBeGreaterThan(20)
    await app.stop()
  })

  it('that does not fit lets those who bring it wait, and loses nothing', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 1, maxQueued: 100 } })
    let handled = 0
    app.on('message-created', () => void (handled += 1))
    const release = app.hold()
    const all = Array.from({ length: 5000 }, () => bot.say('x'))
    expect(app.inspect.load.queued).toBe(100)
    release()
    await Promise.all(all)
    await app.stop()
    expect(handled).toBe(5000)
  })
})

it('a conversation keeps its order while others pass it', async () => {
  const { app, bot } = startFakeApp({ limits: { maxRunning: 8, maxQueued: 1000 } })
  const heard: Record<string, string[]> = { lobby: [], park: [] }
  const gates = new Map<string, () => void>()
  app.on('message-created', async ({ text, channel }) => {
    heard[channel?.id ?? '']?.push(text)
    if (channel?.id === 'lobby') await new Promise<void>((resolve) => gates.set(text, resolve))
  })
  await app.start()
  const park = { channel: { id: 'park', type: 'text' } } as const
  const lobby = Array.from({ length: 20 }, (_, index) => bot.say(`${index}`))
  await Promise.all(Array.from({ length: 20 }, (_, index) => bot.say(`${index}`, park)))
  expect(heard['park']).toHaveLength(20)
  expect(heard['lobby']).toEqual(['0', '1'])
  for (let index = 0; index < 20; index += 1) {
    gates.get(`${index}`)?.()
    await settle()
  }
  await Promise.all(lobby)
  expect(heard['lobby']).toEqual(heard['park'])
  await app.stop()
})

describe('places', () => {
  const hanging = definePlugin({
    name: 'hanging',
    setup(ctx) {
      ctx.command('hang').action(() => new Promise<string>(() => {}))
    },
  })
  const ping = definePlugin({ name: 'ping', setup: (ctx) => void ctx.command('ping').action(() => 'pong') })
  const elsewhere = (id: string): object => ({ channel: { id, type: 'text' } })

  it('are left to others by a conversation whose handlers hang', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 20, maxQueued: 200 } })
    app.plugin(hanging)
    app.plugin(ping)
    await app.start()
    for (let index = 0; index < 100; index += 1) void bot.say('/hang')
    await bot.say('/ping', elsewhere('park'))
    expect(bot.texts).toEqual(['pong'])
  })

  it('are left to others by a plugin whose handlers hang in many conversations', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 20, maxQueued: 200 } })
    app.plugin(hanging)
    app.plugin(ping)
    await app.start()
    for (let index = 0; index < 100; index += 1) void bot.say('/hang', elsewhere(`park ${index}`))
    await bot.say('/ping', elsewhere('square'))
    expect(bot.texts).toEqual(['pong'])
  })

  it('are left to others by a plugin whose listeners hang', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 20, maxQueued: 200 } })
    app.plugin(
      definePlugin({
        name: 'hanging',
        setup: (ctx) => void ctx.on('message-created', () => new Promise(() => {})),
      }),
    )
    app.plugin(ping)
    await app.start()
    for (let index = 0; index < 100; index += 1) void bot.say('hello', elsewhere(`park ${index}`))
    void bot.say('/ping', elsewhere('square'))
    await settle()
    expect(bot.texts).toEqual(['pong'])
  })

  it('are bounded all the same: handlers without a place count as waiting', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 20, maxQueued: 50 } })
    app.plugin(hanging)
    await app.start()
    for (let index = 0; index < 200; index += 1) void bot.say('/hang', elsewhere(`park ${index}`))
    expect(app.inspect.load.running).toBeGreaterThan(20)
    expect(app.inspect.load.running).toBeLessThanOrEqual(20 + 50)
    expect(app.inspect.load.queued).toBeLessThanOrEqual(50)
  })

  it('are free again once a handler has run past its deadline, however many do', async () => {
    const clock = new TestClock(0)
    const limits = { maxRunning: 10, maxQueued: 10, deadlineMs: 2000 }
    const { app, bot, logs } = startFakeApp({ clock, limits })
    app.plugin(hanging)
    app.plugin(ping)
    await app.start()
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 20; index += 1) void bot.say('/hang')
      await clock.advance(4000)
    }
    const pinging = bot.say('/ping', elsewhere('park'))
    await clock.advance(200_000)
    await pinging
    await bot.say('/ping')
    expect(bot.texts).toEqual(['pong', 'pong'])
    const stopped = app.stop()
    await clock.advance(60_000)
    await stopped
    // Every one of them is told, or counted in a line for several.
    const told = logs
      .filter((line) => line.includes('has been running'))
      .map((line) => Number(/for (\d+) events/.exec(line)?.[1] ?? 1))
    expect(told.reduce((sum, times) => sum + times, 0)).toBe(100)
  })
})

it('a filter that throws is reported in the name of its plugin and keeps nobody else from hearing', async () => {
  const { app, bot, logs } = startFakeApp()
  const heard: string[] = []
  app.plugin(
    definePlugin({
      name: 'broken',
      setup(ctx) {
        const when = (): boolean => {
          throw new Error('no idea')
        }
        ctx.on('message-created', () => void heard.push('broken'), { when })
        ctx
          .command('ping')
          .when(when)
          .action(() => 'never')
      },
    }),
  )
  app.plugin(
    definePlugin({
      name: 'sane',
      setup(ctx) {
        ctx.on('message-created', () => void heard.push('sane'))
        ctx.command('pong').action(() => 'ping')
      },
    }),
  )
  await app.start()
  await bot.say('/pong')
  expect(heard).toEqual(['sane'])
  expect(bot.texts).toEqual(['ping'])
  await bot.say('/ping')
  expect(bot.texts).toEqual(['ping'])
  const reports = logs.filter((line) => line.includes('Plugin broken failed in filter of'))
  expect(reports.some((line) => line.includes('listener of message-created'))).toBe(true)
  expect(reports.some((line) => line.includes('command ping'))).toBe(true)
  await app.stop()
})

it('a message ends at a middleware whose filter throws: what it guards stays guarded', async () => {
  const { app, bot, logs } = startFakeApp()
  app.plugin(
    definePlugin({
      name: 'guard',
      setup(ctx) {
        const when = (): boolean => {
          throw new Error('no idea')
        }
        ctx.use((_, next) => next(), { when, name: 'gate' })
        ctx.command('ping').action(() => 'pong')
      },
    }),
  )
  await app.start()
  await bot.say('/ping')
  expect(bot.texts).toEqual([])
  expect(logs.join('')).toContain('Plugin guard failed in middleware gate: no idea')
  await app.stop()
})

describe('a handler past its deadline', () => {
  const plugin = (gate: Promise<void>): ReturnType<typeof definePlugin> =>
    definePlugin({
      name: 'slow',
      setup(ctx) {
        ctx.on('message-created', () => Promise.resolve())
        ctx.on('message-created', async ({ text }) => (text === 'listen' ? gate : undefined))
        ctx.use(
          async (session, next) => {
            if (session.text === 'before') await gate
            const answer = await next()
            if (session.text === '/after') await gate
            return answer
          },
          { name: 'guard' },
        )
        ctx.command('after').action(() => 'done')
        ctx.command('wait').action(async ({ session }) => {
          await gate
          return `aborted: ${session.signal.aborted}`
        })
      },
    })

  it.each([
    ['/wait', 'command wait'],
    ['listen', 'listener of message-created'],
    ['before', 'middleware guard'],
    ['/after', 'middleware guard'],
  ])('is named: %s', async (words, name) => {
    const clock = new TestClock(0)
    const { app, bot, logs } = startFakeApp({ clock, limits: { deadlineMs: 5000 } })
    const gate = deferred()
    app.plugin(plugin(gate.promise))
    const saying = bot.say(words)
    await clock.advance(4900)
    expect(logs.filter((line) => line.includes('has been running'))).toEqual([])
    await clock.advance(10_000)
    const reports = logs.filter((line) => line.includes('has been running'))
    expect(reports).toHaveLength(1)
    expect(reports[0]).toContain(`Plugin slow: ${name} has been running for more than 5000 ms`)
    expect(app.inspect.traces.find('m1')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'deadline', label: 'slow' }),
    )
    gate.resolve()
    await saying
    await app.stop()
    expect(clock.pending.length).toBe(0)
  })
})

describe('a trace', () => {
  it('has a step for each decision, and reads well', async () => {
    const clock = new TestClock(Date.parse('2024-05-01T12:00:00Z'))
    const { app, bot } = startFakeApp({ clock })
    app.plugin(
      definePlugin({
        name: 'tools',
        setup(ctx) {
          ctx.use((_, next) => next(), { name: 'elsewhere', when: () => false })
          ctx.use(
            async (_, next) => {
              await new Promise<void>((resolve) => void ctx.setTimeout(resolve, 5))
              return next()
            },
            { name: 'lookup' },
          )
          ctx.use((session, next) => (session.text === 'spam' ? '' : next()), { name: 'spam' })
          ctx.on('message-created', ({ text }) => {
            if (text === '/boom') throw new Error('ears')
          })
          ctx.command('work').action(async () => {
            await new Promise<void>((resolve) => void ctx.setTimeout(resolve, 20))
            return 'done'
          })
          ctx.command('weather').action(() => 'sun')
          ctx.command('boom').action(() => {
            throw new Error('bang')
          })
        },
      }),
    )
    await app.start()
    const say = async (words: string, id: string): Promise<string> => {
      const saying = bot.say(words, {
        id,
        message: bot.message(words).message ?? { id, content: [] },
        guild: { id: '42', name: 'Birds' },
        user: { id: '7', name: 'Lin' },
      })
      await clock.advance(30)
      await saying
      const trace = app.inspect.traces.find(id)
      return trace === undefined ? '' : formatTrace(trace)
    }
    expect(await say('/work', 'a')).toBe(
      [
        '2024-05-01 12:00:00.000  fake:bot  guild 42 (Birds)  channel lobby  user 7 (Lin)  "/work"',
        '     0 ms  came in as      fake/message',
        '     0 ms  middleware      lookup: passed it on (took 5 ms)',
        '     5 ms  middleware      spam: passed it on (took 0 ms)',
        '     5 ms  filtered        middleware: elsewhere are not for this place',
        '     5 ms  command         work: tools (took 20 ms)',
        '    25 ms  sent by         tools: 0',
        '    25 ms  done',
      ].join('\n'),
    )
    expect(await say('/boom', 'b')).toContain('ERROR in        tools: listener of message-created: ears')
    expect(await say('/boom', 'c')).toContain('ERROR in        tools: command boom: bang')
    expect(await say('/wheater', 'd')).toContain('near miss       commands: weather')
    expect(await say('spam', 'e')).toContain('middleware      spam: did not pass it on')
    expect(await say('chat', 'f')).toContain(
      'not addressed   commands: has no prefix, name or mention in front',
    )
    expect(app.inspect.traces.find('nobody')).toBeUndefined()
    await app.stop()
  })
})

describe('what the bot does itself', () => {
  it('is no edit by somebody else, so that no plugin answers its own edits', async () => {
    const { app, bot } = startFakeApp()
    const heard: string[] = []
    app.on('message-updated', ({ event }) => heard.push(event.message.id))
    app.on('event', ({ event }) => heard.push(`any ${event.message?.id}`))
    await app.start()
    const [sent = ''] = (await bot.sendMessage('c', 'an answer')).messageIds
    for (const id of [sent, 'of somebody']) {
      const fields = {
        id: `edit of ${id}`,
        type: 'message-updated',
        channel: { id: 'c', type: 'text' },
      } as const
      await bot.emit(bot.message('hello', { ...fields, message: { id, content: [] } }))
    }
    await app.idle()
    expect(heard).toEqual([`any ${sent}`, 'of somebody', 'any of somebody'])
    await app.stop()
  })
})
