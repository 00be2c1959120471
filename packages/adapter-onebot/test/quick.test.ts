import { definePlugin } from '@mynah/core'
import type { OneBotEmulator, ProfileName } from '@mynah/emulator-onebot'
import { describe, expect, it } from 'vitest'

import { onMessage } from './plugins.ts'
import { botOf, eventually, selfId, start, startEmulator } from './start.ts'

async function connect(profile: ProfileName, plugin: ReturnType<typeof definePlugin>) {
  const emulator = await startEmulator({ profile })
  const { url } = await emulator.listenWebSocket()
  const app = await start({ forward: [{ url }] }, (made) => void made.plugin(plugin))
  await eventually(() => expect(botOf(app).status).toBe('online'))
  const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
  const group = emulator.group({ groupId: 765_432_109, name: 'Test' }).add(alice)
  return { emulator, app, alice, group }
}

const replying = (text: string) => onMessage((session) => session.reply(text, { quick: true }))

/** Answers every request. */
const answering = (isApproved: boolean, comment?: string) =>
  definePlugin({
    name: 'answering',
    setup(ctx) {
      for (const name of ['friend-request', 'guild-request', 'guild-member-request'] as const) {
        ctx.on(name, ({ bot, event }) => bot.answerRequest(event, isApproved, comment))
      }
    },
  })

const paramsOf = (emulator: OneBotEmulator, action: string): Readonly<Record<string, unknown>> | undefined =>
  emulator.calls.findLast((call) => call.action === action)?.params

describe('a quick reply where no request is open', () => {
  it.each([
    'hello',
    'x[CQ:face,id=1]',
    'you said [CQ:at,qq=all]',
    'you said [CQ:image,file=file:///etc/hostname]',
    'you said [CQ:record,file=/etc/hostname]',
  ])('is a message like any other, and %j is text', async (reply) => {
    const { emulator, alice } = await connect('napcat', replying(reply))
    await alice.say('hi')
    await alice.expectReply(reply)
    expect(paramsOf(emulator, 'send_msg')?.['message']).toEqual([{ type: 'text', data: { text: reply } }])
  })

  it.each(['napcat', 'go-cqhttp'] as const)(
    'goes into a temporary chat of %s through its group',
    async (profile) => {
      const { emulator, group } = await connect(profile, replying('through the group'))
      const carol = emulator.stranger({ userId: 3, nickname: 'Carol' })
      group.add(carol)
      await carol.through(group).say('hi')
      await emulator.expectCall('send_private_msg')
      expect(paramsOf(emulator, 'send_private_msg')).toMatchObject({ user_id: 3, group_id: group.groupId })
      expect(emulator.calls.some(({ action }) => action === 'send_msg')).toBe(false)
    },
  )
})

describe('the answer to a request', () => {
  it.each([
    ['accepts', true, 'Bo', { approve: true, remark: 'Bo' }],
    ['refuses', false, undefined, { approve: false }],
  ])('%s a friend', async (_, isApproved, comment, params) => {
    const { emulator } = await connect('napcat', answering(isApproved, comment))
    const { flag } = await emulator.stranger({ userId: 9, nickname: 'Bo' }).requestFriend('hi')
    await emulator.expectCall('set_friend_add_request')
    expect(paramsOf(emulator, 'set_friend_add_request')).toEqual({ flag, ...params })
  })

  it.each([
    ['accepts', true, 'x', { approve: true }],
    ['refuses', false, 'full', { approve: false, reason: 'full' }],
  ])('%s somebody who wants in', async (_, isApproved, comment, params) => {
    for (const profile of ['napcat', 'llonebot', 'lagrange'] as const) {
      const { emulator, group, app } = await connect(profile, answering(isApproved, comment))
      const { flag } = await emulator.stranger({ userId: 9 }).requestToJoin(group, 'let me in')
      await emulator.expectCall('set_group_add_request')
      expect(paramsOf(emulator, 'set_group_add_request')).toEqual({ flag, sub_type: 'add', ...params })
      await app.stop()
    }
  })

  it('accepts an invitation', async () => {
    const { emulator } = await connect('napcat', answering(true))
    const { flag } = await emulator.friend({ userId: 9 }).inviteBot(902_113_377)
    await emulator.expectCall('set_group_add_request')
    expect(paramsOf(emulator, 'set_group_add_request')).toEqual({ flag, sub_type: 'invite', approve: true })
  })

  it('says what the implementation says when it was answered already', async () => {
    const failures: unknown[] = []
    const twice = definePlugin({
      name: 'twice',
      setup(ctx) {
        ctx.on('friend-request', async ({ bot, event }) => {
          await bot.answerRequest(event, true)
          await bot.answerRequest(event, true).catch((error: unknown) => failures.push(error))
        })
      },
    })
    const { emulator } = await connect('napcat', twice)
    await emulator.stranger({ userId: 9 }).requestFriend('hi')
    await eventually(() => expect(failures).toMatchObject([{ outcome: 'rejected' }]))
  })
})

describe('the action for quick operations', () => {
  it('is sent with context and operation', async () => {
    const { emulator, app, alice } = await connect('napcat', answering(true))
    const context = { post_type: 'message', message_type: 'private', user_id: 1, self_id: selfId }
    await botOf(app)
      .api('onebot')
      .messages.handleQuick({ context, operation: { reply: 'hi' } })
    expect(paramsOf(emulator, '.handle_quick_operation')).toEqual({ context, operation: { reply: 'hi' } })
    await alice.expectReply('hi')
  })
})
