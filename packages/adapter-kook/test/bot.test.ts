import { writeFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type Content,
  createLogger,
  definePlugin,
  element,
  file as localFile,
  plainText,
  type Receipt,
  segment,
  permission,
} from '@mynah/core'
import type { KookChannel, KookGuild, KookUser } from '@mynah/emulator-kook'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { BotHarness } from './bot-harness.ts'
import { failure, ScriptedServer, success } from './scripted-server.ts'
import { RecordingLogger } from '@mynah/core/testing'
import { card, cardMessage } from '../src/encode/card-makers.ts'
import { KookBot } from '../src/bot.ts'
import { kookConfig } from '../src/config.ts'
import { KookHttp } from '../src/http.ts'
import { TestClock } from '@mynah/core/testing'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const dataUrl = `data:image/png;base64,${png.toString('base64')}`

let harness: BotHarness
let alice: KookUser
let guild: KookGuild
let lobby: KookChannel

beforeEach(async () => {
  harness = await BotHarness.start()
  alice = harness.emulator.user({ username: 'alice' })
  guild = harness.emulator.guild({ name: 'Tea House', members: [alice] })
  lobby = guild.channel('lobby')
})

afterEach(() => harness[Symbol.asyncDispose]())

const send = (content: Content, channelId = lobby.id): Promise<Receipt> =>
  harness.bot.sendMessage(channelId, content)
const delivered = async (content: Content, channelId = lobby.id): Promise<readonly string[]> => {
  const receipt = await send(content, channelId)
  if (receipt.status === 'failed') throw receipt.error
  return receipt.messageIds
}
const bodies = (path: string): unknown[] =>
  harness.emulator.calls.filter((call) => call.path === path).map(({ body }) => body)
const uploads = (): number => bodies('asset/create').length

