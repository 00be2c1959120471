import type { WireMember } from '../wire/guild.ts'
import { Resource } from './resource.ts'

/** How a member is removed. */
export interface RemoveMemberBody {
  /** Whether the person may not come back. */
  readonly add_blacklist?: boolean
  /** -1 all, 0 none, or 3, 7, 15, 30 days. */
  readonly delete_history_msg_days?: -1 | 0 | 3 | 7 | 15 | 30
}

/** Until when somebody is mute: `mute_end_timestamp` wins over `mute_seconds`; "0" ends it. */
export interface MuteBody {
  /** Until when, in Unix seconds as text. */
  readonly mute_end_timestamp?: string
  /** For so many seconds, as text. */
  readonly mute_seconds?: string
}

/** Members of guilds, and who may write. */
export class MemberApi extends Resource {
  /**
   * One page, private-domain bots. Pages overlap and are not always full.
   *
   * @param after - Id of the last user; "0" begins.
   * @param limit - 1 to 400.
   * @see Official docs: "Members", list.
   */
  list(guildId: string, after = '0', limit = 400): Promise<readonly WireMember[]> {
    return this.listOf('GET /guilds/{guild_id}/members', [guildId], { query: { after, limit } })
  }

  /** All members, each once. */
  async *all(guildId: string): AsyncGenerator<WireMember, void, undefined> {
    const seen = new Set<string>()
    let after = '0'
    for (;;) {
      const page = await this.list(guildId, after)
      const fresh = page.filter(({ user }) => user !== undefined && !seen.has(user.id))
      for (const { user } of fresh) if (user !== undefined) seen.add(user.id)
      yield* fresh
      const last = page.at(-1)?.user?.id
      if (last === undefined || last === after) return
      after = last
    }
  }

  /** @see Official docs: "Members", details. */
  get(guildId: string, userId: string): Promise<WireMember> {
    return this.call('GET /guilds/{guild_id}/members/{user_id}', [guildId, userId])
  }

  /** Private-domain bots that administer the guild. @see Official docs: "Members", delete. */
  async remove(guildId: string, userId: string, body: RemoveMemberBody = {}): Promise<void> {
    await this.call('DELETE /guilds/{guild_id}/members/{user_id}', [guildId, userId], { json: body })
  }

  /** Mutes a whole guild. @see Official docs: "Mute", all. */
  async muteAll(guildId: string, body: MuteBody): Promise<void> {
    await this.call('PATCH /guilds/{guild_id}/mute', [guildId], { json: body, idempotent: true })
  }

  /** Mutes several. @returns the ids of those for whom it worked. @see Official docs: "Mute", several members. */
  async muteMany(guildId: string, userIds: readonly string[], body: MuteBody): Promise<readonly string[]> {
    const data = await this.call<{ readonly user_ids?: readonly string[] } | undefined>(
      'PATCH /guilds/{guild_id}/mute',
      [guildId],
      { json: { ...body, user_ids: userIds }, idempotent: true },
    )
    return data?.user_ids ?? []
  }

  /** @see Official docs: "Mute", one member. */
  async mute(guildId: string, userId: string, body: MuteBody): Promise<void> {
    await this.call('PATCH /guilds/{guild_id}/members/{user_id}/mute', [guildId, userId], {
      json: body,
      idempotent: true,
    })
  }
}
