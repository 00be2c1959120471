import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import {
  type AppOptions,
  type Content,
  type Context,
  definePlugin,
  plainText,
  segment,
  type Receipt,
  UserError,
} from '../src/index.ts'
import type { OutgoingMessage } from '../src/adapter.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

declare module '@mynah/core' {
  interface ArgumentTypes {
    color: { readonly red: number }
  }
}

type Started = ReturnType<typeof startFakeApp>

function start(setup: (ctx: Context) => void, options: AppOptions = {}, name = 'p'): Started {
  const started = startFakeApp(options)
  started.app.plugin(definePlugin({ name, setup }))
  return started
}

function dice(ctx: Context): void {
  ctx
    .command('roll [times:int=1] [label]', 'Roll a die')
    .option('sides', '-s <n:int=6>', 'Faces of the die')
    .alias('r')
    .alias('d20', { options: { sides: 20 } })
    .alias('twice', { args: [2] })
    .shortcut('roll the dice')
    .shortcut('Big Roll', { args: [9], options: { sides: 100 } })
    .shortcut(/^投(\d+)个骰子$/g, ([, n]) => ({ args: [Number(n)] }))
    .shortcut(/^impossible$/, () => {
      throw new UserError('That cannot be.')
    })
    .action(({ args: [times, label = ''], options: { sides } }) => `${times}d${sides}${label}`)
}

describe('an alias', () => {
  it.each([
    ['/r 3', '3d6'],
    ['/D20', '1d20'],
    ['/d20 3 -s 8', '3d8'],
    ['/twice luck', '2d6luck'],
  ])('%s', async (line, answer) => {
    const { bot } = start(dice)
    await bot.say(line)
    expect(bot.texts).toEqual([answer])
  })
})

describe('a shortcut', () => {
  it.each<[Content, string | undefined]>([
    ['roll the dice', '1d6'],
    [' Roll The Dice ', '1d6'],
    ['big roll', '9d100'],
    ['投12个骰子', '12d6'],
    [[segment.at('bot'), ' roll the dice'], '1d6'],
    ['mynah, roll the dice', '1d6'],
    ['impossible', 'That cannot be.'],
    ['roll the dice now', undefined],
    ['投many个骰子', undefined],
    [[segment.at('someone'), ' roll the dice'], undefined],
    [`投${'1'.repeat(600)}个骰子`, undefined],
  ])('%j', async (line, answer) => {
    const { bot } = start(dice, { nicknames: ['mynah'] })
    await bot.say(line)
    await bot.say(line)
    expect(bot.texts).toEqual(answer === undefined ? [] : [answer, answer])
  })

  it('comes before a command of that name, unless a prefix asks for the command', async () => {
    const { bot } = start(dice)
    const direct = { channel: { id: 'd', type: 'direct' } } as const
    await bot.say('roll the dice', direct)
    await bot.say('/roll the dice', direct)
    expect(bot.texts[0]).toBe('1d6')
    expect(bot.texts[1]).toContain('times: "the" is not int.')
  })

  it('does not exist where its command does not', async () => {
    const { bot } = start(
      (ctx) =>
        void ctx
          .command('a')
          .when(() => false)
          .shortcut('hi')
          .action(() => 'a'),
    )
    await bot.say('hi')
    expect(bot.texts).toEqual([])
  })
})

describe('an argument type of a plugin', () => {
  it('is read by its parser, and goes with the plugin', async () => {
    const { app, bot } = startFakeApp()
    const colors = app.plugin(
      definePlugin({
        name: 'colors',
        setup(ctx) {
          ctx.argument('color', (token) =>
            token.kind === 'word' && /^#[0-9a-f]{6}$/.test(token.value)
              ? { red: Number.parseInt(token.value.slice(1, 3), 16) }
              : undefined,
          )
          ctx.command('red <color:color>').action(({ args: [{ red }] }) => red)
        },
      }),
    )
    await bot.say('/red #ff0000')
    await bot.say('/red blue')
    expect(bot.texts[0]).toBe('255')
    expect(bot.texts[1]).toContain('color: "blue" is not color.')
    await colors.dispose()
    const late = app.plugin(
      definePlugin({ name: 'late', setup: (ctx) => void ctx.command('red <color:color>') }),
    )
    await late.settled()
    expect(String(late.error)).toContain('there is no argument type "color"')
  })

  it.each(['x [n:int=many]', 'x [m:a|b=c]', 'x [d:duration=soon]'])(
    'has to fit the default of %s',
    async (line) => {
      const { app } = startFakeApp()
      const broken = app.plugin(definePlugin({ name: 'p', setup: (ctx) => void ctx.command(line) }))
      await broken.settled()
      expect(String(broken.error)).toMatch(/the default ".*" of . is not/)
    },
  )
})

