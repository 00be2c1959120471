import { describe, expect, it } from 'vitest'

import { type App, type Context, definePlugin, type Plugin } from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

declare module '@mynah/core' {
  interface Services {
    tower: string
  }
}

/** A plugin with a guard and a normal middleware, which note that they saw a message. */
function noter(name: string, seen: string[], more?: (ctx: Context) => void): Plugin {
  return definePlugin({
    name,
    setup(ctx) {
      more?.(ctx)
      ctx.use((_, next) => (seen.push(name), next()), { name: 'note' })
      ctx.use((_, next) => (seen.push(`${name} guards`), next()), { stage: 'guard', name: 'watch' })
    },
  })
}

function orderOf(app: App): string[] {
  return app.inspect.middlewares.map(({ plugin, name, stage }) => `${stage} ${plugin}/${name}`)
}

const expected = ['guard a/watch', 'guard b/watch', 'normal a/note', 'normal b/note']

describe('the order of middlewares', () => {
  it('has guards before normal ones, whoever came first, and plugins as they were added', async () => {
    const { app, bot } = startFakeApp()
    const seen: string[] = []
    app.plugin(noter('a', seen))
    app.plugin(noter('b', seen))
    await app.start()
    await bot.say('hi')
    expect(seen).toEqual(['a guards', 'b guards', 'a', 'b'])
    expect(orderOf(app)).toEqual(expected)
    await app.stop()
  })

  it('is the same after a plugin was restarted', async () => {
    const { app } = startFakeApp()
    const first = app.plugin(noter('a', []))
    app.plugin(noter('b', []))
    await app.start()
    await first.restart()
    expect(orderOf(app)).toEqual(expected)
    await app.stop()
  })

  it('is the same after another version of a plugin came in its place', async () => {
    const { app } = startFakeApp()
    const instance = app.plugin(noter('a', []))
    app.plugin(noter('b', []))
    await app.start()
    await app.swap([{ instance, plugin: noter('a', []), config: undefined }])
    expect(orderOf(app)).toEqual(expected)
    await app.stop()
  })

  it('is the same for a plugin that had to wait for a service', async () => {
    const { app } = startFakeApp()
    const late = definePlugin({
      name: 'a',
      inject: ['tower'],
      setup(ctx) {
        ctx.use((_, next) => next(), { name: 'note' })
        ctx.use((_, next) => next(), { stage: 'guard', name: 'watch' })
      },
    })
    app.plugin(late)
    app.plugin(noter('b', []))
    await app.start()
    expect(orderOf(app)).toEqual(['guard b/watch', 'normal b/note'])
    app.plugin(definePlugin({ name: 'tower', setup: (ctx) => void ctx.provide('tower', 'ding') }))
    await app.settled()
    expect(orderOf(app)).toEqual(expected)
    await app.stop()
  })

  it('has plugins of a plugin right behind it, also after one of them was restarted', async () => {
    const { app } = startFakeApp()
    const seen: string[] = []
    const inner: { restart(): Promise<unknown> }[] = []
    app.plugin(
      noter('a', seen, (ctx) => {
        inner.push(ctx.plugin(noter('a1', seen)), ctx.plugin(noter('a2', seen)))
      }),
    )
    app.plugin(noter('b', seen))
    await app.start()
    const normal = ['normal a/note', 'normal a1/note', 'normal a2/note', 'normal b/note']
    expect(orderOf(app).slice(4)).toEqual(normal)
    await inner[0]?.restart()
    expect(orderOf(app).slice(4)).toEqual(normal)
    await app.stop()
  })

  it('can be changed while everything runs', async () => {
    const { app, bot } = startFakeApp()
    const seen: string[] = []
    const a = app.plugin(noter('a', seen))
    const b = app.plugin(noter('b', seen))
    app.plugin(noter('c', seen))
    await app.start()
    app.arrange([b, a])
    await bot.say('hi')
    expect(seen).toEqual(['b guards', 'a guards', 'c guards', 'b', 'a', 'c'])
    await b.restart()
    expect(orderOf(app)[0]).toBe('guard b/watch')
    await app.stop()
  })
})

describe('a guard', () => {
  it('keeps messages from all that come after it, and not from observers', async () => {
    const { app, bot } = startFakeApp()
    const seen: string[] = []
    app.plugin(
      definePlugin({
        name: 'stats',
        setup(ctx) {
          ctx.use(
            ({ outcome: { status, by } }) =>
              void seen.push(`observed ${status} by ${by?.plugin ?? 'nobody'}`),
            { stage: 'observe' },
          )
        },
      }),
    )
    app.plugin(noter('b', seen))
    app.plugin(
      definePlugin({
        name: 'closed',
        setup: (ctx) => void ctx.use(() => undefined, { stage: 'guard' }),
      }),
    )
    await app.start()
    await bot.say('hi')
    expect(seen).toEqual(['b guards', 'observed silent by closed'])
    expect(bot.texts).toEqual([])
    await app.stop()
  })
})

describe('an observer', () => {
  it('is shown a message after the answer was sent, and cannot answer', async () => {
    const { app, bot } = startFakeApp()
    const seen: unknown[] = []
    app.plugin(
      definePlugin({
        name: 'stats',
        setup(ctx) {
          // As JavaScript might.
          const watch = (() => 'not me') as () => void
          ctx.use(watch, { stage: 'observe' })
          ctx.use(async (session) => void seen.push([...bot.texts], session.outcome), { stage: 'observe' })
          ctx.command('ping').action(() => 'pong')
        },
      }),
    )
    await app.start()
    await bot.say('/ping')
    expect(seen).toEqual([['pong'], { status: 'answered', by: { plugin: 'stats', command: 'ping' } }])
    expect(bot.texts).toEqual(['pong'])
    await app.stop()
  })

  it('that fails is reported in the name of its plugin, and others look on', async () => {
    const { app, bot, logs } = startFakeApp()
    const seen: string[] = []
    app.plugin(
      definePlugin({
        name: 'stats',
        setup(ctx) {
          ctx.use(
            () => {
              throw new Error('no pen')
            },
            { stage: 'observe', name: 'blind' },
          )
          ctx.use((session) => void seen.push(session.text), { stage: 'observe' })
          ctx.use((session) => void seen.push(session.text), { stage: 'observe', when: () => false })
        },
      }),
    )
    await app.start()
    await bot.say('hi')
    expect(seen).toEqual(['hi'])
    expect(logs.join('')).toContain('Plugin stats failed in observer blind: no pen')
    await app.stop()
  })
})
