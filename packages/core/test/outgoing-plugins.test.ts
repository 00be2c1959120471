import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, expectTypeOf, it } from 'vitest'

import {
  type App,
  type AppOptions,
  type Bot,
  type Content,
  type Context,
  definePlugin,
  type Element,
  filter,
  type Filter,
  MynahError,
  type OutgoingDraft,
  parse,
  type PluginInstance,
  type Receipt,
  text,
} from '../src/index.ts'
import { TestClock } from '../src/testing/index.ts'
import { EditingBot } from './editing-bot.ts'
import { startFakeApp } from './fake-bot.ts'

interface Started {
  readonly app: App
  readonly bot: EditingBot
  readonly clock: TestClock
  readonly logs: string[]
  /** Adds a plugin, in the order of the calls. */
  plugin(name: string, setup: (ctx: Context) => void, when?: Filter): PluginInstance
}

function start(options: AppOptions = {}): Started {
  const clock = new TestClock(0)
  const { app, logs } = startFakeApp({ clock, ...options })
  const bot = new EditingBot('editor')
  app.addBot(bot)
  const plugin: Started['plugin'] = (name, setup, when) =>
    app.plugin(definePlugin({ name, setup }), {}, { when })
  return { app, bot, clock, logs, plugin }
}

function masked(nodes: readonly Element[]): Element[] {
  return nodes.map((node) =>
    node.type === 'text'
      ? text(String(node.attrs['content']).replaceAll('secret', '******'))
      : { ...node, children: masked(node.children) },
  )
}

function mask(ctx: Context): void {
  ctx.outgoing(
    (message, next) => {
      message.elements = masked(message.elements)
      return next()
    },
    { name: 'words' },
  )
}

const codeOf = (receipt: Receipt): string =>
  receipt.status === 'failed' ? receipt.error.code : receipt.status

/** Adds `letter` to all that goes out. */
const adding =
  (letter: string) =>
  (ctx: Context): void => {
    ctx.outgoing((message, next) => {
      message.elements = [...message.elements, text(letter)]
      return next()
    })
  }

describe('a plugin that masks a word', () => {
  async function startMasked(setup: (ctx: Context) => void = () => {}): Promise<Started> {
    const started = start()
    started.plugin('mask', mask)
    started.plugin('chatty', setup)
    await started.app.start()
    return started
  }

  it('masks it in what a command returns and in replies, quick or not', async () => {
    const { bot } = await startMasked((ctx) => {
      ctx.command('say').action(() => 'my secret')
      ctx.command('reply').action(async ({ session }) => {
        await session.reply('our secret')
        await session.reply('quick secret', { quick: true })
      })
    })
    await bot.say('/say')
    await bot.say('/reply')
    expect(bot.texts).toEqual(['my ******', 'our ******', 'quick ******'])
  })

  it('masks it in what is sent and edited by the bot itself', async () => {
    const { bot } = await startMasked()
    await bot.sendMessage('lobby', 'a secret')
    await bot.updateMessage('lobby', '7', 'another secret')
    expect(bot.log).toEqual(['a ******', '7=another ******'])
  })

  it('masks it in questions, also in those that are asked again', async () => {
    const { bot } = await startMasked((ctx) => {
      ctx.command('ask').action(({ session }) => session.number('How many secrets?'))
    })
    const asked = bot.say('/ask')
    await expect.poll(() => bot.texts).toEqual(['How many ******s?'])
    await bot.say('1')
    await asked
    expect(bot.texts).toEqual(['How many ******s?', '1'])
  })

  it('masks it in what jobs and timers send', async () => {
    const { bot, clock } = await startMasked((ctx) => {
      const send = (content: Content): void => {
        for (const { key } of ctx.bots) {
          if (key === 'fake:editor') void ctx.bots.get(key)?.sendMessage('lobby', content)
        }
      }
      ctx.cron('* * * * *', () => send('secret of the job'))
      ctx.setTimeout(() => send('secret of the timer'), 1000)
    })
    await clock.advance(60_000)
    await expect.poll(() => bot.texts).toEqual(['****** of the timer', '****** of the job'])
  })

  it('masks it in what components make, also in those that another middleware puts in', async () => {
    const { app, bot, plugin } = start()
    plugin('early', (ctx) => {
      ctx.component('gossip', () => parse('<b>secret</b>'))
      ctx.outgoing((message, next) => {
        message.elements = [...message.elements, ...parse(' <gossip/>')]
        return next()
      })
    })
    plugin('mask', mask)
    await app.start()
    await bot.sendMessage('lobby', parse('<gossip/>!'))
    expect(bot.texts).toEqual(['******! ******'])
  })

  it('masks it in all pieces of an answer', async () => {
    const { bot } = await startMasked((ctx) => {
      ctx.command('go').action(async function* pieces() {
        await settle()
        yield 'my '
        yield 'sec'
        yield 'ret'
      })
    })
    await bot.say('/go')
    expect(bot.log).toEqual(['my ', '0=my ******'])
  })

  it('is passed by in no method of a bot that takes content', () => {
    type Methods = {
      [K in keyof Bot]: Bot[K] extends (...args: infer A) => unknown
        ? Content extends A[number]
          ? K
          : never
        : never
    }[keyof Bot]
    expectTypeOf<Methods>().toEqualTypeOf<'sendMessage' | 'updateMessage'>()
  })
})

