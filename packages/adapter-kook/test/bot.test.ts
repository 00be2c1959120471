import { createLogger, definePlugin, permission } from '@mynah/core'
import type { KookChannel, KookGuild, KookUser } from '@mynah/emulator-kook'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { start, type Started } from './start.ts'
import { failure, ScriptedServer, success } from './scripted-server.ts'
import { KookBot } from '../src/bot.ts'
import { kookConfig } from '../src/config.ts'
import { KookHttp } from '../src/http.ts'

let harness: Started
let alice: KookUser
let guild: KookGuild
let lobby: KookChannel

beforeEach(async () => {
  harness = await start()
  alice = harness.emulator.user({ username: 'alice' })
  guild = harness.emulator.guild({ name: 'Tea House', members: [alice] })
  lobby = guild.channel('lobby')
})

afterEach(() => harness[Symbol.asyncDispose]())

const bodies = (path: string): unknown[] =>
  harness.emulator.calls.filter((call) => call.path === path).map(({ body }) => body)

describe('guilds', () => {
  it('are listed with their channels, members and roles', async () => {
    const { bot } = harness
    expect((await bot.listGuilds()).data).toMatchObject([{ id: guild.id, name: 'Tea House' }])
    expect(await bot.getGuild(guild.id)).toMatchObject({ id: guild.id, ownerId: alice.id })
    expect((await bot.listMembers(guild.id)).data.map(({ user }) => user?.id)).toContain(alice.id)
    expect(await bot.getMember(guild.id, alice.id)).toMatchObject({ user: { name: 'alice' } })
    expect(await bot.getUser(alice.id)).toMatchObject({ id: alice.id, name: 'alice' })
    expect(await bot.getChannel(lobby.id)).toMatchObject({ id: lobby.id, type: 'text', name: 'lobby' })
    expect(await bot.getChannel(`user:${alice.id}`)).toEqual({ id: alice.chatCode, type: 'direct' })
    expect(await bot.createDirectChannel(alice.id)).toEqual({ id: alice.chatCode, type: 'direct' })
    expect((await bot.listFriends()).data).toEqual([])
  })

  it('tell the ranks of their members: the owner, administrators by their roles, and the others', async () => {
    const { bot } = harness
    const [admin, member] = ['adam', 'mary'].map((username) => harness.emulator.user({ username }))
    admin?.join(guild)
    member?.join(guild)
    const role = guild.role('boss', ['administrator'])
    const ranks = async (): Promise<unknown[]> =>
      Promise.all(
        [alice, admin, member].map(async (user) => (await bot.getMember(guild.id, user?.id ?? '')).role),
      )
    const views = (): number => harness.emulator.calls.filter(({ path }) => path === 'guild/view').length
    await vi.waitFor(() =>
      expect(harness.sessions.map(({ event }) => event.type)).toContain('guild-role-created'),
    )
    expect(await ranks()).toEqual(['owner', 'member', 'member'])
    const asked = views()
    await bot.grantRole(guild.id, admin?.id ?? '', String(role.id))
    expect(await ranks()).toEqual(['owner', 'admin', 'member'])
    expect(views()).toBe(asked)
    await bot.updateRole(guild.id, String(role.id), { name: 'Boss' })
    await vi.waitFor(() =>
      expect(harness.sessions.map(({ event }) => event.type)).toContain('guild-role-updated'),
    )
    await ranks()
    expect(views()).toBe(asked + 1)
  })

  it('let their owner and administrators use what is for them', async () => {
    harness.app.plugin(
      definePlugin({
        name: 'moderation',
        setup(ctx) {
          ctx
            .command('close')
            .permission(permission.guildAdmin)
            .action(() => 'closed')
        },
      }),
    )
    const mary = harness.emulator.user({ username: 'mary' })
    mary.join(guild)
    alice.in(lobby).say('/close')
    expect((await alice.in(lobby).expectReply('closed')).content).toBe('closed')
    mary.in(lobby).say('/close')
    await mary.in(lobby).expectReply(/may not use/)
  })

  it('get channels and roles, which are changed and deleted', async () => {
    const { bot } = harness
    const category = await bot.createChannel(guild.id, { type: 'category', name: 'Games' })
    expect(category).toMatchObject({ type: 'category', name: 'Games' })
    const voice = await bot.createChannel(guild.id, { type: 'voice', name: 'talk', parentId: category.id })
    expect(voice).toMatchObject({ type: 'voice', parentId: category.id })
    await bot.updateChannel(voice.id, { name: 'quiet', parentId: '' })
    expect(await bot.getChannel(voice.id)).toEqual({ id: voice.id, type: 'voice', name: 'quiet' })
    expect((await bot.listChannels(guild.id)).data.map(({ id }) => id)).toContain(voice.id)
    await bot.deleteChannel(voice.id)
    const role = await bot.createRole(guild.id, { name: 'Moderator', color: 0xff_00_00 })
    expect(role).toMatchObject({ name: 'Moderator', color: 0xff_00_00 })
    await bot.updateRole(guild.id, role.id, { name: 'Mod' })
    await bot.grantRole(guild.id, alice.id, role.id)
    expect((await bot.getMember(guild.id, alice.id)).roleIds).toContain(role.id)
    await bot.revokeRole(guild.id, alice.id, role.id)
    await bot.deleteRole(guild.id, role.id)
    expect((await bot.listRoles(guild.id)).data.map(({ id }) => id)).not.toContain(role.id)
    await expect(bot.grantRole(guild.id, alice.id, 'admin')).rejects.toThrow(/whole numbers/)
  })

  it('have nicknames set and members removed', async () => {
    const { bot } = harness
    const bob = harness.emulator.user({ username: 'bob' })
    bob.join(guild)
    await bot.setMemberNick(guild.id, bob.id, 'Bobby')
    await bot.setMemberNick(guild.id, bot.selfId, 'Birdy')
    expect(bodies('guild/nickname')).toEqual([
      { guild_id: guild.id, nickname: 'Bobby', user_id: bob.id },
      { guild_id: guild.id, nickname: 'Birdy' },
    ])
    await bot.kickMember(guild.id, bob.id)
    bob.join(guild)
    await bot.kickMember(guild.id, bob.id, { permanent: true })
    expect(bodies('blacklist/create')).toEqual([{ guild_id: guild.id, target_id: bob.id }])
    expect(guild.memberIds).not.toContain(bob.id)
    await bot.leaveGuild(guild.id)
    await vi.waitFor(() => expect(harness.sessions.map(({ type }) => type)).toContain('guild-removed'))
  })

  it('that were just entered are waited for, and given up at last', async () => {
    await using server = await ScriptedServer.start()
    const http = new KookHttp({ baseUrl: server.baseUrl, token: 't', logger: new RecordingLogger() })
    const clock = new TestClock()
    const config = kookConfig.parse({ token: 'x'.repeat(40) })
    const logger = createLogger({ level: 'silent' })
    const bot = new KookBot({ self: { id: '1' }, http, config, logger, clock, onTokenRefused: () => {} })
    /** Asks for a guild, and lets half a second pass whenever that is waited for. */
    const ask = async (id: string): Promise<unknown> => {
      let isOver = false
      const asked = bot.getGuild(id)
      const end = (): void => void (isOver = true)
      void asked.then(end, end)
      await vi.waitFor(
        async () => {
          if (clock.delays.includes(500)) await clock.advance(500)
          expect(isOver).toBe(true)
        },
        { interval: 1 },
      )
      return asked
    }
    const added = {
      id: 'e',
      type: 'guild-added',
      platformType: 'kook/self_joined_guild',
      platform: 'kook',
      selfId: '1',
      time: 0,
      raw: {},
      guild: { id: 'g' },
    }
    bot.watch(added)
    server.answer = (_request, index) => (index < 3 ? failure(200, 40_000) : success({ id: 'g', name: 'G' }))
    expect(await ask('g')).toEqual({ id: 'g', name: 'G' })
    server.requests.length = 0
    server.answer = () => failure(200, 40_000)
    await expect(ask('g')).rejects.toMatchObject({ platformCode: 40_000 })
    expect(server.requests).toHaveLength(1 + 10)
    await expect(ask('another')).rejects.toMatchObject({ platformCode: 40_000 })
    expect(server.requests).toHaveLength(1 + 10 + 1)
    await bot.stop()
  })
})

