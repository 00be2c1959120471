import { defined, isRecord, readText } from '@mynah/adapter-kit'
import type { Channel, Guild, Member, SharedFile, User } from '@mynah/core'

import { type Raw, readBoolean, readId, readNumber, readString } from '../wire/raw.ts'
import type { EventBase, EventParts } from './parts.ts'
import {
  directChannel,
  groupChannel,
  guildOf,
  serviceChannel,
  serviceUser,
  textOf,
  userOf,
} from './resources.ts'

type NoticeDecoder = (raw: Raw, base: EventBase) => EventParts

/** The group of an event as guild and channel; nothing when the event has none. */
function placeOf(raw: Raw): { guild?: Guild; channel?: Channel } {
  const groupId = readId(raw['group_id'])
  if (groupId === undefined) return {}
  const guild = guildOf(groupId, raw)
  return { guild, channel: groupChannel(guild) }
}

/** The person under `key`; nothing when it is 0 or missing. */
function person<K extends 'user' | 'operator'>(raw: Raw, key: string, as: K): { [P in K]?: User } {
  const id = readId(raw[key])
  const found: { [P in K]?: User } = {}
  if (id !== undefined) found[as] = userOf(id)
  return found
}

const group: NoticeDecoder = (raw) => ({ ...placeOf(raw), ...person(raw, 'user_id', 'user') })

/** Who did it, unless that is the person it is about. */
const operator = (raw: Raw): { operator?: User } =>
  readId(raw['operator_id']) === readId(raw['user_id']) ? {} : person(raw, 'operator_id', 'operator')

const changedMember =
  (read: (raw: Raw) => Member | undefined): NoticeDecoder =>
  (raw, base) => {
    const member = read(raw)
    return member === undefined
      ? group(raw, base)
      : { type: 'guild-member-updated', ...group(raw, base), member }
  }

const roleAfter = ({ sub_type: change }: Raw): Member | undefined => {
  if (change === 'set') return { role: 'admin' }
  return change === 'unset' ? { role: 'member' } : undefined
}

/** Whether something was taken back, where implementations say it in different words. */
const isTakenBack = ({ sub_type: change }: Raw): boolean => change === 'remove' || change === 'delete'

const decrease: NoticeDecoder = (raw, base) => {
  const isOurs = readId(raw['user_id']) === base.selfId
  const isOver = raw['sub_type'] === 'kick_me' || raw['sub_type'] === 'disband' || isOurs
  return {
    type: isOver ? 'guild-removed' : 'guild-member-removed',
    ...group(raw, base),
    ...operator(raw),
  }
}

const increase: NoticeDecoder = (raw, base) => ({
  type: readId(raw['user_id']) === base.selfId ? 'guild-added' : 'guild-member-added',
  ...group(raw, base),
  ...operator(raw),
})

const ban: NoticeDecoder = (raw, base) => {
  const seconds = readNumber(raw['duration']) ?? 0
  const isMuted = raw['sub_type'] === 'ban' || (raw['sub_type'] !== 'lift_ban' && seconds !== 0)
  const parts = { ...group(raw, base), ...operator(raw) }
  // User 0 is everybody; what the duration says then differs between implementations.
  if (parts.user === undefined) return { type: isMuted ? 'guild-muted' : 'guild-unmuted', ...parts }
  return {
    type: isMuted ? 'guild-member-muted' : 'guild-member-unmuted',
    ...parts,
    ...(isMuted && seconds > 0 ? { duration: seconds * 1000 } : {}),
  }
}

const messageRef = (raw: Raw): EventParts => ({ message: { id: textOf(raw, 'message_id'), content: [] } })

const groupRecall: NoticeDecoder = (raw, base) => ({
  type: 'message-deleted',
  ...group(raw, base),
  ...operator(raw),
  ...messageRef(raw),
})

/**
 * The chat with the person under `user_id`. Where that is the account itself (its own message, its own file),
 * the chat is not known.
 */
function chatOf(raw: Raw, base: EventBase): { channel?: Channel } {
  const id = readId(raw['user_id'])
  return id === undefined || id === base.selfId ? {} : { channel: directChannel(id) }
}

const friendRecall: NoticeDecoder = (raw, base) => ({
  type: 'message-deleted',
  ...chatOf(raw, base),
  ...person(raw, 'user_id', 'user'),
  ...messageRef(raw),
})

/** NapCat names only in `sender_id` who poked. The account's own pokes have no name in the vocabulary. */
const poke: NoticeDecoder = (raw, base) => {
  const poker = readId(raw['sender_id']) ?? readId(raw['user_id']) ?? ''
  const target = readId(raw['target_id'])
  const place = placeOf(raw)
  const chatWith = poker === base.selfId ? target : poker
  const isKnown = chatWith !== undefined && chatWith !== '' && chatWith !== base.selfId
  return {
    ...(poker === base.selfId ? {} : { type: 'poke' }),
    ...(isKnown ? { channel: directChannel(chatWith) } : {}),
    ...place,
    user: userOf(poker),
    ...(target === undefined ? {} : { referrer: { target } }),
  }
}

function fileOf(raw: Raw): SharedFile {
  const file = isRecord(raw['file']) ? raw['file'] : {}
  const name = readString(file['name']) ?? ''
  return {
    name,
    ...defined({ id: readText(file['id']), size: readNumber(file['size']), url: readText(file['url']) }),
  }
}

