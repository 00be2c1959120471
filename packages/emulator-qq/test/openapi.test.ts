import { TestClock } from '@mynah/core/testing'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { RawApi, RawSocket, appId, secret, type Answer, startedAt } from './raw-client.ts'
import {
  allIntents,
  startQQEmulator,
  type JsonObject,
  type QQChannel,
  type QQEmulator,
  type QQGroup,
  type QQGuild,
  type QQUser,
} from '../src/index.ts'

let clock: TestClock
let emulator: QQEmulator
let api: RawApi
let alice: QQUser
let guild: QQGuild
let channel: QQChannel
let group: QQGroup

beforeEach(async () => {
  clock = new TestClock(startedAt)
  emulator = await startQQEmulator({ appId, secret, clock })
  onTestFinished(() => emulator.close())
  api = await RawApi.login(emulator)
  alice = emulator.user({ name: 'alice' })
  guild = emulator.guild({ name: 'Readers' })
  channel = guild.channel({ name: 'lobby' })
  group = emulator.group({ name: 'Chat' })
})

const call = (method: string, path: string, body?: JsonObject): Promise<Answer> =>
  api.call(method, path, body)
const code = async (answer: Promise<Answer>): Promise<unknown> => (await answer).body['err_code'] ?? 0

describe('self', () => {
  test('knows itself and pages through its guilds', async () => {
    expect((await call('GET', '/users/@me')).body).toMatchObject({
      id: emulator.bot.id,
      username: 'demo-bot',
      bot: true,
    })
    const ids = [guild.id, emulator.guild().id, emulator.guild().id]
    const page = async (query: string): Promise<unknown> =>
      Object((await call('GET', `/users/@me/guilds?${query}`)).body['list']).map(
        ({ id }: { id: string }) => id,
      )
    expect(await page('')).toEqual(ids)
    expect(await page('limit=2')).toEqual(ids.slice(0, 2))
    expect(await page(`after=${ids[1]}`)).toEqual(ids.slice(2))
    expect(await page(`before=${ids[2]}&limit=1`)).toEqual(ids.slice(1, 2))
    expect(await page(`before=${ids[2]}&after=${ids[0]}`)).toEqual(ids)
    expect(await code(call('GET', '/users/@me/guilds?limit=101'))).toBe(10000)
  })
})

describe('guild and channel', () => {
  test('are told as they are', async () => {
    expect((await call('GET', `/guilds/${guild.id}`)).body).toMatchObject({
      id: guild.id,
      name: 'Readers',
      member_count: 2,
    })
    const { body } = await call('GET', `/guilds/${guild.id}/channels`)
    expect(body['list']).toMatchObject([{ id: channel.id, guild_id: guild.id, type: 0, speak_permission: 1 }])
    expect((await call('GET', `/channels/${channel.id}`)).body).toMatchObject({ name: 'lobby' })
  })

  test('channels come, change and go, and the gateway tells it', async () => {
    const socket = await RawSocket.login(emulator, { intents: allIntents })
    const made = await call('POST', `/guilds/${guild.id}/channels`, { name: 'new', type: 0, sub_type: 1 })
    expect(made.body).toMatchObject({ name: 'new', sub_type: 1 })
    const path = `/channels/${String(made.body['id'])}`
    expect((await call('PATCH', path, { name: 'newer', speak_permission: 2 })).body).toMatchObject({
      name: 'newer',
    })
    expect(await call('DELETE', path)).toMatchObject({ status: 200, text: '{}' })
    for (const event of ['CHANNEL_CREATE', 'CHANNEL_UPDATE', 'CHANNEL_DELETE']) {
      expect((await socket.event(event)).d).toMatchObject({ op_user_id: emulator.bot.id })
    }
    expect(await code(call('GET', path))).toBe(10003)
  })

  test.each<[string, JsonObject]>([
    ['no name', { type: 0 }],
    ['an unknown type', { name: 'x', type: 77 }],
    ['a position below 1', { name: 'x', type: 0, position: 0 }],
    ['a category in first place', { name: 'x', type: 4, position: 1 }],
    ['an unknown private type', { name: 'x', type: 0, private_type: 3 }],
  ])('a channel with %s is refused', async (_, body) => {
    expect(await code(call('POST', `/guilds/${guild.id}/channels`, body))).toBe(10000)
  })

  test('who is there can be counted and listed', async () => {
    const voice = guild.channel({ type: 2 })
    alice.in(voice).enter()
    expect((await call('GET', `/channels/${voice.id}/online_nums`)).body).toEqual({ online_nums: 1 })
    expect((await call('GET', `/channels/${voice.id}/voice/members`)).body['list']).toMatchObject([
      { user: { id: alice.id } },
    ])
  })

  test('permissions can be asked for three times a day', async () => {
    expect((await call('GET', `/guilds/${guild.id}/api_permission`)).body).toMatchObject({
      apis: [{ auth_status: 1 }, {}, {}],
    })
    const ask = (): Promise<Answer> =>
      call('POST', `/guilds/${guild.id}/api_permission/demand`, {
        channel_id: channel.id,
        api_identify: { path: '/guilds/{guild_id}/members/{user_id}', method: 'GET' },
        desc: 'please',
      })
    expect([await code(ask()), await code(ask()), await code(ask()), await code(ask())]).toEqual([
      0, 0, 0, 610012,
    ])
  })
})

