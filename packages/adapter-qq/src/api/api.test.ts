import { describe, expect, it } from 'vitest'
import { startRecordingApi } from '../../test/recording-api.ts'
import type { QQApi } from './qq-api.ts'

type Case = readonly [
  call: (api: QQApi) => Promise<unknown>,
  request: string,
  body?: unknown,
  answer?: unknown,
]

const group = '5A1C7E93B0D24F6889C2E1F7A3B4D5C6'
const emoji = { type: 1, id: '277' } as const
const channel = { kind: 'channel', id: '7' } as const
const c2c = { kind: 'c2c', id: 'U' } as const

const cases: readonly Case[] = [
  [(api) => api.self.get(), 'GET /users/@me'],
  [
    (api) => api.self.guilds({ after: '9', limit: 10 }),
    'GET /users/@me/guilds?after=9&limit=10',
    undefined,
    [],
  ],
  [(api) => api.guilds.get('48'), 'GET /guilds/48'],
  [(api) => api.guilds.channels('48'), 'GET /guilds/48/channels', undefined, []],
  [(api) => api.guilds.messageSetting('48'), 'GET /guilds/48/message/setting'],
  [(api) => api.guilds.permissions('48'), 'GET /guilds/48/api_permission'],
  [
    (api) =>
      api.guilds.demandPermission('48', {
        channel_id: '7',
        api_identify: { path: '/p', method: 'GET' },
        desc: 'd',
      }),
    'POST /guilds/48/api_permission/demand',
    { channel_id: '7', api_identify: { path: '/p', method: 'GET' }, desc: 'd' },
  ],
  [(api) => api.channels.get('7'), 'GET /channels/7'],
  [
    (api) => api.channels.create('48', { name: 'n', type: 0 }),
    'POST /guilds/48/channels',
    { name: 'n', type: 0 },
  ],
  [(api) => api.channels.update('7', { speak_permission: 2 }), 'PATCH /channels/7', { speak_permission: 2 }],
  [(api) => api.channels.delete('7'), 'DELETE /channels/7'],
  [(api) => api.channels.onlineCount('7'), 'GET /channels/7/online_nums'],
  [(api) => api.channels.voiceMembers('7'), 'GET /channels/7/voice/members', undefined, []],
  [(api) => api.members.list('48'), 'GET /guilds/48/members?after=0&limit=400', undefined, []],
  [(api) => api.members.get('48', '1'), 'GET /guilds/48/members/1'],
  [
    (api) => api.members.remove('48', '1', { add_blacklist: true, delete_history_msg_days: 3 }),
    'DELETE /guilds/48/members/1',
    { add_blacklist: true, delete_history_msg_days: 3 },
  ],
  [(api) => api.roles.list('48'), 'GET /guilds/48/roles'],
  [(api) => api.roles.create('48', { name: 'r' }), 'POST /guilds/48/roles', { name: 'r' }],
  [(api) => api.roles.update('48', '11', { hoist: 1 }), 'PATCH /guilds/48/roles/11', { hoist: 1 }],
  [(api) => api.roles.delete('48', '11'), 'DELETE /guilds/48/roles/11'],
  [(api) => api.roles.members('48', '11'), 'GET /guilds/48/roles/11/members?start_index=0&limit=400'],
  [(api) => api.roles.grant('48', '1', '11'), 'PUT /guilds/48/members/1/roles/11'],
  [
    (api) => api.roles.revoke('48', '1', '5', '7'),
    'DELETE /guilds/48/members/1/roles/5',
    { channel: { id: '7' } },
  ],
  [(api) => api.roles.userPermissions('7', '1'), 'GET /channels/7/members/1/permissions'],
  [
    (api) => api.roles.setUserPermissions('7', '1', { add: '1', remove: '4' }),
    'PUT /channels/7/members/1/permissions',
    { add: '1', remove: '4' },
  ],
  [(api) => api.roles.rolePermissions('7', '11'), 'GET /channels/7/roles/11/permissions'],
  [
    (api) => api.roles.setRolePermissions('7', '11', { add: '4' }),
    'PUT /channels/7/roles/11/permissions',
    { add: '4' },
  ],
  [
    (api) => api.members.muteAll('48', { mute_seconds: '60' }),
    'PATCH /guilds/48/mute',
    { mute_seconds: '60' },
  ],
  [
    (api) => api.members.muteMany('48', ['1'], { mute_seconds: '0' }),
    'PATCH /guilds/48/mute',
    { mute_seconds: '0', user_ids: ['1'] },
  ],
  [
    (api) => api.members.mute('48', '1', { mute_seconds: '0' }),
    'PATCH /guilds/48/members/1/mute',
    { mute_seconds: '0' },
  ],
  [
    (api) => api.notices.announce('48', { channel_id: '7', message_id: 'm' }),
    'POST /guilds/48/announces',
    { channel_id: '7', message_id: 'm' },
  ],
  [
    (api) =>
      api.notices.announce('48', {
        announces_type: 1,
        recommend_channels: [{ channel_id: '7', introduce: 'i' }],
      }),
    'POST /guilds/48/announces',
    { announces_type: 1, recommend_channels: [{ channel_id: '7', introduce: 'i' }] },
  ],
  [(api) => api.notices.deleteAnnouncement('48', 'm'), 'DELETE /guilds/48/announces/m'],
  [(api) => api.notices.deleteAnnouncement('48'), 'DELETE /guilds/48/announces/all'],
  [(api) => api.notices.pin('7', 'm'), 'PUT /channels/7/pins/m'],
  [(api) => api.notices.unpin('7', 'm'), 'DELETE /channels/7/pins/m'],
  [(api) => api.notices.unpin('7'), 'DELETE /channels/7/pins/all'],
  [(api) => api.notices.pins('7'), 'GET /channels/7/pins'],
  [
    (api) => api.notices.schedules('7', 1_788_229_000_000),
    'GET /channels/7/schedules?since=1788229000000',
    undefined,
    [],
  ],
  [(api) => api.notices.schedule('7', 's'), 'GET /channels/7/schedules/s'],
  [
    (api) => api.notices.createSchedule('7', { name: 'n', start_timestamp: '1788229000000' }),
    'POST /channels/7/schedules',
    { schedule: { name: 'n', start_timestamp: '1788229000000' } },
  ],
  [
    (api) => api.notices.updateSchedule('7', 's', { name: 'n' }),
    'PATCH /channels/7/schedules/s',
    { schedule: { name: 'n' } },
  ],
  [(api) => api.notices.deleteSchedule('7', 's'), 'DELETE /channels/7/schedules/s'],
  [(api) => api.community.addReaction('7', 'm', emoji), 'PUT /channels/7/messages/m/reactions/1/277'],
  [
    (api) => api.community.removeReaction('7', 'm', { type: 2, id: '👍' }),
    'DELETE /channels/7/messages/m/reactions/2/%F0%9F%91%8D',
  ],
  [
    (api) => api.community.reactionUsers('7', 'm', emoji, 'c='),
    'GET /channels/7/messages/m/reactions/1/277?cookie=c%3D&limit=20',
  ],
  [(api) => api.community.controlAudio('7', { status: 1 }), 'POST /channels/7/audio', { status: 1 }],
  [(api) => api.community.takeMicrophone('7'), 'PUT /channels/7/mic', {}],
  [(api) => api.community.leaveMicrophone('7'), 'DELETE /channels/7/mic', {}],
  [(api) => api.community.threads('7'), 'GET /channels/7/threads'],
  [(api) => api.community.thread('7', 'B_1'), 'GET /channels/7/threads/B_1'],
  [
    (api) => api.community.publishThread('7', { title: 't', content: 'c', format: 3 }),
    'PUT /channels/7/threads',
    { title: 't', content: 'c', format: 3 },
  ],
  [(api) => api.community.deleteThread('7', 'B_1'), 'DELETE /channels/7/threads/B_1'],
  [
    (api) => api.community.createSession('1', '48'),
    'POST /users/@me/dms',
    { recipient_id: '1', source_guild_id: '48' },
  ],
  [(api) => api.groups.info(group), `GET /v2/groups/${group}/info`],
  [(api) => api.groups.botState(group), `GET /v2/groups/${group}/bot_state`],
  [(api) => api.groups.muteSetting(group), `GET /v2/groups/${group}/restrict_chat_setting`],
  [
    (api) => api.groups.mute(group, [{ op: 'del', member_openid: 'M', mute_expire_at: '' }]),
    `POST /v2/groups/${group}/restrict_chat_setting`,
    { members: [{ op: 'del', member_openid: 'M', mute_expire_at: '' }] },
  ],
  [
    (api) => api.groups.joinRequests(group, 'c'),
    `GET /v2/groups/${group}/join_request_list?cursor=c&limit=20`,
  ],
  [
    (api) => api.groups.decide(group, 'M', { op: 'decline', join_request_id: 'j', reject_reason: 'full' }),
    `POST /v2/groups/${group}/approval_join_request/M`,
    { op: 'decline', join_request_id: 'j', reject_reason: 'full' },
  ],
  [(api) => api.groups.strategies(), 'GET /v2/groups/join_approval_strategy?limit=20'],
  [
    (api) => api.groups.createStrategy({ is_enable: 'on', group_openids: [group] }),
    'POST /v2/groups/join_approval_strategy',
    { is_enable: 'on', group_openids: [group] },
  ],
  [
    (api) => api.groups.updateStrategy('st', { is_enable: 'off' }),
    'PATCH /v2/groups/join_approval_strategy/st',
    { is_enable: 'off' },
  ],
  [(api) => api.groups.deleteStrategy('st'), 'DELETE /v2/groups/join_approval_strategy/st'],
  [(api) => api.groups.executeStrategy('st'), 'POST /v2/groups/join_approval_strategy/st/execute', {}],
  [
    (api) => api.groups.changeWhitelist('st', 'add', ['123']),
    'POST /v2/groups/join_approval_strategy/st/whitelist_users',
    { op: 'add', whitelist_users: ['123'] },
  ],
  [(api) => api.groups.member(group, 'M'), `GET /v2/groups/${group}/members/M`],
  [
    (api) => api.groups.shareLink('campaign'),
    'POST /v2/generate_url_link',
    { callback_data: 'campaign' },
    { url_link: 'l' },
  ],
  [(api) => api.messages.get('7', 'm'), 'GET /channels/7/messages/m'],
  [
    (api) => api.messages.edit('7', 'm', { markdown: { content: 'x' } }),
    'PATCH /channels/7/messages/m',
    { markdown: { content: 'x' } },
  ],
  [(api) => api.messages.delete(channel, 'm', true), 'DELETE /channels/7/messages/m?hidetip=true'],
  [(api) => api.messages.delete({ kind: 'dm', id: '88' }, 'm'), 'DELETE /dms/88/messages/m?hidetip=false'],
  [(api) => api.messages.delete(c2c, 'ROBOT1.0_a'), 'DELETE /v2/users/U/messages/ROBOT1.0_a'],
  [
    (api) => api.messages.delete({ kind: 'group', id: group }, 'ROBOT1.0_a'),
    `DELETE /v2/groups/${group}/messages/ROBOT1.0_a`,
  ],
  [
    (api) => api.files.upload(c2c, { file_type: 1, url: 'u', srv_send_msg: false }),
    'POST /v2/users/U/files',
    { file_type: 1, url: 'u', srv_send_msg: false },
  ],
  [(api) => api.interactions.acknowledge('i', 3), 'PUT /interactions/i', { code: 3 }],
  [(api) => api.gateway.info(), 'GET /gateway/bot', undefined, { url: 'wss://x' }],
  [(api) => api.gateway.url(), 'GET /gateway', undefined, { url: 'wss://x' }],
  [
    (api) => api.messages.sendSettingGuide({ kind: 'dm', id: '88' }, { content: 'c' }),
    'POST /dms/88/settingguide',
    { content: 'c' },
  ],
  [(api) => api.notices.announceInChannel('7', 'm'), 'POST /channels/7/announces', { message_id: 'm' }],
  [(api) => api.notices.deleteChannelAnnouncement('7', 'm'), 'DELETE /channels/7/announces/m'],
]

