import { describe, expect, it } from 'vitest'

import { definePlugin, MynahError } from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

const throwing = (): never => {
  throw new Error('not even this')
}

/** Values that fight back when somebody looks at them. */
const hostile: [name: string, make: () => unknown][] = [
  ['an object without a prototype', () => Object.create(null)],
  ['an object whose toString throws', () => ({ toString: throwing })],
  ['an object whose inspection throws', () => ({ [Symbol.for('nodejs.util.inspect.custom')]: throwing })],
  [
    'an error whose message throws',
    () => Object.defineProperty(new Error('x'), 'message', { get: throwing }),
  ],
  ['an error whose stack throws', () => Object.defineProperty(new Error('x'), 'stack', { get: throwing })],
  ['an error whose cause throws', () => Object.defineProperty(new Error('x'), 'cause', { get: throwing })],
  ['an error whose message is no text', () => Object.assign(new Error('x'), { message: { a: 1 } })],
  [
    'an error with a field that throws',
    () => Object.defineProperty(new Error('x'), 'extra', { get: throwing, enumerable: true }),
  ],
  [
    'an error with a field that cannot be written as JSON',
    () => Object.assign(new Error('x'), { extra: { toJSON: throwing } }),
  ],
  [
    'a proxy that refuses everything',
    () => new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing }),
  ],
  ['a revoked proxy', revoked],
  ['a symbol', () => Symbol('x')],
  ['undefined', () => undefined],
  ['a bigint', () => 10n],
]

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

describe('whatever is thrown', () => {
  it.each(hostile)('is reported in the name of the plugin: %s', async (_, make) => {
    const { app, bot, logs } = startFakeApp()
    const thrower = definePlugin({
      name: 'thrower',
      setup(ctx) {
        ctx.command('sync').action(() => {
          throw make()
        })
        ctx.on('message-created', async () => {
          await Promise.resolve()
          throw make()
        })
        ctx.command('ping').action(() => 'pong')
      },
    })
    app.plugin(thrower)
    await app.start()
    await bot.say('/sync')
    await bot.say('/ping')
    app.reportUnowned(make(), 'a callback')
    expect(bot.texts.at(-1)).toBe('pong')
    const lines = logs.join('')
    expect(lines).toContain('Plugin thrower failed in command sync: ')
    expect(lines).toContain('Plugin thrower failed in listener of message-created: ')
    expect(lines).toContain('failed in a callback: ')
    await app.stop()
  })
})

describe('what a platform refuses', () => {
  it('is one line of warning; the whole error stands at debug', async () => {
    const { app, bot, logs } = startFakeApp()
    const refusal = new MynahError('API_REJECTED', 'set_group_ban answered retcode 102: no right.', {
      cause: new Error('HTTP 200'),
    })
    const mute = definePlugin({
      name: 'mute',
      setup: (ctx) =>
        void ctx.command('mute').action(() => {
          throw refusal
        }),
    })
    app.plugin(mute)
    await app.start()
    await bot.say('/mute')
    const lines = logs.map((line): { level: number; msg: string; err?: unknown } => JSON.parse(line))
    const about = lines.filter(({ msg }) => msg.includes('failed in command mute'))
    expect(about.map(({ level, err }) => [level, err === undefined])).toEqual([
      [40, true],
      [20, false],
    ])
    expect(about[0]?.msg).toBe(
      'Plugin mute failed in command mute: The platform refused the call. set_group_ban answered retcode 102: no right.',
    )
    await app.stop()
  })
})

it.each([
  ['API_REJECTED', 'The platform did not allow it'],
  ['API_UNREACHABLE', 'does not answer right now'],
  ['UNSUPPORTED', 'This platform does not offer that'],
  ['MEDIA_REFUSED', 'cannot be used'],
  ['CONFIG_INVALID', 'Something went wrong'],
] as const)('people hear in a sentence what %s means', async (code, sentence) => {
  const { app, bot } = startFakeApp()
  const command = definePlugin({
    name: 'p',
    setup(ctx) {
      ctx.command('go').action(() => {
        throw new MynahError(code, 'secret details')
      })
    },
  })
  app.plugin(command)
  await bot.say('/go')
  expect(bot.texts[0]).toContain(sentence)
  expect(bot.texts[0]).not.toContain('secret details')
  await app.stop()
})
