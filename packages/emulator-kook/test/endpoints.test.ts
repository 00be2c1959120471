import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KookChannel, KookGuild, KookRole } from '../src/people/guild.ts'
import type { KookMessage } from '../src/people/message.ts'
import type { KookUser } from '../src/people/user.ts'
import { startKookEmulator, type KookEmulator } from '../src/emulator.ts'
import { endpoints } from '../src/endpoints/index.ts'
import { callApi, itemsOf, text, upload } from './raw-client.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { KookPermission } from '../src/world/permissions.ts'

let emulator: KookEmulator
let alice: KookUser
let bob: KookUser
let guild: KookGuild
let lobby: KookChannel
let voice: KookChannel
let threads: KookChannel
let category: KookChannel
let role: KookRole
let said: KookMessage
let whispered: KookMessage
let own: string
let ownDirect: string

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47])
const cards = JSON.stringify([{ type: 'card', modules: [{ type: 'header', text: 'Hi' }] }])

beforeEach(async () => {
  emulator = await startKookEmulator()
  alice = emulator.user({ username: 'alice', identifyNum: '0042' })
  bob = emulator.user({ username: 'bob', identifyNum: '0043' })
  guild = emulator.guild({ name: 'Tea House', members: [alice, bob] })
  lobby = guild.channel('lobby')
  category = guild.category('Rooms')
  voice = guild.voiceChannel('voice', category)
  threads = guild.threadChannel('threads')
  role = guild.role('Moderator')
  said = alice.in(lobby).say('hello')
  whispered = alice.direct.say('psst')
  own = text((await api('POST message/create', { target_id: lobby.id, content: 'own' })).data.msg_id)
  ownDirect = text(
    (await api('POST direct-message/create', { target_id: alice.id, content: 'own', type: 9 })).data.msg_id,
  )
})

afterEach(() => emulator.close())

const api = (route: string, params: JsonObject = {}) => callApi(emulator, route, params)
const items = async (route: string, params: JsonObject = {}) => itemsOf(await api(route, params))
const ids = (list: readonly JsonObject[], key = 'id'): unknown[] => list.map((item) => item[key] ?? null)
const g = (): JsonObject => ({ guild_id: guild.id })

describe('the table of calls', () => {
  const gets = `gateway/index badge/guild guild/list guild/view guild/user-list guild-mute/list
    guild-boost/history channel/list channel/view channel/user-list channel-role/index
    channel-user/get-joined-channel message/list message/view message/reaction-list direct-message/list
    direct-message/view direct-message/reaction-list user-chat/list user-chat/view user/me user/view
    user/get-online-status friend intimacy/index game guild-role/list guild-emoji/list invite/list
    blacklist/list voice/list category/list thread/view thread/list thread/post template/list`
  const posts = `asset/create guild/nickname guild/leave guild/kickout guild-mute/create guild-mute/delete
    channel/create channel/update channel/delete channel/move-user channel/kickout channel/message
    channel-role/create channel-role/update channel-role/sync channel-role/delete message/create
    message/update message/delete message/add-reaction message/delete-reaction message/send-pipemsg
    message/pin message/unpin direct-message/create direct-message/update direct-message/delete
    direct-message/add-reaction direct-message/delete-reaction user-chat/create user-chat/delete
    user-chat/create-msg user-chat/update-msg user-chat/delete-msg
    user/offline user/online friend/request friend/handle-request friend/delete friend/block
    friend/unblock intimacy/update game/create game/update game/delete game/activity game/delete-activity
    guild-role/create guild-role/update guild-role/delete guild-role/grant guild-role/revoke
    guild-emoji/create guild-emoji/update guild-emoji/delete invite/create invite/delete
    blacklist/create blacklist/delete voice/join voice/leave voice/keep-alive thread/create thread/reply
    thread/delete template/create template/update template/delete`
  const routes = (method: string, paths: string): string[] =>
    paths.split(/\s+/).map((path) => `${method} ${path}`)

  it('holds every documented call and no other', () => {
    const documented = [...routes('GET', gets), ...routes('POST', posts)]
    expect(Object.keys(endpoints).toSorted()).toEqual(documented.toSorted())
  })
})

