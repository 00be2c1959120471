import { describe, expect, it, vi } from 'vitest'

import { definePlugin, type Dispose, Scope, z } from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

declare module '@mynah/core' {
  interface Services {
    alpha: { readonly value: number }
    beta: string
  }
}

const ping = definePlugin({ name: 'ping', setup: (ctx) => void ctx.command('ping').action(() => 'pong') })

describe('a scope', () => {
  const makeScope = (): { scope: Scope; log: string[] } => {
    const log: string[] = []
    const scope = new Scope({
      name: 'test',
      onError: (error, where) => log.push(`${where}: ${String(error)}`),
    })
    return { scope, log }
  }

  it('undoes everything newest first, awaits each step, and goes on after one that throws', async () => {
    const { scope, log } = makeScope()
    scope.own('effect', 'first', () => void log.push('first'))
    scope.own('effect', 'second', async () => {
      await Promise.resolve()
      log.push('second')
    })
    scope.own('effect', 'third', () => {
      throw new Error('no')
    })
    await scope.stop()
    expect(log).toEqual(['stopping effect "third": Error: no', 'second', 'first'])
    expect(scope.effects()).toEqual([])
    expect(scope.state).toBe('stopped')
  })

  it('undoes each thing once, however often it is asked', async () => {
    const { scope } = makeScope()
    const dispose = vi.fn<Dispose>()
    const undo = scope.own('effect', 'once', dispose)
    await undo()
    await undo()
    await Promise.all([scope.stop(), scope.stop()])
    expect(dispose).toHaveBeenCalledTimes(1)
  })

  it('takes nothing new once it stops, and undoes at once what comes too late', async () => {
    const { scope } = makeScope()
    await scope.stop()
    const dispose = vi.fn<Dispose>()
    expect(() => scope.own('timer', 'late', dispose)).toThrow('cannot add timer "late"')
    expect(dispose).toHaveBeenCalledTimes(1)
  })

  it('tells what it holds and where it was registered', () => {
    const { scope } = makeScope()
    scope.own('route', 'GET /', () => {})
    expect(scope.effects()).toMatchObject([
      { kind: 'route', label: 'GET /', site: { line: expect.any(Number) as number } },
    ])
    expect(scope.effects()[0]?.site?.file).toMatch(/plugins\.test\.ts$/)
  })
})

describe('a plugin that fails', () => {
  const bad = (
    name: string,
    setup: Parameters<typeof definePlugin>[0]['setup'],
  ): ReturnType<typeof definePlugin> => definePlugin({ name, setup })

  it('in setup: what it had registered is undone, the others go on, the log names it', async () => {
    const { app, bot, logs } = startFakeApp()
    const dispose = vi.fn<Dispose>()
    const broken = app.plugin(
      bad('broken', (ctx) => {
        ctx.command('half').action(() => 'never')
        ctx.effect(() => dispose)
        throw new Error('no luck')
      }),
    )
    app.plugin(ping)
    await app.start()
    await bot.say('/half')
    await bot.say('/ping')
    expect(bot.texts).toEqual(['pong'])
    expect(broken.state).toBe('failed')
    expect(dispose).toHaveBeenCalledTimes(1)
    expect(logs.join()).toContain('Plugin broken failed in setup: no luck')
  })

  it('in a listener: the other listeners are called', async () => {
    const { app, bot, logs } = startFakeApp()
    const heard: string[] = []
    app.plugin(
      bad('broken', (ctx) => {
        ctx.on('message-created', () => {
          throw new Error('ears')
        })
        ctx.on('message-created', () => Promise.reject(new Error('late ears')))
      }),
    )
    app.plugin(
      definePlugin({
        name: 'good',
        setup: (ctx) => void ctx.on('message-created', ({ text }) => heard.push(text)),
      }),
    )
    await bot.say('hi')
    expect(heard).toEqual(['hi'])
    expect(logs.join()).toContain('Plugin broken failed in listener of message-created: ears')
    expect(logs.join()).toContain('Plugin broken failed in listener of message-created: late ears')
  })

  it('in a command: the person is told, and the log says why', async () => {
    const { app, bot, logs } = startFakeApp()
    app.plugin(
      bad('broken', (ctx) => {
        ctx.command('boom').action(() => Promise.reject(new Error('bang')))
      }),
    )
    await bot.say('/boom')
    expect(bot.texts).toEqual(['Something went wrong; the people who run this bot can see why in the log.'])
    expect(logs.join()).toContain('Plugin broken failed in command boom: bang')
  })

  it('in a timer: the process and the plugin live', async () => {
    vi.useFakeTimers()
    const { app, logs } = startFakeApp()
    const tick = vi.fn<() => void>(() => {
      throw new Error('tock')
    })
    app.plugin(bad('broken', (ctx) => void ctx.setInterval(tick, 1000)))
    await app.start()
    await vi.advanceTimersByTimeAsync(2500)
    expect(tick).toHaveBeenCalledTimes(2)
    expect(logs.join()).toContain('Plugin broken failed in timer: tock')
    await app.stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(tick).toHaveBeenCalledTimes(2)
    vi.useRealTimers()
  })

  it('by its config: every problem is named at once', async () => {
    const { app } = startFakeApp()
    const strict = definePlugin({
      name: 'strict',
      config: z.object({ a: z.string(), b: z.int() }),
      setup: () => {},
    })
    const instance = app.plugin(strict, { a: 1, b: 'x' } as never)
    await app.start()
    expect(String(instance.error)).toMatch(/a: .*expected string[\s\S]*b: .*expected number/)
  })
})

