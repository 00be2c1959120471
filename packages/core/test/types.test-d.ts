/** Types that have to hold: this file compiles, and each line marked so must not. */
import { expectTypeOf } from 'vitest'

import {
  type ArgumentsOf,
  ask,
  type ChatEvent,
  type CheckedDeclaration,
  definePlugin,
  type Filter,
  type OptionOf,
  type Permission,
  type Session,
  z,
  permission,
  filter,
} from '../src/index.ts'

declare module '@mynah/core' {
  interface Services {
    clockwork: { tick(): number }
  }
  interface PlatformEvents {
    'fake/notice': { readonly file: { readonly name: string } }
  }
}

expectTypeOf<ArgumentsOf<'ping'>>().toEqualTypeOf<[]>()
expectTypeOf<ArgumentsOf<'add <a:number> <b:number>'>>().toEqualTypeOf<[number, number]>()
expectTypeOf<ArgumentsOf<'roll [times:int=1]'>>().toEqualTypeOf<[number]>()
expectTypeOf<ArgumentsOf<'roll [times:int]'>>().toEqualTypeOf<[number | undefined]>()
expectTypeOf<ArgumentsOf<'say <words:text>'>>().toEqualTypeOf<[string]>()
expectTypeOf<ArgumentsOf<'sum <numbers:number...>'>>().toEqualTypeOf<[readonly number[]]>()
expectTypeOf<ArgumentsOf<'set <mode:fast|slow>'>>().toEqualTypeOf<['fast' | 'slow']>()
expectTypeOf<ArgumentsOf<'at <when:date> [for:duration=10m]'>>().toEqualTypeOf<[Date, number]>()
expectTypeOf<ArgumentsOf<'roll [times:int(1..100)=1]'>>().toEqualTypeOf<[number]>()
expectTypeOf<ArgumentsOf<'say <words:text(..200)>'>>().toEqualTypeOf<[string]>()
expectTypeOf<ArgumentsOf<'roll <faces:number(0.5..1)...>'>>().toEqualTypeOf<[readonly number[]]>()
expectTypeOf<OptionOf<'n', '-n <n:int(1..)=3>'>>().toEqualTypeOf<{ readonly n: number }>()
expectTypeOf<CheckedDeclaration<'x <a:intt>'>>().toEqualTypeOf<'There is no argument type "intt".'>()
expectTypeOf<CheckedDeclaration<'-n <a:intt>'>>().toEqualTypeOf<'There is no argument type "intt".'>()
expectTypeOf<
  CheckedDeclaration<'x <a:user(1..2)>'>
>().toEqualTypeOf<'Arguments of type "user" have no range.'>()
expectTypeOf<
  CheckedDeclaration<'x <a> [b:fast|slow] [c:int(1..9)...]'>
>().toEqualTypeOf<'x <a> [b:fast|slow] [c:int(1..9)...]'>()
expectTypeOf<OptionOf<'v', '-v'>>().toEqualTypeOf<{ readonly v: boolean }>()
expectTypeOf<OptionOf<'n', '-n <n:int>'>>().toEqualTypeOf<{ readonly n: number | undefined }>()
expectTypeOf<OptionOf<'n', '-n <n:int=3>'>>().toEqualTypeOf<{ readonly n: number }>()
expectTypeOf<OptionOf<'t', '-t <tag...>'>>().toEqualTypeOf<{ readonly t: readonly string[] }>()

export const everything = definePlugin({
  name: 'types',
  config: z.object({ sides: z.int().default(6) }),
  inject: { clockwork: 'required' },
  setup(ctx, config) {
    expectTypeOf<typeof config>().toEqualTypeOf<{ sides: number }>()
    ctx.clockwork.tick()
    ctx
      .command('roll [times:int=1] [mode:fast|slow]')
      .option('sides', '-s <n:int>')
      .action(({ args, options }) => {
        expectTypeOf<typeof args>().toEqualTypeOf<[number, 'fast' | 'slow' | undefined]>()
        const sides: number | undefined = options.sides
        // @ts-expect-error an argument has its own type
        const wrong: string = args[0]
        // @ts-expect-error there is no such option
        return `${sides}${wrong}${options.faces}`
      })
    ctx.on('guild-member-added', (session) => `${session.user.name} ${session.guild.id}`)
    ctx.on('message-created', (session) => session.message.content)
    // @ts-expect-error not every event has a channel for certain
    ctx.on('friend-added', (session) => session.channel.id)
    ctx.on('fake/notice', (session) => session.raw.file.name)
    // @ts-expect-error the payload has no such field
    ctx.on('fake/notice', (session) => session.raw.folder)
    // @ts-expect-error there is no such event
    ctx.on('message-creatd', () => {})
    ctx.on('event', (session: Session) => session.raw)
  },
})