describe('messages of channels', () => {
  it('are sent as KMarkdown by default and answered without content', async () => {
    const { data } = await api('POST message/create', { target_id: lobby.id, content: '*hi*', nonce: 'n-1' })
    expect(data).toEqual({ msg_id: data.msg_id, msg_timestamp: data.msg_timestamp, nonce: 'n-1' })
    const { data: view } = await api('GET message/view', { msg_id: text(data.msg_id) })
    expect(view).toMatchObject({
      id: data.msg_id,
      type: 9,
      content: '*hi*',
      channel_id: lobby.id,
      author: { id: emulator.bot.id, bot: true },
      create_at: data.msg_timestamp,
      updated_at: 0,
      quote: null,
      reactions: [],
    })
  })

  it('quote, are edited with and without their quote, and are deleted', async () => {
    const { data } = await api('POST message/create', { target_id: lobby.id, content: 'a', quote: said.id })
    const msg_id = text(data.msg_id)
    const reply = await alice.in(lobby).expectReply('a')
    expect(reply.quoteId).toBe(said.id)
    await api('POST message/update', { msg_id, content: 'b' })
    expect(await alice.in(lobby).expectEdit('b')).toMatchObject({ id: msg_id, quoteId: said.id })
    await api('POST message/update', { msg_id, content: 'c', quote: '' })
    expect((await alice.in(lobby).expectEdit('c')).quoteId).toBeUndefined()
    await api('POST message/delete', { msg_id })
    await alice.in(lobby).expectDeletion(reply)
    expect(reply.isDeleted).toBe(true)
    expect((await api('GET message/view', { msg_id })).code).toBe(40000)
  })

  it('can be for one person, who alone sees them, and are not stored', async () => {
    const { data } = await api('POST message/create', {
      target_id: lobby.id,
      content: 'for you',
      temp_target_id: alice.id,
    })
    expect((await alice.in(lobby).expectReply('for you')).isTemporary).toBe(true)
    await expect(bob.in(lobby).expectReply('for you', 10)).rejects.toThrow(/for you/)
    const msg_id = text(data.msg_id)
    for (const route of ['GET message/view', 'POST message/delete'])
      expect((await api(route, { msg_id })).code).toBe(40000)
    expect((await api('POST message/update', { msg_id, content: 'x' })).code).toBe(40000)
  })

  it('can look different to one person', async () => {
    await api('POST message/update', { msg_id: own, content: 'yours', temp_target_id: alice.id })
    expect((await alice.in(lobby).expectEdit()).content).toBe('yours')
    expect((await bob.in(lobby).expectReply('own')).content).toBe('own')
    expect((await api('GET message/view', { msg_id: own })).data.content).toBe('own')
  })

  it('of the types with media take what this bot uploaded', async () => {
    const { data } = await upload(emulator, 'asset/create', { field: 'file', name: 'a.png', bytes: png })
    const url = text(data.url)
    expect((await api('POST message/create', { type: 2, target_id: lobby.id, content: url })).code).toBe(0)
    expect(await alice.in(lobby).expectReply((message) => message.type === 2)).toMatchObject({ content: url })
    expect((await api('POST message/create', { type: 3, target_id: lobby.id, content: url })).status).toBe(
      400,
    )
    alice.in(lobby).sendImage({ name: 'b.png', bytes: png })
    const foreign = text((await items('GET message/list', { target_id: lobby.id })).at(-1)?.content)
    expect((await api('POST message/create', { type: 2, target_id: lobby.id, content: foreign })).code).toBe(
      40000,
    )
  })

  it('are listed around a reference', async () => {
    const all = [said.id, own]
    for (const name of ['c', 'd', 'e']) all.push(alice.in(lobby).say(name).id)
    const list = async (params: JsonObject) =>
      ids(await items('GET message/list', { target_id: lobby.id, ...params }))
    expect(await list({})).toEqual(all)
    expect(await list({ page_size: 2 })).toEqual(all.slice(3))
    expect(await list({ msg_id: all[3] ?? '', flag: 'before', page_size: 2 })).toEqual(all.slice(1, 3))
    expect(await list({ msg_id: all[1] ?? '', flag: 'after' })).toEqual(all.slice(2))
    expect(await list({ msg_id: all[2] ?? '', flag: 'around', page_size: 3 })).toEqual(all.slice(1, 4))
    await api('POST message/pin', { target_id: lobby.id, msg_id: own })
    expect(await list({ pin: 1 })).toEqual([own])
    await api('POST message/unpin', { target_id: lobby.id, msg_id: own })
    expect(await list({ pin: 1 })).toEqual([])
  })

  it('carry reactions', async () => {
    await api('POST message/add-reaction', { msg_id: said.id, emoji: '📢' })
    alice.in(lobby).react(said, '[#128226;]')
    expect(said.reactions).toEqual({ '[#128226;]': [emulator.bot.id, alice.id] })
    const { list } = await api('GET message/reaction-list', { msg_id: said.id, emoji: '[#128226;]' })
    expect(list).toMatchObject([
      { id: emulator.bot.id, reaction_time: expect.any(Number) },
      { id: alice.id, username: 'alice' },
    ])
    const { data } = await api('GET message/view', { msg_id: said.id })
    expect(data.reactions).toEqual([{ emoji: { id: '[#128226;]', name: '[#128226;]' }, count: 2, me: true }])
    await api('POST message/delete-reaction', { msg_id: said.id, emoji: '📢' })
    await api('POST message/delete-reaction', { msg_id: said.id, emoji: '📢', user_id: alice.id })
    expect(said.reactions).toEqual({})
  })

  it('come out of templates and pipes', async () => {
    const template_id = emulator.template({
      title: 'greeting',
      type: 9,
      content: '**{{ data.user.name }}** has {{ data.count }}',
    })
    const content = JSON.stringify({ user: { name: 'Al' }, count: 3 })
    await api('POST message/create', { target_id: lobby.id, content, template_id })
    await alice.in(lobby).expectReply('Al has 3')
    const token = emulator.pipe(lobby)
    const path = `POST message/send-pipemsg?access_token=${token}&type=9`
    const { data } = await callApi(emulator, path, { content: 'piped' }, {})
    expect(data.not_permissions_mention).toEqual([])
    await alice.in(lobby).expectReply('piped')
    const filled = emulator.pipe(lobby, template_id)
    await callApi(
      emulator,
      `POST message/send-pipemsg?access_token=${filled}`,
      { user: { name: 'Bo' }, count: 1 },
      {},
    )
    await alice.in(lobby).expectReply('Bo has 1')
    expect((await callApi(emulator, 'POST message/send-pipemsg?access_token=no', {}, {})).code).toBe(40101)
  })

  it.each<[string, string, () => JsonObject, status: number, code: number]>([
    ['without content', 'create', () => ({ target_id: lobby.id }), 400, 40000],
    ['with empty content', 'create', () => ({ target_id: lobby.id, content: '' }), 400, 40000],
    ['of 8001 characters', 'create', () => ({ target_id: lobby.id, content: 'x'.repeat(8001) }), 200, 40014],
    ['of type 8', 'create', () => ({ target_id: lobby.id, content: 'x', type: 8 }), 400, 40000],
    ['of type 12', 'create', () => ({ target_id: lobby.id, content: 'x', type: 12 }), 400, 40000],
    ['with a broken card', 'create', () => ({ target_id: lobby.id, content: '{}', type: 10 }), 200, 40011],
    ['to a category', 'create', () => ({ target_id: category.id, content: 'x' }), 400, 40000],
    ['to nowhere', 'create', () => ({ target_id: '1', content: 'x' }), 200, 40000],
    [
      'quoting a private message',
      'create',
      () => ({ target_id: lobby.id, content: 'x', quote: whispered.id }),
      200,
      40000,
    ],
    [
      'for a stranger',
      'create',
      () => ({ target_id: lobby.id, content: 'x', temp_target_id: '1' }),
      200,
      40000,
    ],
    [
      'with an unknown template',
      'create',
      () => ({ target_id: lobby.id, content: '{}', template_id: '1' }),
      200,
      40000,
    ],
    ['edited by another', 'update', () => ({ msg_id: said.id, content: 'x' }), 403, 40300],
    ['that are private, edited here', 'update', () => ({ msg_id: ownDirect, content: 'x' }), 200, 40000],
    ['with an unknown emoji', 'add-reaction', () => ({ msg_id: said.id, emoji: 'smile' }), 400, 40000],
    ['without the reaction', 'delete-reaction', () => ({ msg_id: said.id, emoji: '📢' }), 200, 40000],
    ['pinned elsewhere', 'pin', () => ({ target_id: voice.id, msg_id: own }), 400, 40000],
  ])('%s are refused', async (_what, name, params, status, code) => {
    expect(await api(`POST message/${name}`, params())).toMatchObject({ status, code, data: {} })
  })

  it('can be edited only when they are KMarkdown or cards', async () => {
    const { data } = await api('POST message/create', { target_id: lobby.id, content: 'x', type: 1 })
    expect((await api('POST message/update', { msg_id: text(data.msg_id), content: 'y' })).code).toBe(40000)
    const card = await api('POST message/create', { target_id: lobby.id, content: cards, type: 10 })
    const update = { msg_id: text(card.data.msg_id) }
    expect((await api('POST message/update', { ...update, content: 'no card' })).code).toBe(40011)
    expect((await api('POST message/update', { ...update, content: cards })).code).toBe(0)
  })
})