describe('sending', () => {
  it('text is KMarkdown with its type, in channels and in private', async () => {
    const [id] = await delivered('a*b')
    expect(bodies('message/create')).toEqual([{ type: 9, target_id: lobby.id, content: String.raw`a\*b` }])
    expect(await alice.in(lobby).expectReply('a*b')).toMatchObject({ id })
    await delivered('hi', alice.chatCode)
    await delivered('ho', `user:${alice.id}`)
    expect(bodies('direct-message/create')).toEqual([
      { type: 9, chat_code: alice.chatCode, content: 'hi' },
      { type: 9, target_id: alice.id, content: 'ho' },
    ])
    await alice.direct.expectReply('hi')
    await alice.direct.expectReply('ho')
  })

  it('pings nobody whom nobody named', async () => {
    await delivered(['(met)all(met) ', segment.at(alice.id)])
    const message = await alice.in(lobby).expectReply()
    expect(message.mentionsAll).toBe(false)
    expect(message.mentions).toEqual([alice.id])
  })

  it('pictures are uploaded from wherever they are, and only once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mynah-kook-'))
    const file = join(folder, 'cat.png')
    await writeFile(file, png)
    await delivered(segment.image(png))
    expect(await alice.in(lobby).expectReply()).toMatchObject({ type: 2 })
    await delivered(segment.image(dataUrl))
    await delivered(segment.image(localFile(file)))
    expect(uploads()).toBe(1)
    const bobs = alice.in(lobby).sendImage({ name: 'b.png', bytes: Buffer.concat([png, Buffer.from('b')]) })
    await delivered(segment.image(bobs.content))
    expect(uploads()).toBe(2)
    const [, own] = harness.emulator.calls.filter(({ path }) => path === 'asset/create')
    const { url } = (own?.data ?? {}) as { url: string }
    expect(url).not.toBe(bobs.content)
    await delivered(segment.image(url))
    expect(uploads()).toBe(2)
  })

  it('a failed upload fails the message', async () => {
    harness.emulator.faults.call('POST asset/create', { kind: 'error-answer', code: 40_014 })
    const receipt = await send(segment.image(png))
    expect(receipt).toMatchObject({ status: 'failed', error: { platformCode: 40_014 } })
    expect(await send(segment.image(localFile('/no/such/file.png')))).toMatchObject({
      status: 'failed',
      error: { code: 'MEDIA_REFUSED' },
    })
    expect(bodies('message/create')).toEqual([])
  })

  it.each<[string, Content]>([
    ['a picture', element('image', { src: 'file:///etc/hostname' })],
    ['a video', element('video', { src: 'file:///etc/hostname' })],
    ['a picture among words', ['look', element('image', { src: 'file:///etc/hostname' })]],
    ['a path', element('image', { src: '/etc/hostname' })],
    ['a file', element('file', { src: 'FILE:///etc/hostname' })],
    ['a sound', element('audio', { src: 'base64://aGk=' })],
    ['a picture of a card', element('kook-card', {}, element('kook-image', { src: 'file:///etc/hostname' }))],
    [
      'a card as JSON',
      element('kook-cards', {
        content: JSON.stringify({ type: 'card', modules: [{ type: 'file', src: 'file:///etc/hostname' }] }),
      }),
    ],
    [
      'what came as JSON',
      JSON.parse('{"type":"image","attrs":{"src":"file:///etc/hostname"},"children":[]}'),
    ],
  ])('a text never names a file of this machine: %s', async (_what, content) => {
    expect(await send(content)).toMatchObject({ status: 'failed', error: { code: 'MEDIA_REFUSED' } })
    expect(await send([content, segment.file(localFile('/no/such/other.txt'))])).toMatchObject({
      status: 'failed',
      error: { code: 'MEDIA_REFUSED' },
    })
    expect(uploads()).toBe(0)
  })

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'media is not fetched from %s, which is not the internet',
    async (host) => {
      await using other = await BotHarness.start({ media: {} })
      const user = other.emulator.user({ username: 'bob' })
      const channel = other.emulator.guild({ members: [user] }).channel('lobby')
      const src = `http://${host}:${new URL(other.emulator.origin).port}/admin`
      for (const content of [segment.image(src), ['look', segment.image(src)], segment.file(src)]) {
        expect(await other.bot.sendMessage(channel.id, content)).toMatchObject({
          status: 'failed',
          error: { code: 'MEDIA_REFUSED' },
        })
      }
      expect(other.emulator.calls.filter(({ path }) => path.includes('asset'))).toEqual([])
    },
  )

  it('a file is called as it is called where nobody gave it a title', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mynah-kook-'))
    const file = join(folder, 'Report 2.txt')
    await writeFile(file, 'hello')
    await delivered(segment.file(localFile(file)))
    const { cards } = await alice.in(lobby).expectReply()
    expect(cards[0]?.['modules']).toMatchObject([{ type: 'file', title: 'Report 2.txt' }])
  })

  it('mixed content is one message of cards whose media was uploaded', async () => {
    await delivered(['look', segment.image(png), segment.file(`data:text/plain,hello`, { title: 'a.txt' })])
    const message = await alice.in(lobby).expectReply()
    expect(message.type).toBe(10)
    expect(message.cards[0]?.['modules']).toMatchObject([
      { type: 'section', text: { content: 'look' } },
      { type: 'container', elements: [{ src: expect.stringContaining(harness.emulator.origin) }] },
      { type: 'file', title: 'a.txt', src: expect.stringContaining(harness.emulator.origin) },
    ])
  })

  it('long text is several messages, the first of which quotes', async () => {
    const question = alice.in(lobby).say('tell me')
    const ids = await delivered([segment.quote(question.id), 'word '.repeat(4000)])
    expect(ids).toHaveLength(3)
    expect(bodies('message/create').map((body) => (body as { quote?: string }).quote)).toEqual([
      question.id,
      undefined,
      undefined,
    ])
  })

  it('an answer names what it answers for the quota, and quotes when asked to', async () => {
    const question = alice.in(lobby).say('/ping')
    await alice.expectReply('pong')
    await vi.waitFor(() => expect(bodies('message/create')).toMatchObject([{ reply_msg_id: question.id }]))
    expect(bodies('message/create')[0]).not.toHaveProperty('quote')
    const session = harness.sessions.find(({ event }) => event.message?.id === question.id)
    await session?.reply('again', { quote: true })
    expect(bodies('message/create')[1]).toMatchObject({ reply_msg_id: question.id, quote: question.id })
    expect(await alice.in(lobby).expectReply('again')).toMatchObject({ quoteId: question.id })
  })

  it('temporary messages are for one user of a channel', async () => {
    const bob = harness.emulator.user({ username: 'bob' })
    bob.join(guild)
    const only = element('kook-send', { temp: alice.id })
    const here = alice.in(lobby)
    await delivered([only, 'secret'])
    expect(await here.expectReply('secret')).toMatchObject({ isTemporary: true })
    await bob.in(lobby).expectSilence(30)
    const [id = ''] = await delivered('for all')
    await harness.bot.updateMessage(lobby.id, id, [only, 'for alice'])
    await vi.waitFor(() => expect(bodies('message/update')).toMatchObject([{ temp_target_id: alice.id }]))
    expect(await send([only, 'x'], alice.chatCode)).toMatchObject({
      status: 'failed',
      error: { code: 'UNSUPPORTED' },
    })
    await expect(harness.bot.updateMessage(alice.chatCode, id, [only, 'x'])).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    })
  })

  it('a template is filled with its input', async () => {
    const id = harness.emulator.template({
      type: 9,
      title: 'hello',
      content: 'Hello {{ data.name }}!',
    } as never)
    await delivered(element('kook-template', { id, input: '{"name":"Alice"}' }))
    expect(await alice.in(lobby).expectReply('Hello Alice!')).toMatchObject({ type: 9 })
  })

  it('tells id, time, nonce and content of what was sent', async () => {
    const before = Date.now()
    const ids = await delivered([element('kook-send', { nonce: 'n-1' }), 'a*b'])
    const sent = await vi.waitFor(() => {
      const own = harness.sessions.find(({ type }) => type === 'message-sent')
      expect(own).toBeDefined()
      return own
    })
    expect(sent?.event.raw).toMatchObject({ nonce: 'n-1' })
    expect(ids).toEqual([sent?.message?.id])
    expect(sent?.message?.createdAt).toBeGreaterThanOrEqual(before)
    expect(sent?.text).toBe('a*b')
    expect(await send(' ')).toMatchObject({ status: 'failed', error: { code: 'SEND_EMPTY' } })
  })

  it('nothing is not sent', async () => {
    expect(await send(['', ' \n'])).toMatchObject({ status: 'failed', error: { code: 'SEND_EMPTY' } })
    expect(bodies('message/create')).toEqual([])
  })

  it.each([40_011, 40_300])('a refusal with code %i is told once', async (code) => {
    harness.emulator.faults.call('POST message/create', { kind: 'error-answer', code }, 2)
    expect(await send('x')).toMatchObject({
      status: 'failed',
      error: { code: 'API_REJECTED', platformCode: code },
    })
    expect(bodies('message/create')).toHaveLength(1)
  })

  it('a message whose answer got lost is not sent twice', async () => {
    harness.emulator.faults.call('POST message/create', { kind: 'connection-dropped', carriedOut: true })
    expect(await send('once')).toMatchObject({ status: 'failed' })
    expect(bodies('message/create')).toHaveLength(1)
  })

  it('a card over a limit is refused with its path and the limit before anything is sent', async () => {
    const content = element('kook-card', {}, element('kook-header', {}, 'x'.repeat(101)))
    const receipt = await send(['hello', content])
    expect(receipt.status === 'failed' && receipt.error.message).toContain(
      'cards[1].modules[0].text has 101 characters; KOOK takes at most 100.',
    )
    expect(harness.emulator.calls.some(({ path }) => path === 'message/create')).toBe(false)
  })
})