describe('the people who run the bot', () => {
  const commands = (overrides: AppOptions['commands']): AppOptions =>
    overrides === undefined ? {} : { commands: overrides }

  it('rename commands, with their aliases', async () => {
    const { bot } = start(dice, commands({ roll: { name: 'throw', aliases: ['扔'] } }))
    for (const line of ['/throw', '/扔 2', '/roll', '/r', '/d20']) await bot.say(line)
    expect(bot.texts).toEqual(['1d6', '2d6'])
  })

  it('settle a conflict of two plugins', async () => {
    const ping = (ctx: Context): void => void ctx.command('ping').action(() => ctx.name)
    const { app, bot } = start(ping, commands({ 'q/ping': { name: 'pong' }, ping: { hidden: true } }))
    const second = app.plugin(definePlugin({ name: 'q', setup: ping }))
    expect(await second.settled()).toBe('active')
    for (const line of ['/ping', '/pong', '/help']) await bot.say(line)
    expect(bot.texts.slice(0, 2)).toEqual(['p', 'q'])
    expect(bot.texts[2]).toContain('/pong')
    expect(bot.texts[2]).not.toContain('/ping')
  })

  const guild = (ctx: Context): void => {
    const parent = ctx.command('guild')
    parent
      .subcommand('ban <who>')
      .shortcut('ban him')
      .action(() => 'banned')
    parent.subcommand('kick <who>').action(() => 'kicked')
  }

  it('rename a parent and its children, and take commands away', async () => {
    const { bot } = start(guild, commands({ guild: { name: 'group' }, 'p/guild ban': { name: 'block' } }))
    for (const line of ['/group block x', '/group kick x']) await bot.say(line)
    expect(bot.texts).toEqual(['banned', 'kicked'])
    const without = start(guild, commands({ guild: { enabled: false } }))
    for (const line of ['/guild', '/guild kick x', 'ban him']) await without.bot.say(line)
    expect(without.bot.texts).toEqual([])
  })

  it('decide who may use a command and how often', async () => {
    const { bot } = start(
      (ctx) =>
        void ctx
          .command('do')
          .permission(() => true)
          .cooldown('1h')
          .action(() => 'done'),
      {
        superusers: ['fake:sue'],
        ...commands({ do: { permission: ['superuser', 'fake:bob'], cooldown: 0 } }),
      },
    )
    for (const id of ['alice', 'bob', 'bob', 'sue']) await bot.say('/do', { user: { id } })
    expect(bot.texts).toEqual(['You may not use /do.', 'done', 'done', 'done'])
    const slow = start((ctx) => void ctx.command('do').action(() => 'done'), {
      superusers: ['fake:sue'],
      ...commands({ do: { cooldown: { every: '5m', per: 'global', exempt: 'superuser' } } }),
    })
    for (const id of ['sue', 'alice', 'bob']) await slow.bot.say('/do', { user: { id } })
    expect(slow.bot.texts).toEqual(['done', 'done', 'Not so fast: /do can be used again in 5 minutes.'])
  })

  it('change one thing, and the cooldowns that stay the same remember who used a command', async () => {
    const { app, bot } = start(
      (ctx) => {
        ctx
          .command('own')
          .cooldown('1h')
          .action(() => 'own')
        ctx.command('given').action(() => 'given')
      },
      commands({ given: { cooldown: '1h' } }),
    )
    for (const line of ['/own', '/given']) await bot.say(line)
    app.configure(commands({ own: { name: 'mine' }, given: { cooldown: '1h', hidden: true } }))
    for (const line of ['/mine', '/given']) await bot.say(line)
    app.configure(commands({ given: { cooldown: '2h' } }))
    await bot.say('/given')
    expect(bot.texts).toEqual([
      'own',
      'given',
      expect.stringContaining('/mine can be used again in'),
      expect.stringContaining('/given can be used again in'),
      'given',
    ])
  })

  it('change their minds while the bot runs, and no message is lost', async () => {
    const { app, bot } = start(dice)
    await app.start()
    app.configure(commands({ 'p/roll': { name: 'throw' } }) ?? {})
    await bot.say('/throw')
    app.configure({})
    await bot.say('/roll')
    expect(bot.texts).toEqual(['1d6', '1d6'])
  })
})