describe('services', () => {
  const provider = (value: number): ReturnType<typeof definePlugin> =>
    definePlugin({
      name: `provider ${value}`,
      provides: ['alpha'],
      setup: (ctx) => void ctx.provide('alpha', { value }),
    })

  it('start who waits for them, stop them when they go, and start them again', async () => {
    const { app } = startFakeApp()
    const log: string[] = []
    const user = app.plugin(
      definePlugin({
        name: 'user',
        inject: ['alpha'],
        setup(ctx) {
          log.push(`start ${ctx.alpha.value}`)
          ctx.effect(() => () => void log.push(`stop ${ctx.alpha.value}`))
        },
      }),
    )
    await app.start()
    expect(user.state).toBe('pending')
    const first = app.plugin(provider(1))
    await first.settled()
    await user.settled()
    await first.dispose()
    expect(user.state).toBe('pending')
    await app.plugin(provider(2)).settled()
    await user.settled()
    expect(log).toEqual(['start 1', 'stop 1', 'start 2'])
  })

  it('can be replaced for as long as the replacement runs', async () => {
    const { app } = startFakeApp()
    const seen: number[] = []
    app.plugin(provider(1))
    const user = app.plugin(
      definePlugin({ name: 'user', inject: ['alpha'], setup: (ctx) => void seen.push(ctx.alpha.value) }),
    )
    await app.start()
    const better = app.plugin(
      definePlugin({
        name: 'better',
        setup: (ctx) => void ctx.provide('alpha', { value: 9 }, { replace: true }),
      }),
    )
    await better.settled()
    await user.settled()
    await better.dispose()
    await user.settled()
    expect(seen).toEqual([1, 9, 1])
  })

  it('belong to one provider at a time', async () => {
    const { app } = startFakeApp()
    app.plugin(provider(1))
    const second = app.plugin(provider(2))
    await app.start()
    expect(String(second.error)).toContain(
      '"alpha" comes from provider 1; provider 2 wants to provide it too',
    )
  })

  it('name who waits for whom, circles included', async () => {
    const { app } = startFakeApp()
    app.plugin(definePlugin({ name: 'a', inject: ['alpha'], provides: ['beta'], setup: () => {} }))
    app.plugin(definePlugin({ name: 'b', inject: ['beta'], provides: ['alpha'], setup: () => {} }))
    await app.start()
    expect(app.inspect.waiting).toEqual([
      { plugin: 'a', services: ['alpha'], cycle: ['a', 'b', 'a'], failed: [] },
      { plugin: 'b', services: ['beta'], cycle: ['b', 'a', 'b'], failed: [] },
    ])
  })

  it('name who would provide them and has failed', async () => {
    const { app } = startFakeApp()
    const broken = (): never => {
      throw new Error('no')
    }
    app.plugin(definePlugin({ name: 'broken', provides: ['beta'], setup: broken }))
    app.plugin(definePlugin({ name: 'a', inject: ['beta'], setup: () => {} }))
    await app.start()
    expect(app.inspect.waiting).toEqual([
      { plugin: 'a', services: ['beta'], cycle: undefined, failed: ['broken'] },
    ])
  })
})

