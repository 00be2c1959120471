import { TestClock } from '@mynah/core/testing'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { RawApi, RawSocket, answerOf, appId, secret, type Answer, startedAt } from './raw-client.ts'
import {
  allIntents,
  startQQEmulator,
  type JsonObject,
  type QQChannel,
  type QQEmulator,
  type QQGuild,
  type QQUser,
} from '../src/index.ts'

let clock: TestClock
let emulator: QQEmulator
let api: RawApi
let socket: RawSocket
let alice: QQUser
let guild: QQGuild
let channel: QQChannel

beforeEach(async () => {
  clock = new TestClock(startedAt)
  emulator = await startQQEmulator({ appId, secret, clock })
  onTestFinished(() => emulator.close())
  api = await RawApi.login(emulator)
  socket = await RawSocket.login(emulator, { intents: allIntents })
  alice = emulator.user({ name: 'alice' })
  guild = emulator.guild({ name: 'Readers' })
  channel = guild.channel({ name: 'lobby' })
})

const post = (body: JsonObject, to = channel): Promise<Answer> =>
  api.call('POST', `/channels/${to.id}/messages`, body)
const code = async (answer: Promise<Answer>): Promise<unknown> => (await answer).body['err_code'] ?? 0

describe('a channel', () => {
  test('tells a mention under both names, escaped, and takes the answer', async () => {
    const said = alice.in(channel).say('is 1 < 2 & <#1>?')
    const [at, plain] = [await socket.event('AT_MESSAGE_CREATE'), await socket.event('MESSAGE_CREATE')]
    expect([at.id, plain.id]).toEqual(said.eventIds)
    expect(at.d).toEqual(plain.d)
    expect(at.d).toMatchObject({
      id: said.id,
      guild_id: guild.id,
      content: `<@!${emulator.bot.id}> is 1 &lt; 2 &amp; <#1>?`,
      author: { id: alice.id, username: 'alice', bot: false },
      mentions: [{ id: emulator.bot.id, bot: true }],
      seq: 101,
      seq_in_channel: '101',
    })
    const { body } = await post({ content: 'yes', msg_id: said.id })
    expect(body).toMatchObject({
      id: expect.any(String),
      channel_id: channel.id,
      content: 'yes',
      author: { bot: true },
    })
    await alice.in(channel).expectReply('yes')
    const path = `/channels/${channel.id}/messages/${String(body['id'])}`
    expect((await api.call('GET', path)).body).toEqual({ message: body })
  })

  test('tells a public bot of mentions only', async () => {
    emulator.grants.privateDomain = false
    expect(alice.in(channel).say('hi').eventIds).toHaveLength(1)
    const quiet = alice.in(channel).say('hi', { mention: false })
    expect(quiet.eventIds).toEqual([])
    alice.in(channel).recall(quiet)
    expect((await socket.event('PUBLIC_MESSAGE_DELETE')).d).toMatchObject({ message: { id: quiet.id } })
  })

  test.each<[string, JsonObject, number]>([
    ['nothing', {}, 50006],
    ['text and markdown', { content: 'x', markdown: { content: 'y' } }, 50037],
    ['embed and markdown', { embed: { title: 'x' }, markdown: { content: 'y' } }, 50037],
    ['an address', { content: 'www.example.com' }, 304003],
    ['an embed without title', { embed: {} }, 304005],
    ['an image nobody serves', { image: 'http://127.0.0.1:1/a.png' }, 304021],
    ['an unknown quote', { content: 'x', message_reference: { message_id: 'x' } }, 306001],
    ['an answer to nobody', { content: 'x', msg_id: 'x' }, 304026],
    ['an answer to no event', { content: 'x', event_id: 'x' }, 40034025],
  ])('refuses %s', async (_, body, expected) => {
    expect(await code(post(body))).toBe(expected)
    expect(emulator.messages).toEqual([])
  })

  test.each<[string, JsonObject, string]>([
    ['an embed', { embed: { title: 'news', fields: [{ name: 'one' }] } }, 'news'],
    ['markdown', { markdown: { content: '# x' } }, '# x'],
    [
      'a lost quote when told so',
      { content: 'x', message_reference: { message_id: 'x', ignore_get_message_error: true } },
      'x',
    ],
  ])('accepts %s', async (_, body, text) => {
    expect((await post(body)).status).toBe(200)
    await channel.expectReply(text)
  })

  test('takes a picture as a form', async () => {
    const form = new FormData()
    form.set('file_image', new Blob(['picture']), 'a.png')
    form.set('content', 'look')
    form.set('message_reference', JSON.stringify({ message_id: alice.in(channel).say('hi').id }))
    const response = await fetch(`${emulator.baseUrls.api}/channels/${channel.id}/messages`, {
      method: 'POST',
      headers: { Authorization: `QQBot ${api.token}` },
      body: form,
    })
    expect(await answerOf(response)).toMatchObject({ status: 200, body: { content: 'look' } })
    const message = await channel.expectReply('look')
    expect(message).toMatchObject({ kind: 'image', file: { name: 'a.png' } })
    expect(message.quoted).toEqual(expect.any(String))
  })

  test('needs the bot on the gateway', async () => {
    emulator.faults.dropConnections()
    await socket.closed
    await expect.poll(() => emulator.gateway.isOnline).toBe(false)
    expect(await code(post({ content: 'x' }))).toBe(304018)
  })

  test('takes 5 messages a second', async () => {
    const { id } = alice.in(channel).say('hi')
    for (let count = 0; count < 5; count += 1)
      expect((await post({ content: 'x', msg_id: id })).status).toBe(200)
    expect(await post({ content: 'x', msg_id: id })).toMatchObject({ status: 429, body: { code: 20028 } })
    expect((await post({ content: 'x' }, guild.channel())).status).toBe(200)
  })

  test('takes answers for 5 minutes', async () => {
    const { id } = alice.in(channel).say('hi')
    await clock.advance(300_001)
    expect(await code(post({ content: 'x', msg_id: id }))).toBe(304027)
  })

  test('takes 20 proactive messages a day, in two channels of a guild', async () => {
    for (let count = 0; count < 20; count += 1) {
      await clock.advance(1000)
      expect((await post({ content: 'x' })).status).toBe(200)
    }
    await clock.advance(1000)
    expect(await code(post({ content: 'x' }))).toBe(304045)
    const [second, third] = [guild.channel(), guild.channel()]
    expect(await code(post({ content: 'x' }, second))).toBe(0)
    expect(await code(post({ content: 'x' }, third))).toBe(304047)
    guild.configure({ pushDisabled: true })
    expect(await code(post({ content: 'x' }, second))).toBe(304046)
    const { body } = await api.call('GET', `/guilds/${guild.id}/message/setting`)
    expect(body).toEqual({
      disable_create_dm: false,
      disable_push_msg: true,
      channel_ids: [],
      channel_push_max_num: 20,
    })
  })

  test('holds messages for audit with 202, by the kind of message', async () => {
    emulator.holdForAudit(2)
    const pushed = await post({ content: 'x' })
    expect(pushed).toMatchObject({ status: 202, body: { code: 304023, data: { message_audit: {} } } })
    const replied = await post({ content: 'y', msg_id: alice.in(channel).say('hi').id })
    expect(replied).toMatchObject({ status: 202, body: { code: 304024 } })
    const [first, second] = [await emulator.nextAudit(), await emulator.nextAudit()]
    first.pass()
    expect((await socket.event('MESSAGE_AUDIT_PASS')).d).toMatchObject({
      ...Object(pushed.body['data']).message_audit,
      message_id: first.message.id,
      channel_id: channel.id,
    })
    second.reject()
    expect((await socket.event('MESSAGE_AUDIT_REJECT')).d['audit_id']).toBe(second.id)
    await channel.expectReply('x')
    await channel.expectSilence(20)
  })

  test('lets the bot edit its markdown and nothing else', async () => {
    const said = alice.in(channel).say('hi')
    const text = await post({ content: 'x' })
    const markdown = await post({ markdown: { content: 'before' } })
    const edit = (id: unknown): Promise<Answer> =>
      api.call('PATCH', `/channels/${channel.id}/messages/${String(id)}`, { markdown: { content: 'after' } })
    expect(await code(edit(said.id))).toBe(50049)
    expect(await code(edit(text.body['id']))).toBe(50050)
    expect(await code(edit('x'))).toBe(306001)
    expect((await edit(markdown.body['id'])).status).toBe(200)
    expect(emulator.messages.at(-1)?.text).toBe('after')
  })

  test('lets private-domain bots recall, and tells it', async () => {
    const said = alice.in(channel).say('hi')
    const path = `/channels/${channel.id}/messages/${said.id}?hidetip=`
    expect(await code(api.call('DELETE', `${path}yes`))).toBe(10000)
    expect((await api.call('DELETE', `${path}true`)).status).toBe(200)
    expect((await socket.event('MESSAGE_DELETE')).d).toMatchObject({
      message: { id: said.id, author: { id: alice.id } },
      op_user: { id: emulator.bot.id },
    })
    expect(await code(api.call('DELETE', `${path}true`))).toBe(306001)
    emulator.grants.privateDomain = false
    expect(await code(api.call('DELETE', `${path}true`))).toBe(306004)
  })

  test('lists messages around one another', async () => {
    const ids = ['a', 'b', 'c', 'd'].map((text) => alice.in(channel).say(text).id)
    const list = async (query: string): Promise<unknown> => {
      const { body } = await api.call('GET', `/channels/${channel.id}/messages?${query}`)
      return Object(body['list']).map(({ id }: { id: string }) => ids.indexOf(id))
    }
    expect(await list('limit=2')).toEqual([2, 3])
    expect(await list(`before=${ids[2]}&limit=1`)).toEqual([1])
    expect(await list(`after=${ids[1]}`)).toEqual([2, 3])
    expect(await list(`around=${ids[1]}&limit=3`)).toEqual([0, 1, 2])
  })

  test('carries clicks that come back as interactions', async () => {
    const sent = await post({ markdown: { content: 'x' }, keyboard: { id: '1' } })
    const click = alice.in(channel).click({ id: String(sent.body['id']) }, 'ok', '1')
    expect((await socket.event('INTERACTION_CREATE')).d).toMatchObject({
      id: click.id,
      scene: 'guild',
      channel_id: channel.id,
      data: { type: 11, resolved: { button_id: 'ok', user_id: alice.id } },
    })
    await api.call('PUT', `/interactions/${click.id}`, { code: 0 })
    expect((await click.expectAck()).code).toBe(0)
  })
})

