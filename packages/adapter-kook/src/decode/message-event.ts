import { defined, isRecord, readJson, readText } from '@mynah/adapter-kit'
import type { Channel, ChatEvent, Message, User } from '@mynah/core'

import {
  type Item,
  type ItemEvent,
  type KookEventData,
  type MessageEvent,
  type MessageExtra,
  messageTypes,
} from '../wire/events.ts'
import { isTrue, present } from '../wire/read.ts'
import { type DecodeOptions, type EventParts, platform, toEvent } from './envelope.ts'
import { decodeContent, decodeQuote, mentionsOf } from './message.ts'
import { decodeMember, decodeUser, directChannel, requireId } from './resources.ts'

/** The account that posts "X joined" and the like. */
const noticeAccount = '3900775823'

const typeNames = new Map<number, string>(
  Object.entries(messageTypes).map(([name, type]) => [type, `${platform}/message.${name}`]),
)

/** The platform's name of a message. */
export function messageName({ type }: Pick<KookEventData, 'type'>): string {
  return typeNames.get(type) ?? `${platform}/message.${type}`
}

/** Reads a message of any type. @throws MynahError `FRAME_INVALID` when an id is missing. */
export function decodeMessageEvent(data: KookEventData, options: DecodeOptions): ChatEvent {
  const platformType = messageName(data)
  if (isItem(data)) return toEvent(data, options, platformType, decodeItem(data))
  const isReadable = typeNames.has(data.type) && isMessage(data)
  return toEvent(data, options, platformType, isReadable ? decodeMessage(data, options) : {})
}

function isItem(data: KookEventData): data is ItemEvent {
  return data.type === messageTypes.item
}

/** Whether it is in a place where messages can be answered. */
function isMessage(data: KookEventData): data is MessageEvent {
  const isKnownPlace = data.channel_type === 'GROUP' || data.channel_type === 'PERSON'
  return isKnownPlace && isRecord(data.extra) && typeof data.content === 'string'
}

function decodeMessage(data: MessageEvent, options: DecodeOptions): EventParts {
  const { extra } = data
  const author = { ...present(extra.author), id: data.author_id }
  const user = decodeUser(author)
  const guildId = data.channel_type === 'GROUP' ? readText(extra.guild_id) : undefined
  // Our own messages name the other person as the target.
  const peerId = data.author_id === options.selfId ? data.target_id : data.author_id
  const channel = channelOf(data, extra, peerId)
  const member = guildId === undefined ? undefined : decodeMember(author, user)
  const guild = guildId === undefined ? undefined : { id: guildId }
  const type = messageTypeOf(data, options)
  return { user, channel, message: messageOf(data, user, channel), ...defined({ type, guild, member }) }
}

function messageOf(data: MessageEvent, user: User, channel: Channel): Message {
  const { extra } = data
  return {
    id: data.msg_id,
    content: decodeContent({
      type: data.type,
      content: data.content,
      attachments: extra.attachments,
      mentions: mentionsOf(extra, extra.kmarkdown),
    }),
    user,
    channel,
    createdAt: data.msg_timestamp,
    ...defined({ quote: decodeQuote(extra.quote) }),
  }
}

/** Its name in the common vocabulary; `undefined` for what only platform listeners should see. */
function messageTypeOf(data: MessageEvent, options: DecodeOptions): string | undefined {
  const author = present(data.extra.author)
  if (data.author_id === options.selfId) return 'message-sent'
  const isNotice = isTrue(author?.is_sys) || data.author_id === noticeAccount
  if (isNotice) return options.ignoreNotices ? undefined : 'message-created'
  return isTrue(author?.bot) && options.ignoreBots ? undefined : 'message-created'
}

function channelOf(data: KookEventData, extra: MessageExtra, peerId: unknown): Channel {
  if (data.channel_type === 'PERSON') return directChannel(extra.code, peerId)
  return {
    id: requireId(data.target_id, 'channel'),
    type: extra.channel_type === 2 ? 'voice' : 'text',
    ...defined({ name: readText(extra.channel_name) }),
  }
}

function decodeItem(data: ItemEvent): EventParts {
  const extra: MessageExtra = isRecord(data.extra) ? data.extra : {}
  const item = readItem(data)
  const author = present(extra.author)
  const guildId = readText(extra.guild_id)
  const userId = item?.user_id ?? requireId(data.author_id, 'user')
  const isKnownPlace = data.channel_type === 'GROUP' || data.channel_type === 'PERSON'
  return {
    user: author === undefined ? { id: userId } : decodeUser(author),
    ...(isKnownPlace && { channel: channelOf(data, extra, userId) }),
    ...(guildId !== undefined && { guild: { id: guildId } }),
  }
}

/** Who gave which item to whom; the platform sends it as an object or as JSON text. */
export function readItem({ content }: ItemEvent): Item['data'] | undefined {
  const item = typeof content === 'string' ? readJson(content) : content
  const data = isRecord(item) ? item['data'] : undefined
  if (!isRecord(data)) return undefined
  const { user_id: userId, target_id: targetId, item_id: itemId } = data
  return { user_id: String(userId), target_id: String(targetId), item_id: Number(itemId) }
}
