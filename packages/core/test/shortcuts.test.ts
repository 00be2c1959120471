import { describe, expect, it } from 'vitest'

import {
  type App,
  type AppOptions,
  type Channel,
  type Content,
  definePlugin,
  type Message,
  type Plugin,
  type PluginInstance,
  segment,
  toElements,
} from '../src/index.ts'
import { type FakeBot, startFakeApp } from './fake-bot.ts'

/** A plugin with a command of its name, which answers with it and with what the shortcut fills in. */
function plugin(name: string, ...shortcuts: (string | RegExp)[]): Plugin {
  return definePlugin({
    name,
    setup(ctx) {
      const command = ctx.command(`${name} [what]`)
      for (const one of shortcuts) {
        if (typeof one === 'string') command.shortcut(one, { args: [one.toLowerCase()] })
        else command.shortcut(one, ([, what = 'pattern']) => ({ args: [what] }))
      }
      command.action(({ args: [what] }) => `${name}: ${what ?? 'nothing'}`)
    },
  })
}

interface Started {
  readonly app: App
  readonly bot: FakeBot
  readonly logs: readonly string[]
  readonly instances: readonly PluginInstance[]
  /** Says a line and gives the answers to it. */
  readonly ask: (line: string) => Promise<string[]>
  /** What is told about commands, `command: what`. */
  readonly issues: () => string[]
}

async function start(plugins: readonly Plugin[], options: AppOptions = {}): Promise<Started> {
  const { app, bot, logs } = startFakeApp(options)
  const instances = plugins.map((one) => app.plugin(one))
  await app.start()
  const ask = async (line: string): Promise<string[]> => {
    const from = bot.texts.length
    await bot.say(line)
    return bot.texts.slice(from)
  }
  const issues = (): string[] => app.inspect.commandIssues.map(({ message }) => message)
  return { app, bot, logs, instances, ask, issues }
}

const me = segment.at('bot', 'Mynah')
const bob = segment.at('7', 'Bob')
const ofBob: Message = { id: '1', content: [], user: { id: '7' } }
const ofMe: Message = { id: '2', content: [], user: { id: 'bot' } }
const ofSomebody: Message = { id: '3', content: [] }
const picture = segment.image('https://x.test/y.png')