describe('members and roles', () => {
  test('members come in overlapping pages that end empty', async () => {
    const people = Array.from({ length: 5 }, () => emulator.user())
    for (const person of people) guild.addMember(person)
    const seen: string[] = []
    for (let after = '0', count = -1; count !== 0;) {
      const { body } = await call('GET', `/guilds/${guild.id}/members?after=${after}&limit=3`)
      const page: { user: { id: string } }[] = Object(body['list'])
      count = page.length
      seen.push(...page.map(({ user }) => user.id))
      after = page.at(-1)?.user.id ?? after
    }
    expect(new Set(seen).size).toBe(7)
    expect(seen.length).toBeGreaterThan(7)
    expect((await call('GET', `/guilds/${guild.id}/members`)).body['list']).toHaveLength(1)
  })

  test('one member can be read and removed, an admin cannot', async () => {
    guild.addMember(alice)
    const path = `/guilds/${guild.id}/members/${alice.id}`
    expect((await call('GET', path)).body).toMatchObject({
      nick: 'alice',
      user: { union_openid: expect.any(String) },
    })
    expect(await code(call('DELETE', path, { delete_history_msg_days: 4 }))).toBe(10000)
    expect((await call('DELETE', path, { add_blacklist: true, delete_history_msg_days: 7 })).status).toBe(204)
    expect(await code(call('GET', path))).toBe(10001)
    const owner = guild.state.ownerId
    expect(await code(call('DELETE', `/guilds/${guild.id}/members/${owner}`, {}))).toBe(11282)
  })

  test('roles are made, changed, given, listed and removed', async () => {
    guild.addMember(alice)
    const base = `/guilds/${guild.id}/roles`
    const made = await call('POST', base, { name: 'fan', color: 4_294_901_760, hoist: 1 })
    const id = String(made.body['role_id'])
    expect(made.body).toMatchObject({ role: { id, name: 'fan', hoist: 1, number: 0 } })
    expect(await code(call('POST', base, {}))).toBe(10000)
    expect((await call('PATCH', `${base}/${id}`, { name: 'friend' })).body).toMatchObject({
      role: { name: 'friend', hoist: 1 },
    })
    expect((await call('PUT', `/guilds/${guild.id}/members/${alice.id}/roles/${id}`, {})).status).toBe(204)
    const holders = await call('GET', `${base}/${id}/members?start_index=0&limit=10`)
    expect(holders.body).toMatchObject({ data: [{ user: { id: alice.id } }], next: '0' })
    expect((await call('GET', base)).body).toMatchObject({ guild_id: guild.id, role_num_limit: '30' })
    expect((await call('DELETE', `/guilds/${guild.id}/members/${alice.id}/roles/${id}`)).status).toBe(204)
    expect((await call('DELETE', `${base}/${id}`)).status).toBe(204)
    expect(await code(call('DELETE', `${base}/2`))).toBe(10000)
  })

  test('role 5 needs a channel', async () => {
    guild.addMember(alice)
    const path = `/guilds/${guild.id}/members/${alice.id}/roles/5`
    expect(await code(call('PUT', path, {}))).toBe(10000)
    expect((await call('PUT', path, { channel: { id: channel.id } })).status).toBe(204)
    expect((await call('DELETE', path, { channel: { id: channel.id } })).status).toBe(204)
  })
})

