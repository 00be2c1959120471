import { describe, expect, it } from 'vitest'

import {
  type AppOptions,
  type Content,
  type Context,
  definePlugin,
  MynahError,
  segment,
  text,
  toElements,
} from '../src/index.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'

interface Started {
  readonly bot: FakeBot
  /** What is said about the plugin at level error. */
  readonly errors: string[]
}

function start(setup: (ctx: Context) => void, options: AppOptions = {}): Started {
  const { app, bot } = startFakeApp(options)
  const errors: string[] = []
  app.on('plugin-error', ({ plugin, error }) => {
    errors.push(`${plugin}: ${MynahError.is(error) ? error.code : ''} ${String(error)}`)
  })
  app.plugin(definePlugin({ name: 'odd', setup }))
  return { bot, errors }
}

/** Values that types forbid, and JavaScript lets through. */
const odd: Readonly<Record<string, { readonly make: () => unknown; readonly said: RegExp }>> = {
  'an object': { make: () => ({ a: 1, b: 2 }), said: /An object with a, b cannot be sent/ },
  'an empty object': { make: () => ({}), said: /An object without fields/ },
  'an object in a list': { make: () => ['ok', [{ a: 1 }]], said: /An object with a cannot/ },
  'a function': { make: () => () => 'hi', said: /A function cannot/ },
  'a symbol': { make: () => Symbol('x'), said: /A symbol cannot/ },
  'a promise in a list': { make: () => ['x', Promise.resolve('y')], said: /A promise that nobody awaited/ },
  'a map': { make: () => new Map([[1, 2]]), said: /A generator or collection/ },
  'a generator that is not async': {
    make: () =>
      (function* many() {
        yield 'a'
      })(),
    said: /A generator or collection/,
  },
  'an error': { make: () => new Error('x'), said: /An object/ },
  'an element without children': {
    make: () => ({ type: 'b', attrs: {} }),
    said: /An object with type, attrs/,
  },
  'an element with an odd child': {
    make: () => ({ type: 'b', attrs: {}, children: [{ a: 1 }] }),
    said: /An object with a cannot/,
  },
  'an object without prototype': { make: () => Object.assign(Object.create(null), { z: 1 }), said: /with z/ },
}

/** A value that only JavaScript gives. */
function untyped(make: () => unknown): Content {
  return make() as Content
}

describe('an odd answer is not sent, and is an error in the name of its plugin', () => {
  const ways: Readonly<Record<string, (ctx: Context, make: () => unknown) => void>> = {
    'of a command': (ctx, make) => void ctx.command('odd').action(() => untyped(make)),
    'of a command that takes its time': (ctx, make) =>
      void ctx.command('odd').action(() => Promise.resolve(untyped(make))),
    'of a middleware': (ctx, make) => void ctx.use(() => untyped(make)),
  }
  const cases = Object.keys(ways).flatMap((way) => Object.keys(odd).map((name) => [name, way] as const))

  it.each(cases)('%s %s', async (name, way) => {
    const value = odd[name]
    const { bot, errors } = start((ctx) => ways[way]?.(ctx, () => value?.make()))
    await bot.say('/odd')
    expect(bot.texts).toEqual([])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(/^odd: ELEMENT_INVALID /)
    expect(errors[0]).toMatch(value?.said ?? /./)
  })

  it('from a question, or a piece of an answer that comes in pieces', async () => {
    const { bot, errors } = start((ctx) => {
      ctx.command('ask').action(async ({ session }) => session.prompt(untyped(() => ({ a: 1 }))))
      ctx.command('pieces').action(async function* pieces() {
        yield 'first'
        yield untyped(() => ({ a: 1 }))
      })
    })
    await bot.say('/ask')
    await bot.say('/pieces')
    await expect.poll(() => errors.length, { timeout: 10_000 }).toBe(2)
    for (const error of errors)
      expect(error).toMatch(/^odd: ELEMENT_INVALID .* An object with a cannot be sent/)
    expect(bot.texts.filter((line) => line.includes('object'))).toEqual([])
    expect(bot.texts).toContain('first')
  })

  it('also to somebody who listens to what is sent', async () => {
    const { app, bot } = startFakeApp()
    const seen: unknown[] = []
    app.on('message-out', ({ content, receipt }) => void seen.push([content, receipt.status]))
    const receipt = await bot.sendMessage(
      'lobby',
      untyped(() => ({ a: 1 })),
    )
    expect(receipt.status).toBe('failed')
    expect(seen).toEqual([[[], 'failed']])
  })
})

it('numbers, nothing and nested lists can be sent as ever', async () => {
  const { bot, errors } = start((ctx) => {
    ctx.command('n').action(() => [1, 2n, null, undefined, false, ['x', [segment.at('1'), text('y')]]])
    ctx.command('nothing').action(() => undefined)
  })
  await bot.say('/n')
  await bot.say('/nothing')
  expect(bot.texts).toEqual(['12xy'])
  expect(errors).toEqual([])
  expect(toElements([{ type: 'text', attrs: { content: 5 }, children: [] }, '!'])).toEqual([text('5!')])
})

describe('an answer that would be many messages', () => {
  class NarrowBot extends FakeBot {
    override readonly support = { elements: [], maxTextLength: 10 }
  }

  function narrow(setup: (ctx: Context) => void): Started {
    const { app } = startFakeApp()
    const bot = new NarrowBot('narrow')
    const errors: string[] = []
    app.on('plugin-error', ({ plugin, error }) => void errors.push(`${plugin}: ${String(error)}`))
    app.addBot(bot)
    app.plugin(definePlugin({ name: 'long', setup }))
    return { bot, errors }
  }

  it('is sent up to twenty, and refused as a whole above that, with a word to the person', async () => {
    const { bot, errors } = narrow(
      (ctx) => void ctx.command('long <n:int>').action(({ args: [n] }) => '123456789\n'.repeat(n)),
    )
    await bot.say('/long 20')
    expect(bot.texts).toHaveLength(20)
    await bot.say('/long 21')
    expect(bot.texts.slice(20).join('')).toBe('The answer is too long to be sent here.')
    expect(errors).toEqual([
      expect.stringContaining('long: MynahError: The message is too long. It would be 21'),
    ])
  })

  it('counts breaks that a plugin makes, too', async () => {
    const { bot } = narrow(() => {})
    const messages = Array.from({ length: 21 }, () => ({ type: 'message', attrs: {}, children: [text('x')] }))
    const receipt = await bot.sendMessage('lobby', messages)
    expect(receipt).toMatchObject({ status: 'failed', error: { code: 'SEND_TOO_LONG', retriable: false } })
    expect(bot.texts).toEqual([])
  })

  it('and comes in pieces fills up twenty messages at most', async () => {
    const { bot } = start(
      (ctx) =>
        void ctx.command('tokens').action(async function* tokens() {
          for (let index = 0; index < 500; index += 1) yield `${index} `
        }),
    )
    await bot.say('/tokens')
    expect(bot.texts).toHaveLength(20)
    expect(bot.texts.join('')).toBe(Array.from({ length: 500 }, (_, index) => `${index} `).join(''))
  })
})
