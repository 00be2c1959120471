import { findElement, plainText, render } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import type { KookEventData } from '../wire/events.ts'
import { compact, data, fixtures, load, one, options, withBody, withExtra } from '../../test/examples.ts'
import { isEventFrame, readFrame } from '../receive/frame.ts'
import { decodeEvent } from './event.ts'
import { readItem } from './message-event.ts'

const expected = load('expected-events.json') as Record<string, object[]>

describe('every example', () => {
  it.each(fixtures)('$name becomes what it should', ({ name, frame }) => {
    const read = readFrame(JSON.stringify(frame))
    expect(isEventFrame(read)).toBe(true)
    const events = decodeEvent(frame.d, options)
    expect(events.map(compact)).toEqual(expected[name])
    for (const event of events) {
      expect(event.raw).toBe(frame.d)
      expect(event).toMatchObject({ platform: 'kook', selfId: '2862900000' })
    }
  })

  it('has an expectation and the other way round', () => {
    expect(Object.keys(expected)).toEqual(fixtures.map(({ name }) => name))
  })
})

describe('messages', () => {
  it('are in a channel of a guild, or in private', () => {
    for (const kind of ['text', 'image', 'video', 'file', 'audio', 'kmarkdown']) {
      expect(one(data(`message/${kind}.group`))).toMatchObject({
        type: 'message-created',
        guild: { id: '6016389910000000' },
        channel: { id: '5823470000000001', type: 'text' },
        user: { id: '2418200000' },
      })
    }
    for (const kind of ['text', 'image', 'kmarkdown', 'card']) {
      const event = one(data(`message/${kind}.person`))
      expect(event.guild).toBeUndefined()
      expect(event).toMatchObject({
        type: 'message-created',
        channel: { id: '3b4aa448b8e8b9c87a1b3770792e7433', type: 'direct' },
        user: { id: '2418200000' },
      })
    }
  })

  it('of the bot itself are never commands, and their peer is the target', () => {
    expect(one(data('message/kmarkdown.group.own-echo')).type).toBe('message-sent')
    expect(one(data('message/kmarkdown.person.own-echo')).type).toBe('message-sent')
    const uncoded = one(withExtra('message/kmarkdown.person.own-echo', { code: '' }))
    expect(uncoded.channel).toEqual({ id: 'user:2418200000', type: 'direct' })
  })

  it('of bots go to platform listeners only, unless they are wanted', () => {
    const example = data('message/kmarkdown.group.extra-type-differs')
    expect(one(example).type).toBe('kook/message.kmarkdown')
    expect(one(example, { ignoreBots: false })).toMatchObject({
      type: 'message-created',
      platformType: 'kook/message.kmarkdown',
    })
  })

  it('of the notice account go to platform listeners only, unless they are wanted', () => {
    const example = data('message/kmarkdown.group.system-notice')
    expect(one(example).type).toBe('kook/message.kmarkdown')
    expect(one(example, { ignoreNotices: false }).type).toBe('message-created')
  })

  it('item content is read as object and as text', () => {
    for (const form of ['object', 'string']) {
      const event = one(data(`message/item.group.${form}`))
      expect(event).toMatchObject({ type: 'kook/message.item', user: { id: '2418200000' } })
      expect(readItem(data(`message/item.group.${form}`) as Parameters<typeof readItem>[0])).toEqual({
        user_id: '2418200000',
        target_id: '3891600000',
        item_id: 10_001,
      })
    }
    expect(
      readItem({ ...data('message/item.group.object'), type: 12, content: 'nothing' } as never),
    ).toBeUndefined()
  })

  it.each([7, 99, 0, -1])('of the unknown type %i pass through', (type) => {
    expect(one(data('message/text.group', { type }))).toMatchObject({
      type: `kook/message.${type}`,
      platformType: `kook/message.${type}`,
    })
  })

  it.each(['BROADCAST', 'ELSEWHERE'])('in %s pass through', (kind) => {
    const event = one(data('message/text.group', { channel_type: kind }))
    expect(event.type).toBe('kook/message.text')
    expect(event.message).toBeUndefined()
  })

  it.each([null, undefined, [], 'text'])('pass through when extra is %j', (extra) => {
    expect(one(data('message/text.group', { extra })).type).toBe('kook/message.text')
  })

  it('keep ids as text and times in ms', () => {
    const event = one(data('message/text.group', { target_id: '9007199254740993123' }))
    expect(event.channel?.id).toBe('9007199254740993123')
    expect(event).toMatchObject({ id: '7c9e6679-7425-40de-944b-000000000001', time: 1_712_345_601_000 })
    expect((event.raw as KookEventData).nonce).toBe('')
  })

  it('in a voice channel are messages like any other', () => {
    const event = one(withExtra('message/text.group', { channel_type: 2 }))
    expect(event).toMatchObject({ type: 'message-created', channel: { type: 'voice' } })
  })

  it.each([
    ['image', 'pic1.jpg'],
    ['video', 'clip.mp4'],
    ['file', 'notes.txt'],
    ['audio', 'voice.mp3'],
  ] as const)('%s is an element with what is known of it', (kind, title) => {
    const { content } = one(data(`message/${kind}.group`)).message ?? { content: [] }
    expect(findElement(content, kind)?.attrs).toMatchObject({ title, src: expect.stringContaining(title) })
  })

  it.each([[[]], [null], [false], [undefined], ['']])(
    'without attachments (%j) media has its address from the content',
    (attachments) => {
      const event = one(withExtra('message/image.group', { attachments }))
      expect(render(event.message?.content)).toBe(
        '<image src="https://img.kookapp.cn/assets/2024-04/pic1.jpg"/>',
      )
      expect(one(withExtra('message/kmarkdown.group', { attachments })).message?.content).toHaveLength(1)
    },
  )

  it('a quote is found by rong_id, else by id', () => {
    const quoteOf = (quote: unknown): unknown =>
      one(withExtra('message/kmarkdown.group.quote', { quote })).message?.quote
    expect(quoteOf({ id: 'x', type: 9, content: 'a\\!', author: { id: '1' } })).toMatchObject({
      id: 'x',
      user: { id: '1' },
      content: [{ attrs: { content: 'a!' } }],
    })
    expect(quoteOf({ id: 'x', rong_id: 'y' })).toMatchObject({ id: 'y' })
    for (const none of ['', null, undefined, [], false, {}]) expect(quoteOf(none)).toBeUndefined()
  })

  it('may be nothing but a mention', () => {
    const event = one(data('message/kmarkdown.group', { content: '(met)2862900000(met)' }))
    expect(event.message?.content).toEqual([{ type: 'at', attrs: { id: '2862900000' }, children: [] }])
    expect(plainText(event.message?.content ?? [])).toBe('')
    expect(one(data('message/kmarkdown.group', { content: '' })).message?.content).toEqual([])
  })

  it('come from users of whom only the id is known', () => {
    expect(one(withExtra('message/text.group', { author: undefined })).user).toEqual({ id: '2418200000' })
    expect(one(withExtra('message/text.group', { author: { id: '2418200000' } })).user).toEqual({
      id: '2418200000',
    })
  })
})