describe('permissions and mutes', () => {
  test('bits are added and removed as decimal text, removal wins, manage stays away', async () => {
    guild.addMember(alice)
    for (const path of [
      `/channels/${channel.id}/members/${alice.id}/permissions`,
      `/channels/${channel.id}/roles/2/permissions`,
    ]) {
      expect((await call('PUT', path, { add: '5', remove: '1' })).status).toBe(204)
      expect((await call('GET', path)).body).toMatchObject({ channel_id: channel.id, permissions: '4' })
      expect(await code(call('PUT', path, { add: '2' }))).toBe(301001)
      expect(await code(call('PUT', path, { add: 4 }))).toBe(10000)
    }
  })

  test('everybody, some, or one can be muted', async () => {
    guild.addMember(alice)
    const base = `/guilds/${guild.id}`
    expect((await call('PATCH', `${base}/mute`, { mute_seconds: '60' })).status).toBe(204)
    const some = await call('PATCH', `${base}/mute`, { mute_seconds: '60', user_ids: [alice.id, '1'] })
    expect(some).toMatchObject({ status: 200, body: { user_ids: [alice.id] } })
    expect(
      (await call('PATCH', `${base}/members/${alice.id}/mute`, { mute_end_timestamp: '0' })).status,
    ).toBe(204)
    expect(await code(call('PATCH', `${base}/mute`, {}))).toBe(502001)
    expect(await code(call('PATCH', `${base}/mute`, { mute_seconds: 60 }))).toBe(10000)
  })
})

