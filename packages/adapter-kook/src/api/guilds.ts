import type { Call } from '@mynah/adapter-kit'
import type { KookGuild, KookUser } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

/** Which members are listed, and in which order. */
export interface GuildUserQuery {
  /** Only those who see this channel. */
  readonly channel_id?: string
  /** Only those whose name holds this. */
  readonly search?: string
  /** Only those with this role. */
  readonly role_id?: number
  /** Only those with (1) or without (0) a verified phone number. */
  readonly mobile_verified?: 0 | 1
  /** 0 ascending, 1 descending. */
  readonly active_time?: 0 | 1
  /** 0 ascending, 1 descending. */
  readonly joined_at?: 0 | 1
  /** Only this user. */
  readonly filter_user_id?: string
}

/** What of a member is muted. */
export type MuteTarget = 'microphone' | 'headset'

const muteTypes: Readonly<Record<MuteTarget, 1 | 2>> = { microphone: 1, headset: 2 }

/** Who is muted in voice. */
export interface GuildMutes {
  /** Who is not heard. */
  readonly mic: { readonly type: 1; readonly user_ids: readonly string[] }
  /** Who does not hear. */
  readonly headset: { readonly type: 2; readonly user_ids: readonly string[] }
}

/** A boost of a guild. */
export interface GuildBoost {
  /** Who gave it. */
  readonly user_id: string
  /** Who got it. */
  readonly guild_id: string
  /** Seconds since 1970. */
  readonly start_time: number
  /** Seconds since 1970. */
  readonly end_time: number
  /** Who gave it, with more than the id. */
  readonly user?: KookUser
}

/** Guilds. @see https://developer.kookapp.cn/doc/http/guild */
export class GuildApi extends Resource {
  /** Guilds the bot is in; without roles and channels. `GET guild/list` */
  readonly list: Listing<[query?: { sort?: string }], KookGuild> = this.lists('/guild/list')

  /** A guild with its roles and channels. `GET guild/view` */
  readonly get: Call<[guildId: string], KookGuild> = this.reads('/guild/view(guild_id)')

  /** Members of a guild. `GET guild/user-list` */
  readonly users: Listing<[guildId: string, query?: GuildUserQuery], KookUser> = this.lists(
    '/guild/user-list(guild_id)',
  )

  /** Sets a member's nickname, the bot's own without `userId`; 2 to 64 characters, empty clears it. `POST guild/nickname` */
  readonly setNickname: Call<[guildId: string, nickname: string, userId?: string]> = this.does(
    '/guild/nickname(guild_id, nickname, user_id)',
  )

  /** Takes the bot out of a guild. `POST guild/leave` */
  readonly leave: Call<[guildId: string]> = this.does('/guild/leave(guild_id)')

  /** Removes a member, who may come back. `POST guild/kickout` */
  readonly kick: Call<[guildId: string, userId: string]> = this.does('/guild/kickout(guild_id, target_id)')

  /** Ids of the muted members. `GET guild-mute/list` */
  mutes(guildId: string): Promise<GuildMutes> {
    return this.http.get('/guild-mute/list', { guild_id: guildId, return_type: 'detail' })
  }

  /** Mutes the microphone or the headset of a member in all voice channels. `POST guild-mute/create` */
  mute(guildId: string, userId: string, what: MuteTarget): Promise<void> {
    return this.#postMute('create', guildId, userId, what)
  }

  /** Ends a mute. `POST guild-mute/delete` */
  unmute(guildId: string, userId: string, what: MuteTarget): Promise<void> {
    return this.#postMute('delete', guildId, userId, what)
  }

  #postMute(does: 'create' | 'delete', guildId: string, userId: string, what: MuteTarget): Promise<void> {
    const type = muteTypes[what]
    return this.http.post(`/guild-mute/${does}`, { guild_id: guildId, user_id: userId, type })
  }

  /** Boosts, newest first; times in seconds since 1970. Needs "manage guild". `GET guild-boost/history` */
  readonly boosts: Listing<
    [guildId: string, query?: { start_time?: number; end_time?: number }],
    GuildBoost
  > = this.lists('/guild-boost/history(guild_id)')
}
