import { type ChatEvent, definePlugin, text } from '@mynah/core'
import type { OneBotEmulator, ProfileName } from '@mynah/emulator-onebot'
import { beforeEach, describe, expect, it } from 'vitest'

import type { OneBotQuickOperation } from '../src/index.ts'
import { botOf, eventually, selfId, start, startEmulator, quickOf } from './start.ts'
import { record } from './plugins.ts'

let operation: OneBotQuickOperation
let failures: unknown[]

beforeEach(() => {
  operation = {}
  failures = []
})

/** Does {@link operation} to every message and request. */
const quick = definePlugin({
  name: 'quick',
  setup(ctx) {
    for (const name of [
      'message-created',
      'friend-request',
      'guild-request',
      'guild-member-request',
    ] as const) {
      ctx.on(name, (session) =>
        quickOf(session, operation).catch((error: unknown) => void failures.push(error)),
      )
    }
  },
})

async function connect(profile: ProfileName = 'napcat') {
  const emulator = await startEmulator({ profile })
  const { url } = await emulator.listenWebSocket()
  const app = await start({ forward: [{ url }] }, (made) => void made.plugin(quick))
  await eventually(() => expect(botOf(app).status).toBe('online'))
  const bob = emulator.friend({ userId: 2, nickname: 'Bob' })
  const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
  const group = emulator.group({ groupId: 765_432_109, name: 'Test' }).add(alice).add(bob)
  return { emulator, app, alice, group }
}

const made = (emulator: OneBotEmulator): string[] =>
  emulator.calls.map(({ action }) => action).filter((action) => !action.startsWith('get_'))

const paramsOf = (emulator: OneBotEmulator, action: string): Readonly<Record<string, unknown>> | undefined =>
  emulator.calls.findLast((call) => call.action === action)?.params

const quiet = async (emulator: OneBotEmulator): Promise<void> => {
  await emulator.silence()
}

describe('a quick operation on a private message', () => {
  it.each<[string, OneBotQuickOperation, string]>([
    ['a string', { reply: 'hello' }, 'hello'],
    ['elements', { reply: [text('hel'), 'lo'] }, 'hello'],
    ['a segment', { reply: { type: 'text', data: { text: 'hello' } } }, 'hello'],
    ['segments', { reply: [{ type: 'text', data: { text: 'hello' } }] }, 'hello'],
    [
      'CQ codes that were asked for',
      { reply: 'he[CQ:face,id=1]llo', auto_escape: false },
      'he[CQ:face,id=1]llo',
    ],
    ['text that looks like a code', { reply: 'x[CQ:face,id=1]' }, 'x&#91;CQ:face,id=1&#93;'],
    [
      'elements, whatever auto_escape says',
      { reply: ['[CQ:face,id=1]'], auto_escape: false },
      '&#91;CQ:face,id=1&#93;',
    ],
  ])('replies with %s', async (_, what, raw) => {
    const { alice } = await connect()
    operation = what
    await alice.say('hi')
    expect((await alice.expectReply()).raw).toBe(raw)
    expect(failures).toEqual([])
  })

  it.each([
    'you said [CQ:at,qq=all]',
    'you said [CQ:image,file=file:///etc/hostname]',
    'you said [CQ:record,file=/etc/hostname]',
  ])('takes %j for text, whatever people wrote', async (reply) => {
    const { emulator, alice } = await connect()
    operation = { reply }
    await alice.say('hi')
    await alice.expectReply(reply)
    expect(paramsOf(emulator, 'send_msg')?.['message']).toEqual([{ type: 'text', data: { text: reply } }])
  })

  it('hands places of a code that was asked for to the implementation, and reads nothing itself', async () => {
    const { emulator, alice } = await connect()
    operation = { reply: '[CQ:image,file=file:///etc/hostname]', auto_escape: false }
    await alice.say('hi')
    await emulator.expectCall('send_msg')
    expect(paramsOf(emulator, 'send_msg')?.['message']).toEqual([
      { type: 'image', data: { file: 'file:///etc/hostname' } },
    ])
  })

  it('does nothing without a key', async () => {
    const { emulator, alice } = await connect()
    await alice.say('hi')
    await quiet(emulator)
    expect(made(emulator)).toEqual([])
  })

  it.each(['napcat', 'go-cqhttp'] as const)(
    'answers a temporary chat of %s through its group',
    async (profile) => {
      const { emulator, group } = await connect(profile)
      const carol = emulator.stranger({ userId: 3, nickname: 'Carol' })
      group.add(carol)
      operation = { reply: 'through the group' }
      await carol.through(group).say('hi')
      await emulator.expectCall('send_private_msg')
      expect(paramsOf(emulator, 'send_private_msg')).toMatchObject({ user_id: 3, group_id: group.groupId })
      expect(made(emulator)).toEqual(['send_private_msg'])
    },
  )
})

