import { isRecord } from '@mynah/adapter-kit'
import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { TemporaryChats } from '../send/temporary-chats.ts'
import type { Raw } from '../wire/raw.ts'
import { decodeEvent, eventName, isKnown } from './event.ts'

interface Fixture {
  readonly name: string
  readonly seed: boolean
  readonly event: Raw
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'))
const fixtures = read('onebot11.events.json') as Fixture[]
const expected = read('expected.json') as Record<string, object>
const selfId = '3889001234'

const fixture = (name: string): Raw => {
  const found = fixtures.find((entry) => entry.name === name)
  if (found === undefined) throw new Error(`There is no fixture ${name}.`)
  return found.event
}
const decode = (name: string) => decodeEvent(fixture(name), selfId)
const decodeWith = (name: string, changes: object) => decodeEvent({ ...fixture(name), ...changes }, selfId)

describe('every fixture', () => {
  it.each(fixtures)('$name decodes to what the page says, the payload untouched', ({ name, event }) => {
    const before = structuredClone(event)
    const { id, raw, platform, selfId: seenBy, time, ...rest } = decodeEvent(event, selfId)
    expect(rest).toEqual(expected[name])
    expect(raw).toBe(event)
    expect(event).toEqual(before)
    expect(id).not.toBe('')
    expect({ platform, seenBy }).toEqual({ platform: 'onebot', seenBy: selfId })
    expect(time).toBeGreaterThan(1_700_000_000_000)
  })

  it.each(fixtures.filter(({ name }) => !name.startsWith('robust.')))(
    '$name is emitted under its name',
    ({ name, event }) => {
      expect(name.startsWith(eventName(event).replace('meta_event', 'meta'))).toBe(true)
    },
  )

  it('has an id of its own', () => {
    // The recall with a tip is the same recall as told by another implementation.
    const others = fixtures.filter(({ name }) => name !== 'notice.group_recall.with_tip.lagrange')
    const ids = others.map(({ event }) => decodeEvent(event, selfId).id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it.each(fixtures)('$name says the same with ids as strings', ({ event }) => {
    const withTime = { time: 1_761_900_000, ...event }
    const asStrings = Object.fromEntries(
      Object.entries(withTime).map(([key, value]) => [
        key,
        key.endsWith('_id') && typeof value === 'number' ? String(value) : value,
      ]),
    )
    const anyId: unknown = expect.any(String)
    expect(decodeEvent(asStrings, selfId)).toEqual({
      ...decodeEvent(withTime, selfId),
      id: anyId,
      raw: asStrings,
    })
  })
})

describe('what all events have in common', () => {
  it('fills in time and account where they are missing', () => {
    const seeds = fixtures.filter(({ seed, name }) => seed && name.startsWith('notice.'))
    expect(seeds.length).toBeGreaterThan(20)
    for (const { name, event } of seeds) {
      const { time: _time, self_id: _self, ...rest } = event
      const decoded = decodeEvent(rest, selfId)
      expect(decoded.selfId, name).toBe(selfId)
      expect(Math.abs(Date.now() - decoded.time), name).toBeLessThan(5000)
      expect(decoded.type, name).toBe(decodeEvent(event, selfId).type)
    }
    expect(decode('notice.notify.poke.group.minimal_as_documented')).toMatchObject({ type: 'poke', selfId })
  })

  it('takes large times as ms', () => {
    expect(decodeWith('message.private.friend', { time: 1_761_900_007_123 }).time).toBe(1_761_900_007_123)
    expect(decode('message.private.friend').time).toBe(1_761_900_007_000)
  })

  it.each([
    [{ post_type: 'notice', notice_type: 'moon_phase' }, 'onebot/notice.moon_phase'],
    [{ post_type: 'notice', notice_type: 'notify', sub_type: 'yawn' }, 'onebot/notice.notify.yawn'],
    [{ post_type: 'request', request_type: 'dance' }, 'onebot/request.dance'],
    [{ post_type: 'weather', weather_type: 'rain' }, 'onebot/weather.rain'],
    [{ meta_event_type: 'nap' }, 'onebot/meta_event.nap'],
    [{}, 'onebot/unknown.unknown'],
  ])('passes %j through', (raw, name) => {
    const event = decodeEvent(raw, selfId)
    expect(event).toMatchObject({ type: name, platformType: name, raw })
    expect(isKnown(event)).toBe(false)
  })

  it('keeps the own name of an event that lacks what the common one promises', () => {
    const { group_id: _group, ...rest } = fixture('notice.group_upload')
    expect(decodeEvent(rest, selfId).type).toBe('onebot/notice.group_upload')
    expect(decodeEvent({ post_type: 'message', message_type: 'group' }, selfId).type).toBe(
      'onebot/message.group',
    )
  })

  it('tells the same message in two chats apart, and copies of one not', () => {
    const { id } = decode('message.group.normal')
    expect(decodeWith('message.group.normal', { group_id: 1 }).id).not.toBe(id)
    expect(decodeWith('message.group.normal', { time: 1 }).id).toBe(id)
    const poke = decode('notice.notify.poke.friend.napcat')
    expect(decodeWith('notice.notify.poke.friend.napcat', { raw_info: [1] }).id).toBe(poke.id)
  })

  it.each<[string, object]>([
    ['request.friend', { user_id: 0 }],
    ['request.group.add', { user_id: 0 }],
    ['request.group.invite', { group_id: 0 }],
    ['notice.friend_add', { user_id: 0 }],
    ['notice.notify.poke.friend', { sender_id: 0, user_id: 0 }],
    ['notice.group_recall.by_author', { message_id: undefined }],
    ['notice.friend_recall', { user_id: undefined }],
    ['notice.offline_file', { user_id: 0 }],
    ['notice.essence.add', { message_id: '' }],
    ['notice.channel_created', { channel_id: '' }],
    ['notice.guild_channel_recall', { guild_id: undefined }],
    ['message.guild.channel', { channel_id: undefined }],
    ['message.private.friend', { user_id: 0, sender: {} }],
  ])('keeps the own name of %s without the ids that the common one promises: %j', (name, changes) => {
    const event = decodeWith(name, changes)
    expect(event.type).toBe(event.platformType)
    expect(decode(name).type).not.toBe(event.platformType)
  })

  it.each(['friend_recall', 'offline_file'])('knows no chat for %s of the account itself', (notice) => {
    const event = decodeWith(`notice.${notice}`, { user_id: Number(selfId) })
    expect(event).toMatchObject({ type: `onebot/notice.${notice}`, user: { id: selfId } })
    expect(event.channel).toBeUndefined()
  })

  it('knows no chat for an own message without its partner', () => {
    const { target_id: _unknown, ...without } = fixture('message.private.group_self')
    const event = decodeEvent(without, selfId)
    expect(event.type).toBe('onebot/message.private')
    expect(event.channel).toBeUndefined()
  })

  it('tells two messages without an id apart by what they say', () => {
    const { message_id: _none, ...without } = fixture('message.group.normal')
    const one = decodeEvent({ ...without, message: 'one' }, selfId)
    const two = decodeEvent({ ...without, message: 'two' }, selfId)
    expect([one.type, two.type]).toEqual(['message-created', 'message-created'])
    expect(one.id).not.toBe(two.id)
    expect(decodeEvent({ ...without, message: 'one' }, selfId).id).toBe(one.id)
  })

  it('counts equal events without an id on one connection, where nothing is repeated', () => {
    const poke = fixture('notice.notify.poke.group')
    const { message_id: _none, ...message } = fixture('message.group.normal')
    for (const raw of [poke, message]) {
      const first = decodeEvent(raw, selfId, () => 1).id
      expect(first).toBe(decodeEvent(raw, selfId).id)
      expect(decodeEvent(raw, selfId, () => 2).id).not.toBe(first)
    }
    const recall = fixture('notice.group_recall.by_author')
    const joined = fixture('notice.group_increase.invite')
    for (const raw of [recall, joined, fixture('message.group.normal')]) {
      expect(decodeEvent(raw, selfId, () => 2).id).toBe(decodeEvent(raw, selfId, () => 1).id)
    }
  })

  it('never gives the number of an anonymous or guild service person to a QQ number', () => {
    const anonymous = { id: 10_001, name: 'x', flag: 'f' }
    expect(decodeWith('message.group.anonymous', { anonymous }).user?.id).toBe('anonymous:10001')
    const service = decodeWith('message.guild.channel', {
      sender: { tiny_id: '10001' },
      message: [{ type: 'at', data: { qq: '10001' } }],
    })
    expect(service.user?.id).toBe('tiny:10001')
    expect(service.message?.content[0]?.attrs['id']).toBe('tiny:10001')
  })

  it('has ids as strings, also those that are too large for numbers', () => {
    expect(decode('message.guild.channel')).toMatchObject({
      user: { id: 'tiny:144115218678093112' },
      guild: { id: '44128811636200111' },
    })
    const [forward] = decode('message.group.forward.napcat').message?.content ?? []
    expect(forward?.attrs['id']).toBe('7561234567890123456')
  })

  it('takes 0 as nobody', () => {
    expect(decode('notice.group_decrease.leave.operator_zero').operator).toBeUndefined()
    expect(decodeWith('request.group.add.lagrange', { invitor_id: 0 }).operator).toBeUndefined()
    expect(decode('notice.group_ban.whole.on').user).toBeUndefined()
  })
})

describe('private messages', () => {
  it('has every field of the documents in its payload', () => {
    const { raw } = decode('message.private.friend')
    const fields = [
      'time',
      'self_id',
      'post_type',
      'message_type',
      'sub_type',
      'message_id',
      'user_id',
      'message',
      'raw_message',
      'font',
      'sender',
    ]
    expect(isRecord(raw) && fields.filter((key) => !(key in raw))).toEqual([])
    expect(isRecord(raw) && raw['sender']).toEqual({
      user_id: 1357924680,
      nickname: 'Lin',
      sex: 'female',
      age: 23,
    })
  })

  it.each(['friend', 'group', 'other'])('takes sub type %s', (subType) => {
    expect(decode(`message.private.${subType}`)).toMatchObject({
      type: 'message-created',
      channel: { type: 'direct' },
    })
  })

  it('takes sub type group_self as an own message to its target', () => {
    expect(decode('message.private.group_self')).toMatchObject({
      type: 'message-sent',
      channel: { id: 'private:2468013579' },
      user: { id: selfId },
    })
    expect(decode('message_sent.private.napcat').channel?.id).toBe('private:1357924680')
  })

  it('leaves out what the sender leaves out', () => {
    expect(decode('message.private.friend.sender_partial').user).toEqual({ id: '1357924680' })
  })

  it('reads string and array alike', () => {
    const { message } = decode('message.private.friend.string_format')
    const asArray = decodeWith('message.private.friend.string_format', {
      message: [
        { type: 'text', data: { text: 'see ' } },
        { type: 'face', data: { id: '178' } },
        {
          type: 'image',
          data: { file: '7c0f0d5b2f1f6e0a6c9a0b6a4f2f8e11.image', url: 'https://example.com/pic?a=1&b=2,3' },
        },
      ],
    })
    expect(asArray.message).toEqual(message)
  })

  it('takes negative ids and any font', () => {
    expect(decodeWith('message.private.friend', { message_id: -5, font: 65_536 }).message?.id).toBe('-5')
  })

  it('remembers the group of a temporary chat', () => {
    expect(decode('message.private.group').referrer).toEqual({ group: '765432109' })
  })
})

describe('group messages', () => {
  it('has group and sender', () => {
    expect(decode('message.group.normal')).toMatchObject({
      guild: { id: '765432109' },
      channel: { id: '765432109', type: 'text' },
      user: { id: '1357924680', name: 'Lin' },
      member: { nick: 'Lin / QA', role: 'member' },
    })
    const { raw } = decode('message.group.normal')
    const sender = isRecord(raw) && isRecord(raw['sender']) ? raw['sender'] : {}
    expect(Object.keys(sender).sort()).toEqual([
      'age',
      'area',
      'card',
      'level',
      'nickname',
      'role',
      'sex',
      'title',
      'user_id',
    ])
    expect(sender['level']).toBe('18')
  })

  it.each(['normal', 'anonymous', 'notice'])('takes sub type %s', (subType) => {
    expect(decode(`message.group.${subType}`).type).toBe('message-created')
  })

  it('takes a missing anonymous as null', () => {
    const { anonymous: _none, ...without } = fixture('message.group.normal')
    expect(decodeEvent(without, selfId)).toEqual({ ...decode('message.group.normal'), raw: without })
  })

  it('takes the anonymous person for the sender, with the flag unchanged', () => {
    const event = decode('message.group.anonymous')
    expect(event.user).toEqual({ id: 'anonymous:1000000411', name: 'Sea otter' })
    expect(event.member).toBeUndefined()
    expect(event.referrer).toEqual({ anonymous: '1000000411|Sea otter' })
    expect(event.raw).toMatchObject({
      anonymous: { id: 1000000411, name: 'Sea otter', flag: '1000000411|Sea otter' },
    })
  })

  it('shows the card, else the nickname', () => {
    expect(decode('message.group.normal').member?.nick).toBe('Lin / QA')
    expect(decode('message.group.normal.string_format').member?.nick).toBe('Bo')
  })

  it('treats an unknown role as unknown', () => {
    const { sender } = fixture('message.group.normal')
    const changed = decodeWith('message.group.normal', {
      sender: { ...(isRecord(sender) ? sender : {}), role: undefined },
    })
    expect(changed.member?.role).toBeUndefined()
  })

  it('delivers an empty message', () => {
    expect(decode('robust.empty_message')).toMatchObject({
      type: 'message-created',
      message: { content: [] },
    })
  })

  it('never looks at raw_message when there is an array', () => {
    const event = decodeWith('message.group.normal', { message: [], raw_message: '[CQ:at,qq=all]' })
    expect(event.message?.content).toEqual([])
  })
})

describe('notices', () => {
  it.each<[string, object]>([
    ['notice.group_upload', { type: 'guild-file-added', file: { name: 'minutes, draft.pdf', size: 482113 } }],
    ['notice.group_admin.set', { type: 'guild-member-updated', member: { role: 'admin' } }],
    ['notice.group_admin.unset', { type: 'guild-member-updated', member: { role: 'member' } }],
    ['notice.group_decrease.leave', { type: 'guild-member-removed', user: { id: '1357924680' } }],
    ['notice.group_decrease.kick', { type: 'guild-member-removed', operator: { id: '3219876540' } }],
    ['notice.group_decrease.kick_me', { type: 'guild-removed', guild: { id: '765432109' } }],
    ['notice.group_increase.approve', { type: 'guild-member-added', operator: { id: '3219876540' } }],
    ['notice.group_increase.invite', { type: 'guild-member-added', operator: { id: '2468013579' } }],
    ['notice.group_ban.ban', { type: 'guild-member-muted', duration: 600_000 }],
    ['notice.group_ban.lift_ban', { type: 'guild-member-unmuted', operator: { id: '3219876540' } }],
    ['notice.friend_add', { type: 'friend-added', user: { id: '2468013579' } }],
    ['notice.group_recall.by_author', { type: 'message-deleted', message: { id: '-1480312209' } }],
    ['notice.group_recall.by_admin', { user: { id: '1357924680' }, operator: { id: '3219876540' } }],
    ['notice.friend_recall', { type: 'message-deleted', channel: { id: 'private:1357924680' } }],
    ['notice.notify.poke.friend', { type: 'poke', user: { id: '1357924680' } }],
    ['notice.notify.poke.group', { type: 'poke', guild: { id: '765432109' }, user: { id: '1357924680' } }],
    ['notice.notify.lucky_king', { user: { id: '3219876540' }, raw: { target_id: 1357924680 } }],
    ['notice.notify.honor.talkative', { raw: { honor_type: 'talkative' } }],
    ['notice.notify.honor.performer', { raw: { honor_type: 'performer' } }],
    ['notice.notify.honor.emotion', { raw: { honor_type: 'emotion' } }],
    ['notice.notify.honor.legend', { raw: { honor_type: 'legend' } }],
    ['notice.group_card.cleared', { type: 'guild-member-updated', member: { nick: '' } }],
    ['notice.group_card.changed', { member: { nick: 'Lin / on leave' } }],
    ['notice.offline_file', { type: 'direct-file-added', file: { name: 'photos.zip', size: 73_400_320 } }],
    ['notice.client_status.online', { type: 'login-updated', raw: { online: true } }],
    ['notice.client_status.offline', { type: 'login-updated', raw: { online: false } }],
    ['notice.essence.add', { type: 'message-pinned', operator: { id: '3219876540' } }],
    ['notice.essence.delete', { type: 'message-unpinned' }],
    ['notice.essence.add.without_group_id', { message: { id: '991870023' } }],
    ['meta.lifecycle.enable', { raw: { sub_type: 'enable' } }],
    ['meta.lifecycle.disable', { raw: { sub_type: 'disable' } }],
    ['meta.heartbeat', { raw: { status: { online: true }, interval: 15_000 } }],
    ['meta.heartbeat.unknown_online', { raw: { status: { online: null } } }],
    ['message.guild.channel', { user: { id: 'tiny:144115218678093112' } }],
    ['notice.message_reactions_updated', { operator: { id: 'tiny:144115218678093112' } }],
    ['notice.guild_channel_recall', { type: 'message-deleted' }],
    ['notice.channel_created', { type: 'channel-created', channel: { name: 'general' } }],
    ['notice.channel_updated', { type: 'channel-updated', channel: { name: 'lobby' } }],
    ['notice.channel_destroyed', { type: 'channel-deleted' }],
    ['notice.notify.title', { member: { title: 'Bug hunter' } }],
    ['notice.group_msg_emoji_like.add', { type: 'reaction-added', emoji: { id: '76' } }],
    ['notice.group_msg_emoji_like.remove', { type: 'reaction-removed', emoji: { id: '128077' } }],
    ['notice.reaction.add.lagrange', { type: 'reaction-added', emoji: { id: '76' } }],
    ['notice.reaction.remove.lagrange', { type: 'reaction-removed', emoji: { id: '76' } }],
    ['notice.notify.profile_like', { user: { id: '2468013579' } }],
    ['notice.notify.group_name.napcat', { type: 'guild-updated', guild: { name: 'Test & Co. (2026)' } }],
    ['notice.group_name_change.lagrange', { type: 'guild-updated', guild: { name: 'Test & Co. (2026)' } }],
    ['notice.notify.gray_tip.napcat', { type: 'onebot/notice.notify.gray_tip' }],
    ['notice.group_decrease.disband', { type: 'guild-removed' }],
    ['notice.group_dismiss.llbot', { type: 'guild-removed' }],
    ['notice.notify.poke.friend.napcat', { type: 'poke', user: { id: '1357924680' } }],
    ['notice.notify.poke.friend.own_poke.napcat', { type: 'onebot/notice.notify.poke' }],
    ['notice.notify.poke_recall.llbot', { type: 'onebot/notice.notify.poke_recall' }],
    ['notice.online_file_send.refuse', { type: 'onebot/notice.online_file_send' }],
    ['notice.flash_file.uploaded.llbot', { type: 'onebot/notice.flash_file' }],
    ['notice.group_ban.whole.on', { type: 'guild-muted' }],
    ['notice.group_ban.whole.off', { type: 'guild-unmuted' }],
  ])('read %s', (name, parts) => {
    expect(decode(name)).toMatchObject(parts)
  })

  it('takes a reaction that SnowLuma says was removed for a removed one', () => {
    const { is_add: _none, ...raw } = fixture('notice.group_msg_emoji_like.add')
    expect(decodeEvent({ ...raw, sub_type: 'remove' }, selfId).type).toBe('reaction-removed')
    expect(decodeEvent({ ...raw, sub_type: 'add' }, selfId).type).toBe('reaction-added')
    expect(decodeEvent(raw, selfId).type).toBe('reaction-added')
  })

  it('takes a mute without a sub type by its duration', () => {
    expect(decodeWith('notice.group_ban.ban', { sub_type: undefined }).type).toBe('guild-member-muted')
    expect(decodeWith('notice.group_ban.ban', { sub_type: undefined, duration: 0 }).type).toBe(
      'guild-member-unmuted',
    )
  })

  it('does not guess what became of an administrator', () => {
    expect(decodeWith('notice.group_admin.set', { sub_type: 'other' }).type).toBe('onebot/notice.group_admin')
  })

  it('takes an operator of 0 like one who left by themselves', () => {
    expect(decode('notice.group_decrease.leave').operator).toBeUndefined()
    expect(decode('notice.group_decrease.leave.operator_zero').operator).toBeUndefined()
  })

  it('knows no operator where there is none', () => {
    const { operator_id: _none, ...without } = fixture('notice.group_increase.approve')
    expect(decodeEvent(without, selfId).operator).toBeUndefined()
    expect(decode('notice.group_increase.approve.operator_unknown').operator).toBeUndefined()
  })

  it('has no group in a private poke', () => {
    expect(decode('notice.notify.poke.friend').guild).toBeUndefined()
  })

  it('takes group 0 as no group', () => {
    expect(decode('notice.notify.input_status.napcat').guild).toBeUndefined()
  })

  it('marks the muting of everybody by the user, not by the duration', () => {
    const raw = { group_id: 765432109, user_id: 0, duration: 268_435_455 }
    const event = decodeWith('notice.group_ban.ban', raw)
    expect(event.type).toBe('guild-muted')
    expect(event.duration).toBeUndefined()
  })

  it('delivers the upload and the message with the file as two events', () => {
    const upload = decode('notice.group_upload')
    const message = decode('message.group.file.napcat')
    expect(message.message?.content[0]).toMatchObject({
      type: 'file',
      attrs: { title: 'minutes.pdf', size: 482113 },
    })
    expect(upload.id).not.toBe(message.id)
  })
})

describe('temporary chats', () => {
  const temporary = {
    post_type: 'message',
    message_type: 'private',
    sub_type: 'group',
    message_id: 1,
    user_id: 5,
    temp_source: 0,
    message: 'hi',
    sender: { user_id: 5, nickname: 'x', card: '' },
  }

  it('read the group at the top, and in the sender', () => {
    expect(decodeEvent({ ...temporary, group_id: 760_561_003 }, selfId)).toMatchObject({
      type: 'message-created',
      channel: { id: 'private:5', type: 'direct' },
      referrer: { group: '760561003' },
    })
    const sender = { ...temporary.sender, group_id: 760_561_003 }
    expect(decodeEvent({ ...temporary, sender }, selfId).referrer).toEqual({ group: '760561003' })
  })

  it('know no group where NapCat knows none', () => {
    const event = decodeEvent({ ...temporary, group_id: 284_840_486 }, selfId)
    expect(event).toMatchObject({ type: 'message-created', channel: { id: 'private:5' } })
    expect(event.referrer).toBeUndefined()
  })

  it('are private also where the kind of a message is left out', () => {
    const { message_type: _none, ...untold } = { ...temporary, group_id: 1 }
    expect(decodeEvent(untold, selfId).channel?.id).toBe('private:5')
  })

  it('keep the group that is known when a message through an unknown one comes', () => {
    const chats = new TemporaryChats()
    chats.remember('5', '1')
    chats.note(decodeEvent({ ...temporary, group_id: 284_840_486 }, selfId))
    expect(chats.groupOf('5')).toBe('1')
    chats.note(decodeEvent({ ...temporary, group_id: 2 }, selfId))
    expect(chats.groupOf('5')).toBe('2')
    chats.note(decodeEvent({ ...temporary, sub_type: 'friend' }, selfId))
    expect(chats.groupOf('5')).toBeUndefined()
  })
})

describe('requests', () => {
  it('reads a friend request', () => {
    expect(decode('request.friend')).toMatchObject({
      type: 'friend-request',
      user: { id: '2468013579' },
      comment: "Hi, it's Bo from the group",
      referrer: { flag: '1761900321000001' },
    })
  })

  it('reads a request to join, its line breaks kept', () => {
    expect(decode('request.group.add')).toMatchObject({
      type: 'guild-member-request',
      guild: { id: '765432109' },
      user: { id: '1357924680' },
      comment: '问题：口令是什么？\n答案：open sesame',
      referrer: { flag: '1761900330123456', subType: 'add' },
    })
  })

  it('reads an invitation of the account', () => {
    expect(decode('request.group.invite')).toMatchObject({
      type: 'guild-request',
      user: { id: '2468013579' },
      referrer: { subType: 'invite' },
    })
  })

  it('keeps odd flags as they are', () => {
    expect(decode('request.group.invite.llbot').referrer).toMatchObject({
      flag: '902113377|1761900600112233|1|0',
    })
    expect(decode('request.group.add.lagrange').referrer).toMatchObject({ flag: '1761900700-765432109-1' })
  })

  it('takes a comment of null as empty', () => {
    expect(decode('request.friend.lagrange').comment).toBe('')
  })
})
