import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import {
  type AppOptions,
  type Content,
  type Context,
  definePlugin,
  segment,
  UserError,
} from '../src/index.ts'
import { type FakeBot, startFakeApp } from './fake-bot.ts'

function start(setup: (ctx: Context) => void, options: AppOptions = {}): FakeBot {
  const { app, bot } = startFakeApp(options)
  app.plugin(definePlugin({ name: 'p', setup }))
  return bot
}

async function answers(
  setup: (ctx: Context) => void,
  line: Content,
  options?: AppOptions,
): Promise<string[]> {
  const bot = start(setup, options)
  await bot.say(line)
  return bot.texts
}

const me = segment.at('bot', 'Mynah')
const bob = segment.at('7', 'Bob')

function commands(ctx: Context): void {
  ctx.command('ping').action(() => 'pong')
  ctx.command('roll [times:int=1]').action(({ args: [times] }) => `rolled ${times}`)
  ctx.command('txt <words:text>').action(({ args: [words] }) => `[${words}]`)
  ctx.command('word <word>').action(({ args: [word] }) => `[${word}]`)
  ctx.command('hug <who:user>').action(({ args: [{ id }] }) => `hug ${id}`)
  ctx.command('show <what:content>').action(({ args: [what] }) => what.map(({ type }) => type).join(' '))
  ctx
    .command('guild')
    .subcommand('ban <who:user>')
    .action(({ args: [{ id }] }) => `ban ${id}`)
}

describe('a command is understood', () => {
  it.each<[string, Content, string]>([
    ['behind a quote and two mentions of the bot', [segment.quote('1'), me, ' ', me, ' /ping'], 'pong'],
    ['behind a mention and a quote', [me, segment.quote('1'), '/ping'], 'pong'],
    ['behind mentions, without a prefix', [me, me, ' ping'], 'pong'],
    ['in front of a mention of the bot', ['/ping ', me], 'pong'],
    ['in front of several', ['/ping ', me, ' ', me, ' '], 'pong'],
    ['between mentions of the bot', [me, ' /roll 3 ', me], 'rolled 3'],
    ['with a mention where its argument may be', ['/roll ', me], 'rolled 1'],
    ['with a mention behind a text', ['/txt hello ', me], '[hello]'],
    ['with a mention of the bot as its argument', ['/hug ', me], 'hug bot'],
    ['with a mention of somebody and then of the bot', ['/hug ', bob, ' ', me], 'hug 7'],
    ['with a mention of the bot in its content', ['/show a ', me, ' b ', me], 'text at text at'],
    ['as a sub-command', [me, ' /guild ban ', bob, ' ', me], 'ban 7'],
    ['behind characters without width', '\u200b\ufeff/ping', 'pong'],
    ['with characters without width behind its name', '/ping\u200b', 'pong'],
    ['with characters without width between prefix and name', '/\u2060ping', 'pong'],
    ['with characters without width around a value', '/roll \u200e3\u200f', 'rolled 3'],
    ['with a prefix in full width', '／ping', 'pong'],
    ['with a prefix that shares its key', '、ping', 'pong'],
    ['with a name in full width', '／ｐｉｎｇ', 'pong'],
    ['with a number in full width', '/roll　１２', 'rolled 12'],
    ['behind a name of the bot and a prefix', 'Mynah， /ping', 'pong'],
  ])('%s', async (_, line, answer) => {
    expect(await answers(commands, line, { nicknames: ['mynah'] })).toEqual([answer])
  })

  it.each<[string, Content]>([
    ['somebody else is mentioned in front', [bob, ' /ping']],
    ['everybody is', [segment.atAll(), ' ping']],
    ['nobody is', 'ping'],
    ['a full stop begins a sentence', '。ping'],
  ])('but not where %s', async (_, line) => {
    expect(await answers(commands, line)).toEqual([])
  })

  it('by any of its prefixes, as their keys write them in Chinese', async () => {
    for (const line of ['!ping', '！ping', '.ping', '。ping', '．ping', '#!ping', '＃！ping'])
      expect(await answers(commands, line, { prefix: ['!', '.', '#!'] })).toEqual(['pong'])
  })
})

describe('the built-in help', () => {
  it('answers to its Chinese name', async () => {
    const [list = ''] = await answers(commands, '/帮助')
    expect(list).toContain('/ping')
    expect(await answers(commands, '／帮助 roll')).toEqual([expect.stringContaining('/roll [times]')])
    expect(await answers(commands, ['/help roll ', me])).toEqual([expect.stringContaining('/roll [times]')])
  })

  it('leaves that name to a plugin that wants it', async () => {
    const own = (ctx: Context): void => void ctx.command('帮助').action(() => 'mine')
    expect(await answers(own, '/帮助')).toEqual(['mine'])
  })

  it('loses it where the config takes help away', async () => {
    expect(await answers(commands, '/帮助', { commands: { help: { enabled: false } } })).toEqual([])
  })
})

describe('a text argument', () => {
  it('names who and what is mentioned in it', async () => {
    expect(await answers(commands, ['/txt hello ', bob, ' how'])).toEqual(['[hello @Bob how]'])
    expect(await answers(commands, ['/txt ', segment.at('9'), segment.channel('3', 'lobby')])).toEqual([
      '[@9#lobby]',
    ])
    expect(await answers(commands, ['/txt ', segment.atAll(), ' hi'])).toEqual(['[@all hi]'])
  })

  it('may be one word that is a mention', async () => {
    expect(await answers(commands, ['/word ', bob])).toEqual(['[@Bob]'])
  })

  it('is missing where nothing but a picture is sent', async () => {
    const [answer = ''] = await answers(commands, ['/txt ', segment.image('https://a.example/1.png')])
    expect(answer).toContain('Missing <words>')
  })
})