describe('private messages', () => {
  it('go to a user or into a chat', async () => {
    const { data: chat } = await api('POST user-chat/create', { target_id: bob.id })
    expect(chat).toMatchObject({ code: bob.chatCode, target_info: { id: bob.id, username: 'bob' } })
    const { data } = await api('POST direct-message/create', { chat_code: bob.chatCode, content: 'hi' })
    expect(await bob.direct.expectReply('hi')).toMatchObject({ type: 1 })
    const view = await api('GET direct-message/view', { chat_code: bob.chatCode, msg_id: text(data.msg_id) })
    expect(view.data).toMatchObject({ author_id: emulator.bot.id, content: 'hi', attachments: false })
    expect(view.data).not.toHaveProperty('author')
    expect(ids(await items('GET direct-message/list', { target_id: bob.id }))).toEqual([data.msg_id])
    expect(new Set(ids(await items('GET user-chat/list'), 'code'))).toEqual(
      new Set([alice.chatCode, bob.chatCode]),
    )
  })

  it('are edited, reacted to and deleted', async () => {
    await api('POST direct-message/update', { msg_id: ownDirect, content: 'new' })
    const message = await alice.direct.expectEdit('new')
    await api('POST direct-message/add-reaction', { msg_id: whispered.id, emoji: '😀' })
    expect(whispered.reactions).toEqual({ '[#128512;]': [emulator.bot.id] })
    const { list } = await api('GET direct-message/reaction-list', { msg_id: whispered.id })
    expect(list).toMatchObject([{ id: emulator.bot.id }])
    await api('POST direct-message/delete-reaction', { msg_id: whispered.id, emoji: '😀' })
    await api('POST direct-message/delete', { msg_id: ownDirect })
    await alice.direct.expectDeletion(message)
  })

  it.each<[string, string, () => JsonObject, status: number, code: number]>([
    ['to nobody', 'create', () => ({ content: 'x' }), 400, 40000],
    ['to a stranger', 'create', () => ({ content: 'x', target_id: '1' }), 200, 40000],
    ['into an unknown chat', 'create', () => ({ content: 'x', chat_code: '1' }), 200, 40000],
    ['to itself', 'create', () => ({ content: 'x', target_id: emulator.bot.id }), 400, 40000],
    [
      'for one person',
      'create',
      () => ({ content: 'x', target_id: bob.id, temp_target_id: bob.id }),
      403,
      40300,
    ],
    ['deleted by another', 'delete', () => ({ msg_id: whispered.id }), 403, 40300],
    ['that are public, deleted here', 'delete', () => ({ msg_id: own }), 200, 40000],
  ])('%s are refused', async (_what, name, params, status, code) => {
    expect(await api(`POST direct-message/${name}`, params())).toMatchObject({ status, code })
  })

  it('do not reach who blocked the bot', async () => {
    alice.blockBot()
    expect((await api('POST direct-message/create', { content: 'x', target_id: alice.id })).code).toBe(40300)
    const { data } = await api('GET user-chat/view', { chat_code: alice.chatCode })
    expect(data).toMatchObject({ is_friend: false, is_blocked: false, is_target_blocked: true })
    await api('POST user-chat/delete', { chat_code: alice.chatCode })
    expect(await items('GET user-chat/list')).toEqual([])
  })
})

