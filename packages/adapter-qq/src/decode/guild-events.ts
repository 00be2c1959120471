import { defined, readId } from '@mynah/adapter-kit'
import {
  type Channel,
  type ChannelType,
  type ChatEventName,
  type Guild,
  type Member,
  type MemberRole,
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
import { type Decoded, type DecodeContext, directChannel, groupPlace, guildPlace, userOf } from './context.ts'
import { webAddress } from './web-address.ts'
import { decodeForumContent } from './rich-text.ts'
import { mapped } from '../wire/read.ts'

/** A user of a guild. */
export function decodeUser({ id, username, avatar, bot }: GuildUser): User {
  return { id, ...defined({ name: username || undefined, avatar: webAddress(avatar), isBot: bot }) }
}

/** A guild. */
export function decodeGuild({ id, name, icon, owner_id: ownerId, member_count }: WireGuild): Guild {
  return { id, ...defined({ name, avatar: webAddress(icon), ownerId, memberCount: member_count }) }
}

/** Live channels are voice channels; applications and forums are read as text channels. */
const channelTypes: Readonly<Record<number, ChannelType>> = { 2: 'voice', 4: 'category', 10005: 'voice' }

/** A channel of a guild. */
export function decodeChannel({ id, name, type, parent_id }: WireChannel): Channel {
  return { id, type: channelTypes[type] ?? 'text', ...defined({ name, parentId: parent_id || undefined }) }
}

/** Ids of the built-in roles. */
const builtInRoles = { admin: '2', owner: '4' } as const

function rankOf(roles: readonly string[]): MemberRole {
  if (roles.includes(builtInRoles.owner)) return 'owner'
  return roles.includes(builtInRoles.admin) ? 'admin' : 'member'
}

/** A member of a guild. */
export function decodeMember({ user, nick, joined_at, roles }: WireMember): Member {
  return defined({
    user: mapped(user, decodeUser),
    nick: nick || undefined,
    joinedAt: parseTime(joined_at),
    ...(Array.isArray(roles) ? { roleIds: roles, role: rankOf(roles) } : {}),
  })
}

/** The bot came into, saw a change of, or left a guild. */
export const guildEvent =
  (type: ChatEventName) =>
  (d: GuildEvent): Decoded => ({ type, guild: decodeGuild(d), operator: userOf(d.op_user_id) })

/** A channel of a guild changed. */
export const channelEvent =
  (type: ChatEventName) =>
  (d: ChannelEvent): Decoded => ({
    type,
    guild: { id: d.guild_id },
    channel: decodeChannel(d),
    operator: userOf(d.op_user_id),
  })

/** A member of a guild changed. */
export const guildMemberEvent =
  (type: ChatEventName) =>
  (d: GuildMemberEvent): Decoded => ({
    type,
    guild: { id: d.guild_id },
    user: decodeUser(d.user),
    member: decodeMember(d),
    operator: userOf(d.op_user_id),
  })

const messageTargets: ReadonlySet<number | string> = new Set([0, '0', 'ReactionTargetType_MSG'])

/** A reaction to a message; one to a thread, a post or a reply has no common word. */
export const reactionEvent =
  (type: ChatEventName) =>
  (d: ReactionEvent): Decoded => ({
    type: messageTargets.has(d.target.type) ? type : undefined,
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
  const { guild_id, channel_id, group_openid, user_openid, message_id: id } = d
  return {
    time: d.audit_time,
    ...(guild_id && channel_id && guildPlace(guild_id, channel_id)),
    ...(group_openid && { ...groupPlace(group_openid), target: undefined }),
    ...(user_openid && { user: { id: user_openid }, channel: directChannel(user_openid) }),
    message: id ? { id, content: [] } : undefined,
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
    message: id === undefined ? undefined : { id: readId(id), content },
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