describe('buttons', () => {
  it('come back from a channel and from a private chat, where they can be answered', async () => {
    const { app } = harness
    app.plugin(
      (await import('@mynah/core')).definePlugin({
        name: 'vote',
        setup(ctx) {
          ctx.on('interaction/button', async (session) => {
            await session.ack()
            const message = session.message?.id ?? ''
            await session.bot.updateMessage(
              session.channel?.id ?? '',
              message,
              cardMessage(card.make({}, card.section(`you said ${session.event.button.id}`))),
            )
            await session.reply(`thanks, ${session.user.name}`)
          })
        },
      }),
    )
    const question = segment.card(
      { title: 'Vote' },
      segment.buttons(segment.button('vote:yes', 'Yes'), segment.button('vote:no', 'No')),
    )
    await delivered(question)
    const inLobby = alice.in(lobby)
    inLobby.click(await inLobby.expectReply(), 'Yes')
    await inLobby.expectReply('thanks, alice')
    await inLobby.expectEdit(/you said vote:yes/)
    await delivered(question, alice.chatCode)
    alice.direct.click(await alice.direct.expectReply(({ type }) => type === 10), 'vote:no')
    await alice.direct.expectEdit(/you said vote:no/)
    await alice.direct.expectReply('thanks, alice')
    const clicks = harness.sessions.filter(({ type }) => type === 'interaction/button')
    expect(clicks.map(({ channel, isDirect }) => [channel?.id, isDirect])).toEqual([
      [lobby.id, false],
      [alice.chatCode, true],
    ])
  })
})

