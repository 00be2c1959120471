import { describe, expect, it } from 'vitest'

import { type AppOptions, type ChatEvent, definePlugin } from '../src/index.ts'
import { formatDuration } from '../src/i18n/duration.ts'
import { frameworkTexts } from '../src/i18n/framework-texts.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { Kept, keeping } from './kept.ts'

const hello = definePlugin({
  name: 'hello',
  setup(ctx) {
    const t = ctx.i18n({
      en: {
        hello: 'Hello {{name}}',
        dice_one: '{{count}} die',
        dice_other: '{{count}} dice',
        only: 'English',
      },
      'zh-CN': { hello: '你好，{{name}}', dice_other: '{{count}} 个骰子' },
    })
    ctx
      .command('hello [name]', (locale) => t(locale, 'hello', { name: '…' }))
      .action(({ args: [name = 'you'], session }) => t(session, 'hello', { name }))
    ctx.command('dice <n:int>').action(({ args: [count], session }) => t(session, 'dice', { count }))
    ctx.command('only').action(({ session }) => t(session, 'only'))
  },
})

async function say(line: string, fields: Partial<ChatEvent> = {}, options: AppOptions = {}): Promise<string> {
  const { app, bot } = startFakeApp(options)
  app.plugin(hello)
  await bot.say(line, fields)
  return bot.texts[0] ?? ''
}

const speaks = (locale: string): Partial<ChatEvent> => ({ user: { id: 'alice', locale } })

describe('texts of a plugin', () => {
  it.each([
    ['en', 'Hello you'],
    ['en-GB', 'Hello you'],
    ['zh-CN', '你好，you'],
    ['zh_cn', '你好，you'],
    ['zh-TW', '你好，you'],
    ['zh', '你好，you'],
    ['fr', 'Hello you'],
    ['not a language', 'Hello you'],
  ])('for people who speak %s', async (locale, answer) => {
    expect(await say('/hello', speaks(locale))).toBe(answer)
  })

  it.each([
    ['zh-HK', 'zh-TW'],
    ['zh-MO', 'zh-TW'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-CN', 'zh-TW'],
    ['zh-SG', 'zh-CN'],
    ['zh-Hans-HK', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['sr-Latn-RS', 'sr-Latn'],
    ['sr-RS', 'sr'],
    ['sr-ME', 'sr'],
    ['pt-AO', 'pt-BR'],
  ])('for people who speak %s come from %s where they have none', async (locale, expected) => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'many',
        setup(ctx) {
          const t = ctx.i18n(
            Object.fromEntries(
              ['zh-CN', 'zh-TW', 'sr', 'sr-Latn', 'pt-BR'].map((name) => [name, { which: name }]),
            ),
          )
          ctx.command('which').action(({ session }) => t(session, 'which'))
        },
      }),
    )
    await bot.say('/which', speaks(locale))
    expect(bot.texts).toEqual([expected])
  })

  it('have plural forms, and come from another language where one lacks them', async () => {
    expect(await say('/dice 1', speaks('en'))).toBe('1 die')
    expect(await say('/dice 2', speaks('en'))).toBe('2 dice')
    expect(await say('/dice 1', speaks('zh-CN'))).toBe('1 个骰子')
    expect(await say('/only', speaks('zh-CN'))).toBe('English')
  })

  it('take values as they are, whatever these look like', async () => {
    for (const name of ['{{name}}', '$t(only)', '<b>', '{{count}}']) {
      expect(await say(`/hello ${name}`)).toBe(`Hello ${name}`)
    }
  })

  it('go with the plugin', async () => {
    const { app } = startFakeApp()
    const instance = app.plugin(hello)
    await instance.settled()
    expect(instance.scope?.effects().map(({ kind }) => kind)).toContain('texts')
    await instance.dispose()
    expect(instance.scope).toBeUndefined()
  })

  it('can be changed, and added in other languages, by the people who run the bot', async () => {
    const texts = {
      en: { 'hello:hello': 'Ahoy {{name}}', 'command.missing': 'You forgot {{name}}!' },
      fr: { 'hello:hello': 'Salut {{name}}' },
    }
    expect(await say('/hello', {}, { texts })).toBe('Ahoy you')
    expect(await say('/hello', speaks('fr'), { texts })).toBe('Salut you')
    expect(await say('/hello', speaks('zh-CN'), { texts })).toBe('你好，you')
    expect(await say('/dice', {}, { texts })).toContain('You forgot <n>!')
    const { app, bot } = startFakeApp({ texts })
    app.plugin(hello, {}, { name: 'hello:second' })
    await bot.say('/hello')
    app.configure({})
    await bot.say('/hello')
    expect(bot.texts).toEqual(['Ahoy you', 'Hello you'])
  })

  it('that do not exist are named in the log', () => {
    const { logs } = startFakeApp({ texts: { en: { 'command.mising': 'typo' } } })
    expect(logs.join()).toContain('There is no text \\"command.mising\\" to change')
  })
})