describe('announcements, pins and schedules', () => {
  test('a message or up to three channels are announced', async () => {
    const { id } = alice.in(channel).say('hi')
    const base = `/guilds/${guild.id}/announces`
    const message = { channel_id: channel.id, message_id: id }
    expect((await call('POST', base, message)).body).toMatchObject({ ...message, guild_id: guild.id })
    const recommend = (count: number): Promise<Answer> =>
      call('POST', base, {
        announces_type: 1,
        recommend_channels: Array.from({ length: count }, () => ({ channel_id: channel.id, introduce: 'x' })),
      })
    expect((await recommend(3)).body).toMatchObject({ announces_type: 1, message_id: '' })
    expect(await code(recommend(4))).toBe(501016)
    expect(await code(call('DELETE', `${base}/${id}`))).toBe(501001)
    expect((await call('DELETE', `${base}/all`)).status).toBe(204)
    expect((await call('POST', `/channels/${channel.id}/announces`, { message_id: id })).status).toBe(200)
    expect((await call('DELETE', `/channels/${channel.id}/announces/${id}`)).status).toBe(204)
  })

  test('20 messages can be pinned', async () => {
    const ids = Array.from({ length: 21 }, () => alice.in(channel).say('x').id)
    const base = `/channels/${channel.id}/pins`
    for (const id of ids.slice(0, 20)) expect((await call('PUT', `${base}/${id}`)).status).toBe(200)
    expect(await code(call('PUT', `${base}/${ids[20]}`))).toBe(501013)
    expect((await call('DELETE', `${base}/${ids[0]}`)).status).toBe(204)
    expect((await call('GET', base)).body['message_ids']).toHaveLength(19)
    expect((await call('DELETE', `${base}/all`)).status).toBe(204)
    expect((await call('GET', base)).body).toEqual({
      guild_id: guild.id,
      channel_id: channel.id,
      message_ids: [],
    })
    expect(await code(call('PUT', `${base}/x`))).toBe(501001)
  })

  test('schedules need their wrapper, texts as times, and at most 7 days', async () => {
    const base = `/channels/${guild.channel({ type: 10_006 }).id}/schedules`
    const start = clock.now()
    const schedule = (extra: JsonObject = {}): JsonObject => ({
      schedule: {
        name: 'Reading',
        start_timestamp: String(start),
        end_timestamp: String(start + 3_600_000),
        remind_type: '2',
        ...extra,
      },
    })
    expect((await call('GET', base)).text).toBe('null')
    const made = await call('POST', base, schedule())
    expect(made.body).toMatchObject({
      id: expect.any(String),
      name: 'Reading',
      creator: { user: { bot: true } },
    })
    const path = `${base}/${String(made.body['id'])}`
    expect((await call('PATCH', path, schedule({ name: 'Writing' }))).body['name']).toBe('Writing')
    expect((await call('GET', path)).body['name']).toBe('Writing')
    expect((await call('GET', base)).body['list']).toHaveLength(1)
    expect((await call('GET', `${base}?since=${start + 1}`)).text).toBe('null')
    expect(await code(call('POST', base, { name: 'x' }))).toBe(10000)
    expect(await code(call('POST', base, schedule({ start_timestamp: start })))).toBe(10000)
    expect(await code(call('POST', base, schedule({ end_timestamp: String(start + 8 * 86_400_000) })))).toBe(
      302014,
    )
    for (let count = 1; count < 10; count += 1) await call('POST', base, schedule())
    expect(await code(call('POST', base, schedule()))).toBe(302021)
    expect((await call('DELETE', path)).status).toBe(204)
    expect(await code(call('GET', path))).toBe(302001)
  })
})

describe('reactions, audio and forum', () => {
  test('reactions are put once, listed in pages, and taken away once', async () => {
    const { id } = alice.in(channel).say('hi')
    const path = `/channels/${channel.id}/messages/${id}/reactions/2/${encodeURIComponent('👍')}`
    alice.in(channel).react({ id }, { type: 2, id: '👍' })
    expect((await call('PUT', path)).status).toBe(204)
    expect(await code(call('PUT', path))).toBe(620003)
    const first = await call('GET', `${path}?limit=1`)
    expect(first.body).toMatchObject({ users: [{ id: alice.id, username: 'alice' }], is_end: false })
    const rest = await call('GET', `${path}?cookie=${String(first.body['cookie'])}`)
    expect(rest.body).toMatchObject({ users: [{ id: emulator.bot.id }], is_end: true, cookie: '' })
    expect((await call('DELETE', path)).status).toBe(204)
    expect(await code(call('DELETE', path))).toBe(620004)
    expect(await code(call('PUT', path.replace('/2/', '/3/')))).toBe(620001)
  })

  test('audio plays, pauses and stops', async () => {
    const path = `/channels/${guild.channel({ type: 2 }).id}`
    const audio = (body: JsonObject): Promise<unknown> => code(call('POST', `${path}/audio`, body))
    expect(await audio({ status: 3 })).toBe(10000)
    expect(await audio({ status: 0 })).toBe(10000)
    for (const body of [
      { status: 0, audio_url: 'https://x/y.mp3' },
      { status: 1 },
      { status: 2 },
      { status: 3 },
    ]) {
      expect(await audio(body)).toBe(0)
    }
    expect([
      await code(call('PUT', `${path}/mic`, {})),
      await code(call('DELETE', `${path}/mic`, {})),
    ]).toEqual([0, 0])
  })

  test('threads are published in four formats and told by the audit event', async () => {
    const socket = await RawSocket.login(emulator, { intents: allIntents })
    const forum = `/channels/${guild.channel({ type: 10_007 }).id}/threads`
    const publish = (format: number, content: string): Promise<Answer> =>
      call('PUT', forum, { title: 'Title', content, format })
    for (const format of [1, 2, 3]) {
      const { body } = await publish(format, 'hello')
      expect((await socket.event('FORUM_PUBLISH_AUDIT_RESULT')).d).toMatchObject({
        task_id: body['task_id'],
        result: 0,
      })
    }
    expect(await code(publish(4, '{"paragraphs":[]}'))).toBe(0)
    expect([await code(publish(4, 'no JSON')), await code(publish(5, 'x'))]).toEqual([503001, 10000])
    const { thread_id: id } = Object((await socket.event('FORUM_PUBLISH_AUDIT_RESULT')).d)
    expect((await call('GET', forum)).body).toMatchObject({ threads: [{}, {}, {}, {}], is_finish: 1 })
    expect((await call('GET', `${forum}/${id}`)).body).toMatchObject({
      thread: { thread_info: { thread_id: id } },
    })
    expect((await call('DELETE', `${forum}/${id}`)).status).toBe(204)
    expect(await code(call('GET', `${forum}/${id}`))).toBe(503012)
  })
})