const essence =
  (type: 'message-pinned' | 'message-unpinned'): NoticeDecoder =>
  (raw) => {
    const parts = {
      ...placeOf(raw),
      ...person(raw, 'sender_id', 'user'),
      ...person(raw, 'operator_id', 'operator'),
      ...messageRef(raw),
    }
    return { type, ...parts }
  }

const reaction = (
  raw: Raw,
  base: EventBase,
  how: { who: string; emoji: unknown; isAdd: boolean },
): EventParts => {
  const parts = { ...placeOf(raw), ...person(raw, how.who, 'user'), ...messageRef(raw) }
  const emoji = { id: readString(how.emoji) ?? '' }
  if (parts.user?.id === base.selfId) return { ...parts, emoji }
  return { type: how.isAdd ? 'reaction-added' : 'reaction-removed', ...parts, emoji }
}

const emojiLike: NoticeDecoder = (raw, base) => {
  const likes: readonly unknown[] = Array.isArray(raw['likes']) ? raw['likes'] : []
  const [first] = likes
  const emoji = isRecord(first) ? first['emoji_id'] : undefined
  return reaction(raw, base, {
    who: 'user_id',
    emoji,
    isAdd: readBoolean(raw['is_add']) ?? !isTakenBack(raw),
  })
}

const lagrangeReaction: NoticeDecoder = (raw, base) =>
  reaction(raw, base, { who: 'operator_id', emoji: raw['code'], isAdd: !isTakenBack(raw) })

const renamed =
  (key: string): NoticeDecoder =>
  (raw) => {
    const place = placeOf({ ...raw, group_name: textOf(raw, key) })
    return { type: 'guild-updated', ...place, ...person(raw, 'user_id', 'operator') }
  }

const user: NoticeDecoder = (raw) => person(raw, 'user_id', 'user')

/** Notices of the guild service. Its `user_id` is a number that may have lost digits; `operator_id` has them. */
const service =
  (type?: string): NoticeDecoder =>
  (raw) => {
    const info = raw['channel_info'] ?? raw['new_info']
    const guildId = textOf(raw, 'guild_id')
    const name = isRecord(info) ? readText(info['channel_name']) : undefined
    const channelId = textOf(raw, 'channel_id')
    const operatorId = readId(raw['operator_id'])
    return {
      ...(type === undefined || guildId === '' || channelId === '' ? {} : { type }),
      guild: { id: guildId },
      channel: { ...serviceChannel(guildId, channelId), ...defined({ name }) },
      ...(operatorId === undefined ? {} : { operator: serviceUser(operatorId) }),
      ...(readString(raw['message_id']) === undefined ? {} : messageRef(raw)),
    }
  }

/** By name of the event. An empty result leaves the event under its own name. */
export const noticeDecoders: ReadonlyMap<string, NoticeDecoder> = new Map<string, NoticeDecoder>([
  [
    'notice.group_upload',
    (raw, base) => ({ type: 'guild-file-added', ...group(raw, base), file: fileOf(raw) }),
  ],
  ['notice.group_admin', changedMember(roleAfter)],
  ['notice.group_decrease', decrease],
  [
    'notice.group_dismiss',
    (raw) => ({ type: 'guild-removed', ...placeOf(raw), ...person(raw, 'user_id', 'operator') }),
  ],
  ['notice.group_increase', increase],
  ['notice.group_ban', ban],
  ['notice.friend_add', (raw, base) => ({ type: 'friend-added', ...user(raw, base) })],
  ['notice.group_recall', groupRecall],
  ['notice.friend_recall', friendRecall],
  ['notice.notify.poke', poke],
  ['notice.notify.poke_recall', group],
  ['notice.notify.lucky_king', group],
  ['notice.notify.honor', group],
  ['notice.notify.title', changedMember((raw) => ({ title: textOf(raw, 'title') }))],
  ['notice.notify.profile_like', (raw) => person(raw, 'operator_id', 'user')],
  ['notice.notify.input_status', group],
  ['notice.notify.group_name', renamed('name_new')],
  ['notice.notify.gray_tip', group],
  ['notice.group_name_change', renamed('name')],
  // Empty means that there is no card; it is not the nickname.
  ['notice.group_card', changedMember((raw) => ({ nick: textOf(raw, 'card_new') }))],
  [
    'notice.offline_file',
    (raw, base) => ({
      type: 'direct-file-added',
      ...chatOf(raw, base),
      ...user(raw, base),
      file: fileOf(raw),
    }),
  ],
  // Another client of the account came or went; the account itself is signed in either way.
  ['notice.client_status', () => ({ type: 'login-updated', status: 'online' })],
  ['notice.bot_offline', () => ({ type: 'login-updated', status: 'offline' })],
  ['notice.bot_online', () => ({ type: 'login-updated', status: 'online' })],
  [
    'notice.essence',
    (raw, base) => essence(isTakenBack(raw) ? 'message-unpinned' : 'message-pinned')(raw, base),
  ],
  ['notice.group_msg_emoji_like', emojiLike],
  ['notice.reaction', lagrangeReaction],
  ['notice.online_file_receive', (raw) => person(raw, 'peer_id', 'user')],
  ['notice.online_file_send', (raw) => person(raw, 'peer_id', 'user')],
  ['notice.flash_file', () => ({})],
  ['notice.message_reactions_updated', service()],
  ['notice.guild_channel_recall', service('message-deleted')],
  ['notice.channel_created', service('channel-created')],
  ['notice.channel_updated', service('channel-updated')],
  ['notice.channel_destroyed', service('channel-deleted')],
])
