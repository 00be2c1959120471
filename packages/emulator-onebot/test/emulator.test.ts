import { describe, expect, it } from 'vitest'
import { groupId, selfId, setStage } from './stage.ts'
import { startOneBotEmulator } from '../src/emulator.ts'
import { profiles } from '../src/wire/profiles.ts'

const stage = setStage()
const lin = { userId: 1_357_924_680, nickname: 'Lin' }
const group = { groupId, name: 'Test & Co.' }
const isMessage = (frame: Record<string, unknown>): boolean => frame['post_type'] === 'message'

describe('a chat', () => {
  it('goes both ways in private', async () => {
    const { emulator, client } = await stage.connect()
    const alice = emulator.friend(lin)
    await alice.say('/ping')
    expect(await client.event()).toMatchObject({
      user_id: lin.userId,
      raw_message: '/ping',
      sub_type: 'friend',
    })
    await client.call('send_private_msg', { user_id: lin.userId, message: 'pong' })
    expect(await alice.expectReply('pong')).toMatchObject({ text: 'pong', raw: 'pong', quote: undefined })
    await alice.expectSilence()
  })

  it('goes both ways in a group, heard by everybody there and nobody else', async () => {
    const { emulator, client } = await stage.connect()
    const [alice, bob, eve] = [lin, { userId: 2 }, { userId: 3 }].map((person) => emulator.friend(person))
    const place = emulator.group(group).add(alice!, { role: 'admin', card: 'QA' }).add(bob!)
    const heardByBob = bob!.in(place)
    const { id } = await alice!.in(place).say([
      { type: 'at', data: { qq: selfId } },
      { type: 'text', data: { text: ' hi' } },
    ])
    expect(await client.event()).toMatchObject({
      group_id: groupId,
      message_id: id,
      raw_message: `[CQ:at,qq=${selfId}] hi`,
      sender: { card: 'QA', role: 'admin' },
    })
    const message = [
      { type: 'reply', data: { id: String(id) } },
      { type: 'at', data: { qq: String(lin.userId) } },
      { type: 'text', data: { text: ' hello' } },
    ]
    await client.call('send_group_msg', { group_id: groupId, message })
    expect(await alice!.in(place).expectReply(/^hello$/)).toMatchObject({ quote: id, mentions: [lin.userId] })
    await heardByBob.expectReply((heard) => heard.mentions.includes(lin.userId))
    expect(eve!.unread).toEqual([])
    expect(() => eve!.in(place)).toThrow(/is not in group/)
  })

  it.each([
    ['go-cqhttp', { target_id: selfId, sender: { group_id: groupId } }],
    ['napcat', { target_id: 3, group_id: groupId, temp_source: 0 }],
    ['lagrange', { target_id: selfId }],
  ] as const)('through a group tells of the group as %s does', async (profile, fields) => {
    const { emulator, client } = await stage.connect({ profile })
    const bo = emulator.stranger({ userId: 3, nickname: 'Bo' })
    await bo.through(emulator.group(group).add(bo)).say('hi')
    const event = await client.event(isMessage)
    expect(event).toMatchObject({ sub_type: 'group', ...fields })
    expect(JSON.stringify(event['sender']).includes('group_id')).toBe(profile === 'go-cqhttp')
  })

  it('names the partner as the target on NapCat, whoever wrote', async () => {
    const { emulator, client } = await stage.connect({ profile: 'napcat' })
    await emulator.friend(lin).say('hi')
    expect(await client.event(isMessage)).toMatchObject({ user_id: lin.userId, target_id: lin.userId })
  })

  it('through a group reaches a stranger only where the platform lets it', async () => {
    const { emulator, client } = await stage.connect({ profile: 'go-cqhttp' })
    const bo = emulator.stranger({ userId: 2_468_013_579, nickname: 'Bo' })
    const place = emulator.group(group).add(bo)
    const call = { user_id: bo.userId, message: 'hi' }
    expect(await client.call('send_private_msg', call)).toMatchObject({ msg: 'FRIEND_NOT_FOUND' })
    expect(await client.call('send_private_msg', { ...call, group_id: groupId })).toMatchObject({
      retcode: 100,
    })
    await bo.through(place).say('I found you in the group')
    expect(await client.event()).toMatchObject({
      sub_type: 'group',
      temp_source: 0,
      sender: { group_id: groupId },
    })
    expect(await client.call('send_private_msg', { ...call, group_id: groupId })).toMatchObject({
      retcode: 0,
    })
    await bo.through(place).expectReply('hi')
  })

  it('says what did arrive when the expected reply does not', async () => {
    const { emulator, client } = await stage.connect()
    const alice = emulator.friend(lin)
    await client.call('send_private_msg', { user_id: lin.userId, message: 'oops' })
    await expect(alice.expectReply('pong', 10)).rejects.toThrow(/the message "pong".*oops/s)
    await expect(alice.expectSilence()).rejects.toThrow(/the bot said:\n {2}- oops/)
  })

  it('is silent as soon as the bot under test says that it is done', async () => {
    let asked = 0
    const settled = (): Promise<void> => {
      asked += 1
      return Promise.resolve()
    }
    const { emulator } = await stage.connect({ settled })
    await emulator.friend(lin).expectSilence()
    expect(asked).toBe(1)
  })

  it('waits for a bot that answers while silence is being checked', async () => {
    const { emulator, client } = await stage.connect()
    const alice = emulator.friend(lin)
    await alice.say('/ping')
    const answer = client
      .event()
      .then(() => client.call('send_private_msg', { user_id: lin.userId, message: 'pong' }))
    await expect(alice.expectSilence()).rejects.toThrow(/pong/)
    await answer
  })
})