describe('guilds and members', () => {
  it('are shown with their roles and channels', async () => {
    const { data } = await api('GET guild/view', g())
    expect(data).toMatchObject({
      id: guild.id,
      name: 'Tea House',
      user_id: alice.id,
      enable_open: false,
      open_id: '0',
      default_channel_id: lobby.id,
      level: 0,
    })
    expect(data.roles).toContainEqual(expect.objectContaining({ role_id: role.id, hoist: 0 }))
    expect(data.channels).toContainEqual(
      expect.objectContaining({ id: category.id, is_category: true, type: 0 }),
    )
    expect((await api('GET guild/view', { guild_id: emulator.guild({ bot: false }).id })).code).toBe(40000)
  })

  it.each<[JsonObject, () => string[]]>([
    [{}, () => [alice.id, bob.id, emulator.bot.id]],
    [{ search: 'BO' }, () => [bob.id]],
    [{ filter_user_id: 'bob' }, () => []],
    [{ mobile_verified: 0 }, () => []],
    [{ role_id: 1 }, () => []],
    [{ active_time: 0, joined_at: 1 }, () => [alice.id, bob.id, emulator.bot.id]],
  ])('are searched by %o', async (params, expected) => {
    const answer = await api('GET guild/user-list', { ...g(), ...params })
    expect(new Set(ids(itemsOf(answer)))).toEqual(new Set(expected()))
    expect(answer.data).toMatchObject({ user_count: 3, online_count: 3, offline_count: 0 })
  })

  it('get and lose nicknames', async () => {
    await api('POST guild/nickname', { ...g(), user_id: bob.id, nickname: 'Bobby' })
    const view = () => api('GET user/view', { user_id: bob.id, ...g() })
    expect((await view()).data).toMatchObject({ username: 'bob', nickname: 'Bobby', roles: [] })
    await api('POST guild/nickname', { ...g(), user_id: bob.id })
    expect((await view()).data.nickname).toBe('bob')
    expect((await api('POST guild/nickname', { ...g(), nickname: 'x' })).status).toBe(400)
  })

  it('are muted, listed and unmuted', async () => {
    const mute = { ...g(), user_id: bob.id, type: 2 }
    await api('POST guild-mute/create', mute)
    const list = () => api('GET guild-mute/list', { ...g(), return_type: 'detail' })
    expect((await list()).data).toEqual({
      mic: { type: 1, user_ids: [] },
      headset: { type: 2, user_ids: [bob.id] },
    })
    await api('POST guild-mute/delete', mute)
    expect((await list()).data.headset).toEqual({ type: 2, user_ids: [] })
    expect((await api('POST guild-mute/create', { ...mute, type: 3 })).status).toBe(400)
  })

  it('are kicked by target_id and banned with their messages', async () => {
    expect((await api('POST guild/kickout', { ...g(), user_id: bob.id })).status).toBe(400)
    const message = bob.in(lobby).say('spam')
    await api('POST blacklist/create', { ...g(), target_id: bob.id, remark: 'spam', del_msg_days: 1 })
    expect(guild.memberIds).not.toContain(bob.id)
    expect(message.isDeleted).toBe(true)
    expect(await items('GET blacklist/list', g())).toMatchObject([{ user_id: bob.id, remark: 'spam' }])
    await api('POST blacklist/delete', { ...g(), target_id: bob.id })
    expect(await items('GET blacklist/list', g())).toEqual([])
    bob.join(guild)
    await api('POST guild/kickout', { ...g(), target_id: bob.id })
    expect(guild.memberIds).not.toContain(bob.id)
    expect((await api('POST blacklist/create', { ...g(), target_id: bob.id, del_msg_days: 8 })).status).toBe(
      400,
    )
  })

  it('show their boosts and their badge', async () => {
    guild.boost(bob)
    expect(await items('GET guild-boost/history', g())).toMatchObject([
      { user_id: bob.id, guild_id: guild.id },
    ])
    expect(await items('GET guild-boost/history', { ...g(), end_time: 1 })).toEqual([])
    const response = await fetch(`${emulator.baseUrl}/badge/guild?guild_id=${guild.id}&style=2`)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(await response.text()).toContain('3/3')
  })

  it('are left by the bot', async () => {
    await api('POST guild/leave', g())
    expect(await items('GET guild/list')).toEqual([])
    expect((await api('POST guild/leave', g())).code).toBe(40000)
  })
})

