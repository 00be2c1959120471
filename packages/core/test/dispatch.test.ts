import { describe, expect, it } from 'vitest'

import { definePlugin, deferred, formatTrace } from '../src/index.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { FakeClock, settle } from './fake-clock.ts'

describe('the way in', () => {
  it('keeps what is too much waiting, in order, and drops and counts what does not fit any more', async () => {
    const clock = new FakeClock()
    const { app, bot, logs } = startFakeApp({ clock, limits: { maxRunning: 1, maxQueued: 4 } })
    const gate = deferred()
    const heard: string[] = []
    const pressure: boolean[] = []
    const dropped: string[] = []
    app.on('pressure', ({ isHigh }) => void pressure.push(isHigh))
    app.on('event-dropped', ({ event }) => void dropped.push(event.id))
    app.on('message-created', async ({ text }) => {
      heard.push(text)
      await gate.promise
    })
    await app.start()
    const all = Array.from({ length: 8 }, (_, index) => bot.say(`${index + 1}`))
    await settle()
    expect(heard).toEqual(['1'])
    expect(app.dispatcher.queued).toBe(4)
    expect(dropped).toEqual(['m6', 'm7', 'm8'])
    expect(pressure).toEqual([true])
    const reports = (): string[] => logs.filter((line) => line.includes('The queue is full'))
    expect(reports()).toHaveLength(1)
    await clock.advance(1000)
    expect(reports()[1]).toContain('2 events were not handled')
    gate.resolve()
    await Promise.all(all)
    expect(heard).toEqual(['1', '2', '3', '4', '5'])
    expect(pressure).toEqual([true, false])
    expect(app.traces.find('m7')?.steps.map(({ kind }) => kind)).toEqual(['received', 'dropped'])
    expect(app.traces.find('m5')?.steps.map(({ kind }) => kind)).toContain('queued')
    await app.stop()
    expect(clock.pending).toBe(0)
  })

  it('does not let pressure flap: it begins at three quarters of the queue and ends at one', async () => {
    const { app, bot } = startFakeApp({ limits: { maxRunning: 1, maxQueued: 8 } })
    const gates = Array.from({ length: 9 }, () => deferred())
    const changes: string[] = []
    let handled = 0
    app.on('pressure', ({ isHigh }) => void changes.push(`${isHigh} at ${app.dispatcher.queued}`))
    app.on('message-created', async () => gates[handled++]?.promise)
    const all = Array.from({ length: 9 }, () => bot.say('x'))
    for (const gate of gates) {
      gate.resolve()
      await settle()
    }
    await Promise.all(all)
    expect(changes).toEqual(['true at 6', 'false at 1'])
    await app.stop()
  })

  it('never lets an event overtake those that wait', async () => {
    const { app, bot } = startFakeApp()
    const heard: string[] = []
    const release = app.dispatcher.hold()
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
    const { app, bot } = startFakeApp()
    const heard: string[] = []
    app.on('message-created', ({ text }) => void heard.push(text))
    const event = bot.message('once')
    await bot.emit(event)
    await app.dispatch(new FakeBot(), event)
    expect(heard).toEqual(['once'])
    expect(app.traces.find(event.id)?.steps.map(({ kind }) => kind)).toContain('duplicate')
    await app.stop()
  })

  it('remembers thousands of ids and no more than that', async () => {
    const { app, bot } = startFakeApp()
    let count = 0
    app.on('message-created', () => void (count += 1))
    const first = bot.message('first')
    await bot.emit(first)
    for (let index = 0; index < 4999; index += 1) await bot.say('x')
    await bot.emit(first)
    expect(count).toBe(5000)
    for (let index = 0; index < 10_000; index += 1) await bot.say('x')
    await bot.emit(first)
    expect(count).toBe(15_001)
    await app.stop()
  })

  it('answers messages that come late, unless they are older than the limit; listeners see them all', async () => {
    const clock = new FakeClock(1_000_000)
    const { app, bot } = startFakeApp({ clock, limits: { maxLateMs: 60_000 } })
    const heard: (string | boolean | undefined)[] = []
    app.on('message-created', ({ text, event }) => void heard.push(text, event.late))
    app.plugin(definePlugin({ name: 'ping', setup: (ctx) => void ctx.command('ping').action(() => 'pong') }))
    await bot.say('/ping', { late: true, time: 950_000 })
    await bot.say('/ping', { late: true, time: 900_000 })
    expect(bot.texts).toEqual(['pong'])
    expect(heard).toEqual(['/ping', true, '/ping', true])
    expect(app.traces.find('m2')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'late', detail: '100000 ms old, too old for an answer' }),
    )
    await app.stop()
  })
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
    const clock = new FakeClock()
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
    expect(app.traces.find('m1')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'deadline', label: 'slow' }),
    )
    gate.resolve()
    await saying
    await app.stop()
    expect(clock.pending).toBe(0)
  })
})

describe('a trace', () => {
  it('has a step for each decision, and reads well', async () => {
    const clock = new FakeClock(Date.parse('2024-05-01T12:00:00Z'))
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
      const trace = app.traces.find(id)
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
      'no command      commands: has no prefix, name or mention in front',
    )
    expect(app.traces.find('nobody')).toBeUndefined()
    await app.stop()
  })
})