describe('help', () => {
  it('shows pages of a long list', async () => {
    const { bot } = start((ctx) => {
      for (let index = 10; index < 55; index += 1) ctx.command(`c${index}`).action(() => 'x')
    })
    for (const line of ['/help', '/help 2', '/help 3', '/help 99', '/help nothing']) await bot.say(line)
    const [first = '', second = '', third, beyond, unknown] = bot.texts
    expect(first).toContain('/c29\nPage 1 of 3; another one: /help 2')
    expect(second).toContain('/c30')
    expect(third).toContain('/help [command]')
    expect(third).toContain('Page 3 of 3; another one: /help 1')
    expect(beyond).toBe(third)
    expect(unknown).toBe('There is no command "nothing".')
  })

  it('shows everything about one command', async () => {
    const { bot } = start((ctx) => {
      dice(ctx)
      ctx
        .command('say <words:text>', (locale) => `Says it in ${locale}`)
        .usage('Says it loudly.')
        .example('say hello')
    })
    await bot.say('/help roll')
    await bot.say('/help say')
    expect(bot.texts).toEqual([
      [
        '/roll [times] [label]  Roll a die',
        'Also: r, d20, twice, "roll the dice", "Big Roll"',
        'Options:',
        '  -s, --sides <n>  Faces of the die',
      ].join('\n'),
      ['/say <words>  Says it in en', 'Says it loudly.', 'Examples:', '  /say hello'].join('\n'),
    ])
  })

  it('leaves hidden commands and what is below them out', async () => {
    const { bot } = start((ctx) => {
      const secret = ctx.command('secret').hidden()
      secret.subcommand('door').action(() => 'open')
      ctx.command('open').action(() => 'x')
    })
    await bot.say('/help')
    await bot.say('/secre')
    expect(bot.texts).toHaveLength(1)
    expect(bot.texts[0]).toContain('/open')
    expect(bot.texts[0]).not.toContain('secret')
  })
})

/** A bot that can change what it has sent. */
class EditingBot extends FakeBot {
  readonly edits: { id: string; text: string; at: number }[] = []
  readonly #clock: TestClock
  isBroken = false

  constructor(clock: TestClock) {
    super('editor')
    this.#clock = clock
  }

  override async edit({ messageId = '', elements }: OutgoingMessage): Promise<Receipt> {
    await Promise.resolve()
    if (this.isBroken) throw new Error('no edits today')
    this.edits.push({ id: messageId, text: plainText(elements), at: this.#clock.now() })
    return { status: 'delivered', messageIds: [messageId] }
  }
}

describe('an answer in pieces', () => {
  const stream = (
    make: (clock: TestClock) => AsyncGenerator<Content>,
  ): { clock: TestClock; bot: EditingBot; logs: string[] } => {
    const clock = new TestClock(0)
    const { app, logs } = start((ctx) => void ctx.command('go').action(() => make(clock)), { clock })
    const bot = new EditingBot(clock)
    app.addBot(bot)
    return { clock, bot, logs }
  }
  const pause = (clock: TestClock, ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.setTimeout(resolve, ms)
    })

  it('grows as one message, changed at most once a second, and ends whole', async () => {
    const { clock, bot } = stream(async function* pieces() {
      for (let index = 0; index < 30; index += 1) {
        yield `${index} `
        await pause(clock, 100)
      }
    })
    const done = bot.say('/go')
    await clock.advance(5000)
    await done
    expect(bot.texts).toEqual(['0 '])
    expect(bot.edits.map(({ at }) => at)).toEqual([1000, 2000, 3000])
    expect(bot.edits.at(-1)?.text).toBe(Array.from({ length: 30 }, (_, index) => `${index} `).join(''))
    expect(new Set(bot.edits.map(({ id }) => id)).size).toBe(1)
  })

  it('shows in a message of its own what could not be shown by a change', async () => {
    const { bot } = stream(async function* pieces() {
      await settle()
      yield 'a'
      yield 'b'
      yield 'c'
    })
    bot.isBroken = true
    await bot.say('/go')
    expect(bot.texts).toEqual(['a', 'bc'])
  })

  it('keeps what came before it failed', async () => {
    const { bot, logs } = stream(async function* pieces() {
      await settle()
      yield 'a'
      yield 'b'
      throw new Error('no more')
    })
    await bot.say('/go')
    expect(bot.edits.map(({ text }) => text)).toEqual(['ab'])
    expect(bot.texts[0]).toBe('a')
    expect(bot.texts[1]).toContain('Something went wrong')
    expect(logs.join()).toContain('no more')
  })
})
