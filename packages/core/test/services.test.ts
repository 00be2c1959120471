import { setImmediate as settle } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { App, type Context, createLogger, definePlugin, type PluginInstance } from '../src/index.ts'
import { TestClock } from '../src/testing/index.ts'
import { startFakeApp } from './fake-bot.ts'

declare module '@mynah/core' {
  interface Services {
    s0: string
    s1: string
    s2: string
    s3: string
  }
}

type Name = 's0' | 's1' | 's2' | 's3'
type AnyPlugin = ReturnType<typeof definePlugin>

/** A plugin that provides a service with a value. */
function provider(name: string, service: Name, value: string, replace = false): AnyPlugin {
  return definePlugin({
    name,
    provides: [service],
    setup: (ctx) => void ctx.provide(service, value, { replace }),
  })
}

describe('a provider that stops', () => {
  it('waits until its dependents have stopped, who see the service to the end', async () => {
    const { app } = startFakeApp()
    const log: string[] = []
    const source = app.plugin(
      definePlugin({
        name: 'source',
        setup(ctx) {
          ctx.effect(() => () => void log.push('source closed'))
          ctx.provide('s0', 'zero')
        },
      }),
    )
    app.plugin(
      definePlugin({
        name: 'middle',
        inject: ['s0'],
        setup(ctx) {
          ctx.effect(() => () => void log.push(`middle closed with ${ctx.s0}`))
          ctx.provide('s1', 'one')
        },
      }),
    )
    app.plugin(
      definePlugin({
        name: 'end',
        inject: ['s0', 's1'],
        setup(ctx) {
          ctx.effect(() => async () => {
            await settle()
            log.push(`end closed with ${ctx.s0} and ${ctx.s1}`)
          })
        },
      }),
    )
    await app.start()
    await source.dispose()
    expect(log).toEqual(['end closed with zero and one', 'middle closed with zero', 'source closed'])
    await app.stop()
  })

  it('ends the start of a dependent that is under way', async () => {
    const { app } = startFakeApp()
    const source = app.plugin(provider('source', 's0', 'zero'))
    let reason: unknown
    const slow = app.plugin(
      definePlugin({
        name: 'slow',
        inject: ['s0'],
        setup: (ctx) =>
          new Promise((_, reject) => {
            ctx.signal.addEventListener('abort', () => {
              reason = ctx.signal.reason
              reject(new Error('given up'))
            })
          }),
      }),
    )
    expect(slow.state).toBe('starting')
    await source.dispose()
    await slow.settled()
    expect(slow.state).toBe('pending')
    expect(reason).toMatchObject({ code: 'PLUGIN_STOPPED' })
    await app.stop()
  })

  it('because its setup fails stops who had started with it, and a later provider starts them', async () => {
    const { app } = startFakeApp()
    const seen: string[] = []
    const user = app.plugin(
      definePlugin({ name: 'user', inject: ['s0'], setup: (ctx) => void seen.push(ctx.s0) }),
    )
    const broken = app.plugin(
      definePlugin({
        name: 'broken',
        setup: async (ctx) => {
          ctx.provide('s0', 'half')
          await settle()
          throw new Error('no luck')
        },
      }),
    )
    await app.start()
    expect([broken.state, user.state]).toEqual(['failed', 'pending'])
    await app.plugin(provider('whole', 's0', 'whole')).settled()
    await app.settled()
    expect(user.state).toBe('active')
    expect(seen).toEqual(['half', 'whole'])
    await app.stop()
  })
})

describe('an optional service', () => {
  it('comes and goes before the eyes of the plugin, which goes on running', async () => {
    const { app } = startFakeApp()
    let context: (Context & { readonly s0: string | undefined }) | undefined
    let starts = 0
    app.plugin(
      definePlugin({
        name: 'user',
        inject: { s0: 'optional' },
        setup(ctx) {
          starts += 1
          context = ctx
        },
      }),
    )
    await app.start()
    expect(context?.s0).toBeUndefined()
    const source = app.plugin(provider('source', 's0', 'zero'))
    expect(context?.s0).toBe('zero')
    const better = app.plugin(provider('better', 's0', 'better', true))
    expect(context?.s0).toBe('better')
    await better.dispose()
    expect(context?.s0).toBe('zero')
    await source.dispose()
    expect(context?.s0).toBeUndefined()
    expect(starts).toBe(1)
    await app.stop()
  })
})

describe('a plugin that replaces a service', () => {
  it('and uses it too decorates what was there, and does not start over and over', async () => {
    const { app } = startFakeApp()
    const seen: string[] = []
    const source = app.plugin(provider('source', 's0', 'zero'))
    const wrapper = app.plugin(
      definePlugin({
        name: 'wrapper',
        inject: ['s0'],
        setup: (ctx) => void ctx.provide('s0', `[${ctx.s0}]`, { replace: true }),
      }),
    )
    app.plugin(definePlugin({ name: 'user', inject: ['s0'], setup: (ctx) => void seen.push(ctx.s0) }))
    await app.start()
    expect(seen).toEqual(['[zero]'])
    await source.dispose()
    await app.settled()
    expect(wrapper.state).toBe('pending')
    app.plugin(provider('source', 's0', 'again'))
    await app.settled()
    expect(seen).toEqual(['[zero]', '[again]'])
    await app.stop()
  })

  it('does not replace it for those it stands on', async () => {
    const { app } = startFakeApp()
    const starts: string[] = []
    app.plugin(provider('base', 's0', 'zero'))
    app.plugin(
      definePlugin({
        name: 'first',
        inject: ['s0'],
        setup(ctx) {
          starts.push(`first with ${ctx.s0}`)
          ctx.provide('s1', 'one')
        },
      }),
    )
    app.plugin(
      definePlugin({
        name: 'second',
        inject: ['s1'],
        setup(ctx) {
          starts.push('second')
          ctx.provide('s0', 'other', { replace: true })
        },
      }),
    )
    app.plugin(
      definePlugin({ name: 'user', inject: ['s0'], setup: (ctx) => void starts.push(`user with ${ctx.s0}`) }),
    )
    await app.start()
    expect(starts).toEqual(['first with zero', 'second', 'user with other'])
    await app.stop()
  })
})

