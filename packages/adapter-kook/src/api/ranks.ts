import { BoundedMap } from '@mynah/core/adapter'
import { readId, readRecords, readText } from '@mynah/adapter-kit'
import { type ChatEvent, type Clock, type Member, type MemberRole, systemClock } from '@mynah/core'

import type { GuildApi } from './guilds.ts'
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

interface Known {
  /** On the monotonic clock, in ms. */
  readonly askedAt: number
  readonly authority: Promise<Authority>
}

/**
 * Ranks of members, which KOOK does not tell with them: who owns the guild, and whose roles have the permission
 * of an administrator. A guild is asked for when somebody wants to know, then kept for a short while.
 */
export class Ranks {
  readonly #api: Pick<GuildApi, 'get'>
  readonly #clock: Clock
  readonly #known = new BoundedMap<string, Known>({ maxEntries: 1000 })

  /** @param api - Tells of guilds. */
  constructor(api: Pick<GuildApi, 'get'>, clock: Clock = systemClock) {
    this.#api = api
    this.#clock = clock
  }

  /**
   * A member with its rank.
   *
   * @throws PlatformError when the guild cannot be asked for.
   */
  async withRank(guildId: string, userId: string, member: Member): Promise<Member> {
    return { ...member, role: rankOf(userId, member, await this.#authorityOf(guildId)) }
  }

  /** Forgets what an event may have changed. */
  watch({ type, guild }: ChatEvent): void {
    if (guild !== undefined && changes.has(type)) this.#known.delete(guild.id)
  }

  /** Events were missed. */
  forget(): void {
    this.#known.clear()
  }

  #authorityOf(guildId: string): Promise<Authority> {
    const now = this.#clock.monotonic()
    const known = this.#known.get(guildId)
    if (known !== undefined && now - known.askedAt < freshMs) return known.authority
    const authority = this.#ask(guildId)
    this.#known.set(guildId, { askedAt: now, authority })
    authority.catch(() => {
      if (this.#known.get(guildId)?.authority === authority) this.#known.delete(guildId)
    })
    return authority
  }

  async #ask(guildId: string): Promise<Authority> {
    const { user_id: ownerId, roles } = await this.#api.get(guildId)
    const adminRoles = readRecords(roles).flatMap(({ role_id: role, permissions }) => {
      const isAdmin = typeof permissions === 'number' && hasPermission(permissions, 'administrator')
      return isAdmin ? (readId(role) ?? []) : []
    })
    return { ownerId: readText(ownerId), adminRoles: new Set(adminRoles) }
  }
}

function rankOf(
  userId: string,
  { role, roleIds = [] }: Member,
  { ownerId, adminRoles }: Authority,
): MemberRole {
  if (role === 'owner' || userId === ownerId) return 'owner'
  return adminRoles.has(everyone) || roleIds.some((id) => adminRoles.has(id)) ? 'admin' : 'member'
}
