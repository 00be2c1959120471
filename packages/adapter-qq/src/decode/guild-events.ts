import { defined, readId } from '@mynah/adapter-kit'
import {
  type Channel,
  type ChannelType,
  type ChatEventName,
  type Guild,
  type Member,
  toElements,
  type User,
} from '@mynah/core'
import { parseTime } from './time.ts'
import type {
  AudioEvent,
  AudioMemberEvent,
  ChannelEvent,
  GuildEvent,
  GuildMemberEvent,
  GuildUser,
  MessageAuditEvent,
  ReactionEvent,
  WireChannel,
  WireGuild,
  WireMember,
} from '../wire/guild.ts'
import type { ForumPostEvent, ForumReplyEvent, ForumThreadEvent, OpenForumEvent } from '../wire/forum.ts'
import { channelIdOf } from '../encode/target.ts'
import { type Decoded, type DecodeContext, guildPlace, userOf } from './context.ts'
import { webAddress } from './web-address.ts'
import { decodeForumContent } from './rich-text.ts'
import { listIn, mapped } from '../wire/read.ts'

/** A user of a guild. */
export function decodeUser(user: GuildUser): User {
  const { id, username, bot } = user
  const avatar = webAddress(user.avatar)
  return {
    id,
    ...defined({ name: username || undefined, avatar, isBot: bot }),
  }
}

/** A guild. */
export function decodeGuild(guild: WireGuild): Guild {
  const { id, name, owner_id: ownerId, member_count: memberCount } = guild
  const avatar = webAddress(guild.icon)
  return {
    id,
    ...defined({ name, avatar, ownerId, memberCount }),
  }
}

/** Live channels are voice channels; applications and forums are read as text channels. */
const channelTypes: Readonly<Record<number, ChannelType>> = { 2: 'voice', 4: 'category', 10005: 'voice' }

/** A channel of a guild. */
export function decodeChannel(channel: WireChannel): Channel {
  const { id, name, type, parent_id: parentId } = channel
  return {
    id,
    type: channelTypes[type] ?? 'text',
    ...defined({ name }),
    ...(parentId ? { parentId } : {}),
  }
}

/** Ids of the built-in roles. */
const builtInRoles = { admin: '2', owner: '4' } as const

/** A member of a guild. */
export function decodeMember(member: WireMember): Member {
  const { user, nick, joined_at } = member
  const roles = listIn(member.roles)
  const joinedAt = parseTime(joined_at)
  const rank = roles.includes(builtInRoles.owner)
    ? 'owner'
    : roles.includes(builtInRoles.admin)
      ? 'admin'
      : 'member'
  return {
    ...defined({ user: mapped(user, decodeUser) }),
    ...(nick === undefined || nick === '' ? {} : { nick }),
    ...defined({ joinedAt }),
    ...(Array.isArray(member.roles) ? { roleIds: roles, role: rank } : {}),
  }
}

/** The bot came into, saw a change of, or left a guild. */
export const guildEvent =
  (type: ChatEventName) =>
  (d: GuildEvent): Decoded => ({
    type,
    guild: decodeGuild(d),
    ...withOperator(d.op_user_id),
  })

/** A channel of a guild changed. */
export const channelEvent =
  (type: ChatEventName) =>
  (d: ChannelEvent): Decoded => ({
    type,
    guild: { id: d.guild_id },
    channel: decodeChannel(d),
    ...withOperator(d.op_user_id),
  })

/** A member of a guild changed. */
export const guildMemberEvent =
  (type: ChatEventName) =>
  (d: GuildMemberEvent): Decoded => ({
    type,
    guild: { id: d.guild_id },
    user: decodeUser(d.user),
    member: decodeMember(d),
    ...withOperator(d.op_user_id),
  })

function withOperator(id: string | undefined): Pick<Decoded, 'operator'> {
  const operator = userOf(id)
  return operator === undefined ? {} : { operator }
}

const messageTargets: ReadonlySet<number | string> = new Set([0, '0', 'ReactionTargetType_MSG'])

/** A reaction to a message; one to a thread, a post or a reply has no common word. */
export const reactionEvent =
  (type: ChatEventName) =>
  (d: ReactionEvent): Decoded => ({
    ...(messageTargets.has(d.target.type) ? { type } : {}),
    ...guildPlace(d.guild_id, d.channel_id),
    user: { id: d.user_id },
    message: { id: d.target.id, content: [] },
    emoji: { id: emojiId(d.emoji) },
  })

/** The id of a system face, or the emoji itself, which some pushes give as a decimal code point. */
function emojiId({ id, type }: ReactionEvent['emoji']): string {
  if (type !== 2 || !/^\d+$/.test(id)) return id
  const codePoint = Number(id)
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : id
}

/** The platform looked at a message. */
export function messageAuditEvent(d: MessageAuditEvent): Decoded {
  const { guild_id: guildId, channel_id: channelId, message_id: id } = d
  return {
    time: d.audit_time,
    ...(guildId && channelId ? guildPlace(guildId, channelId) : {}),
    ...(d.group_openid
      ? { guild: { id: d.group_openid }, channel: { id: d.group_openid, type: 'text' } }
      : {}),
    ...(d.user_openid
      ? {
          user: { id: d.user_openid },
          channel: { id: channelIdOf({ kind: 'c2c', id: d.user_openid }), type: 'direct' },
        }
      : {}),
    ...(id ? { message: { id, content: [] } } : {}),
  }
}

type AnyForumEvent = OpenForumEvent & {
  readonly thread_info?: ForumThreadEvent['thread_info']
  readonly post_info?: ForumPostEvent['post_info']
  readonly reply_info?: ForumReplyEvent['reply_info']
  readonly date_time?: string
}

/** Something happened in a forum. Threads, posts and replies stand there as messages. */
export function forumEvent(d: AnyForumEvent): Decoded {
  const { thread_info: thread, post_info: post, reply_info: reply } = d
  const id = reply?.reply_id ?? post?.post_id ?? thread?.thread_id
  const title = decodeForumContent(thread?.title)
  const body = decodeForumContent((reply ?? post ?? thread)?.content)
  const content = title.length === 0 ? body : toElements([...title, '\n', ...body])
  return {
    ...guildPlace(d.guild_id, d.channel_id),
    user: { id: d.author_id },
    time: (reply ?? post ?? thread ?? d).date_time,
    // Some pushes carry the id as a number.
    ...(id === undefined ? {} : { message: { id: readId(id) ?? '', content } }),
  }
}

/** Sound is played, or the bot's microphone changed. */
export function audioEvent(d: AudioEvent): Decoded {
  return { guild: { id: d.guild_id }, channel: { id: d.channel_id, type: 'voice' } }
}

/** Somebody entered or left an audio or live channel. */
export const audioMemberEvent =
  (type: ChatEventName) =>
  (d: AudioMemberEvent): Decoded => ({
    type,
    guild: { id: d.guild_id },
    channel: { id: d.channel_id, type: 'voice' },
    user: { id: d.user_id },
  })

/** Whether a user of a guild is the bot itself. */
export function isSelfInGuild(id: string, { selfId, botId }: DecodeContext): boolean {
  return id === botId || id === selfId
}
