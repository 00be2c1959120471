import { describe, expect, it } from 'vitest'

import {
  type AppOptions,
  type ChatEvent,
  definePlugin,
  type Guild,
  type Member,
  type Permission,
  permission,
} from '../src/index.ts'
import { MemberLookup } from '../src/permission/member-lookup.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

const { all, any, direct, everyone, guildAdmin, guildOwner, not, role, superuser } = permission
const guild = { id: 'g', ownerId: 'olga' }
const member = (
  id: string,
  rank: 'owner' | 'admin' | 'member',
  roleIds: string[] = [],
): Partial<ChatEvent> => ({
  user: { id },
  guild,
  member: { role: rank, roleIds },
})
const people: Record<string, Partial<ChatEvent>> = {
  superuser: { user: { id: 'sue' } },
  owner: member('otto', 'owner'),
  'owner by id': { user: { id: 'olga' }, guild },
  admin: member('adam', 'admin'),
  member: member('mary', 'member', ['vip']),
  'one-to-one': { channel: { id: 'd', type: 'direct' } },
  stranger: {},
}

function withCommand(permission: Permission | string, options: AppOptions = {}): FakeBot {
  const { app, bot } = startFakeApp({ superusers: ['fake:sue', 'other:alice'], ...options })
  app.plugin(
    definePlugin({
      name: 'p',
      setup: (ctx) =>
        void ctx
          .command('do')
          .permission(permission)
          .action(() => 'done'),
    }),
  )
  return bot
}

async function allowed(permission: Permission | string, options: AppOptions = {}): Promise<string[]> {
  const result: string[] = []
  for (const [name, fields] of Object.entries(people)) {
    const bot = withCommand(permission, options)
    await bot.say('/do', fields)
    if (bot.texts[0] === 'done') result.push(name)
  }
  return result
}

const later =
  (permission: Permission): Permission =>
  async (event, context) => {
    await Promise.resolve()
    return permission(event, context)
  }

describe('a permission', () => {
  it.each<[string, Permission, string[]]>([
    ['everyone', everyone, Object.keys(people)],
    ['superuser', superuser, ['superuser']],
    ['guildOwner', guildOwner, ['owner', 'owner by id']],
    ['guildAdmin', guildAdmin, ['owner', 'owner by id', 'admin']],
    ['direct', direct, ['one-to-one']],
    ['a rank', role('admin'), ['admin']],
    ['a role of the platform', role('vip'), ['member']],
    ['any', any(superuser, role('vip')), ['superuser', 'member']],
    ['any, asked later', any(later(superuser), later(role('vip'))), ['superuser', 'member']],
    ['any of none', any(), []],
    ['all', all(guildAdmin, not(guildOwner)), ['admin']],
    ['all, asked later', all(later(guildAdmin), not(later(guildOwner))), ['admin']],
    ['a filter', ({ user }) => user?.id === 'mary', ['member']],
    ['what rejects', () => Promise.reject(new Error('no')), []],
  ])('%s', async (_, permission, who) => {
    expect(await allowed(permission)).toEqual(who)
  })

  it('by right is given by the config, and to superusers', async () => {
    const give = (rights: AppOptions['rights']): Promise<string[]> =>
      allowed('music.skip', rights ? { rights } : {})
    expect(await give({})).toEqual(['superuser'])
    expect(await give({ 'music.skip': ['guild-owner', 'fake:mary'] })).toEqual([
      'superuser',
      'owner',
      'owner by id',
      'member',
    ])
    expect(await give({ 'music.*': { platform: 'fake', role: ['vip', 'admin'] } })).toEqual([
      'superuser',
      'admin',
      'member',
    ])
    expect(await give({ '*': 'direct' })).toEqual(['superuser', 'one-to-one'])
    expect(await give({ music: 'everyone', 'music.play': 'everyone', 'mus.*': 'everyone' })).toEqual([
      'superuser',
    ])
  })

  it('that names nobody, or everybody by accident, is refused when the app is made', () => {
    expect(() => startFakeApp({ rights: { a: 'guild-admins' } })).toThrow('rights.a: expected everyone, ')
    expect(() => startFakeApp({ rights: { a: {} } })).toThrow('would fit everybody')
  })

  it('can be given by a plugin, for as long as that runs', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'p',
        setup: (ctx) =>
          void ctx
            .command('do')
            .permission('do')
            .action(() => 'done'),
      }),
    )
    const giver = app.plugin(
      definePlugin({
        name: 'giver',
        setup: (ctx) =>
          void ctx.permission.grant(
            'do',
            later(({ user }) => user?.id === 'alice'),
          ),
      }),
    )
    await bot.say('/do')
    await bot.say('/do', { user: { id: 'bob' } })
    await giver.dispose()
    await bot.say('/do')
    expect(bot.texts).toEqual(['done', 'You may not use /do.', 'You may not use /do.'])
  })

  it('can be asked for anywhere, and refuses when it fails', async () => {
    const { app, bot, logs } = startFakeApp({ superusers: ['fake:alice'] })
    const seen: boolean[] = []
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx.on('message-created', async (session) => {
            seen.push(
              await ctx.permission.check(session, superuser),
              await ctx.permission.check(session, 'any.right'),
              await ctx.permission.check(session, guildAdmin),
              await ctx.permission.check(session, () => {
                throw new Error('broken permission')
              }),
            )
          })
        },
      }),
    )
    await bot.say('hi')
    expect(seen).toEqual([true, true, false, false])
    expect(logs.join()).toContain('Plugin p failed in a permission: broken permission')
  })
})