describe('what people do', () => {
  it('is reported as the profile reports it', async () => {
    const { emulator, client } = await stage.connect({ profile: 'lagrange' })
    const alice = emulator.friend(lin)
    const owner = emulator.stranger({ userId: 3_219_876_540 })
    const place = emulator.group(group).add(owner, { role: 'owner' })
    const notice = async (fields: object): Promise<void> => {
      expect(await client.event()).toMatchObject({ self_id: selfId, ...fields })
    }
    await place.join(alice, { by: owner })
    await notice({
      notice_type: 'group_increase',
      sub_type: 'approve',
      operator_id: owner.userId,
      user_id: lin.userId,
    })
    await place.mute(alice, owner, 600)
    await notice({ notice_type: 'group_ban', sub_type: 'ban', duration: 600 })
    await place.muteAll(owner)
    await notice({ notice_type: 'group_ban', user_id: 0, duration: -1 })
    await place.muteAll(owner, false)
    await notice({ notice_type: 'group_ban', sub_type: 'lift_ban', user_id: 0, duration: 0 })
    await place.setAdmin(alice)
    await notice({ notice_type: 'group_admin', sub_type: 'set', user_id: lin.userId })
    await place.rename('New', owner)
    await notice({ notice_type: 'group_name_change', name: 'New' })
    await alice.in(place).poke()
    await notice({ sub_type: 'poke', action: '戳了戳', target_id: selfId })
    const { id } = await alice.in(place).say('oops')
    await notice({ post_type: 'message', message_id: id })
    await alice.in(place).react(id, '76')
    await notice({ notice_type: 'reaction', sub_type: 'add', code: '76', count: 1 })
    await alice.in(place).recall(id)
    await notice({ notice_type: 'group_recall', message_id: id, operator_id: lin.userId, tip: '' })
    await place.setCard(alice, 'on leave').leave(alice)
    await notice({ notice_type: 'group_decrease', sub_type: 'leave', operator_id: 0 })
    await place.kickBot(owner)
    await notice({
      notice_type: 'group_decrease',
      sub_type: 'kick_me',
      user_id: selfId,
      operator_id: owner.userId,
    })
    expect(await client.call('get_group_info', { group_id: groupId })).toMatchObject({ status: 'failed' })
  })

  it('changes a card late: the bot hears of it when the member next speaks', async () => {
    const { emulator, client } = await stage.connect({ profile: 'go-cqhttp' })
    const alice = emulator.stranger(lin)
    const place = emulator.group(group).add(alice, { card: 'QA' })
    place.setCard(alice, 'on leave')
    await alice.in(place).say('bye')
    expect(await client.event()).toMatchObject({
      notice_type: 'group_card',
      card_new: 'on leave',
      card_old: 'QA',
    })
    expect(await client.event()).toMatchObject({ sender: { card: 'on leave' } })
  })

  it.each([
    ['napcat', 'group_msg_emoji_like'],
    ['llonebot', 'group_msg_emoji_like'],
  ] as const)('reacts on %s by %s', async (profile, type) => {
    const { emulator, client } = await stage.connect({ profile })
    const alice = emulator.stranger(lin)
    const participant = alice.in(emulator.group(group).add(alice))
    const { id } = await participant.say('nice')
    await participant.react(id, '128077')
    await participant.react(id, '128077', false)
    const reactions = [
      await client.event((event) => !isMessage(event)),
      await client.event((event) => !isMessage(event)),
    ]
    expect(reactions).toMatchObject([
      { notice_type: type, is_add: true, likes: [{ emoji_id: '128077', count: 1 }] },
      { notice_type: type, is_add: false },
    ])
  })

  it('sends files as a message and a notice in groups, as the profile says in private', async () => {
    const { emulator, client } = await stage.connect({ profile: 'go-cqhttp' })
    const alice = emulator.friend(lin)
    const place = emulator.group(group).add(alice)
    await place.upload(alice, 'a.txt', Buffer.from('abc'))
    expect(await client.event()).toMatchObject({
      message: [{ type: 'file', data: { name: 'a.txt', size: '3' } }],
    })
    const notice = await client.event()
    expect(notice).toMatchObject({
      notice_type: 'group_upload',
      file: { name: 'a.txt', size: 3, busid: 102 },
    })
    await alice.sendFile('b.txt', Buffer.from('defg'))
    expect(await client.event()).toMatchObject({
      notice_type: 'offline_file',
      file: { name: 'b.txt', size: 4 },
    })
  })

  it('speaks anonymously under another id', async () => {
    const { emulator, client } = await stage.connect({ profile: 'go-cqhttp' })
    const alice = emulator.stranger(lin)
    await alice.in(emulator.group(group).add(alice)).sayAnonymously('Sea otter', 'guess who')
    expect(await client.event()).toMatchObject({
      sub_type: 'anonymous',
      user_id: 80_000_000,
      anonymous: { name: 'Sea otter', flag: '1000000411|Sea otter' },
      sender: { nickname: 'Sea otter' },
    })
  })
})

