import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'

import { type Context, definePlugin, type Plugin, type PluginInstance } from '../src/index.ts'
import { deferred } from '../src/adapter.ts'
import { startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

declare module '../src/index.ts' {
  interface Services {
    ledger: { readonly version: number }
  }
}

/** A command that goes on once `gate` opens. */
function waiting(gate: Promise<void>, then: (ctx: Context) => unknown): Plugin {
  return definePlugin({
    name: 'p',
    setup(ctx) {
      ctx.command('go').action(async () => {
        await gate
        await then(ctx)
        return 'done'
      })
    },
  })
}

async function start(plugin: Plugin) {
  const clock = new TestClock(0)
  const { app, bot, logs } = startFakeApp({ clock })
  const instance = app.plugin(plugin)
  await app.start()
  const reload = (target: PluginInstance = instance): Promise<unknown> =>
    app.swap([{ instance: target, plugin: target.plugin, config: undefined }])
  return { app, bot, clock, logs, instance, reload }
}

describe('a handler that outlives its plugin', () => {
  const uses: [string, (ctx: Context) => unknown][] = [
    ['sets a timer', (ctx) => ctx.setTimeout(() => {}, 1000)],
    ['listens', (ctx) => ctx.on('message-created', () => {})],
    ['owns an effect', (ctx) => ctx.effect(() => () => {})],
    ['adds a job', (ctx) => ctx.cron('* * * * *', () => {})],
  ]

  it.each(uses)('during a reload still %s', async (_, use) => {
    const gate = deferred()
    const { app, bot, clock, logs, reload } = await start(waiting(gate.promise, use))
    const said = bot.say('/go')
    const reloaded = reload()
    await settle()
    gate.resolve()
    await Promise.all([said, reloaded])
    expect(bot.texts).toEqual(['done'])
    expect(logs.join('')).not.toContain('PLUGIN_STOPPED')
    await app.stop()
    expect(clock.pending.length).toBe(0)
  })

  it.each(uses)('after a reload that did not wait for it still %s, and leaves nothing', async (_, use) => {
    const gate = deferred()
    const { app, bot, clock, reload } = await start(waiting(gate.promise, use))
    const said = bot.say('/go')
    const reloaded = reload()
    await clock.advance(4000)
    await reloaded
    const before = app.inspect.load.listeners
    gate.resolve()
    await said
    expect(bot.texts).toEqual(['done'])
    expect(app.inspect.load.listeners).toBe(before)
    await app.stop()
    expect(clock.pending.length).toBe(0)
  })

  it('waits by a timer of its own', async () => {
    const gate = deferred()
    const sleep = (ctx: Context): Promise<void> =>
      new Promise((resolve) => void ctx.setTimeout(resolve, 5000))
    const { app, bot, clock, reload } = await start(waiting(gate.promise, sleep))
    const said = bot.say('/go')
    const reloaded = reload()
    await clock.advance(4000)
    await reloaded
    gate.resolve()
    await clock.advance(6000)
    await said
    expect(bot.texts).toEqual(['done'])
    await app.stop()
  })

  it('finds the service of today, or hears that there is none', async () => {
    const provider = (version: number): Plugin =>
      definePlugin({ name: 'ledger', setup: (ctx) => void ctx.provide('ledger', { version }) })
    const clock = new TestClock(0)
    const { app, bot } = startFakeApp({ clock })
    const ledger = app.plugin(provider(1))
    app.plugin(
      definePlugin({
        name: 'shop',
        inject: ['ledger'],
        setup(ctx) {
          ctx.command('buy').action(async ({ session }) => {
            await session.prompt('Sure?', { survivesReload: true, timeoutMs: 600_000 })
            return `booked in ${ctx.ledger.version}`
          })
        },
      }),
    )
    await app.start()
    const first = bot.say('/buy')
    await settle()
    await app.swap([{ instance: ledger, plugin: provider(2), config: undefined }])
    await bot.say('yes')
    await first
    expect(bot.texts).toEqual(['Sure?', 'booked in 2'])

    const second = bot.say('/buy')
    await settle()
    await ledger.dispose()
    await bot.say('yes')
    await second
    expect(bot.texts.at(-1)).not.toContain('booked')
    await app.stop()
  })
})

it('any number of people may be asked at a time without a warning of Node', async () => {
  const warned = vi.fn<(warning: Error) => void>()
  process.on('warning', warned)
  const { app, bot } = startFakeApp()
  app.plugin(
    definePlugin({
      name: 'p',
      setup(ctx) {
        ctx.command('ask').action(async ({ session }) => `so ${await session.prompt('What?')}`)
      },
    }),
  )
  await app.start()
  const people = Array.from({ length: 50 }, (_, index) => ({ user: { id: `u${index}` } }))
  const asked = people.map((person) => bot.say('/ask', person))
  await settle()
  for (const person of people) await bot.say('x', person)
  await Promise.all(asked)
  await app.stop()
  process.off('warning', warned)
  expect(bot.texts.filter((text) => text === 'so x')).toHaveLength(50)
  expect(warned).not.toHaveBeenCalled()
})

it('a job whose time has passed says that it never runs', async () => {
  const clock = new TestClock(Date.parse('2024-05-01T00:00:00Z'))
  const { app, logs } = startFakeApp({ clock })
  app.plugin(
    definePlugin({
      name: 'p',
      setup: (ctx) => void ctx.cron('2020-01-01T00:00:00', () => {}, { name: 'party' }),
    }),
  )
  await app.start()
  expect(logs.join('')).toContain('The job \\"party\\" never runs')
  await app.stop()
})