describe('channels', () => {
  it('are listed by type and category', async () => {
    const list = async (params: JsonObject) => ids(await items('GET channel/list', { ...g(), ...params }))
    expect(await list({})).toEqual([lobby.id, category.id, voice.id, threads.id])
    expect(await list({ type: 2 })).toEqual([voice.id])
    expect(await list({ parent_id: category.id })).toEqual([voice.id])
  })

  it('are made, changed, shown and deleted', async () => {
    const made = await api('POST channel/create', {
      ...g(),
      name: 'new',
      type: 2,
      parent_id: category.id,
      limit_amount: 9,
      voice_quality: '3',
    })
    const channel_id = text(made.data.id)
    expect(made.data).toMatchObject({ name: 'new', type: 2, parent_id: category.id, is_category: false })
    const changed = await api('POST channel/update', {
      channel_id,
      name: 'newer',
      slow_mode: 5000,
      parent_id: '0',
    })
    expect(changed.data).toMatchObject({ name: 'newer', slow_mode: 5, is_category: 0, parent_id: '' })
    const { data } = await api('GET channel/view', { target_id: channel_id, need_children: true })
    expect(data).toMatchObject({
      name: 'newer',
      limit_amount: 9,
      voice_quality: '3',
      slow_mode: 5,
      children: [],
    })
    await api('POST channel/delete', { channel_id })
    expect((await api('GET channel/view', { target_id: channel_id })).code).toBe(40000)
    const group = await api('POST channel/create', { ...g(), name: 'Games', is_category: 1 })
    expect(group.data).toMatchObject({ type: 0, is_category: true })
    const { data: parent } = await api('GET channel/view', { target_id: category.id, need_children: 'true' })
    expect(parent.children).toEqual([voice.id])
  })

  it.each<[string, string, () => JsonObject]>([
    ['a hundred people', 'create', () => ({ ...g(), name: 'x', limit_amount: 100 })],
    ['type 4', 'create', () => ({ ...g(), name: 'x', type: 4 })],
    ['no name', 'create', g],
    ['a text channel as category', 'create', () => ({ ...g(), name: 'x', parent_id: lobby.id })],
    ['a slow mode in seconds', 'update', () => ({ channel_id: lobby.id, slow_mode: 5 })],
    ['a voice quality of 4', 'update', () => ({ channel_id: voice.id, voice_quality: '4' })],
  ])('are refused with %s', async (_what, name, params) => {
    expect(await api(`POST channel/${name}`, params())).toMatchObject({ status: 400, code: 40000 })
  })

  it('with voice show, move and lose who is in them', async () => {
    const other = guild.voiceChannel('other')
    alice.joinVoice(voice)
    expect((await api('GET channel/user-list', { channel_id: voice.id })).list).toMatchObject([
      { id: alice.id },
    ])
    const move = (user: KookUser) =>
      api('POST channel/move-user', { target_id: other.id, user_ids: [user.id] })
    expect((await move(bob)).code).toBe(40000)
    expect((await move(alice)).code).toBe(0)
    expect(other.voiceUserIds).toEqual([alice.id])
    const joined = await items('GET channel-user/get-joined-channel', { ...g(), user_id: alice.id })
    expect(ids(joined)).toEqual([other.id])
    await api('POST channel/kickout', { channel_id: other.id, user_id: alice.id })
    expect(other.voiceUserIds).toEqual([])
    expect((await api('GET channel/user-list', { channel_id: lobby.id })).status).toBe(400)
  })

  it('take overwrites, which a category hands on to channels in step', async () => {
    const target = { channel_id: category.id, type: 'role_id', value: String(role.id) }
    expect((await api('POST channel-role/update', { ...target, allow: 2048 })).code).toBe(40000)
    expect((await api('POST channel-role/create', target)).data).toEqual({
      role_id: role.id,
      allow: 0,
      deny: 0,
    })
    await api('POST channel-role/update', { ...target, allow: 2048, deny: 4096 })
    const index = async (channel: KookChannel) =>
      (await api('GET channel-role/index', { channel_id: channel.id })).data
    const overwrite = { role_id: role.id, allow: 2048, deny: 4096 }
    expect((await index(voice)).permission_overwrites).toContainEqual(overwrite)
    const user = { channel_id: voice.id, value: bob.id }
    expect((await api('POST channel-role/create', user)).data).toEqual({ user_id: bob.id, allow: 0, deny: 0 })
    expect(await index(voice)).toMatchObject({
      permission_sync: 0,
      permission_users: [{ user: { id: bob.id } }],
    })
    const synced = await api('POST channel-role/sync', { channel_id: voice.id })
    expect(synced.data.permission_users).toEqual([])
    expect((await index(voice)).permission_sync).toBe(1)
    await api('POST channel-role/delete', target)
    expect((await index(voice)).permission_overwrites).not.toContainEqual(overwrite)
  })
})

