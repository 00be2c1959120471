import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { RecordingLogger } from '../../test/recording-logger.ts'
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
  api = new KookApi(http)
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
  ['GET guild/list', { ...paged, sort: '-id' }, ({ guild }) => first(guild.list({ sort: '-id' }))],
  ['GET guild/view', { guild_id: 'g' }, ({ guild }) => guild.view('g')],
  [
    'GET guild/user-list',
    { ...paged, guild_id: 'g', role_id: '7', search: 'x' },
    ({ guild }) => first(guild.users('g', { role_id: 7, search: 'x' })),
  ],
  [
    'POST guild/nickname',
    { guild_id: 'g', nickname: 'n', user_id: 'u' },
    ({ guild }) => guild.setNickname('g', 'n', 'u'),
  ],
  ['POST guild/nickname', { guild_id: 'g', nickname: '' }, ({ guild }) => guild.setNickname('g', '')],
  ['POST guild/leave', { guild_id: 'g' }, ({ guild }) => guild.leave('g')],
  ['POST guild/kickout', { guild_id: 'g', target_id: 'u' }, ({ guild }) => guild.kick('g', 'u')],
  ['GET guild-mute/list', { guild_id: 'g', return_type: 'detail' }, ({ guild }) => guild.mutes('g')],
  [
    'POST guild-mute/create',
    { guild_id: 'g', user_id: 'u', type: 1 },
    ({ guild }) => guild.mute('g', 'u', 'microphone'),
  ],
  [
    'POST guild-mute/delete',
    { guild_id: 'g', user_id: 'u', type: 2 },
    ({ guild }) => guild.unmute('g', 'u', 'headset'),
  ],
  [
    'GET guild-boost/history',
    { ...paged, guild_id: 'g', start_time: '5' },
    ({ guild }) => first(guild.boosts('g', { start_time: 5 })),
  ],
  ['GET channel/list', { ...paged, guild_id: 'g' }, ({ channel }) => first(channel.list('g'))],
  ['GET channel/view', { target_id: 'c', need_children: 'true' }, ({ channel }) => channel.view('c', true)],
  [
    'POST channel/create',
    { guild_id: 'g', name: 'n', is_category: 1 },
    ({ channel }) => channel.create('g', { name: 'n', is_category: 1 }),
  ],
  [
    'POST channel/update',
    { channel_id: 'c', slow_mode: 5000 },
    ({ channel }) => channel.update('c', { slow_mode: 5000 }),
  ],
  ['POST channel/delete', { channel_id: 'c' }, ({ channel }) => channel.delete('c')],
  ['GET channel/user-list', { channel_id: 'c' }, ({ channel }) => channel.users('c')],
  [
    'POST channel/move-user',
    { target_id: 'c', user_ids: ['u'] },
    ({ channel }) => channel.moveUsers('c', ['u']),
  ],
  ['POST channel/kickout', { channel_id: 'c', user_id: 'u' }, ({ channel }) => channel.kick('c', 'u')],
  ['GET channel-role/index', { channel_id: 'c' }, ({ channel }) => channel.permissions('c')],
  [
    'POST channel-role/create',
    { channel_id: 'c', type: 'role_id', value: '7' },
    ({ channel }) => channel.createOverwrite('c', { roleId: 7 }),
  ],
  [
    'POST channel-role/update',
    { channel_id: 'c', type: 'user_id', value: 'u', allow: 4096, deny: 1 },
    ({ channel }) =>
      channel.updateOverwrite('c', { userId: 'u' }, { allow: permissionSet('sendMessages'), deny: 1 }),
  ],
  ['POST channel-role/sync', { channel_id: 'c' }, ({ channel }) => channel.syncPermissions('c')],
  [
    'POST channel-role/delete',
    { channel_id: 'c', type: 'role_id', value: '0' },
    ({ channel }) => channel.deleteOverwrite('c', { roleId: 0 }),
  ],
  [
    'GET channel-user/get-joined-channel',
    { ...paged, guild_id: 'g', user_id: 'u' },
    ({ channel }) => first(channel.joinedBy('g', 'u')),
  ],
  ['GET message/list', { target_id: 'c', pin: '1' }, ({ message }) => message.list('c', { pin: 1 })],
  ['GET message/view', { msg_id: 'm' }, ({ message }) => message.view('m')],
  [
    'POST message/create',
    { type: 9, target_id: 'c', content: 'x' },
    ({ message }) => message.create({ type: 9, target_id: 'c', content: 'x' }),
  ],
  [
    'POST message/update',
    { msg_id: 'm', content: 'x', quote: '' },
    ({ message }) => message.update('m', { content: 'x', quote: '' }),
  ],
  ['POST message/delete', { msg_id: 'm' }, ({ message }) => message.delete('m')],
  ['GET message/reaction-list', { msg_id: 'm', emoji: 'e' }, ({ message }) => message.reactions('m', 'e')],
  ['POST message/add-reaction', { msg_id: 'm', emoji: 'e' }, ({ message }) => message.addReaction('m', 'e')],
  [
    'POST message/delete-reaction',
    { msg_id: 'm', emoji: 'e', user_id: 'u' },
    ({ message }) => message.deleteReaction('m', 'e', 'u'),
  ],
  ['POST message/pin', { target_id: 'c', msg_id: 'm' }, ({ message }) => message.pin('c', 'm')],
  ['POST message/unpin', { target_id: 'c', msg_id: 'm' }, ({ message }) => message.unpin('c', 'm')],
  [
    'GET direct-message/list',
    { chat_code: 'k' },
    ({ directMessage }) => directMessage.list({ chat_code: 'k' }),
  ],
  [
    'GET direct-message/view',
    { chat_code: 'k', msg_id: 'm' },
    ({ directMessage }) => directMessage.view('k', 'm'),
  ],
  [
    'POST direct-message/create',
    { type: 9, target_id: 'u', content: 'x' },
    ({ directMessage }) => directMessage.create({ type: 9, target_id: 'u', content: 'x' }),
  ],
  [
    'POST direct-message/update',
    { msg_id: 'm', content: 'x' },
    ({ directMessage }) => directMessage.update('m', { content: 'x' }),
  ],
  ['POST direct-message/delete', { msg_id: 'm' }, ({ directMessage }) => directMessage.delete('m')],
  [
    'GET direct-message/reaction-list',
    { msg_id: 'm', emoji: 'e' },
    ({ directMessage }) => directMessage.reactions('m', 'e'),
  ],
  [
    'POST direct-message/add-reaction',
    { msg_id: 'm', emoji: 'e' },
    ({ directMessage }) => directMessage.addReaction('m', 'e'),
  ],
  [
    'POST direct-message/delete-reaction',
    { msg_id: 'm', emoji: 'e' },
    ({ directMessage }) => directMessage.deleteReaction('m', 'e'),
  ],
  ['GET user-chat/list', paged, ({ userChat }) => first(userChat.list())],
  ['GET user-chat/view', { chat_code: 'k' }, ({ userChat }) => userChat.view('k')],
  ['POST user-chat/create', { target_id: 'u' }, ({ userChat }) => userChat.create('u')],
  ['POST user-chat/delete', { chat_code: 'k' }, ({ userChat }) => userChat.delete('k')],
  ['GET user/me', {}, ({ user }) => user.me()],
  ['GET user/view', { user_id: 'u', guild_id: 'g' }, ({ user }) => user.view('u', 'g')],
  ['POST user/offline', {}, ({ user }) => user.offline()],
  ['POST user/online', {}, ({ user }) => user.online()],
  ['GET user/get-online-status', {}, ({ user }) => user.onlineStatus()],
  ['GET friend', { type: 'block' }, ({ friend }) => friend.list('block')],
  [
    'POST friend/request',
    { user_code: 'a#1234', from: 2, guild_id: 'g' },
    ({ friend }) => friend.request('a#1234', 'g'),
  ],
  ['POST friend/request', { user_code: 'a#1234', from: 0 }, ({ friend }) => friend.request('a#1234')],
  ['POST friend/handle-request', { id: 7, accept: 1 }, ({ friend }) => friend.handleRequest(7, true)],
  ['POST friend/delete', { user_id: 'u' }, ({ friend }) => friend.delete('u')],
  ['POST friend/block', { user_id: 'u' }, ({ friend }) => friend.block('u')],
  ['POST friend/unblock', { user_id: 'u' }, ({ friend }) => friend.unblock('u')],
  ['GET intimacy/index', { user_id: 'u' }, ({ intimacy }) => intimacy.view('u')],
  ['POST intimacy/update', { user_id: 'u', score: 5 }, ({ intimacy }) => intimacy.update('u', { score: 5 })],
  ['GET game', { ...paged, type: '1' }, ({ game }) => first(game.list(1))],
  ['POST game/create', { name: 'n', icon: 'i' }, ({ game }) => game.create('n', 'i')],
  ['POST game/update', { id: 7, name: 'n' }, ({ game }) => game.update(7, { name: 'n' })],
  ['POST game/delete', { id: 7 }, ({ game }) => game.delete(7)],
  ['POST game/activity', { data_type: 1, id: 7 }, ({ game }) => game.play(7)],
  [
    'POST game/activity',
    { data_type: 2, singer: 's', music_name: 'm' },
    ({ game }) => game.listen({ singer: 's', music_name: 'm' }),
  ],
  ['POST game/delete-activity', { data_type: 2 }, ({ game }) => game.stop('music')],
  ['GET guild-role/list', { ...paged, guild_id: 'g' }, ({ role }) => first(role.list('g'))],
  ['POST guild-role/create', { guild_id: 'g', name: 'n' }, ({ role }) => role.create('g', 'n')],
  [
    'POST guild-role/update',
    { guild_id: 'g', role_id: 7, hoist: 1, permissions: 5_571_747_823 },
    ({ role }) => role.update('g', 7, { hoist: 1, permissions: 5_571_747_823n }),
  ],
  ['POST guild-role/delete', { guild_id: 'g', role_id: 7 }, ({ role }) => role.delete('g', 7)],
  [
    'POST guild-role/grant',
    { guild_id: 'g', user_id: 'u', role_id: 7 },
    ({ role }) => role.grant('g', 'u', 7),
  ],
  [
    'POST guild-role/revoke',
    { guild_id: 'g', user_id: 'u', role_id: 7 },
    ({ role }) => role.revoke('g', 'u', 7),
  ],
  ['GET guild-emoji/list', { ...paged, guild_id: 'g' }, ({ emoji }) => first(emoji.list('g'))],
  ['POST guild-emoji/update', { id: 'e', name: 'n' }, ({ emoji }) => emoji.update('e', 'n')],
  ['POST guild-emoji/delete', { id: 'e' }, ({ emoji }) => emoji.delete('e')],
  ['GET invite/list', { ...paged, channel_id: 'c' }, ({ invite }) => first(invite.list({ channel_id: 'c' }))],
  [
    'POST invite/create',
    { guild_id: 'g', duration: 0, setting_times: 1 },
    ({ invite }) => invite.create({ guild_id: 'g' }, { duration: 0, setting_times: 1 }),
  ],
  [
    'POST invite/delete',
    { url_code: 'x', guild_id: 'g' },
    ({ invite }) => invite.delete('x', { guild_id: 'g' }),
  ],
  ['GET blacklist/list', { ...paged, guild_id: 'g' }, ({ blockList }) => first(blockList.list('g'))],
  [
    'POST blacklist/create',
    { guild_id: 'g', target_id: 'u', remark: 'r', del_msg_days: 7 },
    ({ blockList }) => blockList.create('g', 'u', { remark: 'r', del_msg_days: 7 }),
  ],
  ['POST blacklist/delete', { guild_id: 'g', target_id: 'u' }, ({ blockList }) => blockList.delete('g', 'u')],
  [
    'POST voice/join',
    { channel_id: 'c', rtcp_mux: false },
    ({ voice }) => voice.join('c', { rtcp_mux: false }),
  ],
  ['GET voice/list', paged, ({ voice }) => first(voice.list())],
  ['POST voice/leave', { channel_id: 'c' }, ({ voice }) => voice.leave('c')],
  ['POST voice/keep-alive', { channel_id: 'c' }, ({ voice }) => voice.keepAlive('c')],
  ['GET category/list', { channel_id: 'c' }, ({ thread }) => thread.categories('c')],
  [
    'POST thread/create',
    { channel_id: 'c', guild_id: 'g', title: 't', content: '[]' },
    ({ thread }) => thread.create({ channel_id: 'c', guild_id: 'g', title: 't', content: '[]' }),
  ],
  [
    'POST thread/reply',
    { channel_id: 'c', thread_id: 't', content: '[]' },
    ({ thread }) => thread.reply({ channel_id: 'c', thread_id: 't', content: '[]' }),
  ],
  ['GET thread/view', { channel_id: 'c', thread_id: 't' }, ({ thread }) => thread.view('c', 't')],
  [
    'GET thread/list',
    { channel_id: 'c', page_size: '30' },
    ({ thread }) => thread.list('c', { page_size: 30 }),
  ],
  [
    'POST thread/delete',
    { channel_id: 'c', post_id: 'p' },
    ({ thread }) => thread.delete('c', { post_id: 'p' }),
  ],
  [
    'GET thread/post',
    { channel_id: 'c', thread_id: 't', page: '2' },
    ({ thread }) => thread.posts('c', 't', { page: 2 }),
  ],
  ['GET template/list', { page: '1', page_size: '20' }, ({ template }) => first(template.list())],
  [
    'POST template/create',
    { title: 't', content: 'c' },
    ({ template }) => template.create({ title: 't', content: 'c' }),
  ],
  ['POST template/update', { id: '1', title: 't' }, ({ template }) => template.update('1', { title: 't' })],
  ['POST template/delete', { id: '1' }, ({ template }) => template.delete('1')],
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
    await api.emoji.create('g', png, 'party')
    expect(server.requests[0]?.json).toMatch(
      /name="guild_id"[\s\S]*name="name"[\s\S]*name="emoji"; filename="emoji.png"/,
    )
    await expect(api.emoji.create('g', Buffer.from('GIF89a'))).rejects.toMatchObject({
      code: 'MEDIA_REFUSED',
    })
    const large = Buffer.concat([png, Buffer.alloc(256 * 1024)])
    await expect(api.emoji.create('g', large)).rejects.toThrow(/262144/)
    expect(server.requests).toHaveLength(1)
  })

  it('badge/guild answers bytes', async () => {
    server.answer = () => ({ headers: { 'content-type': 'image/svg+xml' }, body: '<svg/>' })
    expect(String(await api.platform.guildBadge('g'))).toBe('<svg/>')
  })

  it('message/send-pipemsg has its own credentials', async () => {
    server.answer = answers({ msg_id: 'm' })
    expect(await api.message.sendPipe('pipe', { a: 1 }, { type: 10 })).toEqual({ msg_id: 'm' })
    expect(server.requests[0]).toMatchObject({ query: { access_token: 'pipe', type: '10' }, json: { a: 1 } })
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('roles are answered as an object or a list of one', async () => {
    for (const data of [{ role_id: 7 }, [{ role_id: 7 }]]) {
      server.answer = answers(data)
      expect(await api.role.create('g')).toEqual({ role_id: 7 })
      expect(await api.role.update('g', 7, {})).toEqual({ role_id: 7 })
    }
  })

  it('users of a voice channel are a plain list, blocked friends have two names', async () => {
    server.answer = answers([{ id: '1' }])
    expect(await api.channel.users('c')).toEqual([{ id: '1' }])
    for (const name of ['blocked', 'block']) {
      server.answer = answers({ friend: [], request: [], [name]: [{ id: 1 }] })
      expect((await api.friend.list()).blocked).toEqual([{ id: 1 }])
    }
  })
})

it('permissions beyond 32 bits are read exactly', () => {
  expect(hasPermission(5_571_747_823, 'recordAudio')).toBe(true)
  expect(hasPermission(1, 'manageGuild')).toBe(true)
})