describe('the language of an answer', () => {
  const zh = '你好，you'
  const en = 'Hello you'

  it.each<[string, AppOptions, Partial<ChatEvent>, string]>([
    ['is the default where nothing tells better', { locale: 'zh-CN' }, {}, zh],
    ['is that of the platform or bot', { locales: { 'zh-CN': { platform: 'fake', bot: 'bot' } } }, {}, zh],
    [
      'is that of the guild rather than of the bot',
      { locales: { en: { bot: 'bot' }, 'zh-CN': [{ guild: 'other' }, { guild: 'g' }] } },
      { guild: { id: 'g' } },
      zh,
    ],
    [
      'is that of the person rather than of the guild',
      { locales: { en: { guild: 'g' }, 'zh-CN': { user: 'alice' } } },
      { guild: { id: 'g' } },
      zh,
    ],
    [
      'is what the platform knows of the person before all',
      { locales: { en: { user: 'alice' } } },
      speaks('zh-CN'),
      zh,
    ],
    ['is not that of somebody else', { locales: { 'zh-CN': { user: 'bob' } } }, {}, en],
  ])('%s', async (_, options, fields, answer) => {
    expect(await say('/hello', fields, options)).toBe(answer)
  })

  it('is what a plugin knows first; one that fails is reported and not believed', async () => {
    const { app, bot, logs } = startFakeApp({ locales: { en: { user: 'alice' } } })
    app.plugin(hello)
    const chosen = new Map([['alice', 'zh-CN']])
    const knows = app.plugin(
      definePlugin({
        name: 'knows',
        setup: (ctx) => void ctx.locale(({ user }) => chosen.get(user?.id ?? '')),
      }),
    )
    app.plugin(
      definePlugin({
        name: 'fails',
        setup: (ctx) =>
          void ctx.locale(() => {
            throw new Error('no idea')
          }),
      }),
    )
    await bot.say('/hello')
    await knows.dispose()
    await bot.say('/hello')
    expect(bot.texts).toEqual([zh, en])
    expect(logs.join()).toContain('Plugin fails failed in a language: no idea')
  })

  it('holds for everything the bot says of itself', async () => {
    const { app, bot } = startFakeApp({ locale: 'zh-CN' })
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx
            .command('wait <n:int>')
            .cooldown('90s')
            .action(() => 'ok')
          ctx
            .command('no')
            .permission(() => false)
            .action(() => 'ok')
          ctx.command('boom').action(() => Promise.reject(new Error('bang')))
        },
      }),
    )
    for (const line of ['/wait', '/wait x', '/wait 1', '/wait 1', '/no', '/boom', '/help', '/hlp']) {
      await bot.say(line)
    }
    expect(bot.texts.slice(0, 6).map((text) => text.replace('秒钟', '秒'))).toEqual([
      '缺少参数 <n>。\n用法：/wait <n>',
      'n：“x”不是有效的 int。\n用法：/wait <n>',
      'ok',
      '太快了，1分钟30秒后才能再次使用 /wait。',
      '你没有使用 /no 的权限。',
      '出错了，机器人的维护者可以在日志中看到原因。',
    ])
    expect(bot.texts[6]).toContain('/help [command]  列出命令，或查看某个命令的用法')
    expect(bot.texts[7]).toBe('没有命令“hlp”。你是不是想用 /help？')
  })
})

describe('the texts of the framework', () => {
  const placeholders = (text: string): string[] =>
    Array.from(text.matchAll(/\{\{(\w+)\}\}/g), ([, name = '']) => name).toSorted()
  const { en, ...others } = frameworkTexts

  it.each(Object.entries(others))('have the same keys and values in %s as in English', (_, texts) => {
    const shape = (table: Readonly<Record<string, string>>): [string, string[]][] =>
      Object.entries(table)
        .map(([key, text]): [string, string[]] => [key, placeholders(text)])
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
    expect(shape(texts)).toEqual(shape(en ?? {}))
  })
})