describe('an outgoing middleware', () => {
  const inGuild = filter.of({ guild: 'tea' })
  const tea = { guild: { id: 'tea' }, channel: { id: 'kitchen', type: 'text' } } as const

  it('sees only what fits its filter and that of its plugin', async () => {
    const { app, bot, plugin } = start()
    plugin('answering', (ctx) => void ctx.command('hi').action(() => 'hi'))
    plugin('of the plugin', adding('a'), filter.of({ user: 'alice' }))
    plugin('of its own', (ctx) => {
      ctx.outgoing(
        (message, next) => {
          message.elements = [...message.elements, text('b')]
          return next()
        },
        { when: filter.of({ user: ['alice', 'bob'] }) },
      )
    })
    await app.start()
    await bot.say('/hi')
    await bot.say('/hi', { user: { id: 'bob' } })
    await bot.say('/hi', { user: { id: 'carol' } })
    expect(bot.texts).toEqual(['hiab', 'hib', 'hi'])
  })

  it('sees what grows in pieces and what is edited by the event that is answered', async () => {
    const { app, bot, plugin } = start()
    plugin('mask', mask, filter.of({ user: 'alice' }))
    plugin('chatty', (ctx) => {
      ctx.command('go').action(async function* pieces() {
        await settle()
        yield 'my '
        yield 'secret'
      })
      ctx.command('edit').action(async ({ session }) => {
        const { event } = session
        await session.bot.updateMessage('lobby', '9', 'secret', { event })
      })
    })
    await app.start()
    await bot.say('/go')
    await bot.say('/edit')
    await bot.say('/edit', { user: { id: 'bob' } })
    expect(bot.log).toEqual(['my ', '0=my ******', '9=******', '9=secret'])
  })

  it('is asked about the place where nothing is answered, whose guild it knows by what came from there', async () => {
    const { app, bot, plugin } = start()
    plugin('by guild', adding('g'), inGuild)
    plugin('by channel', adding('c'), filter.of({ channel: 'kitchen', platform: 'fake', bot: 'editor' }))
    await app.start()
    await bot.sendMessage('kitchen', 'unknown yet ')
    await bot.say('hello', tea)
    await bot.sendMessage('kitchen', 'known ')
    await bot.sendMessage('lobby', 'elsewhere')
    expect(bot.texts).toEqual(['unknown yet c', 'known gc', 'elsewhere'])
  })

  it('is asked about the place where a message goes, if that is not where the event happened', async () => {
    const { app, bot, plugin } = start()
    plugin('by guild', adding('g'), inGuild)
    plugin('by user', adding('u'), filter.of({ user: 'alice' }))
    await app.start()
    const event = bot.message('hello', tea)
    await bot.handle(event)
    await bot.sendMessage('direct', 'told ', { event })
    await bot.sendMessage('kitchen', 'answered ', { event })
    await bot.sendMessage('kitchen', 'from afar ', { event: bot.message('hi', { user: { id: 'bob' } }) })
    expect(bot.texts).toEqual(['told u', 'answered gu', 'from afar g'])
  })

  it('is called in the order of the plugins, which no restart changes', async () => {
    const { app, bot, plugin } = start()
    const first = plugin('first', (ctx) => {
      adding('1')(ctx)
      ctx.plugin(definePlugin({ name: 'child', setup: adding('2') }))
    })
    plugin('second', adding('3'))
    await app.start()
    await bot.sendMessage('lobby', '')
    await first.restart()
    await app.settled()
    await bot.sendMessage('lobby', '')
    expect(bot.texts).toEqual(['123', '123'])
  })

  it('is called in another order once the plugins stand in one', async () => {
    const { app, bot, plugin } = start()
    const first = plugin('first', adding('1'))
    const second = plugin('second', adding('2'))
    await app.start()
    app.arrange([second, first])
    await bot.sendMessage('lobby', '')
    expect(bot.texts).toEqual(['21'])
  })

  it('goes with its plugin', async () => {
    const { app, bot, plugin } = start()
    const mine = plugin('mask', mask)
    await app.start()
    expect(mine.scope?.effects()).toContainEqual(
      expect.objectContaining({ kind: 'middleware', label: 'outgoing words' }),
    )
    await mine.dispose()
    await bot.sendMessage('lobby', 'secret')
    expect(bot.texts).toEqual(['secret'])
  })

  it('sends a message once, however often it calls next, and sees what became of it', async () => {
    const { app, bot, plugin } = start()
    const seen: Receipt[] = []
    plugin('eager', (ctx) => {
      ctx.outgoing(async (_message, next) => {
        seen.push(await next(), await next())
        return next()
      })
    })
    await app.start()
    await bot.sendMessage('lobby', 'once')
    expect(bot.texts).toEqual(['once'])
    expect(seen.map(({ status }) => status)).toEqual(['delivered', 'delivered'])
  })
})

