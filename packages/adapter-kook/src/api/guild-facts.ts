import { readId, readRecords, readText } from '@mynah/adapter-kit'
import { type ChatEvent, type Clock, type Member, type MemberRole, systemClock } from '@mynah/core'
import { Remembered } from '@mynah/core/adapter'

import type { GuildApi } from './guilds.ts'
import type { KookGuild } from '../wire/objects.ts'
import { hasPermission } from '../wire/permissions.ts'

/** How long facts of a guild count where no event tells of a change, in ms: events may be missed. */
const freshMs = 60_000
/** The role that everybody has and nobody's list of roles names. */
const everyone = '0'

/** Events after which other people may have a rank, or another channel is the first one. */
const changes = new Set([
  'guild-role-created',
  'guild-role-updated',
  'guild-role-deleted',
  'guild-updated',
  'guild-added',
  'guild-removed',
  'channel-deleted',
])

interface Facts {
  readonly ownerId: string | undefined
  /** Roles that make an administrator. */
  readonly adminRoles: ReadonlySet<string>
  readonly defaultChannelId: string | undefined
}

/**
 * What KOOK does not tell with its events: ranks of members, which are who owns the guild and whose roles have the
 * permission of an administrator, and where something is said that belongs to no channel. A guild is asked for when
 * somebody wants to know, then kept for a short while.
 */
export class GuildFacts {
  readonly #api: Pick<GuildApi, 'get'>
  readonly #facts: Remembered<Facts>

  /** @param api - Tells of guilds. */
  constructor(api: Pick<GuildApi, 'get'>, clock: Clock = systemClock) {
    this.#api = api
    this.#facts = new Remembered({ maxEntries: 1000, maxAgeMs: freshMs, clock })
  }

  /**
   * A member with its rank.
   *
   * @throws PlatformError when the guild cannot be asked for.
   */
  async withRank(guildId: string, userId: string, member: Member): Promise<Member> {
    return { ...member, role: rankOf(userId, member, await this.#of(guildId)) }
  }

  /**
   * Where something is said that belongs to no channel: where newcomers are welcomed, else what is shown first.
   *
   * @throws PlatformError when the guild cannot be asked for.
   */
  async defaultChannel(guildId: string): Promise<string | undefined> {
    return (await this.#of(guildId)).defaultChannelId
  }

  #of(guildId: string): Promise<Facts> {
    return this.#facts.of(guildId, async () => factsIn(await this.#api.get(guildId)))
  }

  /** Forgets what an event may have changed. */
  watch({ type, guild }: ChatEvent): void {
    if (guild !== undefined && changes.has(type)) this.#facts.forget(guild.id)
  }

  /** Events were missed. */
  forget(): void {
    this.#facts.forget()
  }
}

function factsIn(guild: KookGuild): Facts {
  const { user_id: ownerId, roles, welcome_channel_id: welcome, default_channel_id: first } = guild
  const adminRoles = readRecords(roles).flatMap(({ role_id: role, permissions }) => {
    const isAdmin = typeof permissions === 'number' && hasPermission(permissions, 'administrator')
    return isAdmin ? (readId(role) ?? []) : []
  })
  const defaultChannelId = [readText(welcome), readText(first)].find((id) => id !== undefined && id !== '0')
  return { ownerId: readText(ownerId), adminRoles: new Set(adminRoles), defaultChannelId }
}

function rankOf(userId: string, { role, roleIds = [] }: Member, { ownerId, adminRoles }: Facts): MemberRole {
  if (role === 'owner' || userId === ownerId) return 'owner'
  return adminRoles.has(everyone) || roleIds.some((id) => adminRoles.has(id)) ? 'admin' : 'member'
}
