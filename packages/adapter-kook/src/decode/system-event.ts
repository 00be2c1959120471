import { defined, isRecord, readText } from '@mynah/adapter-kit'
import { type Channel, type ChatEventName, type Message, MynahError, type User } from '@mynah/core'

import type {
  BlockListBody,
  ButtonClickBody,
  DeletedMessageBody,
  PinBody,
  PresenceBody,
  PrivateReactionBody,
  ReactionBody,
  SystemEventBodies,
  SystemEventName,
} from '../wire/system-events.ts'
import type { SystemEvent } from '../wire/events.ts'
import type { KookChannel, KookEmoji, KookGuild, KookRole } from '../wire/objects.ts'
import { present } from '../wire/read.ts'
import type { DecodeOptions, EventParts } from './envelope.ts'
import { decodeUntyped, mentionsOf, momentOf } from './message.ts'
import {
  decodeChannel,
  decodeEmoji,
  decodeGuild,
  decodeMember,
  decodeRole,
  decodeUser,
  directChannel,
  requireId,
} from './resources.ts'

/** A text that may be empty. @throws MynahError `FRAME_INVALID` when it is none. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  throw new MynahError('FRAME_INVALID', 'A text is missing.')
}

type BodyDecoder<Body> = (body: Body, data: SystemEvent, options: DecodeOptions) => EventParts | EventParts[]

type Decoders = { readonly [K in SystemEventName]?: BodyDecoder<SystemEventBodies[K]> }

const textChannel = (id: unknown): Channel => ({ id: requireId(id, 'channel'), type: 'text' })
const userOf = (id: unknown): User => ({ id: requireId(id, 'user') })
const guildOf = (data: SystemEvent): { id: string } => ({ id: requireId(data.target_id, 'guild') })
/** A message of which nothing but its id is told. */
const messageOf = (id: unknown): Message => ({ id: requireId(id, 'message'), content: [] })

const reaction =
  (type: ChatEventName): BodyDecoder<ReactionBody> =>
  (body, data) => ({
    type,
    guild: guildOf(data),
    channel: textChannel(body.channel_id),
    user: userOf(body.user_id),
    message: messageOf(body.msg_id),
    emoji: decodeEmoji(body.emoji),
  })

const privateReaction =
  (type: ChatEventName): BodyDecoder<PrivateReactionBody> =>
  (body) => ({
    type,
    channel: directChannel(body.chat_code, body.user_id),
    user: userOf(body.user_id),
    message: messageOf(body.msg_id),
    emoji: decodeEmoji(body.emoji),
  })

const pin =
  (type: ChatEventName): BodyDecoder<PinBody> =>
  (body, data) => ({
    type,
    guild: guildOf(data),
    channel: textChannel(body.channel_id),
    operator: userOf(body.operator_id),
    message: messageOf(body.msg_id),
  })

const channel =
  (type: ChatEventName): BodyDecoder<KookChannel> =>
  (body, data) => ({ type, guild: guildOf(data), channel: decodeChannel(body) })

const guild =
  (type: ChatEventName): BodyDecoder<KookGuild> =>
  (body, data) => ({ type, guild: decodeGuild({ ...body, id: readText(body.id) ?? data.target_id }) })

const role =
  (type: ChatEventName): BodyDecoder<KookRole> =>
  (body, data) => ({ type, guild: guildOf(data), role: decodeRole(body) })

const emoji: BodyDecoder<KookEmoji> = (body, data) => ({ guild: guildOf(data), emoji: decodeEmoji(body) })

/** One event for each user of the list. */
const blockList: BodyDecoder<BlockListBody> = ({ user_id: userIds, operator_id: operator, remark }, data) =>
  [userIds].flat().map((id: unknown) => ({
    guild: guildOf(data),
    user: userOf(id),
    operator: userOf(operator),
    ...defined({ comment: readText(remark) }),
  }))

const presence: BodyDecoder<PresenceBody> = (body) => ({ user: userOf(body.user_id), time: body.event_time })

const voice =
  (type: ChatEventName) =>
  (body: { readonly user_id: string; readonly channel_id: string }, data: SystemEvent): EventParts => ({
    type,
    guild: guildOf(data),
    user: userOf(body.user_id),
    channel: { id: requireId(body.channel_id, 'channel'), type: 'voice' },
  })

