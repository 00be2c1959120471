import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { type App, type AppOptions, type Bot, type Context, definePlugin, text } from '../src/index.ts'
import type { Plugin, PluginInstance, Receipt, SwapResult } from '../src/index.ts'
import { EditingBot } from './editing-bot.ts'
import { startFakeApp } from './fake-bot.ts'

type Setup = (ctx: Context) => void | Promise<void>

interface Gate {
  readonly opened: Promise<void>
  open(): void
}

function gate(): Gate {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Puts the name of the version in front of what goes out. */
const marking =
  (mark: string, ready?: Promise<void>): Setup =>
  async (ctx) => {
    await ready
    ctx.outgoing((message, next) => {
      message.elements = [text(`${mark}:`), ...message.elements]
      return next()
    })
  }

const plugin = (name: string, setup: Setup): Plugin => definePlugin({ name, setup })

const botOf = (ctx: Context): Bot => {
  const bot = ctx.bots.get('fake:editor')
  if (bot === undefined) throw new Error('The bot is not there.')
  return bot
}

interface Started {
  readonly app: App
  readonly bot: EditingBot
  /** Swaps plugins for others of their names. */
  swap(...versions: Plugin[]): Promise<(string | undefined)[]>
}

async function start(plugins: readonly Plugin[], options: AppOptions = {}): Promise<Started> {
  const { app } = startFakeApp(options)
  const bot = new EditingBot('editor')
  app.addBot(bot)
  const instances: PluginInstance[] = plugins.map((one) => app.plugin(one))
  await app.start()
  const errorOf = ({ error }: SwapResult): string | undefined =>
    error instanceof Error ? String(error) : undefined
  const swap: Started['swap'] = async (...versions) => {
    const swaps = versions.map((version) => {
      const instance = instances.find(({ name }) => name === version.name)
      if (instance === undefined) throw new Error(`There is no ${version.name}.`)
      return { instance, plugin: version, config: {} }
    })
    return (await app.swap(swaps)).results.map(errorOf)
  }
  return { app, bot, swap }
}

/** The new version of a plugin starts, and the old one has gone. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle()
}

describe('what is sent while a plugin that looks at it is swapped', () => {
  /** A new version that marks, and takes its time; tells when it has begun. */
  function slow(then: Setup): { version: Plugin; ready: Gate; begun: Promise<void> } {
    const ready = gate()
    const begun = gate()
    const version = plugin('mark', async (ctx) => {
      begun.open()
      await ready.opened
      await then(ctx)
    })
    return { version, ready, begun: begun.opened }
  }

  it('waits and is seen by the new version, in order, edits too', async () => {
    const { bot, swap } = await start([plugin('mark', marking('old'))])
    const { version, ready, begun } = slow(marking('new'))
    const swapped = swap(version)
    await begun
    const sent = Promise.all([
      bot.sendMessage('lobby', 'one'),
      bot.updateMessage('lobby', '7', 'two'),
      bot.sendMessage('lobby', 'three'),
    ])
    await settle()
    expect(bot.log).toEqual([])
    ready.open()
    expect(await swapped).toEqual([undefined])
    await sent
    expect(bot.log).toEqual(['new:one', '7=new:two', 'new:three'])
  })

  it('is what handlers of other plugins answer, too, and their traces tell why it is late', async () => {
    const go = gate()
    const chatty = plugin('chatty', (ctx) => {
      ctx.command('say').action(async ({ session }) => {
        await go.opened
        await session.reply('replied')
        return 'answered'
      })
    })
    const { app, bot, swap } = await start([plugin('mark', marking('old')), chatty])
    const said = bot.say('/say')
    const { version, ready, begun } = slow(marking('new'))
    const swapped = swap(version)
    await begun
    go.open()
    await settle()
    expect(bot.log).toEqual([])
    ready.open()
    await Promise.all([swapped, said])
    expect(bot.log).toEqual(['new:replied', 'new:answered'])
    expect(app.inspect.traces.find('m1')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'waiting', detail: 'plugins are being swapped' }),
    )
  })

  it('is seen by the old version where the new one fails', async () => {
    const { bot, swap } = await start([plugin('mark', marking('old'))])
    const { version, ready, begun } = slow(() => {
      throw new Error('no start')
    })
    const swapped = swap(version)
    await begun
    const sent = bot.sendMessage('lobby', 'one')
    ready.open()
    expect(await swapped).toEqual(['Error: no start'])
    await sent
    expect(bot.log).toEqual(['old:one'])
  })

  it('is seen by the old version where the new one never gets ready', async () => {
    const { bot, swap } = await start([plugin('mark', marking('old'))], { setupLimitMs: 50 })
    const { version, begun } = slow(() => {})
    const swapped = swap(version)
    await begun
    const sent = bot.sendMessage('lobby', 'one')
    expect(await swapped).toEqual([expect.stringContaining('did not finish setup within 50 ms')])
    await sent
    expect(bot.log).toEqual(['old:one'])
  })

  it('goes on without one where the new version has none', async () => {
    const { bot, swap } = await start([plugin('mark', marking('old'))])
    const { version, ready, begun } = slow(() => {})
    const swapped = swap(version)
    await begun
    const sent = bot.sendMessage('lobby', 'one')
    ready.open()
    await Promise.all([swapped, sent])
    expect(bot.log).toEqual(['one'])
  })

  it('goes on without one where the plugin is removed meanwhile', async () => {
    const { app, bot, swap } = await start([])
    expect(await swap()).toEqual([])
    const instance = app.plugin(plugin('mark', marking('old')))
    await instance.settled()
    const { version, begun } = slow(marking('new'))
    const swapped = app.swap([{ instance, plugin: version, config: {} }])
    await begun
    const sent = bot.sendMessage('lobby', 'one')
    await instance.dispose()
    await Promise.all([swapped, sent])
    expect(bot.log).toEqual(['one'])
  })

  it('does not wait for plugins that look at nothing, nor for those that were removed', async () => {
    const { app, bot, swap } = await start([plugin('mark', () => {})])
    const gone = app.plugin(plugin('gone', marking('gone')))
    await gone.settled()
    await gone.dispose()
    const { version, ready, begun } = slow(() => {})
    const swapped = swap(version)
    await begun
    await bot.sendMessage('lobby', 'one')
    expect(bot.log).toEqual(['one'])
    ready.open()
    await swapped
  })

  it('gives up when its sender does', async () => {
    const { bot, swap } = await start([plugin('mark', marking('old'))])
    const { version, ready, begun } = slow(marking('new'))
    const swapped = swap(version)
    await begun
    const sender = new AbortController()
    const sent = bot.sendMessage('lobby', 'one', { signal: sender.signal })
    sender.abort(new Error('too late'))
    expect(await sent).toMatchObject({ status: 'failed' })
    ready.open()
    await swapped
    await bot.sendMessage('lobby', 'two')
    expect(bot.log).toEqual(['new:two'])
  })

  it('waits for all that are swapped together', async () => {
    const { bot, swap } = await start([plugin('mark', marking('old')), plugin('other', marking('other'))])
    const { version, ready, begun } = slow(marking('new'))
    const swapped = swap(plugin('other', marking('another')), version)
    await begun
    const sent = bot.sendMessage('lobby', 'one')
    await settle()
    expect(bot.log).toEqual([])
    ready.open()
    await Promise.all([swapped, sent])
    expect(bot.log).toEqual(['another:new:one'])
  })

  it('waits for a plugin that has to start again with the one that it uses', async () => {
    const ready = [Promise.resolve(), gate()] as const
    let starts = 0
    const user = definePlugin({
      name: 'mark',
      inject: ['first'],
      async setup(ctx) {
        starts += 1
        const number = starts
        if (number > 1) await ready[1].opened
        await marking(`${number}`)(ctx)
      },
    })
    const provider = plugin('first', (ctx) => void ctx.provide('first', { name: 'first' }))
    const { bot, swap } = await start([provider, user])
    await until(() => starts === 1)
    const swapped = swap(provider)
    await until(() => starts === 2)
    const sent = bot.sendMessage('lobby', 'one')
    await swapped
    await settle()
    expect(bot.log).toEqual([])
    ready[1].open()
    await sent
    expect(bot.log).toEqual(['2:one'])
  })

  it('waits for a plugin below the one that is swapped', async () => {
    const ready = gate()
    const above = (mark: string, isReady?: Promise<void>): Plugin =>
      plugin('above', (ctx) => void ctx.plugin(plugin('below', marking(mark, isReady))))
    const { bot, swap } = await start([above('old')])
    expect(await swap(above('new', ready.opened))).toEqual([undefined])
    const sent = bot.sendMessage('lobby', 'one')
    await settle()
    expect(bot.log).toEqual([])
    ready.open()
    await sent
    expect(bot.log).toEqual(['new:one'])
  })
})