describe('a user argument', () => {
  it.each<Content>([
    '/hug all',
    '/hug @all',
    '/hug HERE',
    '/hug ＠all',
    '/hug @everyone',
    '/hug 0',
    '/hug (met)all(met)',
    '/hug 1)(met)all(met',
    '/hug <@!7>',
    '/hug [CQ:at,qq=all]',
    '/hug a,b',
    '/hug @',
    ['/hug ', segment.at('all')],
    ['/hug ', segment.atAll()],
    ['/hug ', { type: 'at', attrs: { id: '7', type: 'all' }, children: [] }],
    ['/hug ', segment.atRole('7')],
    ['/hug ', segment.channel('7')],
  ])('is nobody in %j', async (line) => {
    const [answer = ''] = await answers(commands, line)
    expect(answer).toMatch(/^who: .* is not user\./)
  })

  it.each<[Content, string]>([
    ['/hug @10001', '10001'],
    ['/hug １０００１', '10001'],
    ['/hug E4F4AEA33253A2797FB897C50B81D7ED', 'E4F4AEA33253A2797FB897C50B81D7ED'],
    ['/hug @alice:example.org', 'alice:example.org'],
    ['/hug 小明', '小明'],
    [['/hug ', bob], '7'],
  ])('is somebody in %j', async (line, id) => {
    expect(await answers(commands, line)).toEqual([`hug ${id}`])
  })
})

describe('a phrase that begins like a prefix', () => {
  const hp = (ctx: Context): void => {
    ctx
      .command('hp')
      .shortcut(/^#体力$/)
      .shortcut('#My HP')
      .action(() => 'full')
    ctx.command('power').action(() => 'on')
    ctx
      .command('off')
      .shortcut('#power')
      .shortcut(/power/)
      .action(() => 'off')
  }

  it.each<[Content, string | undefined]>([
    ['#体力', 'full'],
    ['＃体力', 'full'],
    [[me, ' #体力 ', me], 'full'],
    [[segment.quote('1'), '#体力'], 'full'],
    ['#my hp', 'full'],
    ['#hp', 'full'],
    ['体力', undefined],
  ])('%j', async (line, answer) => {
    expect(await answers(hp, line, { prefix: ['#'] })).toEqual(answer === undefined ? [] : [answer])
  })

  it('gives way to a command that the prefix asks for', async () => {
    expect(await answers(hp, '#power', { prefix: ['#'] })).toEqual(['on'])
  })

  it('is found in a message that quotes another', async () => {
    expect(await answers(hp, [segment.quote('1'), me, ' #my hp'], { prefix: ['/'] })).toEqual(['full'])
  })
})

describe('a question', () => {
  const ask = (ctx: Context): void => {
    ctx
      .command('ask')
      .cooldown('1h')
      .action(async ({ session }) => `[${await session.prompt('What?')}]`)
    ctx.command('count').action(async ({ session }) => `[${await session.number('How many?')}]`)
  }

  /** Somebody says lines one after the other; each is answered, or asked about, before the next. */
  async function talk(...lines: Content[]): Promise<string[]> {
    const bot = start(ask)
    for (const line of lines) {
      void bot.say(line)
      await settle()
    }
    return bot.texts
  }

  it('is answered by the words alone, with the names of who is mentioned', async () => {
    const number = [segment.quote('1'), me, ' \u200b１２\u200b ', me]
    expect(await talk('/count', number)).toEqual(['How many?', '[12]'])
    expect(await talk('/ask', [me, ' ', bob, ' and I'])).toEqual(['What?', '[@Bob and I]'])
  })

  it('that is cancelled is no use of the command', async () => {
    expect(await talk('/ask', 'cancel', '/ask', 'me', '/ask')).toEqual([
      'What?',
      'Cancelled.',
      'What?',
      '[me]',
      expect.stringMatching(/^Not so fast: \/ask can be used again in /),
    ])
  })
})

describe('a renamed command', () => {
  const guild = (ctx: Context): void => {
    const parent = ctx.command('guild').alias('g')
    parent
      .subcommand('ban <who:user>')
      .alias('guild b')
      .example('guild ban 7')
      .action(({ args: [{ id }] }) => {
        if (id === '1') throw new UserError('No.')
        return `ban ${id}`
      })
  }

  it('takes the other names of what is below it along', async () => {
    const bot = start(guild, { commands: { guild: { name: 'group' }, 'guild ban': { name: 'block' } } })
    for (const line of ['/group block 7', '/group b 7', '/g b 7', '/g block 7', '/guild b 7'])
      await bot.say(line)
    expect(bot.texts).toEqual(['ban 7', 'ban 7', 'ban 7', 'ban 7'])
  })

  it('shows its examples as people have to write them', async () => {
    const [answer = ''] = await answers(guild, '/help group ban', { commands: { guild: { name: 'group' } } })
    expect(answer).toContain('/group ban 7')
    expect(answer).not.toContain('/guild')
  })

  it('has other names from the config, by what it is declared as', async () => {
    const options = {
      commands: { guild: { name: 'group' }, 'guild ban': { aliases: ['guild kick', 'kick'] } },
    }
    const bot = start(guild, options)
    for (const line of ['/group kick 7', '/kick 8', '/group b 7']) await bot.say(line)
    expect(bot.texts.slice(0, 2)).toEqual(['ban 7', 'ban 8'])
  })
})