const decoders: Decoders = {
  added_reaction: reaction('reaction-added'),
  deleted_reaction: reaction('reaction-removed'),
  private_added_reaction: privateReaction('reaction-added'),
  private_deleted_reaction: privateReaction('reaction-removed'),

  updated_message: (body, data) => ({
    type: 'message-updated',
    guild: guildOf(data),
    channel: textChannel(body.channel_id),
    message: {
      ...messageOf(body.msg_id),
      content: decodeUntyped(readText(body.content) ?? '', mentionsOf(body, body.kmarkdown)),
      ...defined({ updatedAt: momentOf(body.updated_at) }),
    },
    time: body.updated_at,
  }),
  deleted_message: (body: DeletedMessageBody, data) => ({
    type: 'message-deleted',
    guild: guildOf(data),
    channel: textChannel(body.channel_id),
    message: messageOf(body.msg_id),
  }),
  updated_private_message: (body) => ({
    type: 'message-updated',
    channel: directChannel(body.chat_code, body.author_id),
    user: userOf(body.author_id),
    message: {
      ...messageOf(body.msg_id),
      content: decodeUntyped(readText(body.content) ?? ''),
      user: userOf(body.author_id),
      ...defined({ updatedAt: momentOf(body.updated_at) }),
    },
    time: body.updated_at,
  }),
  deleted_private_message: (body) => ({
    type: 'message-deleted',
    channel: directChannel(body.chat_code, body.author_id),
    user: userOf(body.author_id),
    message: messageOf(body.msg_id),
    time: body.deleted_at,
  }),
  pinned_message: pin('message-pinned'),
  unpinned_message: pin('message-unpinned'),

  added_channel: channel('channel-created'),
  updated_channel: channel('channel-updated'),
  deleted_channel: ({ id, type, deleted_at: time }, data) => ({
    type: 'channel-deleted',
    guild: guildOf(data),
    channel: decodeChannel({ id, type }),
    time,
  }),

  updated_guild: guild('guild-updated'),
  deleted_guild: guild('guild-removed'),
  'updated_guild.person': (body, _data, { selfId }) => ({
    type: 'guild-member-updated',
    guild: { id: requireId(body.id, 'guild') },
    user: { id: selfId },
    member: { user: { id: selfId }, nick: textOf(body.my_nickname) },
  }),
  added_block_list: blockList,
  deleted_block_list: blockList,
  added_emoji: emoji,
  removed_emoji: emoji,
  deleted_emoji: emoji,
  updated_emoji: emoji,
  added_role: role('guild-role-created'),
  deleted_role: role('guild-role-deleted'),
  updated_role: role('guild-role-updated'),

  joined_guild: (body, data) => ({
    type: 'guild-member-added',
    guild: guildOf(data),
    user: userOf(body.user_id),
    member: { user: userOf(body.user_id), joinedAt: body.joined_at },
    time: body.joined_at,
  }),
  exited_guild: (body, data) => ({
    type: 'guild-member-removed',
    guild: guildOf(data),
    user: userOf(body.user_id),
    time: body.exited_at,
  }),
  updated_guild_member: (body, data) => ({
    type: 'guild-member-updated',
    guild: guildOf(data),
    user: userOf(body.user_id),
    member: { user: userOf(body.user_id), nick: body.nickname },
  }),
  guild_member_online: presence,
  guild_member_offline: presence,

  joined_channel: (body, data) => ({ ...voice('voice-joined')(body, data), time: body.joined_at }),
  exited_channel: (body, data) => ({ ...voice('voice-left')(body, data), time: body.exited_at }),
  user_updated: (body) => ({
    type: 'user-updated',
    user: decodeUser({ id: body.user_id, username: body.username, avatar: body.avatar }),
  }),
  self_joined_guild: (body) => ({ type: 'guild-added', guild: { id: requireId(body.guild_id, 'guild') } }),
  self_exited_guild: (body) => ({ type: 'guild-removed', guild: { id: requireId(body.guild_id, 'guild') } }),
  message_btn_click: decodeClick,
}

/** The frame is a private one even when the card stands in a channel; only the body tells where. */
function decodeClick(body: ButtonClickBody): EventParts {
  const { target_id: targetId } = body
  const info = present(body.user_info)
  const userId = requireId(body.user_id, 'user')
  const value = textOf(body.value)
  const guildId = readText(body.guild_id)
  const isInChannel = isClickInChannel(body)
  const user = info === undefined ? { id: userId } : decodeUser({ ...info, id: userId })
  return {
    type: 'interaction/button',
    user,
    channel: isInChannel ? textChannel(targetId) : directChannel(undefined, userId),
    ...(guildId === undefined ? {} : { guild: { id: guildId } }),
    ...(isInChannel && info !== undefined ? { member: decodeMember({ ...info, id: userId }) } : {}),
    message: messageOf(body.msg_id),
    button: { id: value, value },
  }
}

function isClickInChannel(body: ButtonClickBody): boolean {
  if (readText(body.guild_id) !== undefined || body.channel_type === 'GROUP') return true
  if (body.channel_type === 'PERSON') return false
  return readText(body.target_id) !== undefined && body.target_id !== body.user_id
}

function isKnown(name: string): name is SystemEventName {
  return Object.hasOwn(decoders, name)
}

/** Reads the body of a system event; of one that is unknown or not as documented only the guild is told. */
export function decodeBody(
  name: string,
  data: SystemEvent,
  options: DecodeOptions,
): EventParts | EventParts[] {
  const unknown = data.channel_type === 'GROUP' ? { guild: guildOf(data) } : {}
  if (!isKnown(name) || !isRecord(data.extra.body)) return unknown
  // Each decoder stands under the name of the body it takes, and the platform's documentation behind its shape.
  const decode = decoders[name] as BodyDecoder<unknown> | undefined
  try {
    return decode?.(data.extra.body, data, options) ?? unknown
  } catch {
    // A field that should be there is not; the event goes out with its payload.
    return unknown
  }
}