definePlugin({
  name: 'without',
  setup(ctx) {
    // @ts-expect-error the service is not injected
    ctx.clockwork.tick()
  },
})

definePlugin({
  name: 'optional',
  inject: { clockwork: 'optional' },
  setup(ctx) {
    ctx.clockwork?.tick()
    // @ts-expect-error it may be missing
    ctx.clockwork.tick()
  },
})

definePlugin({
  name: 'listed',
  inject: ['clockwork'],
  setup(ctx) {
    ctx.clockwork.tick()
    ctx.plugin(everything, { sides: 3 })
    // @ts-expect-error a config has its own type
    ctx.plugin(everything, { sides: 'three' })
  },
})

definePlugin({
  name: 'unknown',
  // @ts-expect-error there is no such service
  inject: ['clockworks'],
  setup() {},
})

definePlugin({
  name: 'commands',
  setup(ctx) {
    const roll = ctx.command('roll [times:int=1] [mode:fast|slow]').option('sides', '-s <n:int=6>')
    roll
      .alias('r', 'rr')
      .alias('d20', { options: { sides: 20 } })
      .alias('quick', { args: [2, 'fast'] })
    // @ts-expect-error there is no such argument type
    ctx.command('x <a:intt>')
    // @ts-expect-error nor below another command
    roll.subcommand('x [a] [b:strng=1]')
    // @ts-expect-error nor for an option
    roll.option('x', '-x <a:intt>')
    // @ts-expect-error a range has two ends
    ctx.command('x <a:int(9)>')
    // @ts-expect-error people have no range
    ctx.command('x <a:user(1..9)>')
    const made: string = ['x', '<a:intt>'].join(' ')
    ctx.command(made)
    const visit = ctx
      .form('visit')
      .step('name', ask.text('?', { retries: 0 }))
      .step('size', ask.text('?', { timeoutMs: 1, validate: (text) => text.length }))
      .step('drink', ({ name }) => ask.select(`${name}?`, ['tea', 'milk']))
      .step('sugar', ({ drink }, locale) => (drink === 'tea' ? ask.number(`${drink} ${locale}?`) : undefined))
      .action(({ answers, session }) => {
        expectTypeOf(answers).toEqualTypeOf<{
          readonly name: string
          readonly size: number
          readonly drink: 'tea' | 'milk'
          readonly sugar: number | undefined
        }>()
        expectTypeOf(session.channel.id).toEqualTypeOf<string>()
        return session.user.id
      })
    const settings = ctx.guildSettings(
      z.object({
        loud: z.boolean().default(false),
        quiet: z.object({ from: z.int().default(22), to: z.int().optional() }),
        names: z.record(z.string(), z.string()).default({}),
      }),
    )
    const guild = { platform: 'onebot', guild: { id: '1' } }
    expectTypeOf(settings.of(guild).quiet.from).toEqualTypeOf<number>()
    void settings.set(guild, 'quiet.from', 7)
    void settings.set(guild, 'names', { a: 'b' })
    void settings.set(guild, 'loud', undefined)
    // @ts-expect-error a setting has a type of its own
    void settings.set(guild, 'loud', 'yes')
    // @ts-expect-error there is no such setting
    void settings.set(guild, 'quiet.until', 7)
    // @ts-expect-error an object is set by what stands in it
    void settings.set(guild, 'quiet', { from: 7 })
    // @ts-expect-error a step knows the answers in front of it alone
    ctx.form('early').step('a', ({ b }) => ask.text(b))
    ctx.command('ask').action(async ({ session }) => {
      const size = await session.prompt('?', { timeoutMs: 1000, validate: (text) => text.length })
      expectTypeOf(size).toEqualTypeOf<number>()
      const list = await session.prompt('?', {
        validate: async (text, content) => [text, content.length] as const,
      })
      expectTypeOf(list).toEqualTypeOf<readonly [string, number]>()
      expectTypeOf(await session.prompt('?', { retries: 1 })).toEqualTypeOf<string>()
      expectTypeOf(await session.prompt('?')).toEqualTypeOf<string>()
      await session.form(visit, { name: 'Ann' })
      // @ts-expect-error what is known has the type of its question
      await session.form(visit, { size: 'small' })
      // @ts-expect-error there is no such question
      await session.form(visit, { colour: 'red' })
    })
    // @ts-expect-error an option has its own type
    roll.alias('d', { options: { sides: '20' } })
    // @ts-expect-error there is no such option
    roll.alias('d', { options: { faces: 20 } })
    // @ts-expect-error an argument has its own type
    roll.alias('d', { args: ['2'] })
    // @ts-expect-error there are two arguments
    roll.alias('d', { args: [2, 'fast', 3] })
    roll.shortcut('roll the dice', { args: [3] })
    roll.shortcut(/^roll (\d+)$/, ([, n]) => ({ args: [Number(n)], options: { sides: 20 } }))
    // @ts-expect-error a phrase has nothing to make values of
    roll.shortcut('roll', ([, n]) => ({ args: [Number(n)] }))
    // @ts-expect-error what a pattern makes has its own type
    roll.shortcut(/^roll (\d+)$/, ([, n]) => ({ args: [n] }))

    roll
      .permission(
        permission.any(
          permission.superuser,
          permission.all(permission.guildAdmin, permission.not(permission.direct)),
          permission.role('vip'),
        ),
      )
      .permission('dice.roll')
    roll.permission(({ user }) => user?.id === '1')
    roll.permission(
      async (event, { bot }) => (await bot.getMember('g', event.user?.id ?? '')).role === 'admin',
    )
    // @ts-expect-error a permission says yes or no
    roll.permission(() => 'yes')
    roll
      .cooldown('10s')
      .cooldown(1000)
      .cooldown({ per: 'conversation', every: '1s', exempt: permission.superuser })
    roll.quota({ count: 5, per: 'user', every: '1d' })
    // @ts-expect-error there is no such share
    roll.quota({ count: 5, per: 'group', every: '1d' })
    roll.concurrency('user', { whenBusy: 'reply' })
    ctx.use((_, next) => next(), { concurrency: 'global', whenBusy: 'drop' })
    ctx.use((_, next) => next(), { stage: 'guard' })
    ctx.use(({ outcome }) => void outcome.by?.command, { stage: 'observe' })
    ctx.use(async () => {}, { stage: 'observe' })
    // @ts-expect-error an observer cannot answer
    ctx.use(() => 'hello', { stage: 'observe' })
    // @ts-expect-error nor later
    ctx.use(async () => 'hello', { stage: 'observe' })
    // @ts-expect-error nothing comes after it
    ctx.use((_, next) => next(), { stage: 'observe' })
    // @ts-expect-error there is no such stage
    ctx.use((_, next) => next(), { stage: 'first' })

    const t = ctx.i18n({
      en: { hello: 'Hello {{name}}', bye: 'Bye', dice_one: '{{count}} die', dice_other: '{{count}} dice' },
      'zh-CN': { hello: '你好，{{ name }}', bye: '再见', extra: '{{a}} {{b}}' },
    })
    ctx.on('message-created', (session) => {
      t(session, 'hello', { name: 'Ann' })
      t('zh-CN', 'bye')
      t(undefined, 'dice', { count: 2 })
      t(session, 'extra', { a: 1, b: 'two' })
      // @ts-expect-error there is no such text
      t(session, 'helo', { name: 'Ann' })
      // @ts-expect-error the text needs a value
      t(session, 'hello')
      // @ts-expect-error the value has another name
      t(session, 'hello', { nam: 'Ann' })
      // @ts-expect-error the text takes no value
      t(session, 'bye', { name: 'Ann' })
      // @ts-expect-error a count is a number
      t(session, 'dice', { count: 'two' })
      expectTypeOf(ctx.permission.check(session, 'a.right')).toEqualTypeOf<Promise<boolean>>()
    })
    expectTypeOf(filter.not(({ user }: ChatEvent) => user === undefined)).toEqualTypeOf<Filter>()
    expectTypeOf(permission.not(permission.superuser)).toEqualTypeOf<Permission>()
  },
})