describe('what only KOOK has', () => {
  it('knows who is in which voice channel', async () => {
    const { voiceStates } = harness.bot.api('kook')
    const voice = guild.voiceChannel('talk')
    expect(await voiceStates.channelOf(guild.id, alice.id)).toBeUndefined()
    alice.joinVoice(voice)
    await vi.waitFor(async () => expect(await voiceStates.channelOf(guild.id, alice.id)).toBe(voice.id))
    const calls = harness.emulator.calls.length
    alice.leaveVoice()
    await vi.waitFor(async () => expect(await voiceStates.channelOf(guild.id, alice.id)).toBeUndefined())
    expect(harness.emulator.calls).toHaveLength(calls)
  })

  it('plays games, listens to music and grows fond of people', async () => {
    const { games, intimacy } = harness.bot.api('kook')
    const made = await games.create('Chess')
    await games.play(made.id)
    await games.listen({ singer: 'Teresa', music_name: 'Moon' })
    await games.stop('game')
    expect((await games.list().all()).map(({ name }) => name)).toContain('Chess')
    await intimacy.update(alice.id, { score: 100, social_info: 'friends' })
    expect(await intimacy.get(alice.id)).toMatchObject({ score: 100, social_info: 'friends' })
  })

  it('knows whether it is meant', async () => {
    const role = guild.role('Helpers')
    await harness.bot.grantRole(guild.id, harness.bot.selfId, String(role.id))
    const { bot } = harness
    const place = alice.in(lobby)
    const cases: [string, boolean][] = [
      [place.sayMarkdown(`(met)${bot.selfId}(met) a`).id, true],
      [place.sayMarkdown(`(rol)${role.id}(rol) b`).id, true],
      [place.sayMarkdown('(met)all(met) c').id, false],
      [place.say('d').id, false],
      [alice.direct.say('e').id, true],
    ]
    await vi.waitFor(() =>
      expect(harness.sessions.map(({ message }) => message?.id)).toEqual(
        expect.arrayContaining(cases.map(([id]) => id)),
      ),
    )
    for (const [id, isMeant] of cases) {
      const { event } = harness.sessions.find(({ message }) => message?.id === id) ?? {}
      expect(event !== undefined && (await bot.api('kook').isAddressed(event))).toBe(isMeant)
    }
    const everyone = harness.sessions.find(({ message }) => message?.id === cases[2]?.[0])?.event
    expect(everyone !== undefined && (await bot.api('kook').isAddressed(everyone, { everyone: true }))).toBe(
      true,
    )
  })

  it('takes a command behind a role that it holds, in order', async () => {
    const role = guild.role('Helpers')
    await harness.bot.grantRole(guild.id, harness.bot.selfId, String(role.id))
    const other = guild.role('Others')
    const place = alice.in(lobby)
    place.sayMarkdown(`(rol)${role.id}(rol) ping`)
    place.say('/ping')
    await place.expectReply('pong')
    await place.expectReply('pong')
    place.sayMarkdown(`(rol)${other.id}(rol) ping`)
    await place.expectSilence(50)
    const texts = harness.sessions.filter(({ type }) => type === 'message-created').map(({ text }) => text)
    expect(texts).toEqual([' ping', '/ping', ' ping'])
  })

  it('says which methods it has', () => {
    const { bot } = harness
    for (const feature of [
      'updateMessage',
      'createReaction',
      'kickMember',
      'grantRole',
      'ackInteraction',
    ] as const)
      expect(bot.features).toContain(feature)
    for (const feature of ['muteMember', 'muteGuild', 'setMemberRole', 'answerRequest', 'poke'] as const)
      expect(bot.features).not.toContain(feature)
  })
})