describe('direct messages', () => {
  test('go by a session of their own', async () => {
    alice.in(channel)
    const { body } = await api.call('POST', '/users/@me/dms', {
      recipient_id: alice.id,
      source_guild_id: guild.id,
    })
    const chat = alice.dm(guild)
    expect(body).toMatchObject({ guild_id: chat.guildId, channel_id: expect.any(String) })
    const said = chat.say('psst')
    expect((await socket.event('DIRECT_MESSAGE_CREATE')).d).toMatchObject({
      guild_id: chat.guildId,
      src_guild_id: guild.id,
      direct_message: true,
      content: 'psst',
    })
    const send = (extra: JsonObject): Promise<Answer> =>
      api.call('POST', `/dms/${chat.guildId}/messages`, { content: 'what?', ...extra })
    const answer = await send({ msg_id: said.id })
    await chat.expectReply('what?')
    const recall = `/dms/${chat.guildId}/messages/${String(answer.body['id'])}`
    expect((await api.call('DELETE', recall)).status).toBe(200)
    await socket.event('DIRECT_MESSAGE_DELETE')

    expect([await code(send({})), await code(send({})), await code(send({}))]).toEqual([0, 0, 304049])
    chat.setClosed(true)
    expect(await code(send({ msg_id: said.id }))).toBe(304031)
    expect(await code(api.call('POST', '/dms/1/messages', { content: 'x' }))).toBe(304032)
  })

  test('need a member of the guild and its leave', async () => {
    const open = (extra: JsonObject): Promise<unknown> =>
      code(
        api.call('POST', '/users/@me/dms', { recipient_id: alice.id, source_guild_id: guild.id, ...extra }),
      )
    expect([await open({}), await open({ source_guild_id: '1' })]).toEqual([10001, 10004])
    alice.in(channel)
    guild.configure({ dmDisabled: true })
    expect(await open({})).toBe(304031)
  })
})

