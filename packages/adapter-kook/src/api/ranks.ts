import { readId, readRecords, readText } from '@mynah/adapter-kit'
import { type ChatEvent, type Clock, type Member, type MemberRole, systemClock } from '@mynah/core'
import { Remembered } from '@mynah/core/adapter'

import type { GuildApi } from './guilds.ts'
import type { KookGuild } from '../wire/objects.ts'
import { hasPermission } from '../wire/permissions.ts'

/** How long roles of a guild count where no event tells of a change, in ms: events may be missed. */
const freshMs = 60_000
/** The role that everybody has and nobody's list of roles names. */
const everyone = '0'

/** Events after which other people may have a rank. */
const changes = new Set([
  'guild-role-created',
  'guild-role-updated',
  'guild-role-deleted',
  'guild-updated',
  'guild-added',
  'guild-removed',
])

interface Authority {
  readonly ownerId: string | undefined
  /** Roles that make an administrator. */
  readonly adminRoles: ReadonlySet<string>
}

/**
 * Ranks of members, which KOOK does not tell with them: who owns the guild, and whose roles have the permission
 * of an administrator. A guild is asked for when somebody wants to know, then kept for a short while.
 */
export class Ranks {
  readonly #api: Pick<GuildApi, 'get'>
  readonly #authorities: Remembered<Authority>

  /** @param api - Tells of guilds. */
  constructor(api: Pick<GuildApi, 'get'>, clock: Clock = systemClock) {
    this.#api = api
    this.#authorities = new Remembered({ maxEntries: 1000, maxAgeMs: freshMs, clock })
  }

  /**
   * A member with its rank.
   *
   * @throws PlatformError when the guild cannot be asked for.
   */
  async withRank(guildId: string, userId: string, member: Member): Promise<Member> {
    const ask = async (): Promise<Authority> => authorityIn(await this.#api.get(guildId))
    return { ...member, role: rankOf(userId, member, await this.#authorities.of(guildId, ask)) }
  }

  /** Forgets what an event may have changed. */
  watch({ type, guild }: ChatEvent): void {
    if (guild !== undefined && changes.has(type)) this.#authorities.forget(guild.id)
  }

  /** Events were missed. */
  forget(): void {
    this.#authorities.forget()
  }
}

function authorityIn({ user_id: ownerId, roles }: KookGuild): Authority {
  const adminRoles = readRecords(roles).flatMap(({ role_id: role, permissions }) => {
    const isAdmin = typeof permissions === 'number' && hasPermission(permissions, 'administrator')
    return isAdmin ? (readId(role) ?? []) : []
  })
  return { ownerId: readText(ownerId), adminRoles: new Set(adminRoles) }
}

function rankOf(
  userId: string,
  { role, roleIds = [] }: Member,
  { ownerId, adminRoles }: Authority,
): MemberRole {
  if (role === 'owner' || userId === ownerId) return 'owner'
  return adminRoles.has(everyone) || roleIds.some((id) => adminRoles.has(id)) ? 'admin' : 'member'
}