describe('roles', () => {
  it('are made, changed, granted, revoked and deleted', async () => {
    const { data } = await api('POST guild-role/create', g())
    expect(data).toMatchObject({ name: '新角色', permissions: 0 })
    const named = { ...g(), role_id: Number(data.role_id) }
    const changed = await api('POST guild-role/update', {
      ...named,
      permissions: 5_571_747_823,
      hoist: 1,
      color: 255,
    })
    expect(changed.data).toMatchObject({ permissions: 5_571_747_823, hoist: 1, color: 255, name: '新角色' })
    const grant = { ...named, user_id: bob.id }
    expect((await api('POST guild-role/grant', grant)).data).toEqual({
      user_id: bob.id,
      guild_id: guild.id,
      roles: [data.role_id],
    })
    expect((await api('POST guild-role/revoke', grant)).data.roles).toEqual([])
    expect((await api('POST guild-role/revoke', grant)).code).toBe(40000)
    await api('POST guild-role/delete', named)
    const list = ids(await items('GET guild-role/list', g()), 'role_id')
    expect(list).toContain(0)
    expect(list).not.toContain(data.role_id)
  })
})

describe('permissions', () => {
  it.each<[KookPermission, string, () => JsonObject]>([
    ['sendMessages', 'POST message/create', () => ({ target_id: lobby.id, content: 'x' })],
    ['manageMessages', 'POST message/delete', () => ({ msg_id: said.id })],
    ['manageMessages', 'POST message/pin', () => ({ target_id: lobby.id, msg_id: said.id })],
    ['addReactions', 'POST message/add-reaction', () => ({ msg_id: said.id, emoji: '📢' })],
    ['kickMembers', 'POST guild/kickout', () => ({ ...g(), target_id: bob.id })],
    ['banMembers', 'POST blacklist/create', () => ({ ...g(), target_id: bob.id })],
    ['muteMembers', 'POST guild-mute/create', () => ({ ...g(), user_id: bob.id, type: 1 })],
    ['deafenMembers', 'POST guild-mute/create', () => ({ ...g(), user_id: bob.id, type: 2 })],
    ['changeNickname', 'POST guild/nickname', () => ({ ...g(), nickname: 'xx' })],
    ['changeOthersNicknames', 'POST guild/nickname', () => ({ ...g(), user_id: bob.id, nickname: 'xx' })],
    ['manageChannels', 'POST channel/create', () => ({ ...g(), name: 'x' })],
    ['manageRoles', 'POST guild-role/create', g],
    ['manageInvites', 'GET invite/list', g],
    ['createInvites', 'POST invite/create', g],
    ['manageGuild', 'GET guild-boost/history', g],
    ['connectVoice', 'POST voice/join', () => ({ channel_id: voice.id })],
  ])('%s opens %s', async (permission, route, params) => {
    await api('POST guild-role/update', { ...g(), role_id: 0, permissions: 2048 })
    guild.setBotPermissions([])
    expect(await api(route, params())).toMatchObject({ status: 403, code: 40300 })
    guild.setBotPermissions([permission])
    expect((await api(route, params())).code).toBe(0)
  })

  it('of a channel come before those of the guild', async () => {
    const send = () => api('POST message/create', { target_id: lobby.id, content: 'x' })
    guild.setBotPermissions([])
    lobby.overwrite({ role: 0 }, { deny: ['sendMessages'] })
    expect((await send()).code).toBe(40300)
    lobby.overwrite({ user: emulator.botUser }, { allow: ['sendMessages'] })
    expect((await send()).code).toBe(0)
    lobby.overwrite({ user: emulator.botUser }, { deny: ['viewChannels'] })
    expect((await send()).code).toBe(40300)
  })

  it('reach no higher than the own highest role, even for an administrator', async () => {
    const chief = guild.role('Chief', [], 0)
    guild.setBotPermissions(['administrator'], 1)
    const kick = (user: KookUser) => api('POST guild/kickout', { ...g(), target_id: user.id })
    expect((await kick(alice)).code).toBe(40300)
    guild.grant(bob, chief)
    expect((await kick(bob)).code).toBe(40300)
    expect((await api('POST guild-role/delete', { ...g(), role_id: chief.id })).code).toBe(40300)
    guild.revoke(bob, chief)
    expect((await kick(bob)).code).toBe(0)
  })

  it('can be handed on only by who has them', async () => {
    guild.setBotPermissions(['manageRoles'], 0)
    const update = (permissions: number) =>
      api('POST guild-role/update', { ...g(), role_id: role.id, permissions })
    expect((await update(1)).code).toBe(40300)
    expect((await update(1024)).code).toBe(0)
  })
})

