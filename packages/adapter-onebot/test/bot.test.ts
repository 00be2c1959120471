import { type App, type ChatEvent, findElement, plainText, segment } from '@mynah/core'
import type { OneBotEmulator, ProfileName } from '@mynah/emulator-onebot'
import { beforeEach, describe, expect, it } from 'vitest'

import { type OneBotBot } from '../src/index.ts'
import { botOf, eventually, lines, selfId, start, startEmulator } from './start.ts'
import { record } from './plugins.ts'

let events: ChatEvent[]

beforeEach(() => {
  events = []
})

const profiles = ['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const

async function connect(profile: ProfileName = 'napcat', config: object = {}) {
  const emulator = await startEmulator({ profile })
  const { url } = await emulator.listenWebSocket()
  const app: App = await start({ forward: [{ url }], ...config }, (made) => void made.plugin(record(events)))
  await eventually(() =>
    expect(botOf(app).connections.state).toMatchObject({ status: 'online', implementation: profile }),
  )
  const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
  const bob = emulator.stranger({ userId: 2_468_013_579, nickname: 'Bob' })
  const group = emulator.group({ groupId: 765_432_109, name: 'Test & Co.' })
  group.add(alice, { card: 'Lin / QA', role: 'admin' }).add(bob)
  // People hear what is said in a group from when they are first looked at there.
  alice.in(group)
  return { emulator, app, bot: botOf(app), alice, bob, group, groupId: String(group.groupId) }
}

const messageOf = async (say: () => Promise<unknown>): Promise<ChatEvent> => {
  events.length = 0
  await say()
  return eventually(() => {
    const found = events.find(({ type }) => type === 'message-created')
    if (found === undefined) throw new Error('No message came.')
    return found
  })
}

describe.each(profiles)('the universal methods on %s', (profile) => {
  it('sends, looks up, answers and deletes messages', async () => {
    const { bot, alice, group, groupId } = await connect(profile)
    const receipt = await bot.sendMessage(groupId, 'hello')
    expect(receipt).toMatchObject({ status: 'delivered', messageIds: [expect.stringMatching(/^-?\d+$/)] })
    const [id = ''] = receipt.messageIds
    await alice.in(group).expectReply('hello')
    const message = await bot.getMessage(groupId, id)
    expect(message).toMatchObject({
      id,
      channel: { id: groupId },
      guild: { id: groupId },
      user: { id: String(selfId) },
      createdAt: expect.any(Number),
    })
    expect(plainText(message.content)).toBe('hello')
    await bot.sendMessage(groupId, [segment.quote(id), 'again'])
    expect((await alice.in(group).expectReply('again')).quote).toBe(Number(id))
    await bot.deleteMessage(groupId, id)
    await expect(bot.getMessage(groupId, id)).rejects.toMatchObject({ outcome: 'rejected' })
  })

  it('knows groups, members and people', async () => {
    const { bot, alice, groupId } = await connect(profile)
    expect(await bot.getGuild(groupId)).toMatchObject({ id: groupId, name: 'Test & Co.' })
    expect((await bot.listGuilds()).data.map(({ id }) => id)).toEqual([groupId])
    expect(await bot.getChannel(groupId)).toMatchObject({ id: groupId, type: 'text', name: 'Test & Co.' })
    expect((await bot.listChannels(groupId)).data).toHaveLength(1)
    expect(await bot.getMember(groupId, String(alice.userId))).toMatchObject({
      user: { id: String(alice.userId), name: 'Alice' },
      nick: 'Lin / QA',
      role: 'admin',
    })
    expect((await bot.listMembers(groupId)).data).toHaveLength(3)
    expect(await bot.getUser(String(alice.userId))).toMatchObject({ id: String(alice.userId), name: 'Alice' })
    expect((await bot.listFriends()).data.map(({ name }) => name)).toContain('Alice')
    await eventually(() => expect(bot.user).toMatchObject({ id: String(selfId), name: 'Robo' }))
  })

  it('manages members', async () => {
    const { emulator, bot, bob, group, groupId } = await connect(profile)
    group.setBotRole('owner')
    const userId = String(bob.userId)
    await bot.muteMember(groupId, userId, 90_500)
    expect(group.member(bob).mutedUntil).toBeGreaterThan(0)
    expect(emulator.calls.findLast(({ action }) => action === 'set_group_ban')?.params['duration']).toBe(91)
    await bot.muteMember(groupId, userId, 0)
    expect(group.member(bob).mutedUntil).toBe(0)
    await bot.setMemberRole(groupId, userId, 'admin')
    expect(group.member(bob).role).toBe('admin')
    await bot.setMemberRole(groupId, userId, 'member')
    expect(group.member(bob).role).toBe('member')
    await bot.setMemberNick(groupId, userId, 'Bo')
    expect(group.member(bob).card).toBe('Bo')
    await bot.muteGuild(groupId, true)
    expect(emulator.world.groups.get(group.groupId)?.wholeBan).toBe(true)
    await bot.muteGuild(groupId, false)
    expect(emulator.world.groups.get(group.groupId)?.wholeBan).toBe(false)
    await bot.updateChannel(groupId, { name: 'New name' })
    expect(group.name).toBe('New name')
    await bot.kickMember(groupId, userId, { permanent: true })
    expect(emulator.calls.at(-1)?.params).toMatchObject({ reject_add_request: true })
    expect((await bot.listMembers(groupId)).data).toHaveLength(2)
  })

  it('pins messages and leaves groups', async () => {
    const { emulator, bot, alice, group, groupId } = await connect(profile)
    group.setBotRole('admin')
    const { id } = await alice.in(group).say('important')
    await bot.pinMessage(groupId, String(id))
    expect(emulator.world.groups.get(group.groupId)?.essences.size).toBe(1)
    await bot.unpinMessage(groupId, String(id))
    expect(emulator.world.groups.get(group.groupId)?.essences.size).toBe(0)
    await bot.leaveGuild(groupId)
    expect(emulator.world.groups.has(group.groupId)).toBe(false)
  })

  it('reacts where it can', async () => {
    const { emulator, bot, alice, group, groupId } = await connect(profile)
    const { id } = await alice.in(group).say('nice')
    const canReact = profile !== 'go-cqhttp'
    expect(bot.features.includes('createReaction')).toBe(canReact)
    expect(bot.features.includes('deleteReaction')).toBe(canReact)
    const reactions = (): number => emulator.world.messages.get(id)?.reactions.get('76')?.size ?? 0
    const react = bot.createReaction(groupId, String(id), '76').then(
      () => 'done',
      (error: { code: string }) => error.code,
    )
    expect([await react, reactions()]).toEqual(canReact ? ['done', 1] : ['UNSUPPORTED', 0])
    if (canReact) await bot.deleteReaction(groupId, String(id), '76')
    expect(reactions()).toBe(0)
    await expect(bot.deleteReaction(groupId, String(id), '76', '5')).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    })
  })

  it('pokes by whatever action there is', async () => {
    const { emulator, bot, bob, alice, groupId } = await connect(profile)
    await bot.poke(String(bob.userId), groupId)
    await bot.poke(String(alice.userId))
    const poked = emulator.calls.filter(
      ({ action, params }) => /poke/.test(action) || JSON.stringify(params).includes('poke'),
    )
    expect(poked.at(-1)?.params).toMatchObject({ user_id: alice.userId })
    await emulator.silence()
    expect(events.some(({ type }) => type === 'poke')).toBe(false)
  })

  it('reads the history page by page', async () => {
    const { bot, alice, group, groupId } = await connect(profile)
    for (let count = 1; count <= 45; count += 1) await alice.in(group).say(`message ${count}`)
    const said: string[] = []
    let next: string | undefined
    for (let page = 0; page < 5; page += 1) {
      const { data, next: before } = await bot.listMessages(groupId, next)
      said.unshift(...data.map(({ content }) => plainText(content)))
      next = before
      if (data.length === 0 || next === undefined) break
    }
    expect(said).toEqual(Array.from({ length: 45 }, (_, index) => `message ${index + 1}`))
  })

  it('answers requests', async () => {
    const { emulator, bot, group } = await connect(profile)
    await emulator.stranger({ userId: 9 }).requestFriend('hi')
    await emulator.stranger({ userId: 10 }).requestToJoin(group, 'let me in')
    const request = (type: string) =>
      eventually(() => {
        const found = events.find((event) => event.type === type)
        if (found === undefined) throw new Error(`No ${type} came.`)
        return found
      })
    await bot.answerRequest(await request('friend-request'), true, 'Bo')
    await bot.answerRequest(await request('guild-member-request'), false, 'full')
    await expect(bot.answerRequest(await request('friend-request'), true)).rejects.toMatchObject({
      outcome: 'rejected',
    })
    expect(emulator.calls.findLast(({ action }) => action === 'set_group_add_request')?.params).toMatchObject(
      {
        sub_type: 'add',
        approve: false,
        reason: 'full',
      },
    )
    await bot.deleteFriend('9')
  })
})

