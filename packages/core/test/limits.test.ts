import { describe, expect, it } from 'vitest'

import {
  type App,
  type AppOptions,
  type CommandBuilder,
  definePlugin,
  permission,
  UserError,
} from '../src/index.ts'
import { Limit } from '../src/command/limit.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

function start(
  limit: (command: CommandBuilder<[string | undefined]>) => unknown,
  options: AppOptions = {},
): { app: App; bot: FakeBot; clock: TestClock } {
  const clock = new TestClock(0)
  const { app, bot } = startFakeApp({ clock, ...options })
  app.plugin(
    definePlugin({
      name: 'p',
      setup(ctx) {
        const command = ctx.command('do [what]')
        limit(command)
        command.action(({ args: [what] }) => {
          if (what === 'refuse') throw new UserError('No.')
          return 'done'
        })
      },
    }),
  )
  return { app, bot, clock }
}

const bob = { user: { id: 'bob' } }
const elsewhere = { channel: { id: 'park', type: 'text' } } as const

describe('a cooldown', () => {
  it('tells how long is left, and lets people in again afterwards', async () => {
    const { bot, clock } = start((command) => command.cooldown('1m30s'))
    await bot.say('/do')
    await clock.advance(500)
    await bot.say('/do')
    await clock.advance(60_000)
    await bot.say('/do')
    await clock.advance(29_500)
    await bot.say('/do')
    expect(bot.texts).toEqual([
      'done',
      'Not so fast: /do can be used again in 1 minute 30 seconds.',
      'Not so fast: /do can be used again in 30 seconds.',
      'done',
    ])
  })

  it('counts on for another account of the bot in the same place', async () => {
    for (const per of ['user', 'conversation'] as const) {
      const { app, bot } = start((command) => command.cooldown({ per, every: 10_000 }))
      const other = new FakeBot('another account')
      app.addBot(other)
      await bot.say('/do')
      await other.say('/do')
      expect(other.texts).toEqual(['Not so fast: /do can be used again in 10 seconds.'])
    }
  })

  it.each([
    ['user', ['done', 'wait', 'done', 'wait']],
    ['conversation', ['done', 'wait', 'wait', 'done']],
    ['global', ['done', 'wait', 'wait', 'wait']],
  ] as const)('can be for each %s', async (per, expected) => {
    const { bot } = start((command) => command.cooldown({ per, every: 10_000 }))
    await bot.say('/do')
    await bot.say('/do')
    await bot.say('/do', bob)
    await bot.say('/do', elsewhere)
    expect(bot.texts.map((text) => (text === 'done' ? text : 'wait'))).toEqual(expected)
  })

  it('does not count uses that were refused', async () => {
    const { bot } = start((command) => command.cooldown(10_000))
    for (const line of ['/do too many words', '/do refuse', '/do', '/do']) await bot.say(line)
    expect(bot.texts.map((text) => text.split(/[\n:]/)[0])).toEqual([
      'Too much',
      'No.',
      'done',
      'Not so fast',
    ])
  })

  it('can leave some people out', async () => {
    const { bot } = start((command) => command.cooldown({ every: '10s', exempt: permission.superuser }), {
      superusers: ['fake:bob'],
    })
    for (const who of [bob, bob, {}, {}]) await bot.say('/do', who)
    expect(bot.texts.map((text) => text === 'done')).toEqual([true, true, true, false])
  })

  it('can be silent, and stands in the trace', async () => {
    const clock = new TestClock(0)
    const { app, bot } = startFakeApp({ clock, answers: { limited: false } })
    app.plugin(
      definePlugin({
        name: 'p',
        setup: (ctx) =>
          void ctx
            .command('do')
            .cooldown('10s')
            .action(() => 'done'),
      }),
    )
    await bot.say('/do')
    await bot.say('/do')
    expect(bot.texts).toEqual(['done'])
    expect(app.inspect.traces.find('m2')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'cooldown', label: 'do', detail: '10000 ms left' }),
    )
  })

  it('must be a length of time', async () => {
    const { app } = startFakeApp()
    const broken = app.plugin(
      definePlugin({ name: 'p', setup: (ctx) => void ctx.command('do').cooldown('soon') }),
    )
    await broken.settled()
    expect(String(broken.error)).toContain('do: "soon" is no length of time')
  })
})

describe('a quota', () => {
  it('lets people in so many times a period', async () => {
    const { bot, clock } = start((command) => command.quota({ count: 2, every: '1d' }))
    for (let time = 0; time < 4; time += 1) {
      await bot.say('/do')
      await clock.advance(3_600_000)
    }
    await clock.advance(20 * 3_600_000)
    await bot.say('/do')
    expect(bot.texts).toEqual([
      'done',
      'done',
      '/do has been used 2 times; it can be used again in 22 hours.',
      '/do has been used 2 times; it can be used again in 21 hours.',
      'done',
    ])
  })

  it('goes together with a cooldown; the longer wait is told', async () => {
    const { bot, clock } = start((command) =>
      command.cooldown('10s').quota({ count: 2, every: '1h', per: 'global' }),
    )
    await bot.say('/do')
    await bot.say('/do')
    await clock.advance(10_000)
    await bot.say('/do')
    await bot.say('/do')
    expect(bot.texts.map((text) => text.split(' ')[0])).toEqual(['done', 'Not', 'done', '/do'])
  })
})

describe('the table of a limit', () => {
  it('forgets what is over by itself, and everything when its plugin stops', async () => {
    const clock = new TestClock(0)
    const { bot } = startFakeApp()
    const limit = new Limit(clock, {
      count: 1,
      per: 'user',
      periodMs: 1000,
      exempt: undefined,
      textKey: 'command.cooldown',
    })
    for (let person = 0; person < 1000; person += 1) {
      limit.take(bot.message('', { user: { id: String(person) } }))
      if (person % 100 === 99) await clock.advance(100)
    }
    expect(limit.size).toBeLessThanOrEqual(1000)
    await clock.advance(500)
    expect(limit.size).toBe(400)
    await clock.advance(400)
    expect([limit.size, clock.pending.length]).toEqual([0, 0])
    limit.take(bot.message(''))
    limit.stop()
    expect([limit.size, clock.pending.length]).toEqual([0, 0])
  })
})