describe('a rank that the event does not tell', () => {
  const lobby = { guild: { id: 'g' } }
  const ranks: Record<string, Member> = {
    olga: { role: 'owner' },
    adam: { role: 'admin', roleIds: ['vip'] },
    mary: { role: 'member' },
  }

  /** A bot whose platform knows more about members than its events tell. */
  class AskedBot extends FakeBot {
    readonly asked: string[] = []
    onAsk = (userId: string): Promise<Member> => Promise.resolve(ranks[userId] ?? {})

    override getMember(guildId: string, userId: string): Promise<Member> {
      this.asked.push(`${guildId}/${userId}`)
      return this.onAsk(userId)
    }
  }

  /** A bot that knows only whose a guild is. */
  class GuildBot extends FakeBot {
    override getGuild(id: string): Promise<Guild> {
      return Promise.resolve({ id, ownerId: 'olga' })
    }
  }

  function start<B extends FakeBot>(permission: Permission, bot: B, options: AppOptions = {}): B {
    const { app } = startFakeApp(options)
    app.addBot(bot)
    app.plugin(
      definePlugin({
        name: 'p',
        setup: (ctx) =>
          void ctx
            .command('do')
            .permission(permission)
            .action(() => 'done'),
      }),
    )
    return bot
  }

  async function may(bot: FakeBot, id: string, fields: Partial<ChatEvent> = lobby): Promise<boolean> {
    const before = bot.texts.length
    await bot.say('/do', { user: { id }, ...fields })
    return bot.texts.slice(before).includes('done')
  }

  it.each<[string, Permission, string[]]>([
    ['guildOwner', guildOwner, ['olga']],
    ['guildAdmin', guildAdmin, ['olga', 'adam']],
    ['a rank', role('member'), ['mary']],
    ['a role of the platform', role('vip'), ['adam']],
  ])('is asked for: %s', async (_, permission, who) => {
    const bot = start(permission, new AskedBot('asked'))
    const allowedOnes: string[] = []
    for (const id of [...Object.keys(ranks), 'stranger']) if (await may(bot, id)) allowedOnes.push(id)
    expect(allowedOnes).toEqual(who)
    expect(bot.asked).toHaveLength(4)
  })

  it.each<[string, Permission, Partial<ChatEvent>]>([
    ['the event tells it', guildAdmin, { ...lobby, member: { role: 'member' } }],
    ['the event tells that somebody else is the owner', guildOwner, { guild: { id: 'g', ownerId: 'olga' } }],
    ['the event tells the roles', role('vip'), { ...lobby, member: { roleIds: ['other'] } }],
    ['there is no guild', guildAdmin, { channel: { id: 'd', type: 'direct' } }],
    ['nobody wants to know', everyone, lobby],
    ['another permission decides', any(everyone, guildAdmin), lobby],
    ['a superuser asks', any(superuser, guildAdmin), { ...lobby, user: { id: 'sue' } }],
  ])('is not asked for where %s', async (_, permission, fields) => {
    const bot = start(permission, new AskedBot('asked'), { superusers: ['fake:sue'] })
    await may(bot, 'mary', fields)
    expect(bot.asked).toEqual([])
  })

  it('is asked for once in a short while, also by many at a time', async () => {
    const clock = new TestClock(0)
    const bot = start(guildAdmin, new AskedBot('asked'), { clock })
    await Promise.all([may(bot, 'adam'), may(bot, 'adam'), may(bot, 'mary')])
    expect(await may(bot, 'adam')).toBe(true)
    expect(bot.asked).toEqual(['g/adam', 'g/mary'])
    bot.onAsk = () => Promise.resolve({ role: 'member' })
    await clock.advance(10_000)
    expect(await may(bot, 'adam')).toBe(false)
    expect(bot.asked).toEqual(['g/adam', 'g/mary', 'g/adam'])
  })

  it('refuses while the platform does not answer, and is asked for again', async () => {
    const bot = start(guildAdmin, new AskedBot('asked'))
    bot.onAsk = () => Promise.reject(new Error('platform is away'))
    expect(await may(bot, 'adam')).toBe(false)
    bot.onAsk = () => Promise.resolve({ role: 'admin' })
    expect(await may(bot, 'adam')).toBe(true)
  })

  it('comes from the guild where members cannot be asked for', async () => {
    const bot = start(guildAdmin, new GuildBot('guilds'))
    expect(await may(bot, 'olga')).toBe(true)
    expect(await may(bot, 'adam')).toBe(false)
  })

  it('is nothing where the platform cannot be asked', async () => {
    expect(await may(start(guildAdmin, new FakeBot('mute')), 'olga')).toBe(false)
  })

  it('is not asked for in places where the account cannot do that', async () => {
    const bot = new AskedBot('asked')
    bot.featuresIn = (channelId) => Promise.resolve(channelId === 'bare' ? [] : ['getMember'])
    start(guildAdmin, bot)
    expect(await may(bot, 'adam', { guild: { id: 'g' }, channel: { id: 'bare', type: 'text' } })).toBe(false)
    expect(bot.asked).toEqual([])
    expect(await may(bot, 'olga')).toBe(true)
    expect(bot.asked).toEqual(['g/olga'])
  })

  it('is remembered for a thousand people at most', async () => {
    const clock = new TestClock(0)
    const lookup = new MemberLookup(clock)
    const bot = new AskedBot('asked')
    for (let id = 0; id <= 1000; id += 1) await lookup.find(bot, 'g', String(id))
    await lookup.find(bot, 'g', '1')
    expect(bot.asked).toHaveLength(1001)
    await lookup.find(bot, 'g', '0')
    expect(bot.asked).toHaveLength(1002)
  })
})

