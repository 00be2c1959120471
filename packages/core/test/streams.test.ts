import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import {
  type App,
  type Content,
  type Context,
  definePlugin,
  MynahError,
  plainText,
  type PluginInstance,
  suppress,
} from '../src/index.ts'
import { TestClock } from '../src/testing/index.ts'
import { EditingBot } from './editing-bot.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'

interface Started<B extends FakeBot> {
  readonly app: App
  readonly bot: B
  readonly clock: TestClock
  readonly logs: string[]
  readonly story: PluginInstance
}

/** An app with a command `/go` that answers in pieces. */
function start<B extends FakeBot>(
  bot: B,
  make: (clock: TestClock, ctx: Context) => AsyncGenerator<Content>,
  guard: (ctx: Context) => void = () => {},
): Started<B> {
  const clock = new TestClock(0)
  const { app, logs } = startFakeApp({ clock, graceMs: 1000, swapGraceMs: 1000 })
  app.addBot(bot)
  app.plugin(definePlugin({ name: 'guard', setup: guard }))
  const story = app.plugin(
    definePlugin({
      name: 'story',
      setup: (ctx) => void ctx.command('go').action(() => make(clock, ctx)),
    }),
  )
  return { app, bot, clock, logs, story }
}

const editor = (): EditingBot => new EditingBot('editor')

const pause = (clock: TestClock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.setTimeout(resolve, ms)
  })

/** Letters, one every `everyMs`. */
const letters = (count: number, everyMs: number) =>
  async function* tell(clock: TestClock): AsyncGenerator<Content> {
    for (let index = 0; index < count; index += 1) {
      yield String.fromCodePoint(97 + index)
      await pause(clock, everyMs)
    }
  }