describe('requests', () => {
  it.each(Object.values(profiles))('can be answered once on $name', async ({ name, letter }) => {
    const { emulator, client } = await stage.connect({ profile: name })
    const alice = emulator.stranger(lin)
    const { flag } = await alice.requestFriend('hello')
    expect(await client.event()).toMatchObject({
      request_type: 'friend',
      flag,
      comment: letter === 'L' ? null : 'hello',
    })
    expect(await client.call('set_friend_add_request', { flag, approve: true, remark: 'L' })).toMatchObject({
      retcode: 0,
    })
    expect(await client.event()).toMatchObject({ notice_type: 'friend_add', user_id: lin.userId })
    const again = await client.call('set_friend_add_request', { flag, approve: true })
    expect(again).toMatchObject(letter === 'L' ? { status: 'ok', retcode: 1 } : { status: 'failed' })
    const friends = await client.call('get_friend_list')
    expect(friends['data']).toMatchObject([{ user_id: lin.userId, remark: letter === 'G' ? '' : 'L' }])
  })

  it('to join a group let the applicant in, or not', async () => {
    const { emulator, client } = await stage.connect({ profile: 'go-cqhttp' })
    const alice = emulator.stranger(lin)
    const place = emulator.group(group)
    const { flag } = await alice.requestToJoin(place, '问题：口令是什么？\n答案：open sesame')
    expect(await client.event()).toMatchObject({
      sub_type: 'add',
      user_id: lin.userId,
      group_id: groupId,
      invitor_id: 0,
    })
    const wrong = await client.call('set_group_add_request', { flag, sub_type: 'invite', approve: true })
    expect(wrong).toMatchObject({ msg: 'FLAG_NOT_FOUND' })
    await client.call('set_group_add_request', { flag, sub_type: 'add', approve: true })
    expect(await client.event()).toMatchObject({
      notice_type: 'group_increase',
      user_id: lin.userId,
      operator_id: 0,
    })
    expect(place.member(alice).role).toBe('member')
    const again = await client.call('set_group_add_request', { flag, sub_type: 'add', approve: true })
    expect(again).toMatchObject({ msg: 'FLAG_HAS_BEEN_CHECKED' })
  })

  it('invite the bot into a new group', async () => {
    const { emulator, client } = await stage.connect()
    const { flag } = await emulator.friend(lin).inviteBot(902_113_377)
    expect(await client.event()).toMatchObject({ sub_type: 'invite', user_id: lin.userId, comment: '' })
    await client.call('set_group_add_request', { flag, sub_type: 'invite', approve: 'true' })
    expect(await client.event()).toMatchObject({
      sub_type: 'invite',
      user_id: selfId,
      operator_id: lin.userId,
    })
    expect((await client.call('get_group_list'))['data']).toMatchObject([{ group_id: 902_113_377 }])
  })
})

