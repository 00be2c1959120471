import { RecordingLogger } from '@mynah/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type ScriptedAnswer, ScriptedServer, success } from '../../test/scripted-server.ts'
import { KookHttp, type PagedList } from '../http.ts'
import { hasPermission, permissionSet } from '../wire/permissions.ts'
import { KookApi } from './kook-api.ts'

let server: ScriptedServer
let http: KookHttp
let api: KookApi

beforeAll(async () => {
  server = await ScriptedServer.start()
  http = new KookHttp({ baseUrl: server.baseUrl, token: 't', logger: new RecordingLogger() })
  api = new KookApi(http, 'bot')
})

afterAll(async () => {
  await http.stop()
  await server[Symbol.asyncDispose]()
})

beforeEach(() => {
  server.requests.length = 0
  server.answer = () => success({ items: [] })
})

const first = (list: PagedList<unknown>): Promise<unknown> => list.page(1)
const paged = { page: '1', page_size: '50' }
const png = Buffer.from('89504e470d0a1a0a0000', 'hex')

/** Method, path, parameters on the wire, call. */
const calls: [string, object, (api: KookApi) => Promise<unknown>][] = [
  ['GET gateway/index', { compress: '1' }, ({ platform }) => platform.gateway(true)],
  ['GET badge/guild', { guild_id: 'g', style: '2' }, ({ platform }) => platform.guildBadge('g', 2)],
  ['GET guild/list', { ...paged, sort: '-id' }, ({ guilds }) => first(guilds.list({ sort: '-id' }))],
  ['GET guild/view', { guild_id: 'g' }, ({ guilds }) => guilds.get('g')],
  [
    'GET guild/user-list',
    { ...paged, guild_id: 'g', role_id: '7', search: 'x' },
    ({ guilds }) => first(guilds.users('g', { role_id: 7, search: 'x' })),
  ],
  [
    'POST guild/nickname',
    { guild_id: 'g', nickname: 'n', user_id: 'u' },
    ({ guilds }) => guilds.setNickname('g', 'n', 'u'),
  ],
  ['POST guild/nickname', { guild_id: 'g', nickname: '' }, ({ guilds }) => guilds.setNickname('g', '')],
  ['POST guild/leave', { guild_id: 'g' }, ({ guilds }) => guilds.leave('g')],
  ['POST guild/kickout', { guild_id: 'g', target_id: 'u' }, ({ guilds }) => guilds.kick('g', 'u')],
  ['GET guild-mute/list', { guild_id: 'g', return_type: 'detail' }, ({ guilds }) => guilds.mutes('g')],
  [
    'POST guild-mute/create',
    { guild_id: 'g', user_id: 'u', type: 1 },
    ({ guilds }) => guilds.mute('g', 'u', 'microphone'),
  ],
  [
    'POST guild-mute/delete',
    { guild_id: 'g', user_id: 'u', type: 2 },
    ({ guilds }) => guilds.unmute('g', 'u', 'headset'),
  ],
  [
    'GET guild-boost/history',
    { ...paged, guild_id: 'g', start_time: '5' },
    ({ guilds }) => first(guilds.boosts('g', { start_time: 5 })),
  ],
  ['GET channel/list', { ...paged, guild_id: 'g' }, ({ channels }) => first(channels.list('g'))],
  ['GET channel/view', { target_id: 'c', need_children: 'true' }, ({ channels }) => channels.get('c', true)],
  [
    'POST channel/create',
    { guild_id: 'g', name: 'n', is_category: 1 },
    ({ channels }) => channels.create('g', { name: 'n', is_category: 1 }),
  ],
  [
    'POST channel/update',
    { channel_id: 'c', slow_mode: 5000 },
    ({ channels }) => channels.update('c', { slow_mode: 5000 }),
  ],
  ['POST channel/delete', { channel_id: 'c' }, ({ channels }) => channels.delete('c')],
  ['GET channel/user-list', { channel_id: 'c' }, ({ channels }) => channels.users('c')],
  [
    'POST channel/move-user',
    { target_id: 'c', user_ids: ['u'] },
    ({ channels }) => channels.moveUsers('c', ['u']),
  ],
  ['POST channel/kickout', { channel_id: 'c', user_id: 'u' }, ({ channels }) => channels.kick('c', 'u')],
  ['GET channel-role/index', { channel_id: 'c' }, ({ channels }) => channels.permissions('c')],
  [
    'POST channel-role/create',
    { channel_id: 'c', type: 'role_id', value: '7' },
    ({ channels }) => channels.createOverwrite('c', { roleId: 7 }),
  ],
  [
    'POST channel-role/update',
    { channel_id: 'c', type: 'user_id', value: 'u', allow: 4096, deny: 1 },
    ({ channels }) =>
      channels.updateOverwrite('c', { userId: 'u' }, { allow: permissionSet('sendMessages'), deny: 1 }),
  ],
  ['POST channel-role/sync', { channel_id: 'c' }, ({ channels }) => channels.syncPermissions('c')],
  [
    'POST channel-role/delete',
    { channel_id: 'c', type: 'role_id', value: '0' },
    ({ channels }) => channels.deleteOverwrite('c', { roleId: 0 }),
  ],
  [
    'GET channel-user/get-joined-channel',
    { ...paged, guild_id: 'g', user_id: 'u' },
    ({ channels }) => first(channels.joinedBy('g', 'u')),
  ],
  ['GET message/list', { target_id: 'c', pin: '1' }, ({ messages }) => messages.list('c', { pin: 1 })],
  ['GET message/view', { msg_id: 'm' }, ({ messages }) => messages.get('m')],
  [
    'POST message/create',
    { type: 9, target_id: 'c', content: 'x' },
    ({ messages }) => messages.create({ type: 9, target_id: 'c', content: 'x' }),
  ],
  [
    'POST message/update',
    { msg_id: 'm', content: 'x', quote: '' },
    ({ messages }) => messages.update('m', { content: 'x', quote: '' }),
  ],
  ['POST message/delete', { msg_id: 'm' }, ({ messages }) => messages.delete('m')],
  ['GET message/reaction-list', { msg_id: 'm', emoji: 'e' }, ({ messages }) => messages.reactions('m', 'e')],
  [
    'POST message/add-reaction',
    { msg_id: 'm', emoji: 'e' },
    ({ messages }) => messages.addReaction('m', 'e'),
  ],
  [
    'POST message/delete-reaction',
    { msg_id: 'm', emoji: 'e', user_id: 'u' },
    ({ messages }) => messages.deleteReaction('m', 'e', 'u'),
  ],
  ['POST message/pin', { target_id: 'c', msg_id: 'm' }, ({ messages }) => messages.pin('c', 'm')],
  ['POST message/unpin', { target_id: 'c', msg_id: 'm' }, ({ messages }) => messages.unpin('c', 'm')],
  [
    'GET direct-message/list',
    { chat_code: 'k' },
    ({ directMessages }) => directMessages.list({ chat_code: 'k' }),
  ],
  [
    'GET direct-message/view',
    { chat_code: 'k', msg_id: 'm' },
    ({ directMessages }) => directMessages.get('k', 'm'),
  ],
  [
    'POST direct-message/create',
    { type: 9, target_id: 'u', content: 'x' },
    ({ directMessages }) => directMessages.create({ type: 9, target_id: 'u', content: 'x' }),
  ],
  [
    'POST direct-message/update',
    { msg_id: 'm', content: 'x' },
    ({ directMessages }) => directMessages.update('m', { content: 'x' }),
  ],
  ['POST direct-message/delete', { msg_id: 'm' }, ({ directMessages }) => directMessages.delete('m')],
  [
    'GET direct-message/reaction-list',
    { msg_id: 'm', emoji: 'e' },
    ({ directMessages }) => directMessages.reactions('m', 'e'),
  ],
  [
    'POST direct-message/add-reaction',
    { msg_id: 'm', emoji: 'e' },
    ({ directMessages }) => directMessages.addReaction('m', 'e'),
  ],
  [
    'POST direct-message/delete-reaction',
    { msg_id: 'm', emoji: 'e' },
    ({ directMessages }) => directMessages.deleteReaction('m', 'e'),
  ],
  ['GET user-chat/list', paged, ({ userChats }) => first(userChats.list())],
  ['GET user-chat/view', { chat_code: 'k' }, ({ userChats }) => userChats.get('k')],
  ['POST user-chat/create', { target_id: 'u' }, ({ userChats }) => userChats.create('u')],
  ['POST user-chat/delete', { chat_code: 'k' }, ({ userChats }) => userChats.delete('k')],
  ['GET user/me', {}, ({ users }) => users.me()],
  ['GET user/view', { user_id: 'u', guild_id: 'g' }, ({ users }) => users.get('u', 'g')],
  ['POST user/offline', {}, ({ users }) => users.offline()],
  ['POST user/online', {}, ({ users }) => users.online()],
  ['GET user/get-online-status', {}, ({ users }) => users.onlineStatus()],
  ['GET friend', { type: 'block' }, ({ friends }) => friends.list('block')],
  [
    'POST friend/request',
    { user_code: 'a#1234', from: 2, guild_id: 'g' },
    ({ friends }) => friends.request('a#1234', 'g'),
  ],
  ['POST friend/request', { user_code: 'a#1234', from: 0 }, ({ friends }) => friends.request('a#1234')],
  ['POST friend/handle-request', { id: 7, accept: 1 }, ({ friends }) => friends.handleRequest(7, true)],
  ['POST friend/delete', { user_id: 'u' }, ({ friends }) => friends.delete('u')],
  ['POST friend/block', { user_id: 'u' }, ({ friends }) => friends.block('u')],
  ['POST friend/unblock', { user_id: 'u' }, ({ friends }) => friends.unblock('u')],
  ['GET intimacy/index', { user_id: 'u' }, ({ intimacy }) => intimacy.get('u')],
  ['POST intimacy/update', { user_id: 'u', score: 5 }, ({ intimacy }) => intimacy.update('u', { score: 5 })],
  ['GET game', { ...paged, type: '1' }, ({ games }) => first(games.list(1))],
  ['POST game/create', { name: 'n', icon: 'i' }, ({ games }) => games.create('n', 'i')],
  ['POST game/update', { id: 7, name: 'n' }, ({ games }) => games.update(7, { name: 'n' })],
  ['POST game/delete', { id: 7 }, ({ games }) => games.delete(7)],
  ['POST game/activity', { data_type: 1, id: 7 }, ({ games }) => games.play(7)],
  [
    'POST game/activity',
    { data_type: 2, singer: 's', music_name: 'm' },
    ({ games }) => games.listen({ singer: 's', music_name: 'm' }),
  ],
  ['POST game/delete-activity', { data_type: 2 }, ({ games }) => games.stop('music')],
  ['GET guild-role/list', { ...paged, guild_id: 'g' }, ({ roles }) => first(roles.list('g'))],
  ['POST guild-role/create', { guild_id: 'g', name: 'n' }, ({ roles }) => roles.create('g', 'n')],
  [
    'POST guild-role/update',
    { guild_id: 'g', role_id: 7, hoist: 1, permissions: 5_571_747_823 },
    ({ roles }) => roles.update('g', 7, { hoist: 1, permissions: 5_571_747_823n }),
  ],
  ['POST guild-role/delete', { guild_id: 'g', role_id: 7 }, ({ roles }) => roles.delete('g', 7)],
  [
    'POST guild-role/grant',
    { guild_id: 'g', user_id: 'u', role_id: 7 },
    ({ roles }) => roles.grant('g', 'u', 7),
  ],
  [
    'POST guild-role/revoke',
    { guild_id: 'g', user_id: 'u', role_id: 7 },
    ({ roles }) => roles.revoke('g', 'u', 7),
  ],
  ['GET guild-emoji/list', { ...paged, guild_id: 'g' }, ({ emojis }) => first(emojis.list('g'))],
  ['POST guild-emoji/update', { id: 'e', name: 'n' }, ({ emojis }) => emojis.update('e', 'n')],
  ['POST guild-emoji/delete', { id: 'e' }, ({ emojis }) => emojis.delete('e')],
  [
    'GET invite/list',
    { ...paged, channel_id: 'c' },
    ({ invites }) => first(invites.list({ channel_id: 'c' })),
  ],
  [
    'POST invite/create',
    { guild_id: 'g', duration: 0, setting_times: 1 },
    ({ invites }) => invites.create({ guild_id: 'g' }, { duration: 0, setting_times: 1 }),
  ],
  [
    'POST invite/delete',
    { url_code: 'x', guild_id: 'g' },
    ({ invites }) => invites.delete('x', { guild_id: 'g' }),
  ],
  ['GET blacklist/list', { ...paged, guild_id: 'g' }, ({ blockLists }) => first(blockLists.list('g'))],
  [
    'POST blacklist/create',
    { guild_id: 'g', target_id: 'u', remark: 'r', del_msg_days: 7 },
    ({ blockLists }) => blockLists.create('g', 'u', { remark: 'r', del_msg_days: 7 }),
  ],
  [
    'POST blacklist/delete',
    { guild_id: 'g', target_id: 'u' },
    ({ blockLists }) => blockLists.delete('g', 'u'),
  ],
  [
    'POST voice/join',
    { channel_id: 'c', rtcp_mux: false },
    ({ voice }) => voice.join('c', { rtcp_mux: false }),
  ],
  ['GET voice/list', paged, ({ voice }) => first(voice.list())],
  ['POST voice/leave', { channel_id: 'c' }, ({ voice }) => voice.leave('c')],
  ['POST voice/keep-alive', { channel_id: 'c' }, ({ voice }) => voice.keepAlive('c')],
  ['GET category/list', { channel_id: 'c' }, ({ threads }) => threads.categories('c')],
  [
    'POST thread/create',
    { channel_id: 'c', guild_id: 'g', title: 't', content: '[]' },
    ({ threads }) => threads.create({ channel_id: 'c', guild_id: 'g', title: 't', content: '[]' }),
  ],
  [
    'POST thread/reply',
    { channel_id: 'c', thread_id: 't', content: '[]' },
    ({ threads }) => threads.reply({ channel_id: 'c', thread_id: 't', content: '[]' }),
  ],
  ['GET thread/view', { channel_id: 'c', thread_id: 't' }, ({ threads }) => threads.get('c', 't')],
  [
    'GET thread/list',
    { channel_id: 'c', page_size: '30' },
    ({ threads }) => threads.list('c', { page_size: 30 }),
  ],
  [
    'POST thread/delete',
    { channel_id: 'c', post_id: 'p' },
    ({ threads }) => threads.delete('c', { post_id: 'p' }),
  ],
  [
    'GET thread/post',
    { channel_id: 'c', thread_id: 't', page: '2' },
    ({ threads }) => threads.posts('c', 't', { page: 2 }),
  ],
  ['GET template/list', { page: '1', page_size: '20' }, ({ templates }) => first(templates.list())],
  [
    'POST template/create',
    { title: 't', content: 'c' },
    ({ templates }) => templates.create({ title: 't', content: 'c' }),
  ],
  ['POST template/update', { id: '1', title: 't' }, ({ templates }) => templates.update('1', { title: 't' })],
  ['POST template/delete', { id: '1' }, ({ templates }) => templates.delete('1')],
  ['GET guild/new-thing', { a: '1' }, (all) => all.call('GET', '/guild/new-thing', { a: 1 })],
  ['POST guild/new-thing', { a: 1 }, (all) => all.call('POST', '/guild/new-thing', { a: 1 })],
]