describe('a message that grows', () => {
  it('is one message and edits of it, which have one key', async () => {
    const keys: (string | undefined)[] = []
    const { bot, clock } = start(editor(), letters(3, 1500), (ctx) => {
      ctx.outgoing((message, next) => {
        keys.push(message.key)
        return next()
      })
    })
    const done = bot.say('/go')
    await clock.advance(5000)
    await done
    expect(bot.log).toEqual(['a', '0=ab', '0=abc'])
    expect(new Set(keys).size).toBe(1)
    expect(keys).toEqual([keys[0], keys[0], keys[0]])
    expect(keys[0]).toEqual(expect.any(String))
  })

  it('has one edit on its way at a time; of what comes meanwhile only the newest waits', async () => {
    const { bot, clock } = start(editor(), letters(10, 500))
    bot.onEdit = () => pause(clock, 2200)
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.log).toEqual(['a', '0=ab', '0=abcdefg', '0=abcdefghij'])
  })

  it('shows its last state also where edits fail and pass again', async () => {
    const { bot, clock } = start(editor(), letters(4, 1000))
    let tries = 0
    bot.onEdit = async () => {
      tries += 1
      await Promise.resolve()
      if (tries % 2 === 1) throw new MynahError('API_TIMEOUT', 'silence')
    }
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.texts).toEqual(['a'])
    expect(bot.edits.at(-1)?.text).toBe('abcd')
  })

  it('is over where the platform refuses an edit, and the rest is one message of its own', async () => {
    const { bot, clock, logs } = start(editor(), letters(6, 1000))
    let tries = 0
    bot.onEdit = () => {
      tries += 1
      return Promise.reject(new MynahError('API_REJECTED', 'too old'))
    }
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.log).toEqual(['a', 'bcdef'])
    expect(tries).toBe(1)
    expect(logs.join()).not.toContain('failed in')
  })

  it('does the same in a place without edits', async () => {
    const { bot, clock } = start(editor(), letters(3, 1000))
    bot.onEdit = () => Promise.reject(new MynahError('UNSUPPORTED', 'not in groups'))
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.log).toEqual(['a', 'bc'])
  })

  it('is followed by another one when it is full', async () => {
    const bot = editor()
    bot.support = { elements: [], maxTextLength: 2 }
    const { clock } = start(bot, letters(5, 1500))
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.log).toEqual(['a', '0=ab', 'c', '1=cd', 'e'])
  })

  it('is followed by another one when what components and middleware make of it does not fit', async () => {
    const bot = editor()
    bot.support = { elements: [], maxTextLength: 6 }
    const { clock } = start(bot, letters(5, 1500), (ctx) => {
      ctx.outgoing((message, next) => {
        const words = plainText(message.elements)
        message.elements = [
          { type: 'text', attrs: { content: words.replaceAll('c', 'c c c c') }, children: [] },
        ]
        return next()
      })
    })
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.log).toEqual(['a', '0=ab', 'c c c ', 'c', 'd', '3=de'])
  })

  it('does not show in another message what a middleware keeps back', async () => {
    const { bot, clock, logs } = start(editor(), letters(4, 1500), (ctx) => {
      ctx.outgoing((message, next) =>
        plainText(message.elements).endsWith('c') || plainText(message.elements).endsWith('d')
          ? Promise.resolve(suppress('no c'))
          : next(),
      )
    })
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.log).toEqual(['a', '0=ab'])
    expect(logs.join()).not.toContain('failed in')
  })

  it('goes on when a middleware lets a later state through', async () => {
    const { bot, clock } = start(editor(), letters(4, 1500), (ctx) => {
      ctx.outgoing((message, next) =>
        plainText(message.elements).endsWith('c') ? Promise.resolve(suppress('no c')) : next(),
      )
    })
    const done = bot.say('/go')
    await clock.advance(20_000)
    await done
    expect(bot.log).toEqual(['a', '0=ab', '0=abcd'])
  })

  it('keeps its order among the other messages of its channel', async () => {
    const { bot } = start(editor(), async function* tell() {
      await settle()
      yield 'one '
      void bot.sendMessage('lobby', 'between')
      yield 'two'
    })
    await bot.say('/go')
    await bot.sendMessage('lobby', 'after')
    expect(bot.log).toEqual(['one ', 'between', '0=one two', 'after'])
  })

  it('is told of by events, and its trace has each step', async () => {
    const { app, bot, clock } = start(editor(), letters(3, 1500))
    const kinds: string[] = []
    app.on('message-out', ({ kind, event }) => void kinds.push(`${kind} ${event?.id}`))
    const done = bot.say('/go')
    await clock.advance(5000)
    await done
    expect(kinds).toEqual(['create m1', 'edit m1', 'edit m1'])
    const sent = app.inspect.traces.find('m1')?.steps.filter(({ kind }) => kind === 'sent')
    expect(sent?.map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      'story: 0',
      'story: 0 edited',
      'story: 0 edited',
    ])
  })

  it('that does not get out is told in the name of its plugin', async () => {
    const { bot, clock, logs } = start(editor(), letters(2, 100))
    bot.onDeliver = () => Promise.reject(new MynahError('API_REJECTED', 'muted'))
    const done = bot.say('/go')
    await clock.advance(5000)
    await done
    expect(logs.join()).toContain('Plugin story failed in replying to message-created')
  })
})