describe('groups', () => {
  const base = (): string => `/v2/groups/${group.openid}`

  test('are told as they are', async () => {
    const { openid } = alice.in(group)
    expect((await call('GET', `${base()}/info`)).body).toMatchObject({
      group_name: 'Chat',
      group_member_num: 1,
    })
    expect((await call('GET', `${base()}/bot_state`)).body).toMatchObject({
      allow_proactive_msg: true,
      recv_msg_setting: 'only_mention',
      member_role: 'member',
    })
    expect((await call('GET', `${base()}/members/${openid}`)).body).toMatchObject({
      nick: 'alice',
      member_role: 'member',
    })
    expect(await code(call('GET', `${base()}/members/x`))).toBe(10001)
  })

  test('information is limited to 30 a minute', async () => {
    for (let count = 0; count < 30; count += 1) expect((await call('GET', `${base()}/info`)).status).toBe(200)
    expect((await call('GET', `${base()}/info`)).status).toBe(429)
    await clock.advance(60_000)
    expect((await call('GET', `${base()}/info`)).status).toBe(200)
  })

  test('members are muted until a time, admins are not, and one bad entry spoils all', async () => {
    const [openid, boss] = [alice.in(group).openid, emulator.user()]
    group.setRole(boss, 'admin')
    const until = '2026-09-02T10:00:00+08:00'
    const mute = (...members: JsonObject[]): Promise<unknown> =>
      code(call('POST', `${base()}/restrict_chat_setting`, { members }))
    const entry = { op: 'add', member_openid: openid, mute_expire_at: until }
    expect(await mute(entry, { ...entry, member_openid: boss.in(group).openid })).toBe(10000)
    expect((await call('GET', `${base()}/restrict_chat_setting`)).body['members']).toEqual([])
    expect(await mute(entry)).toBe(0)
    expect((await call('GET', `${base()}/restrict_chat_setting`)).body['members']).toMatchObject([
      { member_openid: openid, mute_expire_at: until, username: 'alice' },
    ])
    expect(await mute({ op: 'del', member_openid: openid, mute_expire_at: '' })).toBe(0)
    expect(await mute({ ...entry, mute_expire_at: 'soon' })).toBe(10000)
    expect(await mute(...Array.from({ length: 11 }, () => entry))).toBe(10000)
  })

  test('somebody asks to join and is let in', async () => {
    const socket = await RawSocket.login(emulator, { intents: allIntents })
    const { id } = group.requestJoin(alice, { message: 'I like books' })
    const { d } = await socket.event('GROUP_JOIN_REQUEST')
    expect(d).toMatchObject({ join_request_id: id, apply_source: 'self_apply' })
    expect((await call('GET', `${base()}/join_request_list`)).body).toEqual({ list: [d], next_cursor: '' })
    const decide = (body: JsonObject): Promise<unknown> =>
      code(call('POST', `${base()}/approval_join_request/${String(d['member_openid'])}`, body))
    expect(await decide({ op: 'maybe', join_request_id: id })).toBe(10000)
    expect(await decide({ op: 'approve', join_request_id: 'x' })).toBe(10000)
    expect(await decide({ op: 'approve', join_request_id: id })).toBe(0)
    expect(group.has(alice)).toBe(true)
    await socket.event('GROUP_MEMBER_ADD')
    expect(await decide({ op: 'approve', join_request_id: id })).toBe(10000)
  })

  test('strategies are made for one kind of ids, changed, run and removed', async () => {
    const path = '/v2/groups/join_approval_strategy'
    const make = (body: JsonObject): Promise<Answer> => call('POST', path, { is_enable: 'on', ...body })
    expect(await code(make({}))).toBe(10000)
    expect(await code(make({ group_openids: ['a'], group_ids: ['b'] }))).toBe(10000)
    const { body } = await make({ group_openids: [group.openid], remark: 'fans' })
    const one = `${path}/${String(body['strategy_id'])}`
    const users = { op: 'add', whitelist_users: ['1', '2'] }
    expect((await call('POST', `${one}/whitelist_users`, users)).body['whitelist_user_count']).toBe(2)
    expect(await code(call('POST', `${one}/whitelist_users`, { op: 'add', whitelist_users: [1] }))).toBe(
      10000,
    )
    const action = { op: 'add', group_openids: ['G2'] }
    expect((await call('PATCH', one, { is_enable: 'off', group_action: action })).body['is_enable']).toBe(
      'off',
    )
    expect((await call('GET', path)).body).toMatchObject({
      strategies: [
        { group_openids: [group.openid, 'G2'], whitelist_user_count: 2, remark: 'fans', is_enable: 'off' },
      ],
      next_cursor: '',
    })
    expect((await call('POST', `${one}/execute`)).text).toBe('{}')
    expect((await call('DELETE', one)).text).toBe('{}')
    expect(await code(call('DELETE', one))).toBe(10000)
  })
})

