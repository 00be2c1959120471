import { defined } from '@mynah/adapter-kit'
import type { SelfUser, WireChannel, WireGuild } from '../wire/guild.ts'
import { Resource } from './resource.ts'

/** Which guilds to list; `after` is ignored when both are given. */
export interface GuildListQuery {
  /** Guilds before this id. */
  readonly before?: string
  /** Guilds behind this id. */
  readonly after?: string
  /** At most 100. */
  readonly limit?: number
}

/** How the bot may write in a guild. */
export interface MessageSetting {
  /** Whether the bot may not open direct messages. */
  readonly disable_create_dm: boolean
  /** Whether the bot may not write unasked. */
  readonly disable_push_msg: boolean
  /** Channels where the bot may write; `null` for all. */
  readonly channel_ids: readonly string[] | null
  /** Messages a channel gets unasked, a day. */
  readonly channel_push_max_num: number
}

/** One call of the OpenAPI and whether the bot has it. */
export interface ApiPermission {
  /** Path of the call. */
  readonly path: string
  /** HTTP method of the call. */
  readonly method: string
  /** What the call does. */
  readonly desc: string
  /** 1 granted. */
  readonly auth_status: number
}

/** Asks a guild for a right. */
export interface PermissionDemand {
  /** The channel that gets the link. */
  readonly channel_id: string
  /** The call that is asked for. */
  readonly api_identify: { readonly path: string; readonly method: string }
  /** What it is for. */
  readonly desc: string
}

/** The bot itself. */
export class SelfApi extends Resource {
  /** The bot as a user. @see Official docs: "Users", details of the bot. */
  get(): Promise<SelfUser> {
    return this.call('GET /users/@me')
  }

  /** One page of the guilds. @see Official docs: "Users", guilds of the bot. */
  guilds(query: GuildListQuery = {}): Promise<readonly WireGuild[]> {
    return this.listOf('GET /users/@me/guilds', [], { query: { ...query } })
  }

  /** All guilds, page by page. */
  async *allGuilds(limit = 100): AsyncGenerator<WireGuild, void, undefined> {
    let after: string | undefined
    for (;;) {
      const page = await this.guilds({ limit, ...defined({ after }) })
      yield* page
      const last = page.at(-1)
      if (last === undefined || page.length < limit || last.id === after) return
      after = last.id
    }
  }
}

/** Guilds. */
export class GuildApi extends Resource {
  /** @see Official docs: "Guilds", details. */
  get(guildId: string): Promise<WireGuild> {
    return this.call('GET /guilds/{guild_id}', [guildId])
  }

  /** @see Official docs: "Channels", list. */
  channels(guildId: string): Promise<readonly WireChannel[]> {
    return this.listOf('GET /guilds/{guild_id}/channels', [guildId])
  }

  /** @see Official docs: "Messages", message frequency of a guild. */
  messageSetting(guildId: string): Promise<MessageSetting> {
    return this.call('GET /guilds/{guild_id}/message/setting', [guildId])
  }

  /** @see Official docs: "API permissions", list. */
  permissions(guildId: string): Promise<{ readonly apis: readonly ApiPermission[] }> {
    return this.call('GET /guilds/{guild_id}/api_permission', [guildId])
  }

  /** Sends a link by which an administrator grants a right; 3 per guild a day. @see Official docs: "API permissions". */
  demandPermission(
    guildId: string,
    demand: PermissionDemand,
  ): Promise<PermissionDemand & { readonly guild_id: string; readonly title: string }> {
    return this.call('POST /guilds/{guild_id}/api_permission/demand', [guildId], { json: demand })
  }
}
