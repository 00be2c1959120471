import type { Filter } from '../lifecycle/scope.ts'
import type { ChatEvent } from '../model/event.ts'
import type { MemberRole } from '../model/resources.ts'
import type { Permission, PermissionContext } from './permission.ts'

/** People who run the bot: `superusers` in the config. */
export const superuser: Permission = (event, { permissions }) => permissions.isSuperuser(event)

/** Whoever the guild belongs to. */
export const guildOwner: Permission = ({ guild, member, user }) =>
  guild !== undefined && (member?.role === 'owner' || (user !== undefined && guild.ownerId === user.id))

/** Administrators of the guild, and its owner. */
export const guildAdmin: Permission = (event, context) =>
  (event.guild !== undefined && event.member?.role === 'admin') || guildOwner(event, context)

/** One-to-one chats. */
export const direct: Permission = ({ channel }) => channel?.type === 'direct'

/** Anybody. */
export const everyone: Permission = () => true

/** One person, written `platform:user`. */
export function account(key: string): Permission {
  return ({ platform, user }) => user !== undefined && `${platform}:${user.id}` === key
}

/** Members with exactly this rank, or with the platform's role of this id. */
export function role(name: MemberRole | (string & {})): Permission {
  return ({ member }) =>
    member !== undefined && (member.role === name || member.roleIds?.includes(name) === true)
}

/** People to whom the config, or a plugin, gave a right such as `music.skip`; superusers have all rights. */
export function right(name: string): Permission {
  return (event, { bot, permissions }) => permissions.hasRight(name, event, bot)
}

/** Allows what one of them allows; asks no further than it has to. */
export function any(...permissions: readonly Permission[]): Permission {
  return (event, context) => decide(permissions, true, event, context, 0)
}

/** Allows what all of them allow; asks no further than it has to. */
export function all(...permissions: readonly Permission[]): Permission {
  return (event, context) => decide(permissions, false, event, context, 0)
}

/** Allows what the other refuses. */
export function not(filter: Filter): Filter
export function not(permission: Permission): Permission
export function not(permission: Permission): Permission {
  return (event, context) => {
    const answer = permission(event, context)
    return typeof answer === 'object' ? answer.then((isAllowed) => !isAllowed) : !answer
  }
}

/** Asks one after the other until one gives the `decisive` answer. */
function decide(
  permissions: readonly Permission[],
  decisive: boolean,
  event: ChatEvent,
  context: PermissionContext,
  from: number,
): boolean | Promise<boolean> {
  for (let index = from; index < permissions.length; index += 1) {
    const answer = permissions[index]?.(event, context)
    if (typeof answer === 'object') {
      return answer.then((isAllowed) =>
        isAllowed === decisive ? decisive : decide(permissions, decisive, event, context, index + 1),
      )
    }
    if ((answer === true) === decisive) return decisive
  }
  return !decisive
}