describe('rights', () => {
  test.each<[keyof QQEmulator['grants'], string, string, number]>([
    ['privateDomain', 'GET', '/guilds/GUILD/members', 11255],
    ['privateDomain', 'GET', '/channels/CHANNEL/threads', 11255],
    ['guildAdmin', 'POST', '/guilds/GUILD/roles', 11282],
    ['guildAdmin', 'PUT', '/channels/CHANNEL/roles/2/permissions', 301006],
    ['guildAdmin', 'PUT', '/channels/CHANNEL/pins/1', 501017],
    ['guildAdmin', 'DELETE', '/channels/CHANNEL/schedules/1', 302010],
    ['groupAdmin', 'GET', '/v2/groups/GROUP/join_request_list', 40062003],
    ['allowlisted', 'GET', '/v2/groups/GROUP/info', 11253],
    ['audio', 'PUT', '/channels/CHANNEL/mic', 11253],
  ])('without %s %s %s is refused', async (grant, method, path, expected) => {
    Object.assign(emulator.grants, { [grant]: false })
    const filled = path
      .replace('GUILD', guild.id)
      .replace('CHANNEL', channel.id)
      .replace('GROUP', group.openid)
    expect(await call(method, filled)).toMatchObject({ status: 403, body: { code: expected } })
  })
})