describe('a quick operation on a group message', () => {
  it.each<[string, OneBotQuickOperation, readonly unknown[]]>([
    ['mentions the sender by default', { reply: 'hi' }, [1]],
    ['mentions the sender', { reply: 'hi', at_sender: true }, [1]],
    ['does not mention the sender', { reply: 'hi', at_sender: false }, []],
  ])('%s', async (_, what, mentions) => {
    const { alice, group } = await connect()
    operation = what
    await alice.in(group).say('hello')
    const heard = await alice.in(group).expectReply('hi')
    expect(heard.mentions).toEqual(mentions)
  })

  it('mentions and removes no anonymous sender, but mutes by the flag', async () => {
    const { emulator, alice, group } = await connect('go-cqhttp')
    operation = { reply: 'hi', at_sender: true, kick: true, ban: true }
    await alice.in(group).sayAnonymously('Sea otter', 'guess who')
    expect((await alice.in(group).expectReply('hi')).mentions).toEqual([])
    await emulator.expectCall('set_group_anonymous_ban')
    expect(paramsOf(emulator, 'set_group_anonymous_ban')).toEqual({
      group_id: group.groupId,
      anonymous_flag: '1000000411|Sea otter',
      duration: 1800,
    })
    await quiet(emulator)
    expect(made(emulator)).toEqual(['send_msg', 'set_group_anonymous_ban'])
  })

  it('replies, deletes, kicks and mutes in this order, once each', async () => {
    const { emulator, alice, group } = await connect()
    operation = { ban: true, ban_duration: 600, kick: true, delete: true, reply: 'bye' }
    const { id } = await alice.in(group).say('ads')
    await emulator.expectCall('set_group_ban')
    await quiet(emulator)
    expect(made(emulator)).toEqual(['send_msg', 'delete_msg', 'set_group_kick', 'set_group_ban'])
    expect(paramsOf(emulator, 'delete_msg')).toEqual({ message_id: id })
    expect(paramsOf(emulator, 'set_group_kick')).toEqual({
      group_id: group.groupId,
      user_id: 1,
      reject_add_request: false,
    })
    expect(paramsOf(emulator, 'set_group_ban')).toEqual({
      group_id: group.groupId,
      user_id: 1,
      duration: 600,
    })
  })

  it('mutes for half an hour by default, and not for a duration alone', async () => {
    const { emulator, alice, group } = await connect()
    operation = { ban_duration: 5 }
    await alice.in(group).say('one')
    await quiet(emulator)
    expect(made(emulator)).toEqual([])
    operation = { ban: true }
    await alice.in(group).say('two')
    await emulator.expectCall('set_group_ban')
    expect(paramsOf(emulator, 'set_group_ban')?.['duration']).toBe(1800)
  })

  it('says what was refused, and replies all the same', async () => {
    const { alice, group } = await connect()
    operation = { reply: 'hi', at_sender: false, delete: true, kick: true }
    await alice.in(group).say('hello')
    await alice.in(group).expectReply('hi')
    await eventually(() => expect(failures).toHaveLength(1))
    expect(failures[0]).toMatchObject({ code: 'API_REJECTED', cause: { errors: expect.any(Array) } })
  })
})

describe('a quick operation on a request', () => {
  it.each([
    ['accepts', { approve: true, remark: 'Bo', reason: 'x' }, { approve: true, remark: 'Bo' }],
    ['refuses', { approve: false, remark: 'Bo' }, { approve: false }],
  ])('%s a friend', async (_, what, params) => {
    const { emulator } = await connect()
    operation = what
    const { flag } = await emulator.stranger({ userId: 9, nickname: 'Bo' }).requestFriend('hi')
    await emulator.expectCall('set_friend_add_request')
    expect(paramsOf(emulator, 'set_friend_add_request')).toEqual({ flag, ...params })
  })

  it.each([
    ['accepts', { approve: true, reason: 'x' }, { approve: true }],
    ['refuses', { approve: false, reason: 'full' }, { approve: false, reason: 'full' }],
  ])('%s somebody who wants in', async (_, what, params) => {
    for (const profile of ['napcat', 'llonebot', 'lagrange'] as const) {
      const { emulator, group, app } = await connect(profile)
      operation = what
      const { flag } = await emulator.stranger({ userId: 9 }).requestToJoin(group, 'let me in')
      await emulator.expectCall('set_group_add_request')
      expect(paramsOf(emulator, 'set_group_add_request')).toEqual({ flag, sub_type: 'add', ...params })
      await app.stop()
    }
  })

  it('accepts an invitation', async () => {
    const { emulator } = await connect()
    operation = { approve: true }
    const { flag } = await emulator.friend({ userId: 9 }).inviteBot(902_113_377)
    await emulator.expectCall('set_group_add_request')
    expect(paramsOf(emulator, 'set_group_add_request')).toEqual({ flag, sub_type: 'invite', approve: true })
  })

  it('leaves a request alone without approve', async () => {
    const { emulator } = await connect()
    operation = { remark: 'x', reason: 'y' }
    await emulator.stranger({ userId: 9 }).requestFriend('hi')
    await quiet(emulator)
    expect(made(emulator)).toEqual([])
  })

  it('says what the implementation says when it was answered already', async () => {
    const { emulator, app } = await connect()
    const requests: ChatEvent[] = []
    app.plugin(record(requests))
    operation = { approve: true }
    await emulator.stranger({ userId: 9 }).requestFriend('hi')
    await emulator.expectCall('set_friend_add_request')
    await eventually(() => expect(requests.some(({ type }) => type === 'friend-request')).toBe(true))
    const request = requests.find(({ type }) => type === 'friend-request')
    await expect(request && botOf(app).answerRequest(request, true)).rejects.toMatchObject({
      outcome: 'rejected',
    })
  })
})

describe('a quick operation on anything else', () => {
  it('is unsupported', async () => {
    const { app } = await connect()
    const event: ChatEvent = {
      id: 'x',
      type: 'poke',
      platformType: 'onebot/notice.notify.poke',
      platform: 'onebot',
      selfId: String(selfId),
      time: 0,
      raw: {},
    }
    await expect(botOf(app).quick(event, { reply: 'x' })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

describe('the action for quick operations', () => {
  it('is sent with context and operation', async () => {
    const { emulator, app, alice } = await connect()
    const context = { post_type: 'message', message_type: 'private', user_id: 1, self_id: selfId }
    await botOf(app).internal.messages.handleQuick({ context, operation: { reply: 'hi' } })
    expect(paramsOf(emulator, '.handle_quick_operation')).toEqual({ context, operation: { reply: 'hi' } })
    await alice.expectReply('hi')
  })
})
