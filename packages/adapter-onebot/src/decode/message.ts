import type { ChatEvent, Element, Json, Message, User } from '@mynah/core'

import { isRaw, type Raw, readId, readString, readText, readTime } from '../wire/raw.ts'
import {
  directChannel,
  groupChannel,
  guildOf,
  memberOf,
  senderOf,
  serviceChannel,
  userOf,
} from './resources.ts'
import { decodeMessage } from './segments.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type MessageEvent = Mutable<ChatEvent>

/**
 * Turns a message event (`message`, `message_sent`, or a message found in the history) into the framework's.
 * Messages of the account itself become `message-sent`, whatever the implementation calls them.
 */
export function decodeMessageEvent(raw: Raw, ownId: string): ChatEvent {
  const selfId = readId(raw['self_id']) ?? ownId
  const kind =
    readString(raw['message_type']) ?? (readId(raw['group_id']) === undefined ? 'private' : 'group')
  if (kind === 'guild') return decodeGuildMessage(raw, selfId)
  const sender = senderOf(raw)
  const userId = readId(raw['user_id']) ?? readId(sender['user_id']) ?? ''
  const isOwn = userId === selfId || raw['post_type'] === 'message_sent'
  return kind === 'group'
    ? decodeGroupMessage(raw, selfId, sender, userId, isOwn)
    : decodePrivateMessage(raw, selfId, sender, userId, isOwn)
}

function decodeGroupMessage(
  raw: Raw,
  selfId: string,
  sender: Raw,
  userId: string,
  isOwn: boolean,
): ChatEvent {
  const groupId = readId(raw['group_id']) ?? ''
  const guild = guildOf(groupId, raw)
  const channel = groupChannel(guild)
  const anonymous = isRaw(raw['anonymous']) ? raw['anonymous'] : undefined
  const user = anonymous === undefined ? userOf(userId, sender) : anonymousUser(anonymous, userId)
  const event = makeEvent(raw, selfId, isOwn, user, groupId, 'group')
  event.guild = guild
  event.channel = channel
  // What an anonymous sender's fields say belongs to nobody.
  if (anonymous === undefined) event.member = memberOf(sender)
  else event.referrer = { anonymous: readString(anonymous['flag']) ?? '' }
  return event
}

function decodePrivateMessage(
  raw: Raw,
  selfId: string,
  sender: Raw,
  userId: string,
  isOwn: boolean,
): ChatEvent {
  const peer = isOwn ? (readId(raw['target_id']) ?? userId) : userId
  const event = makeEvent(raw, selfId, isOwn, userOf(userId, sender), peer, 'private')
  event.channel = directChannel(peer)
  const throughGroup = readId(sender['group_id'])
  if (throughGroup !== undefined) event.referrer = { group: throughGroup }
  return event
}

function makeEvent(
  raw: Raw,
  selfId: string,
  isOwn: boolean,
  user: User,
  peer: string,
  kind: 'group' | 'private',
): MessageEvent {
  const messageId = readString(raw['message_id']) ?? ''
  const platformType = platformTypes[raw['post_type'] === 'message_sent' ? 'message_sent' : 'message'][kind]
  // Nobody can be answered where the place or the person is missing.
  const isWhole = peer !== '' && user.id !== ''
  return {
    id: `${kind}:${peer}:${messageId}`,
    type: isOwn ? 'message-sent' : isWhole ? 'message-created' : platformType,
    platformType,
    platform: 'onebot',
    selfId,
    time: readTime(raw['time']) ?? Date.now(),
    user,
    message: messageOf(messageId, decodeMessage(raw['message'])),
    raw,
  }
}

const platformTypes = {
  message: { group: 'onebot/message.group', private: 'onebot/message.private' },
  message_sent: { group: 'onebot/message_sent.group', private: 'onebot/message_sent.private' },
} as const

/** A message; what it quotes stands in front, and its id is known unless the implementation lost it. */
export function messageOf(id: string, content: readonly Element[]): Mutable<Message> {
  const first = content[0]
  const quoted = first?.type === 'quote' ? first.attrs['id'] : undefined
  return typeof quoted === 'string' ? { id, content, quote: { id: quoted, content: [] } } : { id, content }
}

function anonymousUser(anonymous: Raw, userId: string): User {
  const id = readId(anonymous['id']) ?? userId
  const name = readText(anonymous['name'])
  return name === undefined ? { id } : { id, name }
}

/** The numbers in these events have lost digits; the ids are strings of their own (`tiny_id`). */
function decodeGuildMessage(raw: Raw, selfId: string): ChatEvent {
  const guildId = readString(raw['guild_id']) ?? ''
  const channelId = readString(raw['channel_id']) ?? ''
  const messageId = readString(raw['message_id']) ?? ''
  const sender = senderOf(raw)
  const userId = readText(sender['tiny_id']) ?? readString(raw['user_id']) ?? ''
  const referrer: Json = { tinyId: readString(raw['self_tiny_id']) ?? '' }
  return {
    id: `guild:${channelId}:${messageId}`,
    type: userId === readString(raw['self_tiny_id']) ? 'message-sent' : 'message-created',
    platformType: 'onebot/message.guild',
    platform: 'onebot',
    selfId,
    time: readTime(raw['time']) ?? Date.now(),
    user: userOf(userId, sender),
    guild: { id: guildId },
    channel: serviceChannel(guildId, channelId),
    message: messageOf(messageId, decodeMessage(raw['message'])),
    referrer,
    raw,
  }
}
