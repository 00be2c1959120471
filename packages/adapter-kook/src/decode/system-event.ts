import { defined, isRecord, readText } from '@mynah/adapter-kit'
import { type Channel, type ChatEventName, type Message, MynahError, type User } from '@mynah/core'

import type { SystemEventBodies as Bodies, SystemEventName } from '../wire/system-events.ts'
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

type Decoder<Body> = (body: Body, data: SystemEvent, options: DecodeOptions) => EventParts | EventParts[]

const textChannel = (id: unknown): Channel => ({ id: requireId(id, 'channel'), type: 'text' })
const userOf = (id: unknown): User => ({ id: requireId(id, 'user') })
const guildOf = (data: SystemEvent): { id: string } => ({ id: requireId(data.target_id, 'guild') })
/** A message of which nothing but its id is told. */
const messageOf = (id: unknown): Message => ({ id: requireId(id, 'message'), content: [] })

/** Something about a message of a channel. */
const inChannel = (type: ChatEventName, body: Bodies['deleted_message'], data: SystemEvent): EventParts => ({
  type,
  guild: guildOf(data),
  channel: textChannel(body.channel_id),
  message: messageOf(body.msg_id),
})

/** Something that a user did with a message of a private chat. */
const inPrivate = (
  type: ChatEventName,
  body: { readonly msg_id: string; readonly chat_code: string },
  userId: unknown,
): EventParts => ({
  type,
  channel: directChannel(body.chat_code, userId),
  user: userOf(userId),
  message: messageOf(body.msg_id),
})

const reaction =
  (type: ChatEventName): Decoder<Bodies['added_reaction']> =>
  (body, data) => ({
    ...inChannel(type, body, data),
    user: userOf(body.user_id),
    emoji: decodeEmoji(body.emoji),
  })

const privateReaction =
  (type: ChatEventName): Decoder<Bodies['private_added_reaction']> =>
  (body) => ({ ...inPrivate(type, body, body.user_id), emoji: decodeEmoji(body.emoji) })

const pin =
  (type: ChatEventName): Decoder<Bodies['pinned_message']> =>
  (body, data) => ({ ...inChannel(type, body, data), operator: userOf(body.operator_id) })

const channel =
  (type: ChatEventName): Decoder<KookChannel> =>
  (body, data) => ({ type, guild: guildOf(data), channel: decodeChannel(body) })

const guild =
  (type: ChatEventName): Decoder<KookGuild> =>
  (body, data) => ({ type, guild: decodeGuild({ ...body, id: readText(body.id) ?? data.target_id }) })

const role =
  (type: ChatEventName): Decoder<KookRole> =>
  (body, data) => ({ type, guild: guildOf(data), role: decodeRole(body) })

const emoji: Decoder<KookEmoji> = (body, data) => ({ guild: guildOf(data), emoji: decodeEmoji(body) })

/** One event for each user of the list. */
const blockList: Decoder<Bodies['added_block_list']> = (
  { user_id: userIds, operator_id: operator, remark },
  data,
) =>
  [userIds].flat().map((id: unknown) => ({
    guild: guildOf(data),
    user: userOf(id),
    operator: userOf(operator),
    ...defined({ comment: readText(remark) }),
  }))

const presence: Decoder<Bodies['guild_member_online']> = (body) => ({
  user: userOf(body.user_id),
  time: body.event_time,
})

/** Something about a member of a guild. */
const ofMember = (
  type: ChatEventName,
  body: { readonly user_id: string },
  data: SystemEvent,
): EventParts & { readonly user: User } => ({ type, guild: guildOf(data), user: userOf(body.user_id) })

const voice = (id: unknown): Channel => ({ id: requireId(id, 'channel'), type: 'voice' })

const decoders: { readonly [K in SystemEventName]?: Decoder<Bodies[K]> } = {
  added_reaction: reaction('reaction-added'),
  deleted_reaction: reaction('reaction-removed'),
  private_added_reaction: privateReaction('reaction-added'),
  private_deleted_reaction: privateReaction('reaction-removed'),

  updated_message: (body, data) => ({
    ...inChannel('message-updated', body, data),
    message: {
      ...messageOf(body.msg_id),
      content: decodeUntyped(readText(body.content) ?? '', mentionsOf(body, body.kmarkdown)),
      ...defined({ updatedAt: momentOf(body.updated_at) }),
    },
    time: body.updated_at,
  }),
  deleted_message: (body, data) => inChannel('message-deleted', body, data),
  updated_private_message: (body) => ({
    ...inPrivate('message-updated', body, body.author_id),
    message: {
      ...messageOf(body.msg_id),
      content: decodeUntyped(readText(body.content) ?? ''),
      user: userOf(body.author_id),
      ...defined({ updatedAt: momentOf(body.updated_at) }),
    },
    time: body.updated_at,
  }),
  deleted_private_message: (body) => ({
    ...inPrivate('message-deleted', body, body.author_id),
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

  joined_guild: (body, data) => {
    const parts = ofMember('guild-member-added', body, data)
    return { ...parts, member: { user: parts.user, joinedAt: body.joined_at }, time: body.joined_at }
  },
  exited_guild: (body, data) => ({ ...ofMember('guild-member-removed', body, data), time: body.exited_at }),
  updated_guild_member: (body, data) => {
    const parts = ofMember('guild-member-updated', body, data)
    return { ...parts, member: { user: parts.user, nick: body.nickname } }
  },
  guild_member_online: presence,
  guild_member_offline: presence,

  joined_channel: (body, data) => ({
    ...ofMember('voice-joined', body, data),
    channel: voice(body.channel_id),
    time: body.joined_at,
  }),
  exited_channel: (body, data) => ({
    ...ofMember('voice-left', body, data),
    channel: voice(body.channel_id),
    time: body.exited_at,
  }),
  user_updated: (body) => ({
    type: 'user-updated',
    user: decodeUser({ id: body.user_id, username: body.username, avatar: body.avatar }),
  }),
  self_joined_guild: (body) => ({ type: 'guild-added', guild: { id: requireId(body.guild_id, 'guild') } }),
  self_exited_guild: (body) => ({ type: 'guild-removed', guild: { id: requireId(body.guild_id, 'guild') } }),
  message_btn_click: decodeClick,
}

/** The frame is a private one even when the card stands in a channel; only the body tells where. */
function decodeClick(body: Bodies['message_btn_click']): EventParts {
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
    ...defined({
      guild: guildId === undefined ? undefined : { id: guildId },
      member: isInChannel && info !== undefined ? decodeMember({ ...info, id: userId }) : undefined,
    }),
    message: messageOf(body.msg_id),
    button: { id: value, value },
  }
}

function isClickInChannel(body: Bodies['message_btn_click']): boolean {
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
  const decode = decoders[name] as Decoder<unknown> | undefined
  try {
    return decode?.(data.extra.body, data, options) ?? unknown
  } catch {
    // A field that should be there is not; the event goes out with its payload.
    return unknown
  }
}