describe('events of people', () => {
  test('tell joining, renaming, leaving, reacting, entering, publishing', async () => {
    const said = alice.in(channel).say('hi')
    const chat = alice.in(channel)
    const forum = guild.channel({ type: 10_007 })
    guild.addMember(alice)
    guild.renameMember(alice, 'Amy')
    chat.react(said, { type: 2, id: '128077' })
    chat.unreact(said, { type: 2, id: '128077' })
    chat.enter()
    chat.leave()
    forum.publishThread(alice, 'Title', 'Text')
    const made = guild.createChannel(alice, { name: 'new' })
    guild.renameChannel(alice, made, 'newer')
    guild.deleteChannel(alice, made)
    guild.rename(alice, 'Writers')
    guild.removeMember(alice)
    guild.removeBot(alice)
    guild.addBot(alice)
    const names = `AT_MESSAGE_CREATE MESSAGE_CREATE GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE MESSAGE_REACTION_ADD
      MESSAGE_REACTION_REMOVE AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT
      OPEN_FORUM_THREAD_CREATE FORUM_THREAD_CREATE CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE GUILD_UPDATE
      GUILD_MEMBER_REMOVE GUILD_DELETE GUILD_CREATE`.split(/\s+/)
    for (const name of names) expect((await socket.frames.take()).t).toBe(name)
  })

  test('a guild without the bot is out of reach', async () => {
    guild.removeBot(alice)
    expect(await code(api.call('GET', `/guilds/${guild.id}`))).toBe(10004)
    expect(await code(api.call('GET', `/channels/${channel.id}`))).toBe(10003)
    expect((await api.call('GET', '/users/@me/guilds')).text).toBe('[]')
  })
})
