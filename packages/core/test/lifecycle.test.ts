import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { type Context, definePlugin, Scope, z } from '../src/index.ts'
import { deferred } from '../src/adapter.ts'
import { startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

describe('the states of a plugin', () => {
  it('follow each other in order, and are told', async () => {
    const { app } = startFakeApp()
    const states: string[] = []
    app.on('plugin-state', ({ plugin, state }) => void (plugin === 'p' && states.push(state)))
    const gate = deferred()
    const instance = app.plugin(definePlugin({ name: 'p', setup: () => gate.promise }))
    expect([instance.state, instance.scope?.state]).toEqual(['starting', 'starting'])
    gate.resolve()
    await instance.settled()
    const { scope } = instance
    expect([instance.state, scope?.state]).toEqual(['active', 'active'])
    const stopping = instance.dispose()
    expect(scope?.state).toBe('stopping')
    await stopping
    expect([instance.state, scope?.state]).toEqual(['stopped', 'stopped'])
    expect(states).toEqual(['starting', 'active', 'stopping', 'stopped'])
    await app.stop()
  })

  it('begin anew on a restart, even in the middle of a start', async () => {
    const { app } = startFakeApp()
    const log: string[] = []
    let run = 0
    const instance = app.plugin(
      definePlugin({
        name: 'p',
        async setup(ctx) {
          run += 1
          const number = run
          log.push(`start ${number}`)
          ctx.effect(() => () => void log.push(`stop ${number}`))
          if (number === 1) await new Promise(() => {})
        },
      }),
    )
    await instance.restart()
    await instance.restart()
    expect(log).toEqual(['start 1', 'stop 1', 'start 2', 'stop 2', 'start 3'])
    expect(instance.state).toBe('active')
    await app.stop()
  })

  it('end with a failure when setup takes too long', async () => {
    const clock = new TestClock(0)
    const { app } = startFakeApp({ clock })
    const instance = app.plugin(definePlugin({ name: 'p', setup: () => new Promise<void>(() => {}) }))
    await clock.advance(31_000)
    expect(instance.state).toBe('failed')
    expect(instance.error).toMatchObject({ code: 'PLUGIN_SETUP_TIMEOUT' })
    await app.stop()
    expect(clock.pending.length).toBe(0)
  })
})

describe('a setup that fails half way', () => {
  it('is undone newest first, each step awaited, children and running handlers included', async () => {
    const { app, bot } = startFakeApp()
    const log: string[] = []
    const later =
      (words: string): (() => Promise<void>) =>
      async () => {
        log.push(`${words} begins to end`)
        await settle()
        log.push(`${words} ended`)
      }
    const gate = deferred()
    let saying: Promise<void> | undefined
    const instance = app.plugin(
      definePlugin({
        name: 'half',
        async setup(ctx) {
          ctx.effect(() => later('first'))
          ctx.plugin(
            definePlugin({ name: 'child', setup: (child) => void child.effect(() => later('child')) }),
          )
          ctx.on('message-created', async () => {
            await gate.promise
            log.push(`handler ended, aborted: ${ctx.signal.aborted}`)
          })
          ctx.effect(() => later('last'))
          saying = bot.say('hi')
          setImmediate(gate.resolve)
          await Promise.resolve()
          throw new Error('no luck')
        },
      }),
    )
    await instance.settled()
    await saying
    expect(instance.state).toBe('failed')
    expect(log).toEqual([
      'handler ended, aborted: true',
      'last begins to end',
      'last ended',
      'child begins to end',
      'child ended',
      'first begins to end',
      'first ended',
    ])
    expect(Array.from(app.instances, ({ name }) => name)).not.toContain('child')
    await app.stop()
  })
})

describe('what a plugin holds', () => {
  it('can be let go before: timers, listeners, jobs and effects leave the ledger', async () => {
    const clock = new TestClock(0)
    const { app, bot } = startFakeApp({ clock })
    const heard: string[] = []
    let context: Context | undefined
    app.plugin(definePlugin({ name: 'p', setup: (ctx) => void (context = ctx) }))
    await app.start()
    const ctx = context
    if (ctx === undefined) throw new Error('not started')
    const disposers = [
      ctx.on('message-created', () => void heard.push('listener')),
      ctx.setTimeout(() => void heard.push('timeout'), 1000),
      ctx.setInterval(() => void heard.push('interval'), 1000),
      ctx.effect(() => () => void heard.push('effect')),
    ]
    const job = ctx.cron('* * * * * *', () => void heard.push('job'))
    ctx.once('message-created', () => void heard.push('once'))
    ctx.setTimeout(() => void heard.push('early'), 10)
    expect(ctx.scope.effects()).toHaveLength(7)
    await clock.advance(100)
    await bot.say('hi')
    await bot.say('hi')
    expect(heard).toEqual(['early', 'listener', 'once', 'listener'])
    expect(ctx.scope.effects()).toHaveLength(5)
    for (const dispose of disposers) await dispose()
    job.stop()
    expect(ctx.scope.effects()).toEqual([])
    await clock.advance(5000)
    expect(heard.slice(4)).toEqual(['effect'])
    await app.stop()
  })

  it('takes a clean-up that hangs no longer than ten seconds each, and the rest is still undone', async () => {
    const clock = new TestClock(0)
    const { app, logs } = startFakeApp({ clock })
    const log: string[] = []
    const instance = app.plugin(
      definePlugin({
        name: 'stuck',
        setup(ctx) {
          ctx.effect(() => () => void log.push('first'))
          ctx.effect(() => () => new Promise(() => {}), 'a socket')
        },
      }),
    )
    await app.start()
    const stopping = instance.dispose()
    await clock.advance(9000)
    expect(log).toEqual([])
    await clock.advance(2000)
    await stopping
    expect(log).toEqual(['first'])
    expect(logs.join()).toContain('stopping effect \\"a socket\\" took longer than 10000 ms')
    await app.stop()
  })
})

describe('several instances of a plugin', () => {
  it('start, fail and stop apart from each other', async () => {
    const { app } = startFakeApp()
    const log: string[] = []
    const plugin = definePlugin({
      name: 'p',
      config: z.object({ word: z.string() }),
      setup(ctx, { word }) {
        if (word === 'bad') throw new Error('bad word')
        ctx.effect(() => () => void log.push(`${ctx.name} says ${word}`))
      },
    })
    const words = ['one', 'bad', 'two']
    const instances = words.map((word) => app.plugin(plugin, { word }, { name: `p:${word}` }))
    await app.start()
    expect(instances.map(({ state }) => state)).toEqual(['active', 'failed', 'active'])
    await instances[0]?.dispose()
    expect(log).toEqual(['p:one says one'])
    expect(instances[2]?.state).toBe('active')
    await app.stop()
    expect(log).toEqual(['p:one says one', 'p:two says two'])
  })
})

it('a scope of one’s own ends where its block ends', async () => {
  const log: string[] = []
  const scope = new Scope({ name: 'mine', onError: () => {} })
  scope.signal.addEventListener('abort', () => void log.push('aborted'))
  scope.own('effect', 'one', () => void log.push('undone'))
  await scope[Symbol.asyncDispose]()
  expect(log).toEqual(['aborted', 'undone'])
})

it('a stop gives running handlers their time once, however many plugins they belong to', async () => {
  const clock = new TestClock(0)
  const { app, bot } = startFakeApp({ clock, graceMs: 4000, disposeLimitMs: 2000 })
  for (const name of ['one', 'two', 'three']) {
    app.plugin(
      definePlugin({
        name,
        setup(ctx) {
          ctx.on('message-created', () => new Promise(() => {}))
          ctx.effect(() => () => new Promise(() => {}))
        },
      }),
    )
  }
  await app.start()
  void bot.say('hi')
  await settle()
  let isStopped = false
  void app.stop().then(() => (isStopped = true))
  await clock.advance(4000)
  for (const _ of ['one', 'two', 'three']) await clock.advance(2000)
  expect(isStopped).toBe(true)
})
