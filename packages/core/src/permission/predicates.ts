import { all, any, not } from '../filter/combine.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Member, MemberRole } from '../model/resources.ts'
import type { Permission, PermissionContext } from './permission.ts'

/** People who run the bot: `superusers` in the config. */
export const superuser: Permission = (event, { permissions }) => permissions.isSuperuser(event)

/** Whoever the guild belongs to. Where the event does not tell, the platform is asked. */
export const guildOwner: Permission = (event, context) => {
  const { guild, member, user } = event
  if (guild === undefined) return false
  if (member?.role === 'owner' || (user !== undefined && guild.ownerId === user.id)) return true
  if (member?.role !== undefined || guild.ownerId !== undefined) return false
  return asked(event, context, ({ role: rank }) => rank === 'owner')
}

/** Administrators of the guild, and its owner. Where the event does not tell, the platform is asked. */
export const guildAdmin: Permission = (event, context) => {
  const { guild, member, user } = event
  if (guild === undefined) return false
  if (member?.role === 'owner' || member?.role === 'admin') return true
  if (user !== undefined && guild.ownerId === user.id) return true
  return (
    member?.role === undefined &&
    asked(event, context, ({ role: rank }) => rank === 'owner' || rank === 'admin')
  )
}

/** One-to-one chats. */
export const direct: Permission = ({ channel }) => channel?.type === 'direct'

/** Anybody. */
export const everyone: Permission = () => true

/** One person, written `platform:user`. */
export function account(key: string): Permission {
  return ({ platform, user }) => user !== undefined && `${platform}:${user.id}` === key
}

/**
 * Members with exactly this rank, or with the platform's role of this id. Where the event does not tell, the
 * platform is asked.
 */
export function role(name: MemberRole | (string & {})): Permission {
  const hasIt = (member: Member): boolean => member.role === name || member.roleIds?.includes(name) === true
  const isRank = ranks.has(name)
  return (event, context) => {
    const { guild, member } = event
    if (member !== undefined && hasIt(member)) return true
    const isTold = member?.role !== undefined || (!isRank && member?.roleIds !== undefined)
    return !isTold && guild !== undefined && asked(event, context, hasIt)
  }
}

const ranks: ReadonlySet<string> = new Set<MemberRole>(['owner', 'admin', 'member'])

/** What the platform says of the member behind an event. */
async function asked(
  { guild, user, channel }: ChatEvent,
  { bot, permissions }: PermissionContext,
  allows: (member: Member) => boolean,
): Promise<boolean> {
  if (guild === undefined || user === undefined) return false
  const member = await permissions.members.find(bot, guild.id, user.id, channel?.id)
  return member !== undefined && allows(member)
}

/** People to whom the config, or a plugin, gave a right such as `music.skip`; superusers have all rights. */
export function right(name: string): Permission {
  return (event, { bot, permissions }) => permissions.hasRight(name, event, bot)
}

/**
 * Permissions, and what puts them together.
 *
 * @example
 * ```ts
 * ctx.command('skip').permission(permission.any(permission.superuser, permission.guildAdmin))
 * ```
 */
export const permission: {
  /** People who run the bot: `superusers` in the config. */
  readonly superuser: Permission
  /** Whoever the guild belongs to. Where the event does not tell, the platform is asked. */
  readonly guildOwner: Permission
  /** Administrators of the guild, and its owner. Where the event does not tell, the platform is asked. */
  readonly guildAdmin: Permission
  /** One-to-one chats. */
  readonly direct: Permission
  /** Anybody. */
  readonly everyone: Permission
  /** One person, written `platform:user`. */
  readonly account: typeof account
  /** Members with exactly this rank, or with the platform's role of this id. */
  readonly role: typeof role
  /** People who were given a right such as `music.skip`. */
  readonly right: typeof right
  /** Allows what one of them allows; asks no further than it has to. */
  readonly any: typeof any
  /** Allows what all of them allow; asks no further than it has to. */
  readonly all: typeof all
  /** Allows what the other refuses. */
  readonly not: typeof not
} = { superuser, guildOwner, guildAdmin, direct, everyone, account, role, right, any, all, not }
