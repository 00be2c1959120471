import { describe, expect, it } from 'vitest'

import { Resource } from './actions.ts'
import { type CallOptions, Caller } from './caller.ts'
import type { Connection, ConnectionCall } from '../receive/connection.ts'
import { aliases, type Implementation, quirks } from './quirks.ts'
import { OneBotApi } from './onebot-api.ts'

interface Call {
  readonly action: string
  readonly params: Readonly<Record<string, unknown>>
  readonly options: CallOptions | undefined
}

/** An API whose calls are kept and answered by `answer`. */
function makeApi(implementation: Implementation = 'other', answer: (action: string) => unknown = () => null) {
  const calls: Call[] = []
  const api = new OneBotApi({
    quirks: quirks[implementation],
    state: {
      status: 'online',
      implementation,
      pending: 0,
      queued: 0,
      reconnects: 0,
      problem: undefined,
    },
    call: (action, params, options) => {
      calls.push({ action, params: { ...params }, options })
      return Promise.resolve(answer(action))
    },
  })
  return { api, calls, last: () => calls.at(-1) }
}

/** Every method of every resource that makes a call, bound to it. */
function methodsOf(api: OneBotApi): ((...args: unknown[]) => unknown)[] {
  const resources = Object.values(api).filter((value: unknown) => value instanceof Resource)
  return resources.flatMap((resource) => {
    const prototype: object = Object.getPrototypeOf(resource)
    const methods = Object.getOwnPropertyNames(prototype)
      .filter((name) => !['constructor', 'getConnection'].includes(name))
      .map((name) => Reflect.get(resource, name).bind(resource))
    return [...methods, ...Object.values(resource).filter((value) => typeof value === 'function')]
  })
}

const documented = `
  send_private_msg send_group_msg send_msg delete_msg get_msg get_forward_msg send_forward_msg
  send_group_forward_msg send_private_forward_msg mark_msg_as_read get_group_msg_history get_friend_msg_history
  set_essence_msg delete_essence_msg get_essence_msg_list send_like get_image get_record can_send_image
  can_send_record ocr_image get_file download_file check_url_safely get_login_info get_stranger_info
  get_friend_list get_unidirectional_friend_list delete_unidirectional_friend delete_friend set_qq_profile
  get_online_clients _get_model_show _set_model_show qidian_get_account_info set_friend_add_request
  set_group_add_request get_group_info get_group_list get_group_member_info get_group_member_list
  get_group_honor_info get_group_system_msg get_group_at_all_remain set_group_kick set_group_ban
  set_group_anonymous_ban set_group_whole_ban set_group_admin set_group_anonymous set_group_card set_group_name
  set_group_leave set_group_special_title set_group_portrait send_group_sign _send_group_notice
  _get_group_notice _del_group_notice upload_group_file upload_private_file get_group_root_files
  get_group_files_by_folder get_group_file_url get_private_file_url get_group_file_system_info
  create_group_file_folder delete_group_file delete_group_folder move_group_file rename_group_file
  rename_group_file_folder trans_group_file set_group_file_forever upload_file_stream download_file_stream
  download_file_image_stream download_file_record_stream clean_stream_temp_file get_status get_version_info
  get_cookies get_csrf_token get_credentials set_restart clean_cache .handle_quick_operation
  reload_event_filter .get_word_slices get_supported_actions get_updates get_guild_service_profile
  get_guild_list get_guild_meta_by_guest get_guild_channel_list get_guild_member_list get_guild_member_profile
  send_guild_channel_msg get_guild_msg get_topic_channel_feeds get_guild_roles create_guild_role
  update_guild_role delete_guild_role set_guild_member_role`
  .trim()
  .split(/\s+/)