describe('an outgoing middleware that fails', () => {
  interface Failing extends Started {
    readonly reported: string[]
  }

  async function startFailing(
    run: (message: OutgoingDraft, next: () => Promise<Receipt>) => Promise<Receipt>,
    options: AppOptions = {},
  ): Promise<Failing> {
    const started = start(options)
    const reported: string[] = []
    started.app.on('plugin-error', ({ plugin, where }) => void reported.push(`${plugin}: ${where}`))
    started.plugin('mask', (ctx) => void ctx.outgoing(run, { name: 'words' }))
    started.plugin('chatty', (ctx) => {
      ctx.command('say').action(() => 'my secret')
      ctx.command('edit').action(({ session }) => session.bot.updateMessage('lobby', '1', 'secret'))
      ctx.command('go').action(async function* pieces() {
        await settle()
        yield 'first secret'
        yield 'second secret'
      })
    })
    await started.app.start()
    return { ...started, reported }
  }

  const broken = (): Promise<Receipt> => Promise.reject(new Error('no list of words'))

  it('keeps the message back, with a code of its own that names the plugin', async () => {
    const { bot } = await startFailing(broken)
    const receipt = await bot.sendMessage('lobby', 'secret')
    expect(receipt).toMatchObject({
      status: 'failed',
      error: { code: 'SEND_MIDDLEWARE_FAILED', message: expect.stringContaining('Plugin mask') },
    })
    await expect(bot.updateMessage('lobby', '1', 'secret')).rejects.toMatchObject({
      code: 'SEND_MIDDLEWARE_FAILED',
    })
    await bot.say('/go')
    expect(bot.log).toEqual([])
  })

  it('is reported in the name of its plugin, by an event, in the log and in the trace, and not in that of the sender', async () => {
    const { app, bot, clock, logs, reported } = await startFailing(broken)
    await bot.say('/say')
    await clock.advance(5000)
    expect(reported).toEqual(['mask: outgoing middleware words'])
    expect(logs.join()).toContain('Plugin mask failed in outgoing middleware words: no list of words')
    expect(logs.join()).not.toContain('Plugin chatty failed')
    const steps = app.inspect.traces.find('m1')?.steps.map(({ kind, label }) => `${kind} ${label}`)
    expect(steps).toEqual(expect.arrayContaining(['error mask', 'send-failed chatty']))
  })

  it('pauses its plugin and not those that send, and goes on keeping messages back meanwhile', async () => {
    const { app, bot, clock } = await startFailing(broken, { breaker: { failures: 2, pauseMs: 10_000 } })
    const paused: string[] = []
    app.on('plugin-paused', ({ plugin }) => void paused.push(plugin))
    for (let index = 0; index < 4; index += 1) await bot.say('/edit')
    expect(paused).toEqual(['mask'])
    expect(codeOf(await bot.sendMessage('lobby', 'secret'))).toBe('SEND_MIDDLEWARE_FAILED')
    expect(bot.log).toEqual([])
    await clock.advance(10_000)
    expect(codeOf(await bot.sendMessage('lobby', 'secret'))).toBe('SEND_MIDDLEWARE_FAILED')
    expect(paused).toEqual(['mask', 'mask'])
  })

  it('because its filter does, keeps the message back, too', async () => {
    const { app, bot, plugin, logs } = start()
    plugin('mask', mask, () => {
      throw new Error('no map')
    })
    await app.start()
    expect(codeOf(await bot.sendMessage('lobby', 'secret'))).toBe('SEND_MIDDLEWARE_FAILED')
    expect(logs.join()).toContain('Plugin mask failed in outgoing middleware words: no map')
  })

  it('behind the message that it let through does not undo it', async () => {
    const { bot, reported } = await startFailing(async (_message, next) => {
      await next()
      throw new Error('the diary is full')
    })
    expect(codeOf(await bot.sendMessage('lobby', 'hello'))).toBe('delivered')
    expect(bot.texts).toEqual(['hello'])
    expect(reported).toEqual(['mask: outgoing middleware words'])
  })

  it('to give a receipt is reported, and what became of the message counts', async () => {
    const forgetful = async (_message: OutgoingDraft, next: () => Promise<Receipt>): Promise<Receipt> => {
      await next()
      // What JavaScript lets through.
      return undefined as unknown as Receipt
    }
    const { bot, reported } = await startFailing(forgetful)
    expect(codeOf(await bot.sendMessage('lobby', 'hello'))).toBe('delivered')
    expect(reported).toEqual(['mask: outgoing middleware words'])
  })

  it('by what it puts in is the one that is reported', async () => {
    const { bot, reported } = await startFailing((message, next) => {
      message.elements = ['words'] as unknown as Element[]
      return next()
    })
    expect(codeOf(await bot.sendMessage('lobby', 'hello'))).toBe('SEND_MIDDLEWARE_FAILED')
    expect(reported).toEqual(['mask: outgoing middleware words'])
    expect(bot.texts).toEqual([])
  })
})