describe('plugins', () => {
  it('take their children with them', async () => {
    const { app, bot } = startFakeApp()
    const parent = app.plugin(definePlugin({ name: 'parent', setup: (ctx) => void ctx.plugin(ping) }))
    await app.start()
    await bot.say('/ping')
    await parent.dispose()
    await bot.say('/ping')
    expect(bot.texts).toEqual(['pong'])
    expect(parent.state).toBe('stopped')
  })

  it('can run several times, each with a config of its own', async () => {
    const { app, bot } = startFakeApp()
    const echo = definePlugin({
      name: 'echo',
      config: z.object({ name: z.string() }),
      setup: (ctx, { name }) => void ctx.command(name).action(() => name),
    })
    app.plugin(echo, { name: 'one' })
    app.plugin(echo, { name: 'two' }, { name: 'echo:second' })
    await bot.say('/one')
    await bot.say('/two')
    expect(bot.texts).toEqual(['one', 'two'])
  })

  it('cannot take a command that another one has', async () => {
    const { app } = startFakeApp()
    app.plugin(ping)
    const second = app.plugin(
      definePlugin({ name: 'other', setup: (ctx) => void ctx.command('ping').action(() => 'no') }),
    )
    await app.start()
    expect(String(second.error)).toContain('"ping" of plugin other is taken by plugin ping')
  })

  it('are swapped without losing a message, and rolled back when the new one cannot start', async () => {
    const { app, bot } = startFakeApp()
    const version = (answer: string): ReturnType<typeof definePlugin> =>
      definePlugin({ name: 'v', setup: (ctx) => void ctx.command('v').action(() => answer) })
    const instance = app.plugin(version('old'))
    await app.start()
    const swapping = app.swap([{ instance, plugin: version('new'), config: {} }])
    const saying = bot.say('/v')
    await Promise.all([swapping, saying])
    const broken = definePlugin({
      name: 'v',
      setup: () => {
        throw new Error('broken')
      },
    })
    const { results } = await app.swap([{ instance, plugin: broken, config: {} }])
    await bot.say('/v')
    expect(bot.texts).toEqual(['new', 'new'])
    expect(results).toMatchObject([{ state: 'active', error: { message: 'broken' } }])
  })

  it('give way to a filter', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(ping, {}, { when: (event) => event.channel?.id === 'here' })
    await bot.say('/ping')
    await bot.say('/ping', { channel: { id: 'here', type: 'text' } })
    expect(bot.sent).toEqual([{ channelId: 'here', text: 'pong' }])
  })
})

describe('an app that stops', () => {
  it('lets running handlers end, then removes plugins newest first', async () => {
    const { app, bot } = startFakeApp()
    const log: string[] = []
    app.plugin(
      definePlugin({
        name: 'slow',
        setup(ctx) {
          ctx.effect(() => () => void log.push('disposed'))
          ctx.command('slow').action(async () => {
            await new Promise((resolve) => setImmediate(resolve))
            log.push('handled')
            return 'done'
          })
        },
      }),
    )
    await app.start()
    const saying = bot.say('/slow')
    await app.stop()
    await saying
    expect(log).toEqual(['handled', 'disposed'])
    expect(bot.texts).toEqual(['done'])
  })
})