describe('a refused person', () => {
  it('gets an answer, and the trace says why', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'p',
        setup: (ctx) =>
          void ctx
            .command('do <n:int>')
            .permission(superuser)
            .action(() => 'done'),
      }),
    )
    await bot.say('/do not-even-a-number')
    expect(bot.texts).toEqual(['You may not use /do.'])
    expect(app.inspect.traces.find('m1')?.steps).toContainEqual(
      expect.objectContaining({ kind: 'permission', label: 'do', detail: 'fake:alice may not use it' }),
    )
  })

  it('gets none where the config says so', async () => {
    const bot = withCommand(superuser, { answers: { refused: false } })
    await bot.say('/do')
    expect(bot.texts).toEqual([])
  })

  it('does not see the command in help or suggestions', async () => {
    const bot = withCommand(later(superuser))
    for (const line of ['/help', '/help do', '/doo']) await bot.say(line)
    await bot.say('/help', { user: { id: 'sue' } })
    await bot.say('/doo', { user: { id: 'sue' } })
    expect(bot.texts[0]).not.toContain('/do')
    expect(bot.texts.slice(1, 2)).toEqual(['There is no command "do".'])
    expect(bot.texts[2]).toContain('/do')
    expect(bot.texts[3]).toBe('There is no command "doo". Did you mean /do?')
  })

  it('is refused by the sub-commands too, whichever was declared first', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          const parent = ctx.command('guild')
          parent
            .subcommand('ban')
            .permission(everyone)
            .alias('ban')
            .action(() => 'banned')
          parent.permission(superuser)
        },
      }),
    )
    for (const line of ['/guild', '/guild ban', '/ban']) await bot.say(line)
    expect(bot.texts).toEqual([
      'You may not use /guild.',
      'You may not use /guild ban.',
      'You may not use /guild ban.',
    ])
  })
})