describe('message ids', () => {
  it.each(Object.values(profiles))('of $name are 32 bit, as they are there', async ({ name, letter }) => {
    const { emulator } = await stage.connect({ profile: name })
    const alice = emulator.friend(lin)
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await alice.say('x')).id))
    expect(new Set(ids).size).toBe(50)
    expect(ids.every((id) => id === (id | 0))).toBe(true)
    expect(ids.some((id) => id < 0)).toBe(letter === 'G' || letter === 'L')
  })

  it('are forgotten by NapCat after 5000 more', async () => {
    const { emulator, client } = await stage.connect()
    const alice = emulator.friend(lin)
    const { id } = await alice.say('first')
    expect(await client.call('get_msg', { message_id: id })).toMatchObject({ retcode: 0 })
    for (let count = 0; count < 5000; count += 1) await alice.say('x')
    expect(await client.call('get_msg', { message_id: id })).toMatchObject({
      retcode: 1200,
      message: '消息不存在',
    })
  })
})

describe('the record of calls', () => {
  it('has them all, and can be waited on', async () => {
    const { emulator, client } = await stage.connect()
    const alice = emulator.friend(lin)
    const expected = emulator.expectCall('send_private_msg', ({ params }) => params['message'] === 'two')
    await client.call('send_private_msg', { user_id: lin.userId, message: 'one' })
    await client.call('send_private_msg', { user_id: lin.userId, message: 'two' })
    expect(await expected).toMatchObject({ via: 'websocket', answer: [{ retcode: 0 }] })
    expect(emulator.calls.map(({ action }) => action)).toEqual(['send_private_msg', 'send_private_msg'])
    expect(alice.unread.map(({ text }) => text)).toEqual(['one', 'two'])
  })
})

it('reports the bot its own messages when asked to', async () => {
  for (const [profile, postType] of [
    ['napcat', 'message_sent'],
    ['lagrange', 'message'],
  ] as const) {
    const { emulator, client } = await stage.connect({ profile, reportSelfMessages: true })
    emulator.friend(lin)
    await client.call('send_private_msg', { user_id: lin.userId, message: 'hi' })
    expect(await client.event()).toMatchObject({
      post_type: postType,
      user_id: selfId,
      target_id: lin.userId,
    })
  }
})

it('beats as often as it is told to', async () => {
  const { client } = await stage.connect({ heartbeatMs: 5, profile: 'go-cqhttp' })
  const heartbeat = await client.event(({ meta_event_type: type }) => type === 'heartbeat')
  expect(heartbeat).toMatchObject({ interval: 5, status: { online: true, good: true, plugins_good: null } })
  await client.event(({ meta_event_type: type }) => type === 'heartbeat')
})

it('says that the account is signed out', async () => {
  const { emulator, client } = await stage.connect()
  await emulator.setOnline(false)
  expect(await client.event()).toMatchObject({ notice_type: 'bot_offline', tag: 'KickedOffLine' })
  expect((await client.call('get_status'))['data']).toEqual({ online: false, good: true })
})

it('serves what was sent, until the links expire', async () => {
  const { emulator, client } = await stage.connect()
  const alice = emulator.friend(lin)
  await alice.say({ type: 'image', data: { file: `base64://${Buffer.from('pixels').toString('base64')}` } })
  const { message } = await client.event()
  expect(message).toMatchObject([{ type: 'image', data: { file_size: '6', sub_type: 0 } }])
  const [, url = ''] = /"url":"([^"]+)"/.exec(JSON.stringify(message)) ?? []
  expect(await (await fetch(url)).text()).toBe('pixels')
  emulator.world.media.expireLinks()
  expect((await fetch(url)).status).toBe(400)
})

it('carries thousands of messages a second', async () => {
  const { emulator, client } = await stage.connect()
  const alice = emulator.friend(lin)
  const start = performance.now()
  const count = 5000
  for (let index = 0; index < count; index += 1) await alice.say('load')
  await client.event(({ real_seq: seq }) => seq === String(20_000 + count))
  expect(performance.now() - start).toBeLessThan(5000)
})

it('disposes of itself', async () => {
  const emulator = await startOneBotEmulator({ selfId })
  await emulator.listenHttp()
  await emulator.listenWebSocket()
  await emulator[Symbol.asyncDispose]()
  expect(emulator.connections).toEqual([])
})

it('tells the author of a test what cannot be sent', async () => {
  const { emulator } = await stage.connect()
  const alice = emulator.friend(lin)
  const picture = { type: 'image', data: { file: 'file:///no/such/picture.png' } }
  await expect(alice.say(picture)).rejects.toThrow(/This image cannot be sent: file:/)
})

it('waits for a connection, and says so when none comes', async () => {
  const emulator = await stage.start()
  await expect(emulator.online(5)).rejects.toThrow(
    /not online within 5 ms; nobody is there for both events and calls/,
  )
  const waiting = emulator.online()
  const server = await emulator.listenWebSocket()
  await Promise.all([waiting, stage.dial(server.url)])
  expect(emulator.connections).toHaveLength(1)
})