describe('messages of the bot', () => {
  it.each(profiles)('sends forwards and reads them on %s', async (profile) => {
    const { emulator, bot, alice, group, groupId } = await connect(profile)
    const receipt = await bot.sendMessage(
      groupId,
      segment.forward(
        segment.message({ id: '5', name: 'Lin' }, 'one'),
        segment.message({ id: '6', name: 'Bo' }, 'two'),
      ),
    )
    expect(receipt.status).toBe('delivered')
    expect(receipt.messageIds).toHaveLength(1)
    const heard = await alice.in(group).expectReply()
    const forward = heard.segments.find(({ type }) => type === 'forward')
    const messages = await bot.api('onebot').forwards.get(String(forward?.data['id']))
    expect(messages).toHaveLength(2)
    const direct = await bot.api('onebot').forwards.send({
      user_id: alice.userId,
      messages: [{ type: 'node', data: { user_id: '5', nickname: 'Lin', content: 'hi' } }],
    })
    expect(direct.forward_id).toEqual(expect.any(String))
    expect(emulator.calls.at(-1)?.action).toBe('send_forward_msg')
  })

  it('refuses nodes among other segments', async () => {
    const { bot, groupId } = await connect()
    const node = { type: 'onebot:node', attrs: { id: '5' }, children: [] }
    expect(await bot.sendMessage(groupId, [node, 'text'])).toMatchObject({
      status: 'failed',
      error: { code: 'ELEMENT_INVALID' },
    })
    expect((await bot.sendMessage(groupId, node)).status).toBe('failed')
  })

  it('sends what stands alone on its own, and gives all ids in order', async () => {
    const { bot, alice, group, groupId } = await connect()
    const bytes = new Uint8Array([1, 2, 3])
    const receipt = await bot.sendMessage(groupId, ['before', segment.audio(bytes), 'after'])
    expect(receipt.messageIds).toHaveLength(3)
    const heard = [
      await alice.in(group).expectReply(),
      await alice.in(group).expectReply(),
      await alice.in(group).expectReply(),
    ]
    expect(heard.map(({ messageId }) => String(messageId))).toEqual(receipt.messageIds)
    expect(heard.map(({ text, media }) => [text, media.length])).toEqual([
      ['before', 0],
      ['', 1],
      ['after', 0],
    ])
  })

  it('sends strings when it is told to', async () => {
    const { emulator, bot, alice, group, groupId } = await connect('napcat', { messageFormat: 'string' })
    await bot.sendMessage(groupId, [segment.at('5'), '[CQ:face,id=1] & co.'])
    expect(emulator.calls.findLast(({ action }) => action === 'send_msg')?.params['message']).toBe(
      '[CQ:at,qq=5] &#91;CQ:face,id=1&#93; &amp; co.',
    )
    await alice.in(group).expectReply('[CQ:face,id=1] & co.')
  })

  it('sends arrays, in which text is only text', async () => {
    const { emulator, bot, groupId } = await connect('go-cqhttp')
    await bot.sendMessage(groupId, '[CQ:at,qq=all]')
    expect(emulator.calls.findLast(({ action }) => action === 'send_msg')?.params['message']).toEqual([
      { type: 'text', data: { text: '[CQ:at,qq=all]' } },
    ])
  })

  it('refuses to send nothing', async () => {
    const { emulator, bot, groupId } = await connect()
    for (const content of ['', [], null, segment.quote(''), [segment.quote('0')]]) {
      expect(await bot.sendMessage(groupId, content)).toMatchObject({
        status: 'failed',
        error: { code: 'SEND_EMPTY' },
      })
    }
    expect(emulator.calls.some(({ action }) => action === 'send_msg')).toBe(false)
  })

  it('keeps the order in a chat, and lets chats run beside each other', async () => {
    const { emulator, bot, alice, group, groupId } = await connect()
    emulator.faults.call('send_msg', { kind: 'late', delayMs: 200 })
    const slow = bot.sendMessage(groupId, 'one')
    const next = bot.sendMessage(groupId, 'two')
    const other = bot.sendMessage(`private:${alice.userId}`, 'elsewhere')
    expect(await Promise.race([other.then(() => 'other'), slow.then(() => 'slow')])).toBe('other')
    await Promise.all([slow, next])
    const said = [await alice.in(group).expectReply(), await alice.in(group).expectReply()]
    expect(said.map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('writes to a temporary chat through the group it is told', async () => {
    const { emulator, bot, bob, groupId } = await connect()
    const channel = await bot.createDirectChannel(String(bob.userId), groupId)
    await bot.sendMessage(channel.id, 'hi')
    // Some post what `send_msg` has a group for into that group.
    expect(emulator.calls.some(({ action }) => action === 'send_msg')).toBe(false)
    expect(emulator.calls.findLast(({ action }) => action === 'send_private_msg')?.params).toMatchObject({
      user_id: bob.userId,
      group_id: Number(groupId),
    })
  })

  it('splits text that is too long for QQ', async () => {
    const { bot, alice } = await connect()
    const receipt = await bot.sendMessage(`private:${alice.userId}`, 'word '.repeat(2000))
    expect(receipt).toMatchObject({ status: 'delivered' })
    expect(receipt.messageIds.length).toBeGreaterThan(2)
  })

  it('says why a message did not get out', async () => {
    const { emulator, bot, groupId } = await connect('go-cqhttp')
    const answer = {
      status: 'failed',
      retcode: 100,
      data: null,
      msg: 'SEND_MSG_API_ERROR',
      wording: '请参考 go-cqhttp 端输出',
    }
    emulator.faults.call('send_msg', { kind: 'error-answer', answer }, 2)
    for (let round = 0; round < 2; round += 1) {
      expect(await bot.sendMessage(groupId, 'hi')).toMatchObject({
        status: 'failed',
        error: { kind: 'risk-control', retcode: 100, reason: 'SEND_MSG_API_ERROR' },
      })
    }
    expect(lines.like(/risk control/)).toHaveLength(1)
  })
})

describe('answers that lack what they should have', () => {
  const answering = (emulator: OneBotEmulator, action: string, data: unknown): void =>
    emulator.faults.call(action, { kind: 'error-answer', answer: { status: 'ok', retcode: 0, data } })

  it.each<[string, unknown, (bot: OneBotBot) => Promise<unknown>, RegExp]>([
    ['get_group_list', null, (bot) => bot.listGuilds(), /get_group_list: `data`.* no list/],
    ['get_friend_list', {}, (bot) => bot.listFriends(), /get_friend_list: `data`.* no list/],
    ['get_group_list', [{}], (bot) => bot.listGuilds(), /get_group_list: `data\[0\].group_id`/],
    ['get_group_member_list', [{ user_id: 1 }, null], (bot) => bot.listMembers('5'), /data\[1\].user_id/],
    ['get_group_info', null, (bot) => bot.getGuild('5'), /get_group_info: `data`.* no object/],
    ['get_group_member_info', [], (bot) => bot.getMember('5', '1'), /get_group_member_info: `data`/],
    ['get_stranger_info', 'x', (bot) => bot.getUser('1'), /get_stranger_info: `data`/],
    ['get_msg', null, (bot) => bot.getMessage('5', '1'), /get_msg: `data`/],
  ])('are errors that name action and field: %s with %j', async (action, data, ask, message) => {
    const { emulator, bot } = await connect()
    answering(emulator, action, data)
    await expect(ask(bot)).rejects.toMatchObject({
      kind: 'malformed',
      code: 'API_INVALID_RESPONSE',
      message: expect.stringMatching(message),
    })
  })

  it('have the id that was asked for', async () => {
    const { emulator, bot } = await connect()
    for (const action of ['get_group_info', 'get_group_member_info', 'get_stranger_info', 'get_msg'])
      answering(emulator, action, {})
    expect((await bot.getGuild('5')).id).toBe('5')
    expect((await bot.getMember('5', '1')).user?.id).toBe('1')
    expect((await bot.getUser('1')).id).toBe('1')
    expect((await bot.getMessage('5', '-7')).id).toBe('-7')
  })
})

describe('received messages', () => {
  it('reads a forward that has only an id', async () => {
    const { bot, alice, group, groupId } = await connect()
    await bot.sendMessage(groupId, segment.forward(segment.message({ id: '5', name: 'Lin' }, 'folded')))
    const heard = await alice.in(group).expectReply()
    const event = await messageOf(() => alice.in(group).say([...heard.segments]))
    const forward = findElement(event.message?.content ?? [], 'message')
    const messages = await bot.api('onebot').forwards.get(String(forward?.attrs.id))
    expect(messages).toHaveLength(1)
  })

  it('does not take the announcement of Lagrange for a new friend', async () => {
    const { emulator } = await connect('lagrange')
    await emulator.stranger({ userId: 9 }).requestFriend('hi')
    await emulator.silence()
    const told = events.filter(({ user }) => user?.id === '9').map(({ type }) => type)
    expect(told).toEqual(['friend-request', 'onebot/notice.friend_add'])
  })

  it('finds nothing for an id that nobody knows', async () => {
    const { bot, groupId } = await connect()
    await expect(bot.getMessage(groupId, '12345')).rejects.toMatchObject({ kind: 'not-found' })
    await expect(bot.api('onebot').call('no_such_action')).rejects.toMatchObject({ kind: 'unknown-action' })
  })
})