describe('messages', () => {
  it('are changed in their own place, and lose their answer on demand', async () => {
    const question = alice.in(lobby).say('hello?')
    const [id = ''] = await delivered([segment.quote(question.id), 'one'])
    await harness.bot.updateMessage(lobby.id, id, 'two')
    await harness.bot.updateMessage(lobby.id, id, [segment.quote(''), 'three'])
    expect(bodies('message/update')).toEqual([
      { msg_id: id, content: 'two' },
      { msg_id: id, content: 'three', quote: '' },
    ])
    const [privateId = ''] = await delivered('x', alice.chatCode)
    await harness.bot.updateMessage(alice.chatCode, privateId, 'y')
    expect(bodies('direct-message/update')).toEqual([{ msg_id: privateId, content: 'y' }])
    await expect(harness.bot.updateMessage(lobby.id, id, segment.image(png))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    })
    await expect(harness.bot.updateMessage(lobby.id, id, '')).rejects.toMatchObject({ code: 'SEND_EMPTY' })
  })

  it('are deleted, read, pinned and reacted to in their own place', async () => {
    const { bot } = harness
    for (const place of [lobby.id, alice.chatCode]) {
      const [id = ''] = await delivered('hello', place)
      await bot.createReaction(place, id, '📢')
      await bot.deleteReaction(place, id, '📢')
      expect(await bot.getMessage(place, id)).toMatchObject({
        id,
        user: { id: bot.selfId },
        content: [{ attrs: { content: 'hello' } }],
      })
      await bot.deleteMessage(place, id)
      await expect(bot.getMessage(place, id)).rejects.toMatchObject({ code: 'API_REJECTED' })
    }
    expect(bodies('message/add-reaction')).toMatchObject([{ emoji: '[#128226;]' }])
    expect(bodies('direct-message/delete-reaction')).toMatchObject([{ emoji: '[#128226;]' }])
    const [pinned = ''] = await delivered('pin me')
    await bot.pinMessage(lobby.id, pinned)
    await bot.unpinMessage(lobby.id, pinned)
    await vi.waitFor(() => expect(harness.sessions.map(({ type }) => type)).toContain('message-unpinned'))
    expect(() => bot.pinMessage(alice.chatCode, pinned)).toThrow(/private chats/)
  })

  it('are listed page by page, newest page first', async () => {
    for (let index = 0; index < 60; index += 1) alice.in(lobby).say(`${index}`)
    const first = await harness.bot.listMessages(lobby.id)
    expect(first.data).toHaveLength(50)
    expect(plainText(first.data.at(-1)?.content ?? [])).toBe('59')
    const second = await harness.bot.listMessages(lobby.id, first.next)
    expect(second.data.map(({ content }) => plainText(content))).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
    ])
    expect(second.next).toBeUndefined()
    await delivered('hi', `user:${alice.id}`)
    expect((await harness.bot.listMessages(`user:${alice.id}`)).data).toHaveLength(1)
    expect((await harness.bot.listMessages(alice.chatCode)).data).toHaveLength(1)
  })
})

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
    expect(await ranks()).toEqual(['owner', 'member', 'member'])
    await bot.grantRole(guild.id, admin?.id ?? '', String(role.id))
    expect(await ranks()).toEqual(['owner', 'admin', 'member'])
    const views = (): number => harness.emulator.calls.filter(({ path }) => path === 'guild/view').length
    expect(views()).toBe(1)
    await bot.updateRole(guild.id, String(role.id), { name: 'Boss' })
    await vi.waitFor(() =>
      expect(harness.sessions.map(({ event }) => event.type)).toContain('guild-role-updated'),
    )
    await ranks()
    expect(views()).toBe(2)
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
    const { voiceStates } = harness.bot.internal
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
    const { games, intimacy } = harness.bot.internal
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
      expect(event !== undefined && (await bot.internal.isAddressed(event))).toBe(isMeant)
    }
    const everyone = harness.sessions.find(({ message }) => message?.id === cases[2]?.[0])?.event
    expect(everyone !== undefined && (await bot.internal.isAddressed(everyone, { everyone: true }))).toBe(
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
