import { readFileSync } from 'node:fs'
import type { ChatEvent } from '@mynah/core'
import { describe, expect, it } from 'vitest'
import { intentOf } from '../receive/intents.ts'
import type { Dispatch } from '../wire/envelope.ts'
import { decodeEvent } from './decode.ts'

interface Fixture {
  readonly name: string
  readonly seed: boolean
  readonly payload: Dispatch
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8'))

const fixtures = load('qq.events.json') as Fixture[]
const expected = load('decoded.json') as Record<string, object>

const context = { selfId: '102000001', botId: '13358091276640182277', receivedAt: 1_788_229_000_000 }

const payloadOf = (name: string): Dispatch => fixtures.find((fixture) => fixture.name === name)!.payload
const decoded = (envelope: Dispatch): ChatEvent => {
  const { event, error } = decodeEvent(envelope, context)
  expect(error).toBeUndefined()
  return event
}
const withData = (name: string, change: object): Dispatch => {
  const payload = payloadOf(name)
  return { ...payload, d: { ...(payload.d as object), ...change } }
}
const text = (content: string): object => ({ type: 'text', attrs: { content }, children: [] })
const contentOf = (envelope: Dispatch): unknown => decoded(envelope).message?.content

describe('every example of the docs', () => {
  it.each(fixtures.map(({ name, payload }) => [name, payload] as const))('%s is read', (name, payload) => {
    const { raw, platform, selfId, ...event } = decoded(payload)
    expect(raw).toEqual(payload.d)
    expect([platform, selfId]).toEqual(['qq', '102000001'])
    expect(event.platformType).toBe(`qq/${payload.t}`)
    expect(JSON.parse(JSON.stringify(event))).toEqual(expected[name])
  })
})

describe('user events', () => {
  const openid = 'E4F4AEA33253A2797FB897C50B81D7ED'
  it.each([
    ['FRIEND_ADD', 'friend-added', 1_699_240_365],
    ['FRIEND_DEL', 'friend-removed', 1_699_240_328],
    ['C2C_MSG_REJECT', 'proactive-message-denied', 1_699_240_599],
    ['C2C_MSG_RECEIVE', 'proactive-message-allowed', 1_699_240_617],
  ])('%s is %s at %i, about the user alone', (name, type, seconds) => {
    const event = decoded(payloadOf(name))
    expect(event).toMatchObject({
      type,
      time: seconds * 1000,
      user: { id: openid },
      channel: { id: `private:${openid}`, type: 'direct' },
      raw: { openid, timestamp: seconds },
    })
    expect(event.guild).toBeUndefined()
    expect(intentOf(name)).toBe('GROUP_AND_C2C_EVENT')
  })

  it('FRIEND_ADD keeps where the user came from, scenes of the future as well', () => {
    const event = decoded(withData('FRIEND_ADD#scene', { scene: 9999 }))
    expect(event.raw).toMatchObject({
      scene: 9999,
      scene_param: 'campaign_42',
      author: { union_openid: '71B0E4D9A8C34F5296EE0D1BC7A2F583' },
    })
  })

  it('FRIEND_DEL may have an author', () => {
    expect(decoded(withData('FRIEND_DEL', { author: { union_openid: 'U' } })).type).toBe('friend-removed')
  })

  it.each(['FRIEND_ADD', 'FRIEND_DEL', 'C2C_MSG_REJECT', 'C2C_MSG_RECEIVE'])(
    '%s takes its time as number, digits and ISO text',
    (name) => {
      for (const timestamp of [1_699_240_365, '1699240365', '2023-11-06T11:12:45+08:00']) {
        expect(decoded(withData(name, { timestamp })).time).toBe(1_699_240_365_000)
      }
    },
  )
})

describe('group events', () => {
  const groupId = 'C9F778FE6ADF9D1D1DBE395BF744A33A'
  const operator = 'E4F4AEA33253A2797FB897C50B81D7ED'
  it.each([
    ['GROUP_ADD_ROBOT', 'guild-added', 1_699_240_248],
    ['GROUP_DEL_ROBOT', 'guild-removed', 1_699_240_426],
    ['GROUP_MSG_REJECT', 'proactive-message-denied', 1_699_240_458],
    ['GROUP_MSG_RECEIVE', 'proactive-message-allowed', 1_699_240_477],
  ])('%s is %s at %i, with the member who did it', (name, type, seconds) => {
    const event = decoded(payloadOf(name))
    expect(event).toMatchObject({
      type,
      time: seconds * 1000,
      guild: { id: groupId },
      channel: { id: groupId, type: 'text' },
      operator: { id: operator },
    })
    expect(event.user).toBeUndefined()
    expect(intentOf(name)).toBe('GROUP_AND_C2C_EVENT')
  })
})

describe('guild events', () => {
  it('may lack when and by whom', () => {
    for (const name of ['GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE']) {
      const event = decoded(withData(name, { joined_at: undefined, op_user_id: undefined }))
      expect(event.operator).toBeUndefined()
    }
  })

  it('keep kinds of channels that nobody knows', () => {
    const event = decoded(withData('CHANNEL_CREATE', { type: 12_345, sub_type: 9 }))
    expect(event).toMatchObject({ channel: { type: 'text' }, raw: { type: 12_345, sub_type: 9 } })
  })

  it('take members without roles', () => {
    for (const name of ['GUILD_MEMBER_ADD', 'GUILD_MEMBER_UPDATE', 'GUILD_MEMBER_REMOVE']) {
      const event = decoded(withData(name, { roles: null, joined_at: null }))
      expect(event.member?.roleIds).toBeUndefined()
    }
  })

  it('put the mention of the bot in front, once, whichever name the message comes under', () => {
    const at = decoded(payloadOf('AT_MESSAGE_CREATE'))
    const plain = decoded({ ...payloadOf('AT_MESSAGE_CREATE'), t: 'MESSAGE_CREATE' })
    expect(at.message?.content.map(({ type }) => type)).toEqual(['at', 'text'])
    expect(at.message?.content[0]?.attrs['id']).toBe('102000001')
    expect(at.message?.content[1]).toEqual(text('/help'))
    expect(plain.message?.content).toEqual(at.message?.content)
    expect(plain.id).toBe(at.id)
  })

  it('answer a direct message in its session and keep where both met', () => {
    const event = decoded(payloadOf('DIRECT_MESSAGE_CREATE'))
    expect(event.channel).toEqual({ id: 'dm:8810293847561029384', type: 'direct' })
    expect(event.referrer).toMatchObject({
      target: '8810293847561029384',
      sourceGuildId: '4821093776501248531',
    })
  })

  it('take both forms of reactions, and reactions to threads as what they are', () => {
    expect(decoded(payloadOf('MESSAGE_REACTION_ADD')).emoji).toEqual({ id: '277' })
    expect(decoded(payloadOf('MESSAGE_REACTION_REMOVE')).emoji).toEqual({ id: '👍' })
    const thread = decoded(withData('MESSAGE_REACTION_ADD', { target: { id: 'B_1', type: 1 } }))
    expect(thread.type).toBe('qq/MESSAGE_REACTION_ADD')
  })

  it('read what was written in a forum, in every form it has', () => {
    const { thread_info: thread } = payloadOf('FORUM_THREAD_CREATE').d as { thread_info: object }
    const written = (change: object): unknown =>
      contentOf(withData('FORUM_THREAD_CREATE', { thread_info: { ...thread, ...change } }))
    const title = 'Book of the week'
    expect(written({})).toEqual([text(`${title}\nWhich one?`)])
    expect(written({ title: 'Plain', content: 'Which?' })).toEqual([text('Plain\nWhich?')])
    const rich = [{ type: 1, text_info: { text: 'By ' } }, { at_info: { type: 1, user_info: { id: 7 } } }]
    expect(written({ content: rich })).toMatchObject([text(`${title}\nBy `), { attrs: { id: '7' } }])
    expect(written({ content: '{"paragraphs":[{"elems":[{}]}]}' })).toEqual([text(`${title}\n`)])
    expect(decoded(withData('FORUM_THREAD_CREATE', { thread_info: { thread_id: 12 } })).message?.id).toBe(
      '12',
    )
    expect(contentOf(payloadOf('FORUM_POST_CREATE'))).toEqual([text('The second one')])
    expect(contentOf(payloadOf('FORUM_REPLY_CREATE'))).toEqual([text('Agreed')])
  })

  it('take results of forum audits and the bare events of open forums', () => {
    for (const type of [1, 2, 3]) {
      for (const result of [0, 1]) {
        const event = decoded(withData('FORUM_PUBLISH_AUDIT_RESULT', { type, result }))
        expect(event.raw).toMatchObject({ type, result })
      }
    }
    expect(decoded(payloadOf('OPEN_FORUM_REPLY_DELETE'))).toMatchObject({
      channel: { id: '7304520' },
      user: { id: '10294857361029485' },
    })
  })

  it('take what plays', () => {
    for (const name of ['AUDIO_START', 'AUDIO_FINISH', 'AUDIO_ON_MIC', 'AUDIO_OFF_MIC']) {
      expect(decoded(payloadOf(name)).channel).toEqual({ id: '7304521', type: 'voice' })
    }
  })

  it('read files, quotes and channels of a message', () => {
    const { message } = decoded(payloadOf('MESSAGE_CREATE'))
    expect(message?.content.map(({ type }) => type)).toEqual(['text', 'sharp', 'text', 'emoji', 'image'])
    expect(message?.content[4]?.attrs['src']).toBe('https://gchat.example.invalid/qmeetpic/1/2/0')
    expect(message?.quote?.id).toBe('08aaf1a2b7c6e5d4981012a9b8c7d638fe0148c4d6a1b806')
  })

  it('tell whose message was taken back and by whom', () => {
    for (const name of ['MESSAGE_DELETE', 'PUBLIC_MESSAGE_DELETE', 'DIRECT_MESSAGE_DELETE']) {
      const { user, operator, message } = decoded(payloadOf(name))
      expect([user?.id, operator?.id, message?.id]).not.toContain(undefined)
    }
  })

  it('tell who came into an audio or a live channel', () => {
    for (const kind of [2, 5]) {
      const event = decoded(withData('AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER', { channel_type: kind }))
      expect(event.type).toBe('voice-joined')
    }
  })
})

describe('messages of groups and one-to-one chats', () => {
  it('hold text, pictures, voices, cards and quotes', () => {
    const c2c = (variant: string): unknown => contentOf(payloadOf(`C2C_MESSAGE_CREATE${variant}`))
    expect(c2c('')).toEqual([text('what can you do?')])
    expect(c2c('#image')).toMatchObject([{ type: 'image', attrs: { width: 1080, size: 183_042 } }])
    expect(c2c('#voice')).toMatchObject([{ type: 'audio' }])
    expect(c2c('#card')).toMatchObject([{ type: 'card', attrs: { title: 'daily check-in' } }])
    expect(decoded(payloadOf('C2C_MESSAGE_CREATE#quote')).message?.quote).toMatchObject({
      id: 'REFIDX_cXVvdGVk==',
      content: [text('read half an hour a day')],
    })
  })

  it('are trimmed and meant for the bot when it was mentioned', () => {
    expect(contentOf(payloadOf('GROUP_AT_MESSAGE_CREATE'))).toMatchObject([
      { type: 'at', attrs: { id: '102000001' } },
      { type: 'text', attrs: { content: '/weather tomorrow' } },
    ])
  })

  it('take mentions that are null, and know the bot by is_you', () => {
    const { message } = decoded(payloadOf('GROUP_AT_MESSAGE_CREATE#image-null-mentions'))
    expect(message?.content.map(({ type }) => type)).toEqual(['at', 'text', 'image'])
    const mentioned = withData('GROUP_MESSAGE_CREATE', {
      content: 'hi <@BOTMEMBER>',
      mentions: [{ member_openid: 'BOTMEMBER', is_you: true }],
    })
    expect(contentOf(mentioned)).toMatchObject([
      { type: 'at', attrs: { id: '102000001' } },
      { type: 'text' },
      { type: 'at', attrs: { id: '102000001' } },
    ])
  })

  it('in full mode are for the bot only when it was mentioned', () => {
    expect(contentOf(payloadOf('GROUP_MESSAGE_CREATE'))).toEqual([text('good morning all')])
  })

  it('are the same event under both names', () => {
    const at = payloadOf('GROUP_AT_MESSAGE_CREATE')
    expect(decoded({ ...at, id: 'other', t: 'GROUP_MESSAGE_CREATE' }).id).toBe(decoded(at).id)
  })

  it('tell their index and what they quote', () => {
    const { referrer } = decoded(payloadOf('GROUP_MESSAGE_CREATE#chat-record'))
    expect(referrer).toMatchObject({
      refIdx: 'REFIDX_Z3JvdXA1==',
      quotedIdx: 'TMP_0b7de2c4-8a65-4e36-b5a7-93c6e0d1742f',
    })
  })

  it.each([0, 3, 101, 102, 103, 9999])('of type %i are read', (kind) => {
    expect(decoded(withData('GROUP_MESSAGE_CREATE', { message_type: kind })).type).toBe('message-created')
  })

  it('follow what they hold, but not for ever', () => {
    let nested: object = { content: 'deepest' }
    for (let depth = 0; depth < 50; depth += 1) nested = { content: String(depth), msg_elements: [nested] }
    const event = decoded(withData('GROUP_MESSAGE_CREATE', { message_type: 102, msg_elements: [nested] }))
    const json = JSON.stringify(event.message?.content)
    expect(json).toContain('"content":"49"')
    expect(json).not.toContain('deepest')
  })

  it('keep every field of a card', () => {
    expect(contentOf(payloadOf('C2C_MESSAGE_CREATE#card'))).toMatchObject([
      {
        attrs: {
          title: 'daily check-in',
          href: 'https://example.invalid/j',
          'qq:type': 'miniapp',
          'qq:source': 'study club',
          'qq:tag': 'mini program',
        },
      },
    ])
  })

  it('offer a voice as WAV and in words', () => {
    expect(contentOf(payloadOf('C2C_MESSAGE_CREATE#voice'))).toMatchObject([
      { attrs: { 'qq:wav': 'https://example.invalid/8A41.wav', 'qq:asr': 'turn on the light' } },
    ])
  })

  it('read faces, broken ones too', () => {
    const ext = Buffer.from('{"text":"/smile"}').toString('base64')
    const content = `a<faceType=1,faceId="13",ext="${ext}">b<faceType=1,faceId="14",ext="%%%">`
    expect(contentOf(withData('C2C_MESSAGE_CREATE', { content }))).toEqual([
      text('a'),
      { type: 'emoji', attrs: { id: '13', name: '/smile' }, children: [] },
      text('b'),
      { type: 'emoji', attrs: { id: '14' }, children: [] },
    ])
  })

  it('keep the ids of user, member and guild apart', () => {
    expect(decoded(payloadOf('C2C_MESSAGE_CREATE')).user?.id).toBe('8F2B6D01C94E4A73B5D8E7F6A1C20394')
    expect(decoded(payloadOf('GROUP_MESSAGE_CREATE')).user?.id).toBe('3D7E91A5B2C84F06A9E1D4C7F8B35260')
    expect(decoded(payloadOf('MESSAGE_CREATE')).user?.id).toBe('10294857361029485')
  })

  it('have the picture that belongs to the openid', () => {
    expect(decoded(payloadOf('C2C_MESSAGE_CREATE')).user?.avatar).toBe(
      'https://q.qlogo.cn/qqapp/102000001/8F2B6D01C94E4A73B5D8E7F6A1C20394/640',
    )
  })
})

describe('other events', () => {
  it('tell who came into a group even without user_openid', () => {
    expect(decoded(payloadOf('GROUP_MEMBER_ADD')).user?.id).toBe('C60A4F8E1D7B4932B8F5E2A90D31C674')
  })

  it('are requests to join, unless a strategy decided already', () => {
    const request = (variant: string): ChatEvent => decoded(payloadOf(`GROUP_JOIN_REQUEST${variant}`))
    expect(request('')).toMatchObject({ type: 'guild-member-request', comment: 'I like books' })
    expect(request('#qa').comment).toBe('Favourite author? Lu Xun')
    expect(request('#invited').operator?.id).toBe('3D7E91A5B2C84F06A9E1D4C7F8B35260')
    expect(request('#auto-approved').type).toBe('qq/GROUP_JOIN_REQUEST')
    expect(request('').referrer).toMatchObject({ joinRequestId: 'AVq7Rz-2kLmXo9' })
  })

  it('are subscriptions of users and of groups', () => {
    expect(decoded(payloadOf('SUBSCRIBE_MESSAGE_STATUS')).channel?.type).toBe('direct')
    const group = decoded(withData('SUBSCRIBE_MESSAGE_STATUS', { group_openid: 'G', openid: '' }))
    expect(group.guild).toEqual({ id: 'G' })
  })

  it('tell who opened the chat', () => {
    expect(decoded(payloadOf('ENTER_AIO'))).toMatchObject({
      user: { id: '8F2B6D01C94E4A73B5D8E7F6A1C20394' },
      raw: { from_source: 'profile' },
    })
  })

  it('find their place by the ids that are there', () => {
    const user = decoded(payloadOf('INTERACTION_CREATE#user-authorize'))
    expect(user).toMatchObject({ type: 'proactive-message-allowed', channel: { type: 'direct' } })
    const group = decoded(payloadOf('INTERACTION_CREATE#group-authorize'))
    expect(group).toMatchObject({
      type: 'proactive-message-allowed',
      channel: { id: '5A1C7E93B0D24F6889C2E1F7A3B4D5C6' },
      user: { id: '3D7E91A5B2C84F06A9E1D4C7F8B35260' },
    })
  })

  it('read what a misspelled field holds', () => {
    const data = { type: 11, resoloved: { button_id: 'ok' } }
    expect(decoded(withData('INTERACTION_CREATE#c2c-button', { data })).button).toEqual({ id: 'ok' })
  })

  it('keep the outer id and the inner one apart', () => {
    const { id, referrer } = decoded(payloadOf('INTERACTION_CREATE#c2c-button'))
    expect(id).toBe('INTERACTION_CREATE:019c4b7e-51d2-4f60-8a3b-c7e9d014f2a1')
    expect(referrer).toMatchObject({
      eventId: 'INTERACTION_CREATE:019c4b7e-51d2-4f60-8a3b-c7e9d014f2a1',
      interactionId: '019c4b7e-51d2-4f60-8a3b-c7e9d014f2a1',
    })
  })

  it('nobody knows go out as they came', () => {
    const event = decoded({ op: 0, t: 'OF_THE_FUTURE', id: 'X:1', d: { any: 'thing' } })
    expect(event).toMatchObject({ type: 'qq/OF_THE_FUTURE', id: 'X:1', raw: { any: 'thing' } })
  })

  it('that are not what they should be go out as they came', () => {
    const { event, error } = decodeEvent(
      { op: 0, t: 'C2C_MESSAGE_CREATE', id: 'X:2', d: { id: 'M' } },
      context,
    )
    expect(error).toBeInstanceOf(TypeError)
    expect(event).toMatchObject({ type: 'qq/C2C_MESSAGE_CREATE', raw: { id: 'M' } })
  })

  it('are told apart by their content when the platform gives no id', () => {
    const first = decoded({ op: 0, t: 'FRIEND_ADD', d: { openid: 'A', timestamp: 1 } })
    const second = decoded({ op: 0, t: 'FRIEND_ADD', d: { openid: 'B', timestamp: 1 } })
    expect(first.id).not.toBe(second.id)
  })
})