describe('emojis and invites', () => {
  const create = (name: string, bytes = png) =>
    upload(
      emulator,
      'guild-emoji/create',
      { field: 'emoji', name: 'e.png', bytes },
      { guild_id: guild.id, name },
    )

  it('are made, renamed, used, listed and deleted', async () => {
    const { data } = await create('party')
    expect(data).toMatchObject({ name: 'party', user_info: { id: emulator.bot.id } })
    const id = text(data.id)
    expect((await api('POST guild-emoji/update', { id, name: 'party2' })).code).toBe(0)
    await api('POST message/add-reaction', { msg_id: said.id, emoji: id })
    const { data: view } = await api('GET message/view', { msg_id: said.id })
    expect(view.reactions).toEqual([{ emoji: { id, name: 'party2' }, count: 1, me: true }])
    expect(ids(await items('GET guild-emoji/list', g()))).toEqual([id])
    expect((await api('POST guild-emoji/delete', { id })).code).toBe(0)
    expect((await api('POST guild-emoji/delete', { id })).code).toBe(40000)
  })

  it.each([
    ['a short name', 'x', png, 400, 40000],
    ['no PNG', 'party', Uint8Array.from([0xff, 0xd8, 0xff]), 400, 40000],
    ['a large file', 'party', new Uint8Array(256 * 1024 + 1), 413, 40014],
  ])('are refused with %s', async (_what, name, bytes, status, code) => {
    expect(await create(name, bytes)).toMatchObject({ status, code })
  })

  it('of guilds and channels are listed and deleted', async () => {
    const ofGuild = await api('POST invite/create', { ...g(), duration: 0, setting_times: 5 })
    const ofVoice = await api('POST invite/create', { channel_id: voice.id })
    const list = await items('GET invite/list', g())
    expect(list.map(({ url }) => url)).toEqual([ofGuild.data.url, ofVoice.data.url])
    expect(await items('GET invite/list', { channel_id: voice.id })).toMatchObject([{ channel_id: voice.id }])
    await api('POST invite/delete', { url_code: text(list[0]?.url_code) })
    expect(await items('GET invite/list', g())).toHaveLength(1)
    expect((await api('POST invite/create', { ...g(), duration: 5 })).status).toBe(400)
    expect((await api('POST invite/create')).status).toBe(400)
  })
})

describe('friends, intimacy and games', () => {
  it('become friends both ways, and stop being so', async () => {
    const { data } = await api('GET friend')
    expect(data).toEqual({ friend: [], request: [], blocked: [] })
    expect((await api('POST friend/request', { user_code: 'alice#0042', from: 0 })).code).toBe(0)
    alice.acceptFriendship()
    expect((await api('POST friend/request', { user_code: 'alice#0042', from: 0 })).code).toBe(42007)
    const id = bob.requestFriendship()
    expect((await api('GET friend', { type: 'request' })).data.request).toMatchObject([{ id, own: false }])
    await api('POST friend/handle-request', { id, accept: 1 })
    const { data: after } = await api('GET friend', { type: 'friend' })
    expect(after.friend).toMatchObject([{ friend_info: { id: alice.id } }, { friend_info: { id: bob.id } }])
    await api('POST friend/delete', { user_id: alice.id })
    await api('POST friend/block', { user_id: bob.id })
    expect((await api('GET friend')).data).toMatchObject({
      friend: [],
      blocked: [{ friend_info: { id: bob.id } }],
    })
    await api('POST friend/unblock', { user_id: bob.id })
    expect((await api('GET friend', { type: 'block' })).data.blocked).toEqual([])
  })

  it.each<[string, JsonObject]>([
    ['POST friend/request', { user_code: 'nobody#0000', from: 0 }],
    ['POST friend/request', { user_code: 'alice#0042', from: 1 }],
    ['POST friend/handle-request', { id: 1, accept: 1 }],
    ['POST friend/delete', { user_id: '1' }],
    ['POST intimacy/update', { user_id: '1' }],
    ['POST game/update', { id: 1 }],
    ['POST game/activity', { data_type: 1, id: 1 }],
    ['POST game/activity', { data_type: 2, singer: 'x' }],
    ['GET user/view', { user_id: '1' }],
  ])('%s is refused with %o', async (route, params) => {
    expect((await api(route, params)).code).toBe(40000)
  })

  it('have an intimacy', async () => {
    const update = { user_id: alice.id, score: 2200, social_info: 'close', img_id: '2' }
    expect((await api('POST intimacy/update', update)).code).toBe(0)
    const { data } = await api('GET intimacy/index', { user_id: alice.id })
    expect(data).toMatchObject({ score: 2200, social_info: 'close', img_list: [{ id: '1' }, { id: '2' }] })
    expect((await api('POST intimacy/update', { ...update, score: 2201 })).status).toBe(400)
    expect((await api('POST intimacy/update', { ...update, social_info: 'x'.repeat(501) })).status).toBe(400)
  })

  it('play games, of which five can be made a day', async () => {
    const { data } = await api('POST game/create', { name: 'Chess' })
    const id = Number(data.id)
    expect((await api('POST game/update', { id, name: 'Go' })).data).toMatchObject({ id, name: 'Go' })
    expect((await api('POST game/activity', { data_type: 1, id })).code).toBe(0)
    expect((await api('POST game/activity', { data_type: 2, singer: 'A', music_name: 'B' })).code).toBe(0)
    for (const data_type of [1, 2]) {
      expect((await api('POST game/delete-activity', { data_type })).code).toBe(0)
    }
    for (let made = 1; made < 5; made += 1) await api('POST game/create', { name: `game ${made}` })
    expect((await api('POST game/create', { name: 'one more' })).code).toBe(40000)
    expect(await items('GET game', { type: 1 })).toHaveLength(5)
    expect(await items('GET game', { type: 2 })).toEqual([])
    expect((await api('POST game/delete', { id })).code).toBe(0)
  })
})