describe('every call', () => {
  it.each(calls)('%s with %o', async (route, parameters, call) => {
    await call(api)
    const [request] = server.requests
    expect(`${request?.method} ${request?.path}`).toBe(route)
    expect(request?.method === 'GET' ? request.query : request?.json).toEqual(parameters)
    expect(server.requests).toHaveLength(1)
  })
})

describe('calls of another shape', () => {
  const answers =
    (data: unknown): (() => ScriptedAnswer) =>
    () =>
      success(data)

  it('asset/create uploads a file with its name', async () => {
    server.answer = answers({ url: 'https://img.kookapp.cn/a.png' })
    expect(await api.platform.upload({ bytes: png, name: 'a.png', mime: 'image/png' })).toBe(
      'https://img.kookapp.cn/a.png',
    )
    expect(server.requests[0]?.headers['content-type']).toMatch(/^multipart\/form-data; ?boundary=/)
    expect(server.requests[0]?.json).toMatch(/name="file"; filename="a.png"/)
  })

  it('guild-emoji/create uploads a PNG, and nothing else', async () => {
    await api.emojis.create('g', png, 'party')
    expect(server.requests[0]?.json).toMatch(
      /name="guild_id"[\s\S]*name="name"[\s\S]*name="emoji"; filename="emoji.png"/,
    )
    await expect(api.emojis.create('g', Buffer.from('GIF89a'))).rejects.toMatchObject({
      code: 'MEDIA_REFUSED',
    })
    const large = Buffer.concat([png, Buffer.alloc(256 * 1024)])
    await expect(api.emojis.create('g', large)).rejects.toThrow(/262144/)
    expect(server.requests).toHaveLength(1)
  })

  it('badge/guild answers bytes', async () => {
    server.answer = () => ({ headers: { 'content-type': 'image/svg+xml' }, body: '<svg/>' })
    expect(String(await api.platform.guildBadge('g'))).toBe('<svg/>')
  })

  it('message/send-pipemsg has its own credentials', async () => {
    server.answer = answers({ msg_id: 'm' })
    expect(await api.messages.sendPipe('pipe', { a: 1 }, { type: 10 })).toEqual({ msg_id: 'm' })
    expect(server.requests[0]).toMatchObject({ query: { access_token: 'pipe', type: '10' }, json: { a: 1 } })
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('roles are answered as an object or a list of one', async () => {
    for (const data of [{ role_id: 7 }, [{ role_id: 7 }]]) {
      server.answer = answers(data)
      expect(await api.roles.create('g')).toEqual({ role_id: 7 })
      expect(await api.roles.update('g', 7, {})).toEqual({ role_id: 7 })
    }
  })

  it('users of a voice channel are a plain list, blocked friends have two names', async () => {
    server.answer = answers([{ id: '1' }])
    expect(await api.channels.users('c')).toEqual([{ id: '1' }])
    for (const name of ['blocked', 'block']) {
      server.answer = answers({ friend: [], request: [], [name]: [{ id: 1 }] })
      expect((await api.friends.list()).blocked).toEqual([{ id: 1 }])
    }
  })
})

it('permissions beyond 32 bits are read exactly', () => {
  expect(hasPermission(5_571_747_823, 'recordAudio')).toBe(true)
  expect(hasPermission(1, 'manageGuild')).toBe(true)
})