describe('an endpoint', () => {
  const rows = cases.map(([call, request, body, answer = {}]) => ({ call, request, body, answer }))
  it.each(rows)('is $request', async ({ call, request, body, answer }) => {
    const { api, calls, answers } = await startRecordingApi()
    answers.push({ body: answer })
    await call(api)
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([request])
    expect(calls[0]?.body).toEqual(body)
    expect(calls[0]?.headers).toMatchObject({
      authorization: 'QQBot static-token',
      'x-union-appid': '102000001',
    })
  })

  it('does not exist for links to mini programs, which the platform has not opened', async () => {
    const { api } = await startRecordingApi()
    const names = Object.values(api).flatMap((part: object) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(part)),
    )
    expect(names).toContain('shareLink')
    expect(names.filter((name) => /mini|program|third/i.test(name))).toEqual([])
  })

  it('of interactions names the bot, and takes an answer that is no JSON', async () => {
    const { api, calls, answers } = await startRecordingApi()
    answers.push({ body: 'ok' }, { status: 204 })
    await api.interactions.acknowledge('i', 0)
    await api.interactions.acknowledge('j', 0)
    expect(calls[0]?.headers['x-callback-appid']).toBe('102000001')
  })

  it('with an empty answer is done', async () => {
    const { api, answers } = await startRecordingApi()
    answers.push({ status: 204 }, { status: 200 })
    await expect(api.channels.delete('7')).resolves.toBeUndefined()
    await expect(api.channels.delete('7')).resolves.toBeUndefined()
  })

  it('of messages takes both forms of its answer', async () => {
    const { api, answers } = await startRecordingApi()
    answers.push({ body: { message: { id: 'a' } } }, { body: { id: 'b' } })
    expect([(await api.messages.get('7', 'a')).id, (await api.messages.get('7', 'b')).id]).toEqual(['a', 'b'])
  })

  it('of the gateway without an address is an error', async () => {
    const { api } = await startRecordingApi()
    await expect(api.gateway.url()).rejects.toMatchObject({ code: 'API_INVALID_RESPONSE' })
  })

  it('of members gives each member once and ends on an empty page', async () => {
    const { api, calls, answers } = await startRecordingApi()
    const page = (...ids: string[]): { body: unknown } => ({ body: ids.map((id) => ({ user: { id } })) })
    answers.push(page('1', '2'), page('2', '3'), { body: [] })
    const ids: unknown[] = []
    for await (const { user } of api.members.all('48')) ids.push(user?.id)
    expect(ids).toEqual(['1', '2', '3'])
    expect(calls.at(-1)?.url).toContain('after=3')
  })

  it('of long lists follows its pages', async () => {
    const { api, answers } = await startRecordingApi()
    answers.push({ body: [{ id: '1' }, { id: '2' }] }, { body: [{ id: '3' }] })
    const guilds: string[] = []
    for await (const { id } of api.self.allGuilds(2)) guilds.push(id)
    expect(guilds).toEqual(['1', '2', '3'])
    answers.splice(
      0,
      answers.length,
      { body: { data: [{}], next: '5' } },
      { body: { data: [{}], next: '5' } },
    )
    let members = 0
    for await (const _ of api.roles.allMembers('48', '11')) members += 1
    expect(members).toBe(2)
    const users = (id: string, is_end: boolean) => ({ body: { users: [{ id }], cookie: 'c', is_end } })
    answers.splice(0, answers.length, users('1', false), users('2', true))
    const ids: string[] = []
    for await (const { id } of api.community.allReactionUsers('7', 'm', emoji)) ids.push(id)
    expect(ids).toEqual(['1', '2'])
  })

  it('of schedules takes null as none', async () => {
    const { api, answers } = await startRecordingApi()
    answers.push({ body: 'null' })
    expect(await api.notices.schedules('7')).toEqual([])
  })

  it('of share links takes both forms of its answer, and refuses long data itself', async () => {
    const { api, calls, answers } = await startRecordingApi()
    answers.push({ body: { data: { url: 'u' } } })
    expect(await api.groups.shareLink('x')).toBe('u')
    await expect(api.groups.shareLink('x'.repeat(33))).rejects.toThrow(/32 characters/)
    expect(calls).toHaveLength(1)
  })

  it('of channels takes a picture in a form, objects as JSON', async () => {
    const { api, calls } = await startRecordingApi()
    const file = { bytes: Buffer.from('PIXELS'), name: 'a.png', mime: 'image/png' }
    await api.messages.sendWithFile(channel, { content: 'hi', message_reference: { message_id: 'm' } }, file)
    expect(calls[0]?.headers['content-type']).toMatch(/^multipart\/form-data/)
    expect(calls[0]?.body).toContain('name="message_reference"\r\n\r\n{"message_id":"m"}')
    expect(calls[0]?.body).toContain('name="file_image"; filename="a.png"')
  })
})