describe('a length of time', () => {
  it.each([
    [1, '1 second', '1秒'],
    [59_001, '1 minute', '1分钟'],
    [90_000, '1 minute 30 seconds', '1分钟30秒'],
    [3_599_999, '1 hour', '1小时'],
    [3_661_000, '1 hour 2 minutes', '1小时2分钟'],
    [86_400_000 * 2 + 1, '2 days 1 hour', '2天1小时'],
  ])('of %i ms is told in two units and never too short', (ms, english, chinese) => {
    expect(formatDuration(ms, 'en')).toBe(english)
    // What a second is called differs between versions of Node's language data.
    expect(formatDuration(ms, 'zh-CN').replace('秒钟', '秒')).toBe(chinese)
  })
})

describe('a chosen language', () => {
  const chooser = definePlugin({
    name: 'chooser',
    setup(ctx) {
      ctx
        .command('choose <locale> [whose:user|channel|guild=user]')
        .action(async ({ args: [locale, whose], session }) => {
          await session.setLocale(locale === 'none' ? undefined : locale, whose)
          return session.locale
        })
    },
  })

  const inGuild = (guild: string, user = 'alice', channel = `${guild}-1`): Partial<ChatEvent> => ({
    user: { id: user },
    guild: { id: guild },
    channel: { id: channel, type: 'text' },
  })

  it('counts for the person, or for all in a place who have chosen none, above the config by place', async () => {
    const locales = { fr: { guild: 'g' }, de: { user: 'dora' } }
    const { app, bot } = startFakeApp({ locales })
    app.plugin(hello)
    app.plugin(chooser)
    const answers: [string, Partial<ChatEvent>, string][] = [
      ['/choose zh_cn guild', inGuild('g'), 'zh-CN'],
      ['/hello', inGuild('g', 'bob'), '你好，you'],
      ['/hello', inGuild('h', 'bob'), 'Hello you'],
      ['/choose en channel', inGuild('g', 'bob', 'g-2'), 'en'],
      ['/hello', inGuild('g', 'cora', 'g-2'), 'Hello you'],
      ['/choose zh', inGuild('h'), 'zh'],
      ['/hello', inGuild('g', 'alice', 'g-2'), '你好，you'],
      ['/hello', inGuild('g', 'bob'), '你好，you'],
      ['/choose none', inGuild('g', 'alice', 'g-2'), 'en'],
      ['/choose none guild', inGuild('g'), 'fr'],
      ['/choose zh guild', inGuild('g', 'dora'), 'de'],
    ]
    for (const [line, fields] of answers) await bot.say(line, fields)
    expect(bot.texts).toEqual(answers.map(([, , answer]) => answer))
  })

  it('is refused where it is no language, or nobody has it', async () => {
    const { app, bot } = startFakeApp()
    const errors: unknown[] = []
    app.plugin(chooser)
    app.on('plugin-error', ({ error }) => errors.push(error))
    await bot.say('/choose chinese')
    await bot.say('/choose en guild')
    expect(errors.map(String)).toEqual([
      expect.stringContaining('did you mean zh-CN?'),
      expect.stringContaining('message-created has no guild'),
    ])
  })

  it('is there after a restart, also for another account of the bot', async () => {
    const kept = new Kept()
    const first = startFakeApp()
    for (const plugin of [keeping(kept), hello, chooser]) first.app.plugin(plugin)
    await first.app.settled()
    await first.bot.say('/choose zh-CN')
    await first.bot.say('/choose zh-CN guild', inGuild('g', 'bob'))
    await first.app.stop()

    const second = startFakeApp()
    const other = new FakeBot('another account')
    second.app.addBot(other)
    for (const plugin of [keeping(kept), hello]) second.app.plugin(plugin)
    await second.app.settled()
    // The first event of all waits until it is known.
    await other.say('/hello')
    await second.app.idle()
    await other.say('/hello', inGuild('g', 'cora'))
    await second.bot.say('/hello', inGuild('h', 'cora'))
    expect(other.texts).toEqual(['你好，you', '你好，you'])
    expect(second.bot.texts).toEqual(['Hello you'])
  })
})
