import { defined, readId, readText } from '@mynah/adapter-kit'
import {
  type Channel,
  type ChannelType,
  type Emoji,
  type Guild,
  type Member,
  MynahError,
  type Role,
  type User,
} from '@mynah/core'

import { fromWireEmoji } from '../wire/emoji.ts'
import type { KookChannel, KookEmoji, KookGuild, KookRole, KookUser } from '../wire/objects.ts'
import { isTrue } from '../wire/read.ts'
import { directIdOf } from './target.ts'

/**
 * A user; some are known by nothing but their id.
 *
 * @throws MynahError `FRAME_INVALID` without an id.
 */
export function decodeUser(user: KookUser): User {
  return {
    id: requireId(user.id, 'user'),
    ...defined({
      name: readText(user.username),
      nick: readText(user.nickname),
      avatar: readText(user.avatar),
      isBot: user.bot === undefined ? undefined : isTrue(user.bot),
    }),
  }
}

/** @throws MynahError `FRAME_INVALID` when it is no id. */
export function requireId(value: unknown, what: string): string {
  const id = readId(value)
  if (id !== undefined) return id
  throw new MynahError('FRAME_INVALID', `The id of a ${what} is missing.`)
}

/** What people see of a user: the name in the guild, else the name, else the id. */
export function displayName(user: Pick<KookUser, 'id' | 'nickname' | 'username'>): string {
  return readText(user.nickname) ?? readText(user.username) ?? user.id
}

/** A user as a member of a guild. */
export function decodeMember(user: KookUser, decoded: User = decodeUser(user)): Member {
  return {
    user: decoded,
    ...defined({
      nick: readText(user.nickname),
      joinedAt: typeof user.joined_at === 'number' ? user.joined_at : undefined,
      roleIds: Array.isArray(user.roles) ? roleIdsOf(user) : undefined,
      role: user.is_master === true ? ('owner' as const) : undefined,
    }),
  }
}

/** The roles a user has in the guild; also in forms that the documentation does not tell of. */
export function roleIdsOf({ roles }: { readonly roles?: KookUser['roles'] | undefined }): string[] {
  return (Array.isArray(roles) ? roles : []).flatMap((role: unknown) => readId(role) ?? [])
}

const channelTypes: ReadonlyMap<unknown, ChannelType> = new Map([
  [0, 'category'],
  [1, 'text'],
  [2, 'voice'],
])

/** A channel of a guild; thread channels and types to come count as text. */
export function decodeChannel(channel: KookChannel): Channel {
  const parentId = readText(channel.parent_id)
  return {
    id: requireId(channel.id, 'channel'),
    type: isTrue(channel.is_category) ? 'category' : (channelTypes.get(channel.type) ?? 'text'),
    ...defined({ name: readText(channel.name), parentId: parentId === '0' ? undefined : parentId }),
  }
}

/** A guild. @throws MynahError `FRAME_INVALID` without an id. */
export function decodeGuild(guild: KookGuild): Guild {
  return {
    id: requireId(guild.id, 'guild'),
    ...defined({
      name: readText(guild.name),
      avatar: readText(guild.icon),
      ownerId: readText(guild.user_id),
    }),
  }
}

/** A role. @throws MynahError `FRAME_INVALID` without an id. */
export function decodeRole(role: KookRole): Role {
  const color = typeof role.color === 'number' ? role.color : undefined
  return { id: requireId(role.role_id, 'role'), ...defined({ name: readText(role.name), color }) }
}

/** An emoji: Unicode by its characters, a guild's by its id and name. */
export function decodeEmoji(emoji: KookEmoji): Emoji {
  const id = fromWireEmoji(requireId(emoji.id, 'emoji'))
  const name = readText(emoji.name)
  return { id, ...(name === undefined || name === emoji.id ? {} : { name }) }
}

/** A one-to-one chat; without a code it is known by the user it is with. */
export function directChannel(chatCode: unknown, userId: unknown): Channel {
  return { id: readText(chatCode) ?? directIdOf(requireId(userId, 'user')), type: 'direct' }
}
