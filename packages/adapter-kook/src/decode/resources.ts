import type { Channel, ChannelType, Emoji, Guild, Member, Role, User } from '@mynah/core'

import { fromWireEmoji } from '../emoji.ts'
import type { KookChannel, KookEmoji, KookGuild, KookRole, KookUser } from '../wire/objects.ts'
import { filled, isTrue } from '../wire/read.ts'

/** A user; some are known by nothing but their id. */
export function decodeUser(user: KookUser): User {
  const name = filled(user.username)
  const nick = filled(user.nickname)
  const avatar = filled(user.avatar)
  return {
    id: user.id,
    ...(name === undefined ? {} : { name }),
    ...(nick === undefined ? {} : { nick }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(user.bot === undefined ? {} : { isBot: user.bot }),
  }
}

/** What people see of a user: the name in the guild, else the name, else the id. */
export function displayName(user: Pick<KookUser, 'id' | 'nickname' | 'username'>): string {
  return filled(user.nickname) ?? filled(user.username) ?? user.id
}

/** A user as a member of a guild. */
export function decodeMember(user: KookUser, decoded: User = decodeUser(user)): Member {
  const nick = filled(user.nickname)
  return {
    user: decoded,
    ...(nick === undefined ? {} : { nick }),
    ...(user.joined_at === undefined ? {} : { joinedAt: user.joined_at }),
    ...(user.roles === undefined ? {} : { roleIds: user.roles.map(String) }),
    ...(user.is_master === true ? { role: 'owner' } : {}),
  }
}

const channelTypes: Readonly<Record<number, ChannelType>> = { 0: 'category', 1: 'text', 2: 'voice' }

/** A channel of a guild; thread channels and types to come count as text. */
export function decodeChannel(channel: KookChannel): Channel {
  const parentId = filled(channel.parent_id)
  const name = filled(channel.name)
  return {
    id: channel.id,
    type: isTrue(channel.is_category) ? 'category' : (channelTypes[channel.type ?? 1] ?? 'text'),
    ...(name === undefined ? {} : { name }),
    ...(parentId === undefined || parentId === '0' ? {} : { parentId }),
  }
}

export function decodeGuild(guild: KookGuild): Guild {
  const name = filled(guild.name)
  const avatar = filled(guild.icon)
  const ownerId = filled(guild.user_id)
  return {
    id: guild.id,
    ...(name === undefined ? {} : { name }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(ownerId === undefined ? {} : { ownerId }),
  }
}

export function decodeRole(role: KookRole): Role {
  const name = filled(role.name)
  return {
    id: String(role.role_id),
    ...(name === undefined ? {} : { name }),
    ...(role.color === undefined ? {} : { color: role.color }),
  }
}

/** An emoji: Unicode by its characters, a guild's by its id and name. */
export function decodeEmoji(emoji: KookEmoji): Emoji {
  const id = fromWireEmoji(emoji.id)
  const name = filled(emoji.name)
  return { id, ...(name === undefined || name === emoji.id ? {} : { name }) }
}

/** A one-to-one chat; without a code it is known by the user it is with. */
export function directChannel(chatCode: string | undefined, userId: string): Channel {
  return { id: filled(chatCode) ?? directIdOf(userId), type: 'direct' }
}

const directPrefix = 'user:'

/** Id of the one-to-one chat with a user whose code is not known. */
export function directIdOf(userId: string): string {
  return directPrefix + userId
}

/** Where a channel id leads: a channel of a guild, or a chat by its code or by its user. */
export type Place =
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'chat'; readonly chatCode: string }
  | { readonly kind: 'user'; readonly userId: string }

/** Reads a channel id. Chat codes have 32 hex digits, ids of channels fewer and decimal ones. */
export function placeOf(channelId: string): Place {
  if (channelId.startsWith(directPrefix))
    return { kind: 'user', userId: channelId.slice(directPrefix.length) }
  if (/^[\da-f]{32}$/i.test(channelId)) return { kind: 'chat', chatCode: channelId }
  return { kind: 'channel', channelId }
}
