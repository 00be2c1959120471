import { describe, expect, it } from 'vitest'

import {
  all,
  any,
  type AppOptions,
  type ChatEvent,
  definePlugin,
  direct,
  everyone,
  guildAdmin,
  guildOwner,
  not,
  type Permission,
  role,
  superuser,
} from '../src/index.ts'
import { type FakeBot, startFakeApp } from './fake-bot.ts'

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
    expect(() => startFakeApp({ rights: { a: 'guild-admins' } })).toThrow('"guild-admins" names nobody')
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
    expect(app.traces.find('m1')?.steps).toContainEqual(
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
