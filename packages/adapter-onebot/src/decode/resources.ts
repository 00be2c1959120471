import { isRecord, readText } from '@mynah/adapter-kit'
import type { Channel, Guild, Member, MemberRole, User } from '@mynah/core'

import { type Raw, readString, readTime } from '../wire/raw.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const noSender: Raw = {}

/** The `sender` of an event; an empty object when there is none. */
export function senderOf(raw: Raw): Raw {
  const { sender } = raw
  return isRecord(sender) ? sender : noSender
}

/** A user by id, with the nickname where `info` has it. */
export function userOf(id: string, info: Raw = noSender): User {
  const user: Mutable<User> = { id }
  const name = readText(info['nickname'])
  if (name !== undefined) user.name = name
  const remark = readText(info['remark'])
  if (remark !== undefined) user.nick = remark
  return user
}

const servicePrefix = 'tiny:'

/** A user of the guild service; the prefix keeps the number apart from QQ numbers. */
export function serviceUser(tinyId: string, info: Raw = noSender): User {
  return userOf(tinyId === '' ? '' : `${servicePrefix}${tinyId}`, info)
}

/** The number of a user of the guild service; `undefined` for the id of somebody else. */
export function tinyIdOf(userId: string): string | undefined {
  return userId.startsWith(servicePrefix) ? userId.slice(servicePrefix.length) : undefined
}

const roles: ReadonlySet<unknown> = new Set<MemberRole>(['owner', 'admin', 'member'])
const isRole = (value: unknown): value is MemberRole => roles.has(value)

/** A member: what the group sees of a user. `nick` is the name shown: the card, else the nickname. */
export function memberOf(info: Raw): Member {
  const member: Mutable<Member> = {}
  const nick = readText(info['card']) ?? readText(info['nickname'])
  if (nick !== undefined) member.nick = nick
  const { role } = info
  if (isRole(role)) member.role = role
  const title = readText(info['title'])
  if (title !== undefined) member.title = title
  const joinedAt = readTime(info['join_time'])
  if (joinedAt !== undefined) member.joinedAt = joinedAt
  return member
}

/** A group as a guild. */
export function guildOf(id: string, raw: Raw): Guild {
  const name = readText(raw['group_name'])
  return name === undefined ? { id } : { id, name }
}

/** The only channel of a group; it has the group's id. */
export function groupChannel(guild: Guild): Channel {
  return guild.name === undefined
    ? { id: guild.id, type: 'text' }
    : { id: guild.id, type: 'text', name: guild.name }
}

/** The one-to-one chat with somebody. */
export function directChannel(userId: string): Channel {
  return { id: `private:${userId}`, type: 'direct' }
}

/** A channel of a guild of the (closed) guild service, which go-cqhttp knows. */
export function serviceChannel(guildId: string, channelId: string): Channel {
  return { id: `guild:${guildId}:${channelId}`, type: 'text', parentId: guildId }
}

/** Where a message goes. */
export type Target =
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'private'; readonly userId: string }
  | { readonly kind: 'guild'; readonly guildId: string; readonly channelId: string }

/** Reads a channel id that this adapter made. */
export function targetOf(channelId: string): Target {
  if (channelId.startsWith('private:')) return { kind: 'private', userId: channelId.slice(8) }
  if (!channelId.startsWith('guild:')) return { kind: 'group', groupId: channelId }
  const [, guildId = '', ...rest] = channelId.split(':')
  return { kind: 'guild', guildId, channelId: rest.join(':') }
}

/** A text of an event; missing counts as empty. */
export const textOf = (raw: Raw, key: string): string => readString(raw[key]) ?? ''