describe('the typed actions', () => {
  it('reach every documented action', async () => {
    const { api, calls } = makeApi('other', () => ({}))
    for (const method of methodsOf(api)) {
      const counted = calls.length
      await Promise.resolve(method({ user_id: 1 }, ['x'], 1)).catch(() => {})
      expect(calls.length - counted).toBe(1)
    }
    await api.files.listGroup(1, { folder_id: 'f' })
    for (const implementation of ['lagrange', 'llonebot'] as const) {
      const other = makeApi(implementation)
      await other.api.reactions.set(1, 2, '3', false)
      calls.push(...other.calls)
    }
    const names = calls.map(({ action }) => action)
    const reached = new Set([...names, ...names.flatMap((name) => aliases[name] ?? [])])
    expect(documented.filter((action) => !reached.has(action))).toEqual([])
  })

  it('reach everything else by call()', async () => {
    const { api, last } = makeApi()
    await api.call('.send_packet', { command: 'x' }, { timeoutMs: 5 })
    expect(last()).toEqual({ action: '.send_packet', params: { command: 'x' }, options: { timeoutMs: 5 } })
    await api.call('_anything')
    expect(last()?.params).toEqual({})
  })

  it('send ids as numbers where no digit is lost', async () => {
    const { api, last } = makeApi('other', () => ({}))
    await api.messages.sendPrivate('1357924680', 'x', { group_id: '7561234567890123456' })
    expect(last()?.params).toMatchObject({ user_id: 1357924680, group_id: '7561234567890123456' })
    await api.messages.delete('-5')
    expect(last()?.params).toEqual({ message_id: -5 })
    await api.guilds.getMessage('BAHK9f0=')
    expect(last()?.params).toEqual({ message_id: 'BAHK9f0=' })
  })

  it('refuse a message to nobody', async () => {
    const { api, calls } = makeApi()
    const nobody = JSON.parse('{"message":"hi"}') as Parameters<OneBotApi['messages']['send']>[0]
    await expect(api.messages.send(nobody)).rejects.toMatchObject({ kind: 'bad-request' })
    expect(calls).toEqual([])
  })

  it('always says how long a mute is', async () => {
    const { api, last } = makeApi()
    await api.members.mute(1, 2)
    expect(last()?.params).toEqual({ group_id: 1, user_id: 2, duration: 1800 })
    await api.members.mute(1, 2, 0)
    expect(last()?.params['duration']).toBe(0)
    await api.members.muteAnonymous(1, 'f')
    expect(last()?.params['duration']).toBe(1800)
  })

  it('always say what the defaults of implementations differ in', async () => {
    const { api, last } = makeApi()
    await api.groups.mute(1)
    expect(last()?.params['enable']).toBe(true)
    await api.members.setAdmin(1, 2)
    expect(last()?.params['enable']).toBe(true)
    await api.groups.allowAnonymous(1)
    expect(last()?.params['enable']).toBe(true)
    await api.requests.answerGroup('f', 'add')
    expect(last()?.params).toEqual({ flag: 'f', sub_type: 'add', approve: true })
  })

  it('ask for a forward by both names, and read both results', async () => {
    const node = { content: [{ type: 'text', data: { text: 'hi' } }] }
    for (const key of ['message', 'messages']) {
      const { api, last } = makeApi('other', () => ({ [key]: [node] }))
      expect(await api.forwards.get('75')).toEqual([node])
      expect(last()?.params).toEqual({ id: '75', message_id: 75 })
    }
    expect(await makeApi().api.forwards.get('75')).toEqual([])
  })

  it.each<[Implementation, object]>([
    ['go-cqhttp', { group_id: 1, count: 20, message_seq: 5 }],
    ['napcat', { group_id: 1, count: 20, message_seq: 5, reverse_order: false }],
    ['llonebot', { group_id: 1, count: 20, message_seq: 5, reverseOrder: false }],
    ['lagrange', { group_id: 1, count: 20, message_id: 5 }],
  ])('ask %s for the history in its words', async (implementation, params) => {
    const { api, last } = makeApi(implementation, () => ({ messages: [] }))
    await api.messages.listGroup(1, { from: 5 })
    expect(last()?.params).toEqual(params)
  })

  it('read credentials and clients in both shapes', async () => {
    const answers = [
      { cookies: 'c', csrf_token: 5 },
      { cookies: 'c', token: '5' },
    ]
    for (const answer of answers) {
      expect(await makeApi('other', () => answer).api.profile.getCredentials()).toEqual({
        cookies: 'c',
        csrf_token: 5,
      })
    }
    const device = { app_id: 1, device_name: 'x', device_kind: 'y' }
    for (const answer of [[device], { clients: [device] }]) {
      expect(await makeApi('other', () => answer).api.profile.listClients()).toEqual([device])
    }
    expect(await makeApi().api.profile.listClients()).toEqual([])
  })

  it('move a file by both naming schemes', async () => {
    const { api, last } = makeApi()
    await api.files.move({ group_id: 1, file_id: 'f', parent_directory: '/a', target_directory: '/b' })
    expect(last()?.params).toEqual({
      group_id: 1,
      file_id: 'f',
      parent_directory: '/a',
      target_directory: '/b',
      current_parent_directory: '/a',
      target_parent_directory: '/b',
    })
  })

  it('read every shape of a sent forward', async () => {
    const sent = (answer: unknown) => makeApi('other', () => answer).api.forwards.sendGroup(1, [])
    expect(await sent({ message_id: 5, forward_id: 'f' })).toEqual({ message_id: 5, forward_id: 'f' })
    expect(await sent({ message_id: 5, res_id: 'f' })).toEqual({ message_id: 5, forward_id: 'f' })
    expect(await sent('f')).toEqual({ message_id: 0, forward_id: 'f' })
    expect(await sent(null)).toEqual({ message_id: 0 })
  })

  it('give numbers also where they come as strings', async () => {
    expect(
      (await makeApi('other', () => ({ file: 'x', file_size: '12' })).api.media.getImage('x')).file_size,
    ).toBe(12)
    const files = { files: [{ file_size: '12', busid: '102' }], folders: null }
    const list = await makeApi('other', () => files).api.files.listGroup(1)
    expect(list.files?.[0]).toMatchObject({ file_size: 12, busid: 102 })
  })
})