describe('a plugin that waits', () => {
  it('is reported by name when it still waits after ten seconds, once each time', async () => {
    const clock = new TestClock(0)
    const { app, logs } = startFakeApp({ clock })
    const source = app.plugin(provider('source', 's0', 'zero'))
    app.plugin(definePlugin({ name: 'user', inject: ['s0'], setup: () => {} }))
    await app.start()
    const reports = (): number => logs.filter((line) => line.includes('Plugin user waits for s0')).length
    await source.dispose()
    await clock.advance(9_000)
    expect(reports()).toBe(0)
    await clock.advance(2_000)
    expect(reports()).toBe(1)
    await clock.advance(60_000)
    expect(reports()).toBe(1)
    const again = app.plugin(provider('source', 's0', 'zero'))
    await app.settled()
    await again.dispose()
    await clock.advance(11_000)
    expect(reports()).toBe(2)
    await app.stop()
    expect(clock.pending.length).toBe(0)
  })

  it('is reported at the start, with the circle it waits in', async () => {
    const { app, logs } = startFakeApp()
    app.plugin(definePlugin({ name: 'a', inject: ['s0'], provides: ['s1'], setup: () => {} }))
    app.plugin(definePlugin({ name: 'b', inject: ['s1'], provides: ['s0'], setup: () => {} }))
    await app.start()
    expect(logs.join()).toContain('Plugin a waits for s0; they wait for each other: a → b → a')
    await app.stop()
  })
})

interface Shape {
  readonly inject: readonly Name[]
  readonly optional: readonly Name[]
  readonly provides: readonly Name[]
  readonly isAsync: boolean
  readonly fails: boolean
  readonly child: boolean
}

interface Move {
  readonly kind: 'add' | 'remove' | 'restart'
  readonly plugin: number
  readonly wait: boolean
}

const names = fc.subarray<Name>(['s0', 's1', 's2', 's3'])
const shape: fc.Arbitrary<Shape> = fc.record({
  inject: names,
  optional: names,
  provides: names,
  isAsync: fc.boolean(),
  fails: fc.nat(5).map((value) => value === 0),
  child: fc.boolean(),
})
const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom('add', 'add', 'remove', 'restart'),
  plugin: fc.nat(7),
  wait: fc.boolean(),
})

/** A plugin that does all of it, and notices when a service it needs is not there. */
function pluginOf(one: Shape, index: number, live: Set<symbol>, wrongs: string[]): AnyPlugin {
  return definePlugin({
    name: `p${index}`,
    inject: {
      ...Object.fromEntries(one.optional.map((name) => [name, 'optional'])),
      ...Object.fromEntries(one.inject.map((name) => [name, 'required'])),
    },
    async setup(ctx) {
      const context: object = ctx
      const check = (where: string): void => {
        for (const name of one.inject) {
          if (Reflect.get(context, name) === undefined) wrongs.push(`p${index} lacks ${name} ${where}`)
        }
      }
      check('in setup')
      const life = Symbol('life')
      live.add(life)
      ctx.effect(() => async () => {
        if (one.isAsync) await settle()
        check('at its end')
        live.delete(life)
      })
      if (one.child) {
        ctx.plugin(
          definePlugin({
            name: `child of p${index}`,
            inject: one.provides,
            setup: (child) => void child.effect(() => () => {}),
          }),
        )
      }
      if (one.isAsync) await settle()
      for (const name of one.provides) ctx.provide(name, `${name} of p${index}`, { replace: true })
      if (one.isAsync) await settle()
      if (one.fails) throw new Error('fails')
    },
  })
}

it('any graph of plugins settles whatever comes and goes in any order, and nothing is left of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { minLength: 1, maxLength: 8 }),
      fc.array(move, { maxLength: 25 }),
      async (shapes, moves) => {
        const wrongs: string[] = []
        const live = new Set<symbol>()
        const app = new App({ logger: createLogger({ level: 'silent' }), graceMs: 1000 })
        const running = new Map<number, PluginInstance>()
        for (const { kind, plugin, wait } of moves) {
          const one = shapes[plugin % shapes.length]
          const index = plugin % shapes.length
          const instance = running.get(index)
          if (one === undefined) continue
          let done: Promise<unknown> | undefined
          if (kind === 'add' && instance === undefined) {
            running.set(index, app.plugin(pluginOf(one, index, live, wrongs)))
          } else if (kind === 'remove' && instance !== undefined) {
            running.delete(index)
            done = instance.dispose()
          } else if (kind === 'restart') done = instance?.restart()
          if (wait) await (done ?? app.settled())
        }
        await app.settled()
        for (const { state, missing, scope } of app.instances) {
          expect(['active', 'failed', 'pending', 'stopped']).toContain(state)
          expect(scope === undefined).toBe(state !== 'active')
          expect(missing.length === 0 || state !== 'active').toBe(true)
          expect(missing.length > 0 || state !== 'pending').toBe(true)
        }
        await app.stop()
        expect(wrongs).toEqual([])
        expect(live.size).toBe(0)
        expect(app.inspect.services).toEqual([])
        expect(app.inspect.plugins.at(-1)?.effects).toEqual([])
        expect(app.instances.size).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)