describe('an answer in pieces ends', () => {
  it('when its plugin has stopped: what came is shown, and nothing later', async () => {
    const { bot, clock, story, app } = start(editor(), async function* tell(own) {
      yield 'a'
      yield 'b'
      await pause(own, 60_000)
      yield 'c'
    })
    const done = bot.say('/go')
    await clock.advance(100)
    const stopping = story.dispose()
    await clock.advance(1100)
    await stopping
    await done
    expect(bot.log).toEqual(['a', '0=ab'])
    await clock.advance(120_000)
    expect(bot.log).toEqual(['a', '0=ab'])
    expect(app.inspect.traces.find('m1')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'error', label: 'story' }),
    )
  })

  it('before it begins where its handler has outlived the plugin', async () => {
    const clock = new TestClock(0)
    const { app } = startFakeApp({ clock, graceMs: 1000 })
    const bot = editor()
    app.addBot(bot)
    const story = app.plugin(
      definePlugin({
        name: 'story',
        setup(ctx) {
          ctx.command('go').action(async () => {
            await pause(clock, 60_000)
            return letters(3, 100)(clock)
          })
        },
      }),
    )
    const done = bot.say('/go')
    await clock.advance(100)
    const stopping = story.dispose()
    await clock.advance(1100)
    await stopping
    await clock.advance(60_000)
    await done
    expect(bot.log).toEqual([])
  })

  it('as its handler does where that has time to end while the plugin stops', async () => {
    const { bot, clock, story } = start(editor(), letters(4, 200))
    const done = bot.say('/go')
    await clock.advance(100)
    const stopping = story.restart()
    await clock.advance(2000)
    await stopping
    await done
    expect(bot.texts).toEqual(['a'])
    expect(bot.edits.at(-1)?.text).toBe('abcd')
  })

  it('at the signal where its generator heeds that, after what came', async () => {
    const { bot, clock, story } = start(editor(), async function* tell(own, ctx) {
      yield 'a'
      yield 'b'
      await new Promise((_, reject) =>
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)),
      )
      await pause(own, 60_000)
      yield 'c'
    })
    const done = bot.say('/go')
    await clock.advance(100)
    await story.dispose()
    await done
    expect(bot.log.slice(0, 2)).toEqual(['a', '0=ab'])
  })

  it('by running what its generator has for the end', async () => {
    let isClean = false
    const { bot, clock, story } = start(editor(), async function* tell(own) {
      try {
        yield 'a'
        await pause(own, 5000)
        yield 'b'
      } finally {
        isClean = true
      }
    })
    const done = bot.say('/go')
    await clock.advance(100)
    const stopping = story.dispose()
    await clock.advance(1100)
    await stopping
    await done
    expect(isClean).toBe(false)
    await clock.advance(5000)
    expect(isClean).toBe(true)
    expect(bot.log).toEqual(['a'])
  })
})

describe('on a platform without edits', () => {
  it('each piece is a message, of which each goes the whole way', async () => {
    const { bot, clock, app } = start(new FakeBot('plain'), letters(3, 100), (ctx) => {
      ctx.outgoing((message, next) => {
        message.elements = [...message.elements, { type: 'text', attrs: { content: '!' }, children: [] }]
        return next()
      })
    })
    const kinds: string[] = []
    app.on('message-out', ({ kind }) => void kinds.push(kind))
    const done = bot.say('/go')
    await clock.advance(1000)
    await done
    expect(bot.texts).toEqual(['a!', 'b!', 'c!'])
    expect(kinds).toEqual(['create', 'create', 'create'])
  })

  it('a generator whose piece is being sent while its plugin stops is ended there', async () => {
    let isClean = false
    const { bot, clock, story } = start(new FakeBot('plain'), async function* tell() {
      try {
        yield 'a'
        yield 'b'
      } finally {
        isClean = true
      }
    })
    bot.onDeliver = async () => {
      await pause(clock, 3000)
      return { status: 'delivered', messageIds: [] }
    }
    const done = bot.say('/go')
    await clock.advance(100)
    const stopping = story.dispose()
    await clock.advance(5000)
    await stopping
    await done
    expect(isClean).toBe(true)
    expect(bot.texts).toEqual(['a'])
  })

  it('nothing more is sent once the plugin has stopped', async () => {
    const { bot, clock, story } = start(new FakeBot('plain'), letters(20, 500))
    const done = bot.say('/go')
    await clock.advance(600)
    const stopping = story.dispose()
    await clock.advance(1100)
    await stopping
    await done
    const count = bot.texts.length
    await clock.advance(20_000)
    expect(bot.texts).toHaveLength(count)
  })
})