describe.each<[string, string, Plugin, AppOptions]>([
  ['a phrase', '体力', plugin('p', '体力'), {}],
  ['a pattern', '查3次体力', plugin('p', /^查(\d)次体力$/), {}],
  ['a pattern with another mark than the prefix', '#体力', plugin('p', /^#体力$/), {}],
  ['a phrase written with the prefix', '#体力', plugin('p', '#体力'), { prefix: ['#'] }],
  ['a pattern written with the prefix', '#体力', plugin('p', /^#体力$/), { prefix: ['#'] }],
  ['a pattern that may have the prefix', '#体力', plugin('p', /^#?体力$/), { prefix: ['/', '#'] }],
])('%s is found', (_, words, one, options) => {
  const direct: Channel = { id: 'd', type: 'direct' }

  it.each<[string, Content, (Message | undefined)?, Channel?]>([
    ['by itself', words],
    ['between blanks', `\u200b ${words} \n`],
    ['behind a mention of the bot', [me, ` ${words}`]],
    ['behind the name of the bot', `Mynah, ${words}`],
    ['behind a mention and the name of the bot', [me, ` mynah ${words}`]],
    ['in front of a mention of the bot', [`${words} `, me]],
    ['between mentions of the bot', [me, me, words, me, ' ', me]],
    ['in a direct chat', words, undefined, direct],
    ['in a direct chat, beside mentions', [me, ` ${words} `, me], undefined, direct],
    ['in a direct chat, in a reply', words, ofMe, direct],
    ['in a reply to the bot', words, ofMe],
    ['in a reply to the bot that mentions it', [me, ` ${words}`], ofMe],
    ['in a reply to somebody', words, ofBob],
    ['behind the mention that clients put in front of a reply', [bob, ` ${words}`], ofBob],
    ['behind that mention and one of the bot', [bob, ' ', me, ` ${words}`], ofBob],
    ['behind one of the bot and that mention', [me, bob, words], ofBob],
    ['between that mention and one of the bot', [bob, ` ${words} `, me], ofBob],
    ['behind a quote in the content', [segment.quote('3'), me, ` ${words}`]],
    ['in a reply to nobody knows whom', words, ofSomebody],
    ['behind a mention in a reply to nobody knows whom', [bob, ` ${words}`], ofSomebody],
    ['behind that mention and one of the bot, nobody knows whom', [bob, me, ` ${words}`], ofSomebody],
    ['behind one of the bot and that mention, nobody knows whom', [me, bob, words], ofSomebody],
    ['between that mention and one of the bot, nobody knows whom', [bob, words, me], ofSomebody],
    ['behind that mention and the name of the bot', [bob, ` mynah, ${words}`], ofSomebody],
  ])('%s', async (__, content, quote, channel) => {
    const { bot } = await start([one], { nicknames: ['mynah'], ...options })
    const message = { id: '9', content: toElements(content), ...(quote && { quote }) }
    await bot.say('', { message, ...(channel && { channel }) })
    expect(bot.texts).toEqual([expect.stringMatching(/^p: (pattern|3|#?体力)$/)])
  })

  it.each<[string, Content, Message?]>([
    ['behind a mention of somebody', [bob, ` ${words}`]],
    ['in front of a mention of somebody', [`${words} `, bob]],
    ['behind a mention of somebody in a reply to the bot', [bob, ` ${words}`], ofMe],
    ['behind a mention of another one than who is answered', [segment.at('8'), ` ${words}`], ofBob],
    ['behind mentions of two in a reply to nobody knows whom', [bob, segment.at('8'), words], ofSomebody],
    ['beside a picture', [words, picture]],
    ['among other words', `${words} ${words}`],
  ])('not %s', async (__, content, quote) => {
    const { bot } = await start([one], options)
    await bot.say('', { message: { id: '9', content: toElements(content), ...(quote && { quote }) } })
    expect(bot.texts).toEqual([])
  })
})

describe('a mention that is an argument', () => {
  const hug = definePlugin({
    name: 'hug',
    setup(ctx) {
      ctx
        .command('hug <who:user>')
        .shortcut('hug me', { args: [{ id: 'alice' }] })
        .action(({ args: [{ id }] }) => `hug ${id}`)
    },
  })

  it.each<[Content, string]>([
    [['/hug ', bob], 'hug 7'],
    [[bob, ' /hug ', bob], 'hug 7'],
    [[bob, ' hug me'], 'hug alice'],
  ])('stays one in a reply to nobody knows whom: %j', async (content, answer) => {
    const { bot } = await start([hug])
    await bot.say('', { message: { id: '9', content: toElements(content), quote: ofSomebody } })
    expect(bot.texts).toEqual([answer])
  })
})

describe('a phrase of two plugins', () => {
  const both = [plugin('p', 'Good day'), plugin('q', 'good DAY ', 'bye')]

  it('calls the first, the second runs without it, and that is told once', async () => {
    const { app, instances, logs, ask, issues } = await start(both)
    expect(instances.map(({ state }) => state)).toEqual(['active', 'active'])
    expect(await ask('good day')).toEqual(['p: good day'])
    expect(await ask('bye')).toEqual(['q: bye'])
    const told = [
      'commands.q/q: the shortcut "good DAY " calls "p" of plugin p, which stands before it. Set "shortcuts" of one of them.',
    ]
    expect(issues()).toEqual(told)
    await app.plugin(plugin('r')).settled()
    expect(logs.filter((line) => line.includes('stands before it'))).toHaveLength(1)
  })

  it('calls whose plugin stands first, also when the order changes', async () => {
    const { app, instances, ask, issues } = await start(both)
    expect(app.arrange(Array.from(instances).reverse())).toBe(true)
    expect(await ask('good day')).toEqual(['q: good day '])
    expect(issues()).toEqual([expect.stringMatching(/^commands\.p\/p: the shortcut "Good day" calls "q"/)])
  })

  it('calls the second when the first goes, and the first again when it is back', async () => {
    const { app, instances, ask, issues } = await start(both)
    await instances[0]?.dispose()
    expect(await ask('good day')).toEqual(['q: good day '])
    expect(issues()).toEqual([])
    const again = app.plugin(plugin('p', 'Good day'))
    await again.settled()
    expect(app.arrange([again, ...instances.slice(1)])).toBe(true)
    expect(await ask('good day')).toEqual(['p: good day'])
  })

  it('calls the second where the first is not', async () => {
    const filtered = definePlugin({
      name: 'p',
      setup: (ctx) =>
        void ctx
          .command('p')
          .when(({ user }) => user?.id === 'bob')
          .shortcut('Good day')
          .action(() => 'p'),
    })
    const { bot } = await start([filtered, ...both.slice(1)])
    await bot.say('good day', { user: { id: 'bob' } })
    await bot.say('good day')
    expect(bot.texts).toEqual(['p', 'q: good day '])
  })

  it('is in the help of the one that it calls', async () => {
    const { ask } = await start(both)
    expect(await ask('/help p')).toEqual([expect.stringContaining('"Good day"')])
    expect(await ask('/help q')).toEqual([expect.not.stringMatching(/good day/i)])
  })
})

describe('a pattern of two plugins', () => {
  const both = [plugin('p', /^roll (\d+)$/), plugin('q', /^roll (\d+)$/g, /^roll (\d+)$/i)]

  it('calls the first, and is one where source and flags are the same', async () => {
    const { instances, ask, issues } = await start(both)
    expect(instances.map(({ state }) => state)).toEqual(['active', 'active'])
    expect(await ask('roll 3')).toEqual(['p: 3'])
    expect(await ask('ROLL 3')).toEqual(['q: 3'])
    expect(issues()).toEqual([
      'commands.q/q: the shortcut "/^roll (\\d+)$/g" calls "p" of plugin p, which stands before it. Set "shortcuts" of one of them.',
    ])
  })

  it('calls the second when the first goes', async () => {
    const { instances, ask, issues } = await start(both)
    await instances[0]?.dispose()
    expect([await ask('roll 3'), issues()]).toEqual([['q: 3'], []])
  })
})

describe('the config', () => {
  const both = [plugin('p', 'Good day', /^(hi+)$/), plugin('q', 'good day', 'bye', /^(hi+)$/)]
  const commands = (overrides: AppOptions['commands'] & {}): AppOptions => ({ commands: overrides })

  it.each<[string, AppOptions['commands'] & {}, Record<string, string[]>]>([
    [
      'takes the shortcuts of the first away',
      { p: { shortcuts: [] } },
      { 'good day': ['q: good day'], hii: ['q: hii'] },
    ],
    [
      'takes those of the second away that collide, and others stay with what they fill in',
      { 'q/q': { shortcuts: ['BYE'] } },
      { 'good day': ['p: good day'], hii: ['p: hii'], bye: ['q: bye'] },
    ],
    [
      'leaves a phrase to one and a pattern to the other',
      { p: { shortcuts: ['good day'] }, q: { shortcuts: ['/^(hi+)$/'] } },
      { 'good day': ['p: good day'], hii: ['q: hii'], bye: [] },
    ],
    [
      'gives phrases that the plugin does not know',
      { p: { shortcuts: ['Moin'] } },
      { moin: ['p: nothing'], 'good day': ['q: good day'] },
    ],
    [
      'takes the first command away',
      { p: { enabled: false } },
      { 'good day': ['q: good day'], hii: ['q: hii'] },
    ],
  ])('%s', async (_, overrides, expected) => {
    const { app, ask, issues } = await start(both)
    expect(issues()).toHaveLength(2)
    expect(app.configure(commands(overrides))).toEqual([])
    for (const [line, answers] of Object.entries(expected)) expect(await ask(line)).toEqual(answers)
    expect(app.configure({})).toHaveLength(2)
    expect(await ask('good day')).toEqual(['p: good day'])
  })

  it('settles it before the plugins start', async () => {
    const { ask, logs } = await start(both, commands({ p: { shortcuts: [] } }))
    expect(await ask('hi')).toEqual(['q: hi'])
    expect(logs.filter((line) => line.includes('stands before it'))).toEqual([])
  })

  it('is told where it gives a phrase away twice', async () => {
    const { app } = await start(both)
    const issues = app.configure(commands({ p: { shortcuts: ['x'] }, q: { shortcuts: ['X'] } }))
    expect(issues).toMatchObject([{ plugin: 'q', command: 'q' }])
  })

  it('knows no empty phrase', async () => {
    const { app } = await start(both)
    expect(() => app.configure(commands({ p: { shortcuts: [''] } }))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })
})