describe('a swap never waits for what waits for it', () => {
  it('when a version sends while it starts and while it stops', async () => {
    const chatty = (mark: string): Plugin =>
      plugin('mark', async (ctx) => {
        const say = async (words: string): Promise<Receipt> => botOf(ctx).sendMessage('lobby', words)
        ctx.effect(() => async () => void (await say(`${mark} goes`)))
        await marking(mark)(ctx)
        ctx.effect(() => async () => void (await say(`${mark} is about to go`)))
        if (mark === 'new') await say(`${mark} is there`)
      })
    const { bot, swap } = await start([chatty('old')])
    expect(await swap(chatty('new'))).toEqual([undefined])
    expect(bot.log).toEqual(['old:old is about to go', 'old goes', 'new:new is there'])
  })

  it('when another one of the same swap does', async () => {
    const hello = (words: string): Plugin =>
      plugin('hello', async (ctx) => {
        ctx.effect(() => async () => void (await botOf(ctx).sendMessage('lobby', 'bye')))
        await botOf(ctx).sendMessage('lobby', words)
      })
    const { bot, swap } = await start([hello('hello'), plugin('mark', marking('old'))])
    expect(await swap(hello('hello again'), plugin('mark', marking('new')))).toEqual([undefined, undefined])
    expect(bot.log.map((line) => line.replace('old:', ''))).toEqual(['hello', 'bye', 'hello again'])
    await bot.sendMessage('lobby', 'one')
    expect(bot.log.at(-1)).toBe('new:one')
  })

  it('when a handler that has to end first sends: the old version sees it', async () => {
    const talking = (name: string, setup: Setup): [Plugin, Gate] => {
      const go = gate()
      const version = plugin(name, async (ctx) => {
        await setup(ctx)
        ctx.command(name).action(async ({ session }) => {
          await go.opened
          await session.reply(`${name} replied`)
          await botOf(ctx).sendMessage('lobby', `${name} said`)
          return `${name} answered`
        })
      })
      return [version, go]
    }
    const [mark, goMark] = talking('mark', marking('old'))
    const [other, goOther] = talking('other', () => {})
    const { bot, swap } = await start([mark, other])
    const said = [bot.say('/mark'), bot.say('/other')]
    const swapped = swap(
      plugin('mark', marking('new')),
      plugin('other', () => {}),
    )
    await settle()
    goMark.open()
    await until(() => bot.log.length === 3)
    goOther.open()
    await Promise.all([...said, swapped])
    expect(bot.log).toEqual([
      'old:mark replied',
      'old:mark said',
      'old:mark answered',
      'old:other replied',
      'old:other said',
      'old:other answered',
    ])
  })

  it('when a handler of who uses the plugin does', async () => {
    const go = gate()
    const provider = (mark: string): Plugin =>
      plugin('mark', async (ctx) => {
        ctx.provide('first', { name: mark })
        await marking(mark)(ctx)
      })
    const user = definePlugin({
      name: 'user',
      inject: ['first'],
      setup(ctx) {
        ctx.command('say').action(async () => {
          await go.opened
          await botOf(ctx).sendMessage('lobby', 'said')
          return 'answered'
        })
      },
    })
    const { bot, swap } = await start([provider('old'), user])
    const said = bot.say('/say')
    const swapped = swap(provider('new'))
    await settle()
    go.open()
    await Promise.all([said, swapped])
    expect(bot.log).toEqual(['old:said', 'old:answered'])
  })
})
