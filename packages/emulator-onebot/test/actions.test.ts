import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TestClock } from '@mynah/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { groupId, selfId, setStage } from './stage.ts'
import type { Framework } from './client.ts'
import type { OneBotEmulator } from '../src/emulator.ts'
import type { OneBotGroup } from '../src/people/group.ts'
import type { OneBotEmulatorOptions } from '../src/options.ts'
import type { OneBotUser } from '../src/people/user.ts'
import type { ProfileName } from '../src/wire/profile.ts'
import { profiles } from '../src/wire/profiles.ts'

const stage = setStage()
const every = Object.values(profiles)
const userId = 1_357_924_680
const ok = { status: 'ok', retcode: 0 }
const base64 = (text: string): string => `base64://${Buffer.from(text).toString('base64')}`

interface Scene {
  emulator: OneBotEmulator
  client: Framework
  lin: OneBotUser
  place: OneBotGroup
  /** `data` of a call that must work. */
  data(action: string, params?: Record<string, unknown>): Promise<unknown>
  fails(action: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>
}

/** A friend, and a group in which the bot is owner. */
async function scene(
  profile: ProfileName = 'napcat',
  options: Partial<OneBotEmulatorOptions> = {},
): Promise<Scene> {
  const { emulator, client } = await stage.connect({ profile, ...options })
  const lin = emulator.friend({ userId, nickname: 'Lin' })
  const place = emulator.group({ groupId, name: 'Test & Co.', botRole: 'owner' }).add(lin)
  return {
    emulator,
    client,
    lin,
    place,
    data: async (action, params) => {
      const answer = await client.call(action, params)
      expect(answer).toMatchObject(ok)
      return answer['data']
    },
    fails: async (action, params) => {
      const answer = await client.call(action, params)
      expect(answer).toMatchObject({ status: 'failed', data: null })
      return answer
    },
  }
}

const text = (value: string): object => ({ type: 'text', data: { text: value } })

describe('sending', () => {
  it.each<[string, unknown, boolean, string]>([
    ['a CQ string', 'a&#91;1&#93;[CQ:at,qq=1]', false, 'a&#91;1&#93;[CQ:at,qq=1]'],
    ['an escaped string', '[CQ:at,qq=1]', true, '&#91;CQ:at,qq=1&#93;'],
    ['an array', [text('[CQ:face,id=1]')], false, '&#91;CQ:face,id=1&#93;'],
    ['one segment', { type: 'face', data: { id: 178 } }, false, '[CQ:face,id=178]'],
    ['auto_escape with an array', [{ type: 'at', data: { qq: '1' } }], true, '[CQ:at,qq=1]'],
  ])('takes %s', async (_name, message, auto_escape, raw) => {
    const { data, lin } = await scene()
    await data('send_msg', { user_id: userId, message, auto_escape })
    expect(await lin.expectReply()).toMatchObject({ raw })
  })

  it('chooses the chat by type, else by the id that is there, the group first', async () => {
    const { data, lin, place } = await scene()
    const participant = lin.in(place)
    await data('send_msg', { message_type: 'private', group_id: groupId, user_id: userId, message: 'one' })
    await data('send_msg', { group_id: groupId, user_id: userId, message: 'two' })
    await data('send_msg', { user_id: String(userId), message: 'three' })
    expect(lin.unread.map((heard) => heard.text)).toEqual(['one', 'three'])
    expect(participant.unread.map((heard) => heard.text)).toEqual(['two'])
  })

  it('without any target gets an empty object from go-cqhttp, and is refused by the others', async () => {
    const { client } = await scene('go-cqhttp')
    expect(await client.call('send_msg', { message: 'hi' })).toEqual({ echo: 'c-1' })
    const modern = await scene('napcat')
    expect(await modern.fails('send_msg', { message: 'hi' })).toMatchObject({ retcode: 1400 })
  })

  it.each(every)('nothing fails on $name', async ({ name, retcodes }) => {
    const { fails } = await scene(name)
    for (const message of ['', []]) {
      expect(await fails('send_private_msg', { user_id: userId, message })).toMatchObject({
        retcode: retcodes.websocket.failed,
      })
    }
  })

  it.each<[ProfileName, string | undefined]>([
    ['go-cqhttp', 'hi[CQ:hologram,x=1]'],
    ['llonebot', 'hi'],
    ['lagrange', 'hi'],
    ['napcat', undefined],
  ])('an unknown segment becomes on %s %j', async (profile, expected) => {
    const { client, lin } = await scene(profile)
    const message = [text('hi'), { type: 'hologram', data: { x: 1 } }]
    const answer = await client.call('send_private_msg', { user_id: userId, message })
    expect(answer['status']).toBe(expected === undefined ? 'failed' : 'ok')
    expect(lin.unread.map((heard) => heard.text)).toEqual(expected === undefined ? [] : [expected])
  })

  it('loses a quote of what is unknown, but not the message', async () => {
    const { data, lin } = await scene()
    await data('send_private_msg', { user_id: userId, message: '[CQ:reply,id=12345]hi' })
    expect(await lin.expectReply('hi')).toMatchObject({ quote: undefined })
  })

  it.each([
    ['a recording with text', '[CQ:record,file=base64://YWJj]hi'],
    ['too long a text', 'x'.repeat(5001)],
    ['a file that is not there', '[CQ:image,file=file:///no/such/file.png]'],
    ['an image without a source', '[CQ:image]'],
    ['a node outside of a forward', '[CQ:node,id=1]'],
    ['a mention of nobody', '[CQ:at,name=x]'],
  ])('%s fails', async (_name, message) => {
    const { fails } = await scene()
    expect(await fails('send_group_msg', { group_id: groupId, message })).toMatchObject({ retcode: 1200 })
  })

  it('to a group fails while the bot is muted', async () => {
    const { fails, data, place, lin } = await scene('lagrange')
    await place.muteBot(lin, 600)
    expect(await fails('send_group_msg', { group_id: groupId, message: 'hi' })).toMatchObject({
      retcode: 120,
    })
    await place.muteBot(lin, 0)
    await data('send_group_msg', { group_id: groupId, message: 'hi' })
    await place.setBotRole('member').muteAll(lin)
    await fails('send_group_msg', { group_id: groupId, message: 'hi' })
  })

  it.each<[ProfileName, string, boolean]>([
    ['napcat', 'data:image/png;base64,YWJj', true],
    ['go-cqhttp', 'data:image/png;base64,YWJj', false],
    ['lagrange', 'base64://YWJj', true],
    ['lagrange', '/etc/hostname', false],
    ['llonebot', 'picture.png', false],
    ['llonebot', 'https://example.com/a.png', true],
  ])('on %s from the source %s works: %s', async (profile, file, works) => {
    const { client } = await scene(profile)
    const message = [{ type: 'image', data: { file } }]
    const answer = await client.call('send_private_msg', { user_id: userId, message })
    expect(answer['status']).toBe(works ? 'ok' : 'failed')
  })

  it('a received picture again works by its name on go-cqhttp', async () => {
    const { client, lin, data } = await scene('go-cqhttp')
    await lin.say({ type: 'image', data: { file: base64('pixels') } })
    const { raw_message: message } = await client.event()
    expect(message).toMatch(/^\[CQ:image,file=[0-9a-f]{32}\.image,subType=0,url=http/)
    await data('send_private_msg', { user_id: userId, message })
    const { media } = await lin.expectReply()
    expect(media.map(({ bytes }) => String(bytes))).toEqual(['pixels'])
  })
})

describe('a message', () => {
  it.each(every)('is found again on $name', async ({ name, letter }) => {
    const { data, lin, place } = await scene(name)
    const { id } = await lin.in(place).say('hi')
    const message = await data('get_msg', { message_id: String(id) })
    expect(message).toMatchObject({
      message_id: id,
      message_type: 'group',
      message: [text('hi')],
      sender: { user_id: userId },
    })
    expect(Object.keys(Object(message))).toEqual(
      expect.arrayContaining(
        {
          G: ['group', 'real_id'],
          N: ['raw_message', 'emoji_likes_list'],
          B: ['raw_message'],
          L: ['real_id'],
        }[letter],
      ),
    )
  })

  it('of others is recalled by those who outrank them, own ones within two minutes', async () => {
    const clock = new TestClock()
    const { data, fails, lin, place, client } = await scene('go-cqhttp', { clock })
    place.setBotRole('member')
    const theirs = await lin.in(place).say('spam')
    const own = Object(await data('send_group_msg', { group_id: groupId, message: 'hi' })).message_id
    expect(await fails('delete_msg', { message_id: theirs.id })).toMatchObject({ msg: 'RECALL_API_ERROR' })
    await data('delete_msg', { message_id: own })
    expect(await client.event(({ notice_type: type }) => type === 'group_recall')).toMatchObject({
      message_id: own,
      operator_id: selfId,
      user_id: selfId,
    })
    expect(await fails('get_msg', { message_id: own })).toMatchObject({ msg: 'MSG_NOT_FOUND' })
    const old = Object(await data('send_group_msg', { group_id: groupId, message: 'old' })).message_id
    await clock.advance(121_000)
    await fails('delete_msg', { message_id: old })
    place.setBotRole('admin')
    await data('delete_msg', { message_id: old })
    await data('delete_msg', { message_id: theirs.id })
    const inPrivate = await lin.say('hi')
    expect(await fails('delete_msg', { message_id: inPrivate.id })).toMatchObject({
      msg: 'CANNOT_RECALL_FRIEND_MSG',
    })
  })

  it.each<[ProfileName, Record<string, unknown>, string[]]>([
    ['go-cqhttp', { message_seq: 20_003 }, ['1', '2', '3']],
    ['napcat', { count: 2 }, ['4', '5']],
    ['napcat', { count: 2, message_seq: 'third' }, ['2', '3']],
    ['napcat', { count: 2, reverse_order: true }, ['5', '4']],
    ['llonebot', { count: 2, message_seq: 20_004 }, ['3', '4']],
    ['lagrange', { count: 1, message_id: 'third' }, ['3']],
  ])('is in the history of %s with %j', async (profile, params, expected) => {
    const { data, lin, place } = await scene(profile)
    const participant = lin.in(place)
    const ids: number[] = []
    for (const word of ['1', '2', '3', '4', '5']) ids.push((await participant.say(word)).id)
    const real = Object.fromEntries(
      Object.entries(params).map(([key, value]) => [key, value === 'third' ? ids[2] : value]),
    )
    const { messages } = Object(await data('get_group_msg_history', { group_id: groupId, ...real }))
    expect(messages.map((message: { raw_message: string }) => message.raw_message)).toEqual(expected)
  })

  it('becomes essence, and is listed', async () => {
    const { data, lin, place, client } = await scene('napcat')
    const { id } = await lin.in(place).say('wise')
    await data('set_essence_msg', { message_id: id })
    expect(await client.event(({ notice_type: type }) => type === 'essence')).toMatchObject({
      sub_type: 'add',
      user_id: userId,
      message_id: id,
    })
    expect(await data('get_essence_msg_list', { group_id: groupId })).toMatchObject([
      { message_id: id, sender_id: userId, operator_id: selfId },
    ])
    await data('delete_essence_msg', { message_id: id })
    expect(await data('get_essence_msg_list', { group_id: groupId })).toEqual([])
  })

  it.each<[ProfileName, string, object, string]>([
    ['napcat', 'set_msg_emoji_like', { emoji_id: '76' }, 'group_msg_emoji_like'],
    ['llonebot', 'set_msg_emoji_like', { emoji_id: 76 }, 'group_msg_emoji_like'],
    ['lagrange', 'set_group_reaction', { group_id: groupId, code: '76' }, 'reaction'],
  ])('is reacted to on %s by %s', async (profile, action, params, type) => {
    const { data, lin, place, client } = await scene(profile)
    const message = await lin.in(place).say('nice')
    await data(action, { message_id: message.id, ...params })
    expect([...message.reactions]).toEqual([['76', new Set([selfId])]])
    await client.event(({ notice_type: notice }) => notice === type)
  })
})

describe('a merged history', () => {
  const nodes = [
    { type: 'node', data: { user_id: '1', nickname: 'One', content: 'first' } },
    {
      type: 'node',
      data: {
        uin: 2,
        name: 'Two',
        content: [{ type: 'node', data: { user_id: 3, nickname: 'Three', content: [text('inner')] } }],
      },
    },
  ]

  it.each(every)('is sent, heard and fetched on $name', async ({ name, letter }) => {
    const { data, lin, place } = await scene(name)
    const participant = lin.in(place)
    const sent = await data('send_group_forward_msg', { group_id: groupId, messages: nodes })
    const { forward_id: id } = Object(sent)
    const { forward } = await participant.expectReply()
    expect(forward).toMatchObject([{ userId: 1, nickname: 'One', segments: [text('first')] }, { userId: 2 }])
    const fetched = Object(await data('get_forward_msg', { id, message_id: id }))
    const items = letter === 'L' ? fetched.message : fetched.messages
    const first = {
      G: { content: [text('first')] },
      B: { content: [text('first')] },
      N: { message: [text('first')] },
      L: { type: 'node', data: { nickname: 'One', content: [text('first')] } },
    }
    expect(items).toHaveLength(2)
    expect(items[0]).toMatchObject(first[letter])
    const anywhere = await data('send_forward_msg', { user_id: userId, messages: nodes })
    expect(typeof anywhere).toBe(letter === 'L' ? 'string' : 'object')
    await lin.expectReply(({ forward: heard }) => heard.length === 2)
  })

  it('takes messages by id', async () => {
    const { data, lin, place } = await scene('go-cqhttp')
    const { id } = await lin.in(place).say('quoted')
    await data('send_private_forward_msg', {
      user_id: userId,
      messages: [{ type: 'node', data: { id: String(id) } }],
    })
    expect((await lin.expectReply()).forward).toMatchObject([
      { userId, nickname: 'Lin', segments: [text('quoted')] },
    ])
  })

  it.each([
    ['nothing', []],
    ['something that is no node', [nodes[0], text('hi')]],
    ['too many nodes', Array(101).fill(nodes[0])],
    ['an unknown message', [{ type: 'node', data: { id: 1 } }]],
  ])('of %s fails', async (_name, messages) => {
    const { fails } = await scene('go-cqhttp')
    expect(await fails('send_group_forward_msg', { group_id: groupId, messages })).toMatchObject({
      retcode: 100,
    })
  })

  it('can be said by people', async () => {
    const { emulator, client, lin, data } = await scene()
    const segments = [{ type: 'text', data: { text: 'old' } }]
    await lin.say(emulator.world.forward([{ userId, nickname: 'Lin', time: 1, groupId: 0, segments }]))
    const [segment] = Object((await client.event())['message'])
    expect(await data('get_forward_msg', { message_id: segment.data.id })).toMatchObject({
      messages: [{ raw_message: 'old' }],
    })
  })
})

describe('ruling a group', () => {
  it.each<[string, Record<string, unknown>, object]>([
    [
      'set_group_ban',
      { user_id: userId, duration: 60 },
      { notice_type: 'group_ban', sub_type: 'ban', duration: 60, operator_id: selfId },
    ],
    [
      'set_group_ban',
      { user_id: userId, duration: 0 },
      { notice_type: 'group_ban', sub_type: 'lift_ban', duration: 0 },
    ],
    ['set_group_whole_ban', { enable: true }, { notice_type: 'group_ban', user_id: 0, duration: -1 }],
    ['set_group_admin', { user_id: userId, enable: true }, { notice_type: 'group_admin', sub_type: 'set' }],
    [
      'set_group_special_title',
      { user_id: userId, special_title: 'Bug hunter' },
      { sub_type: 'title', title: 'Bug hunter' },
    ],
    [
      'set_group_kick',
      { user_id: userId },
      { notice_type: 'group_decrease', sub_type: 'kick', operator_id: selfId },
    ],
    ['set_group_name', { group_name: 'New' }, { sub_type: 'group_name', name_new: 'New' }],
    ['group_poke', { user_id: userId }, { sub_type: 'poke', user_id: selfId, target_id: userId }],
  ])('%s with %j is reported', async (action, params, notice) => {
    const { data, client } = await scene()
    expect(await data(action, { group_id: groupId, ...params })).toBeNull()
    expect(await client.event()).toMatchObject({ post_type: 'notice', group_id: groupId, ...notice })
  })

  it.each([
    ['set_group_kick', { user_id: userId }],
    ['set_group_ban', { user_id: userId, duration: 60 }],
    ['set_group_admin', { user_id: userId }],
    ['set_group_card', { user_id: userId, card: 'x' }],
    ['set_group_whole_ban', {}],
    ['set_group_special_title', { user_id: userId }],
    ['_send_group_notice', { content: 'x' }],
  ])('%s needs rights', async (action, params) => {
    const { fails, place } = await scene('go-cqhttp')
    place.setBotRole('member')
    expect((await fails(action, { group_id: groupId, ...params }))['msg']).toMatch(
      /PERMISSION_DENIED|NOT_MANAGEABLE/,
    )
  })

  it('mutes by default where the specification says so, and lifts elsewhere', async () => {
    for (const { name, defaultMuteSeconds } of every) {
      const { data, client } = await scene(name)
      await data('set_group_ban', { group_id: groupId, user_id: userId })
      expect(await client.event()).toMatchObject({ duration: defaultMuteSeconds })
    }
  })

  it('refuses to mute for more than 30 days', async () => {
    const { fails } = await scene('go-cqhttp')
    const answer = await fails('set_group_ban', { group_id: groupId, user_id: userId, duration: 2_592_001 })
    expect(answer).toMatchObject({ msg: 'DURATION_IS_NOT_IN_RANGE' })
  })

  it('leaves, or dissolves the group where that is possible', async () => {
    for (const [profile, notice] of [
      ['go-cqhttp', { sub_type: 'kick_me' }],
      ['lagrange', { sub_type: 'disband' }],
      ['napcat', { sub_type: 'leave', operator_id: 0 }],
    ] as const) {
      const { data, client, fails } = await scene(profile)
      await data('set_group_leave', { group_id: groupId, is_dismiss: true })
      expect(await client.event()).toMatchObject({
        notice_type: 'group_decrease',
        user_id: selfId,
        ...notice,
      })
      await fails('get_group_member_list', { group_id: groupId })
    }
  })

  it('shows what it did', async () => {
    const { data, place, lin } = await scene()
    await data('set_group_card', { group_id: groupId, user_id: userId, card: 'QA' })
    await data('set_group_ban', { group_id: groupId, user_id: userId, duration: 60 })
    expect(await data('get_group_member_info', { group_id: groupId, user_id: userId })).toMatchObject({
      card: 'QA',
      nickname: 'Lin',
      role: 'member',
      level: '1',
    })
    expect(await data('get_group_shut_list', { group_id: groupId })).toMatchObject([{ user_id: userId }])
    expect(place.member(lin).card).toBe('QA')
    await data('_send_group_notice', { group_id: groupId, content: 'Be kind', image: base64('x') })
    const [notice] = Object(await data('_get_group_notice', { group_id: groupId }))
    expect(notice).toMatchObject({
      sender_id: selfId,
      message: { text: 'Be kind', images: [{ id: expect.any(String) }] },
    })
    await data('_del_group_notice', { group_id: groupId, notice_id: notice.notice_id })
    expect(await data('_get_group_notice', { group_id: groupId })).toEqual([])
  })
})

describe('files', () => {
  let folder = ''
  let path = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onebot-emulator-'))
    path = join(folder, 'minutes.txt')
    await writeFile(path, 'minutes')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each(every)('are put into groups and found again on $name', async ({ name, letter }) => {
    const { data, lin, place } = await scene(name)
    const participant = lin.in(place)
    const file = letter === 'G' || letter === 'L' ? path : String(pathToFileURL(path))
    const uploaded = await data('upload_group_file', { group_id: groupId, file, name: 'a.txt' })
    const [stored] = Object(await data('get_group_root_files', { group_id: groupId })).files
    expect(stored).toMatchObject({ file_name: 'a.txt', uploader: selfId })
    expect(uploaded).toEqual(letter === 'N' || letter === 'B' ? { file_id: stored.file_id } : null)
    expect((await participant.expectReply()).media.map(({ bytes }) => String(bytes))).toEqual(['minutes'])
    const { url } = Object(
      await data('get_group_file_url', { group_id: groupId, file_id: stored.file_id, busid: stored.busid }),
    )
    expect(await (await fetch(url)).text()).toBe('minutes')
    await data('delete_group_file', { group_id: groupId, file_id: stored.file_id, busid: stored.busid })
    expect(await data('get_group_root_files', { group_id: groupId })).toEqual({ files: [], folders: [] })
  })

  it('must be paths on go-cqhttp and Lagrange', async () => {
    for (const profile of ['go-cqhttp', 'lagrange'] as const) {
      const { fails } = await scene(profile)
      const group = await fails('upload_group_file', { group_id: groupId, file: base64('x'), name: 'a.txt' })
      const user = await fails('upload_private_file', {
        user_id: userId,
        file: 'https://example.com/a',
        name: 'a',
      })
      expect([group['retcode'], user['retcode']]).toEqual(profile === 'lagrange' ? [200, 200] : [100, 100])
    }
  })

  it('move between folders', async () => {
    const { data, fails } = await scene('napcat')
    const { file_id: id } = Object(
      await data('upload_group_file', { group_id: groupId, file: base64('x'), name: 'a.txt' }),
    )
    await data('create_group_file_folder', { group_id: groupId, folder_name: 'Docs' })
    const [docs] = Object(await data('get_group_root_files', { group_id: groupId })).folders
    const move = {
      group_id: groupId,
      file_id: id,
      current_parent_directory: '/',
      target_parent_directory: docs.folder_id,
    }
    expect(await data('move_group_file', move)).toEqual({ ok: true })
    await fails('move_group_file', move)
    await data('rename_group_file', {
      group_id: groupId,
      file_id: id,
      current_parent_directory: docs.folder_id,
      new_name: 'b.txt',
    })
    const inside = await data('get_group_files_by_folder', { group_id: groupId, folder_id: docs.folder_id })
    expect(inside).toMatchObject({ files: [{ file_id: id, file_name: 'b.txt' }] })
    expect(await data('get_group_file_system_info', { group_id: groupId })).toMatchObject({
      file_count: 1,
      used_space: 1,
    })
    await data('delete_group_folder', { group_id: groupId, folder_id: docs.folder_id })
    await fails('get_group_file_url', { group_id: groupId, file_id: id })
  })

  it('are uploaded and downloaded in streams on NapCat', async () => {
    const { client, data, lin } = await scene()
    const chunk = (index: number, chunkText: string): Record<string, unknown> => ({
      stream_id: 's',
      chunk_index: index,
      chunk_data: Buffer.from(chunkText).toString('base64'),
      total_chunks: 2,
      filename: 'a.png',
    })
    expect(await client.call('upload_file_stream', chunk(1, 'World'))).toMatchObject({
      stream: 'stream-action',
      data: { type: 'stream', status: 'chunk_received', received_chunks: 1, total_chunks: 2 },
    })
    expect(await client.call('upload_file_stream', { stream_id: 's', is_complete: true })).toMatchObject({
      retcode: 1200,
    })
    await client.call('upload_file_stream', chunk(0, 'Hello'))
    const end = Object(await data('upload_file_stream', { stream_id: 's', is_complete: true }))
    expect(end).toMatchObject({ type: 'response', status: 'file_complete', file_size: 10 })
    await data('send_private_msg', {
      user_id: userId,
      message: [{ type: 'image', data: { file: end.file_path } }],
    })
    const [media] = (await lin.expectReply()).media
    expect(String(media?.bytes)).toBe('HelloWorld')
    client.socket.send(
      JSON.stringify({
        action: 'download_file_stream',
        params: { file: media?.md5, chunk_size: 4 },
        echo: 'd',
      }),
    )
    const frames = []
    do frames.push(Object((await client.answer('d'))['data']))
    while (frames.at(-1).type === 'stream')
    const parts = frames
      .filter((frame) => frame.data_type === 'file_chunk')
      .map((frame) => Buffer.from(frame.data, 'base64'))
    expect(String(Buffer.concat(parts))).toBe('HelloWorld')
    expect(frames.at(-1)).toMatchObject({ type: 'response', total_chunks: 3, total_bytes: 10 })
  })
})

describe('quick operations', () => {
  it.each<[ProfileName, { reply: string | undefined; recalled: boolean; muted: boolean }]>([
    ['go-cqhttp', { reply: 'no', recalled: true, muted: true }],
    ['napcat', { reply: 'quoted', recalled: false, muted: false }],
    ['llonebot', { reply: 'quoted', recalled: true, muted: true }],
    ['lagrange', { reply: undefined, recalled: false, muted: false }],
  ])('by action do on %s what they can: %j', async (profile, expected) => {
    const { client, lin, place } = await scene(profile)
    const participant = lin.in(place)
    const message = await participant.say('spam')
    const context = await client.event()
    const operation = { reply: 'no', delete: true, ban: true }
    const answer = await client.call('.handle_quick_operation', { context, operation })
    expect(answer['retcode']).toBe(profile === 'lagrange' ? 404 : 0)
    const [heard] = participant.unread
    expect(heard?.text).toBe(expected.reply === undefined ? undefined : 'no')
    expect(heard?.quote).toBe(expected.reply === 'quoted' ? message.id : undefined)
    expect(message.recalled).toBe(expected.recalled)
    expect(place.member(lin).mutedUntil > 0).toBe(expected.muted)
  })

  it('answer requests', async () => {
    const { client, data, emulator } = await scene('llonebot')
    const bo = emulator.stranger({ userId: 2_468_013_579, nickname: 'Bo' })
    await bo.requestFriend('hi')
    const context = await client.event()
    await data('.handle_quick_operation', { context, operation: { approve: true, remark: 'B' } })
    expect(bo.person).toMatchObject({ isFriend: true, remark: 'B' })
  })
})

describe('parameters', () => {
  it.each<[ProfileName, string, Record<string, unknown>, object]>([
    ['napcat', 'get_group_info', {}, { retcode: 1400, message: 'group_id is required' }],
    ['napcat', 'get_group_info', { group_id: 'x' }, { retcode: 1400 }],
    ['llonebot', 'set_group_whole_ban', { group_id: groupId, enable: 'maybe' }, { retcode: 1400 }],
    ['go-cqhttp', 'get_group_info', {}, { retcode: 100, msg: 'GROUP_NOT_FOUND' }],
    ['lagrange', 'get_group_info', { group_id: 4_294_967_296 }, { retcode: 200 }],
    ['lagrange', 'get_msg', { message_id: 2_147_483_648 }, { retcode: 200 }],
    ['lagrange', 'set_group_whole_ban', { group_id: groupId, enable: 1 }, { retcode: 200 }],
    ['napcat', 'get_cookies', {}, { retcode: 1400 }],
    ['napcat', 'send_private_msg', { user_id: userId, message: [1] }, { retcode: 1400 }],
  ])('of %s are checked: %s %j', async (profile, action, params, expected) => {
    const { fails } = await scene(profile)
    expect(await fails(action, params)).toMatchObject(expected)
  })

  it('may be strings', async () => {
    const { data } = await scene('napcat')
    expect(await data('get_group_info', { group_id: String(groupId), no_cache: 'true' })).toMatchObject({
      group_id: groupId,
    })
    await data('set_group_whole_ban', { group_id: groupId, enable: '0' })
  })
})

describe('the account', () => {
  it.each(every)('is described on $name', async ({ name, appName }) => {
    const { data, emulator } = await scene(name)
    expect(await data('get_login_info')).toEqual({ user_id: selfId, nickname: 'Robo' })
    expect(await data('get_version_info')).toMatchObject({ app_name: appName, protocol_version: 'v11' })
    expect(await data('get_status')).toMatchObject({ online: true, good: true })
    expect(await data('get_stranger_info', { user_id: userId })).toMatchObject({
      user_id: userId,
      nickname: 'Lin',
      sex: 'unknown',
      age: 0,
    })
    expect(await data('get_friend_list')).toMatchObject([{ user_id: userId, nickname: 'Lin', remark: '' }])
    expect(await data('get_group_list')).toMatchObject([
      { group_id: groupId, group_name: 'Test & Co.', member_count: 2 },
    ])
    expect(await data('can_send_record')).toEqual({ yes: true })
    expect(emulator.calls).toHaveLength(7)
  })

  it('lists its actions on go-cqhttp', async () => {
    const { data } = await scene('go-cqhttp')
    const actions = await data('get_supported_actions')
    expect(actions).toEqual(expect.arrayContaining(['send_msg', 'get_guild_list', '.get_word_slices']))
    expect(actions).not.toContain('group_poke')
  })

  it('likes a person ten times a day', async () => {
    const { data, fails, client } = await scene('lagrange')
    await data('send_like', { user_id: userId, times: 10 })
    await fails('send_like', { user_id: userId })
    expect(await client.call('send_like', { user_id: 1 })).toMatchObject({
      status: 'user not found',
      retcode: 0,
    })
  })

  it('loses friends', async () => {
    const { data, fails } = await scene('napcat')
    await data('delete_friend', { friend_id: userId })
    const answer = await fails('send_private_msg', { user_id: userId, message: 'hi' })
    expect(answer).toMatchObject({ retcode: 1200, message: '好友不存在' })
  })
})