describe('system events', () => {
  it('reactions show the emoji', () => {
    expect(one(data('channel/added_reaction')).emoji).toEqual({ id: '📢' })
    expect(one(data('channel/deleted_reaction'))).toMatchObject({
      type: 'reaction-removed',
      emoji: { id: '📢' },
    })
    expect(one(data('channel/added_reaction.guild-emoji')).emoji).toEqual({
      id: '6016389910000000/zTpnkSnMZH0c80ck',
      name: 'party',
    })
  })

  it('an edited message has its new content, of whatever kind', () => {
    const cards = '[{"type":"card","modules":[{"type":"divider"}]}]'
    expect(one(withBody('channel/updated_message', { content: '(met)1(met) \\*' })).message).toMatchObject({
      content: [{ type: 'at' }, { attrs: { content: ' *' } }],
      updatedAt: 1_712_345_624_500,
    })
    expect(one(withBody('channel/updated_message', { content: cards })).message?.content[0]?.type).toBe(
      'card',
    )
  })

  it('deletions and pins name message, channel and operator', () => {
    expect(one(data('channel/deleted_message'))).toMatchObject({ type: 'message-deleted' })
    expect(one(data('channel/deleted_channel'))).toMatchObject({
      type: 'channel-deleted',
      time: 1_712_345_629_500,
    })
    expect(one(data('channel/pinned_message'))).toMatchObject({ operator: { id: '2418200000' } })
    expect(one(data('channel/unpinned_message'))).toMatchObject({ type: 'message-unpinned' })
    expect(one(data('direct/deleted_private_message')).raw).toHaveProperty('extra.body.deleted_at')
  })

  it('channels keep their kind and their names', () => {
    expect(one(data('channel/added_channel.category')).channel?.type).toBe('category')
    expect(one(data('channel/updated_channel')).type).toBe('channel-updated')
    expect(one(data('channel/deleted_channel')).type).toBe('channel-deleted')
  })

  it('private ones are by their author in their chat', () => {
    expect(one(data('direct/updated_private_message'))).toMatchObject({
      user: { id: '2418200000' },
      channel: { id: '3b4aa448b8e8b9c87a1b3770792e7433', type: 'direct' },
    })
    expect(one(data('direct/private_added_reaction')).emoji).toEqual({ id: '😀' })
    expect(one(data('direct/private_deleted_reaction')).type).toBe('reaction-removed')
  })

  it('a guild is told from the nickname of the bot', () => {
    expect(one(withBody('guild/updated_guild', { id: '' })).guild?.id).toBe('6016389910000000')
    expect(one(data('guild/deleted_guild')).type).toBe('guild-removed')
    expect(one(data('undocumented/updated_guild.person'))).toMatchObject({
      type: 'guild-member-updated',
      platformType: 'kook/updated_guild.person',
      member: { nick: 'bot-nick' },
    })
  })

  it('a block list is one event a user', () => {
    const events = decodeEvent(data('guild/added_block_list'), options)
    expect(events.map(({ user, operator, comment }) => [user?.id, operator?.id, comment])).toEqual([
      ['3891600000', '2418200000', 'spam'],
      ['3751918000', '2418200000', 'spam'],
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(2)
    expect(decodeEvent(data('guild/deleted_block_list'), options)).toHaveLength(1)
  })

  it.each(['guild/added_emoji', 'guild/removed_emoji', 'undocumented/deleted_emoji', 'guild/updated_emoji'])(
    '%s has the emoji',
    (name) => {
      expect(one(data(name)).emoji).toMatchObject({ id: '6016389910000000/zTpnkSnMZH0c80ck' })
    },
  )

  it('roles keep permissions beyond 32 bits', () => {
    const event = one(data('guild-role/updated_role.wide-permissions'))
    expect(event.role).toMatchObject({ id: '11111', name: 'Moderator' })
    expect(event.raw).toHaveProperty('extra.body.permissions', 5_571_747_823)
    expect(one(withBody('guild-role/deleted_role', { name: undefined, color: undefined })).role).toEqual({
      id: '11111',
    })
  })

  it('members come, go and take their nicknames away', () => {
    expect(one(data('guild-member/joined_guild'))).toMatchObject({ member: { joinedAt: 1_712_345_647_500 } })
    expect(one(data('guild-member/exited_guild'))).toMatchObject({ time: 1_712_345_648_500 })
    expect(one(withBody('guild-member/updated_guild_member', { nickname: '' })).member?.nick).toBe('')
  })

  it('presence belongs to no guild of its own', () => {
    const event = one(data('guild-member/guild_member_offline'))
    expect(event.guild).toBeUndefined()
    expect(event.raw).toHaveProperty('extra.body.guilds', ['6016389910000000', '601638990000001'])
  })

  it.each([
    ...fixtures.filter(({ name }) => name.startsWith('undocumented/')).map(({ name }) => data(name)),
    withExtra('user/joined_channel', { type: 'invented_event' }),
    withExtra('user/joined_channel', { type: 'toString' }),
    withExtra('user/joined_channel', { body: [] }),
    withExtra('user/joined_channel', { body: null }),
    withExtra('channel/added_reaction', { body: {} }),
    data('user/joined_channel', { extra: undefined }),
    data('user/joined_channel', { extra: [] }),
  ])('passes through what is unknown or broken (%#)', (broken) => {
    const event = one(broken)
    expect(event.platformType.startsWith('kook/')).toBe(true)
    expect(event.raw).toBe(broken)
  })
})