describe('an edit', () => {
  it('is degraded as a message is', async () => {
    const { bot } = start()
    await bot.sendMessage('lobby', parse('<b>bold</b> <image src="https://x.example/cat.png" title="cat"/>'))
    await bot.updateMessage(
      'lobby',
      '1',
      parse('<b>bold</b> <image src="https://x.example/cat.png" title="cat"/>'),
    )
    expect(bot.log[1]).toBe(`1=${bot.log[0]}`)
    expect(bot.log[0]).toContain('cat')
  })

  it('that would be several messages changes nothing, and says so', async () => {
    const { bot } = start()
    bot.support = { elements: [], maxTextLength: 5 }
    await expect(bot.updateMessage('lobby', '1', 'one two')).rejects.toMatchObject({
      code: 'SEND_TOO_LONG',
      message: expect.stringContaining('stays one, and this would be 2'),
    })
    await expect(bot.updateMessage('lobby', '1', parse('<message>a</message>b'))).rejects.toMatchObject({
      code: 'SEND_TOO_LONG',
    })
    expect(bot.log).toEqual([])
  })

  it('keeps its place among the messages of its channel', async () => {
    const { bot } = start()
    const gates: (() => void)[] = []
    bot.onDeliver = async () => {
      await new Promise<void>((resolve) => gates.push(resolve))
      return { status: 'delivered', messageIds: ['1'] }
    }
    const all = [
      bot.sendMessage('lobby', 'a'),
      bot.updateMessage('lobby', '1', 'b'),
      bot.sendMessage('lobby', 'c'),
    ]
    for (let index = 0; index < 2; index += 1) {
      await expect.poll(() => gates.length).toBe(index + 1)
      gates[index]?.()
    }
    await Promise.all(all)
    expect(bot.log).toEqual(['a', '1=b', 'c'])
  })

  it('is told of with its kind, what it answers and its receipt, as messages and quick replies are', async () => {
    const { app, bot, plugin } = start()
    const seen: unknown[] = []
    app.on('message-out', ({ kind, messageId, event, receipt: { status } }) => {
      seen.push([kind, messageId, event?.id, status])
    })
    plugin('chatty', (ctx) => {
      ctx.command('all').action(async ({ session }) => {
        const { event } = session
        await session.reply('new')
        await session.reply('quick', { quick: true })
        await session.bot.updateMessage('lobby', '1', 'edited', { event })
        bot.onEdit = () => Promise.reject(new MynahError('API_REJECTED', 'too old'))
        await session.bot.updateMessage('lobby', '1', 'too late', { event }).catch(() => {})
      })
    })
    await app.start()
    await bot.say('/all')
    expect(seen).toEqual([
      ['create', undefined, 'm1', 'delivered'],
      ['quick', undefined, 'm1', 'delivered'],
      ['edit', '1', 'm1', 'delivered'],
      ['edit', '1', 'm1', 'failed'],
    ])
  })

  it('is given up by its signal while it waits', async () => {
    const { bot } = start()
    bot.onDeliver = () => new Promise(() => {})
    void bot.sendMessage('lobby', 'slow')
    const abort = new AbortController()
    const editing = bot.updateMessage('lobby', '1', 'never', { signal: abort.signal })
    await settle()
    abort.abort(new Error('never mind'))
    await expect(editing).rejects.toThrow('never mind')
  })
})