describe('voice', () => {
  it('is joined with an address to stream to, kept alive and left', async () => {
    const { data } = await api('POST voice/join', {
      channel_id: voice.id,
      audio_ssrc: '2222',
      rtcp_mux: false,
    })
    expect(data).toMatchObject({ ip: '127.0.0.1', audio_ssrc: '2222', audio_pt: '111', rtcp_mux: false })
    expect(voice.voiceUserIds).toEqual([emulator.bot.id])
    expect(ids(await items('GET voice/list'))).toEqual([voice.id])
    expect((await api('POST voice/keep-alive', { channel_id: voice.id })).code).toBe(0)
    expect((await api('POST voice/leave', { channel_id: voice.id })).code).toBe(0)
    for (const name of ['leave', 'keep-alive']) {
      expect((await api(`POST voice/${name}`, { channel_id: voice.id })).code).toBe(40000)
    }
  })

  it('is closed to who lacks the password or finds no place', async () => {
    await api('POST channel/update', { channel_id: voice.id, password: 'sesame', limit_amount: 1 })
    expect((await api('POST voice/join', { channel_id: voice.id })).code).toBe(40300)
    alice.joinVoice(voice)
    expect((await api('POST voice/join', { channel_id: voice.id, password: 'sesame' })).code).toBe(40000)
    alice.leaveVoice()
    expect((await api('POST voice/join', { channel_id: voice.id, password: 'sesame' })).code).toBe(0)
  })
})

describe('threads and templates', () => {
  it('are opened, answered, read and deleted', async () => {
    const channel_id = threads.id
    expect((await api('GET category/list', { channel_id })).data.list).toHaveLength(1)
    const opened = await api('POST thread/create', {
      ...g(),
      channel_id,
      title: 'T',
      content: cards,
      tag_ids: ['1'],
    })
    const thread_id = text(opened.data.id)
    expect(opened.data).toMatchObject({ status: 2, title: 'T', tags: ['1'] })
    const answer = await api('POST thread/reply', { channel_id, thread_id, content: cards })
    expect(answer.data).toMatchObject({ thread_id, user: { id: emulator.bot.id } })
    expect((await api('GET thread/view', { channel_id, thread_id })).data.content).toContain('"header"')
    expect(ids(await items('GET thread/list', { channel_id }))).toEqual([thread_id])
    expect(ids(await items('GET thread/post', { channel_id, thread_id, order: 'desc' }))).toEqual([
      answer.data.id,
    ])
    await api('POST thread/delete', { channel_id, post_id: text(answer.data.id) })
    expect(await items('GET thread/post', { channel_id, thread_id })).toEqual([])
    await api('POST thread/delete', { channel_id, thread_id })
    expect((await api('GET thread/view', { channel_id, thread_id })).code).toBe(40000)
    expect((await api('GET thread/list', { channel_id: lobby.id })).status).toBe(400)
  })

  it('are managed', async () => {
    const made = await api('POST template/create', { title: 'a', content: '{{ data.x }}' })
    const [template] = await items('GET template/list')
    expect(made.data.model).toEqual(template)
    const id = text(template?.id)
    await api('POST template/update', { id, title: 'b', msgtype: 2 })
    expect(await items('GET template/list')).toMatchObject([{ id, title: 'b', msgtype: 2 }])
    await api('POST template/delete', { id })
    expect((await api('POST template/delete', { id })).code).toBe(40000)
  })

  it('are refused where they need more of Twig than there is', async () => {
    const template_id = emulator.template({ title: 't', type: 9, content: '{% if data.x %}a{% endif %}' })
    const answer = await api('POST message/create', { target_id: lobby.id, content: '{}', template_id })
    expect(answer.code).toBe(40011)
  })
})