/** A connection that is answered by hand. */
class FakeConnection implements Connection {
  readonly transport = 'websocket'
  readonly takesCalls = true
  readonly bringsEvents = true
  readonly calls: ConnectionCall[] = []
  readonly answers: ((answer: unknown) => void)[] = []
  readonly #answer: ((action: string) => unknown) | undefined

  constructor(answer?: (action: string) => unknown) {
    this.#answer = answer
  }

  get pending(): number {
    return this.calls.length
  }

  call(call: ConnectionCall): Promise<unknown> {
    this.calls.push(call)
    if (this.#answer !== undefined) return Promise.resolve(this.#answer(call.action))
    return new Promise((resolve) => {
      this.answers.push(resolve)
    })
  }

  close(): void {}
}

const makeCaller = (connection: Connection, limit = 64): Caller =>
  new Caller({ callConnection: connection }, limit)
const ok = { status: 'ok', retcode: 0, data: 'done' }
const unknown = { status: 'failed', retcode: 1404, data: null }

describe('calls', () => {
  it('try another name once, and remember the one that works', async () => {
    const connection = new FakeConnection((action) => (action === 'set_group_sign' ? ok : unknown))
    const caller = makeCaller(connection)
    expect(await caller.call('send_group_sign', {})).toBe('done')
    expect(await caller.call('send_group_sign', {})).toBe('done')
    expect(connection.calls.map(({ action }) => action)).toEqual([
      'send_group_sign',
      'set_group_sign',
      'set_group_sign',
    ])
    caller.forgetNames()
    await caller.call('send_group_sign', {})
    expect(connection.calls).toHaveLength(5)
  })

  it('fail as the first name did when none is known, and only for that reason', async () => {
    const connection = new FakeConnection(() => unknown)
    await expect(makeCaller(connection).call('send_group_sign', {})).rejects.toMatchObject({
      kind: 'unknown-action',
    })
    expect(connection.calls).toHaveLength(2)
    const refusing = new FakeConnection(() => ({ status: 'failed', retcode: 100, data: null }))
    await expect(makeCaller(refusing).call('send_group_sign', {})).rejects.toMatchObject({ retcode: 100 })
    expect(refusing.calls).toHaveLength(1)
  })

  it('wait in order beyond the limit', async () => {
    const connection = new FakeConnection()
    const caller = makeCaller(connection, 2)
    const done: string[] = []
    const calls = ['a', 'b', 'c', 'd'].map(async (action) => {
      await caller.call(action, {})
      done.push(action)
    })
    expect([connection.calls.length, caller.queued]).toEqual([2, 2])
    for (let index = 0; index < 4; index += 1) {
      connection.answers[index]?.(ok)
      await calls[index]
    }
    expect(connection.calls.map(({ action }) => action)).toEqual(['a', 'b', 'c', 'd'])
    expect(done).toEqual(['a', 'b', 'c', 'd'])
    expect(caller.queued).toBe(0)
  })

  it('never go beyond the limit, also when a new one comes the moment another one ends', async () => {
    const connection = new FakeConnection()
    const caller = makeCaller(connection, 1)
    const first = caller.call('first', {})
    const second = caller.call('second', {})
    const third = first.then(() => caller.call('third', {}))
    connection.answers[0]?.(ok)
    await first
    await Promise.resolve()
    expect([connection.calls.length, caller.queued]).toEqual([2, 1])
    connection.answers[1]?.(ok)
    await second
    expect([connection.calls.length, caller.queued]).toEqual([3, 0])
    connection.answers[2]?.(ok)
    await third
    expect(connection.calls.map(({ action }) => action)).toEqual(['first', 'second', 'third'])
  })
})
