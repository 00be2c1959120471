import { ApiRefusal } from '../calls/refusal.ts'
import type { Platform } from '../world/platform.ts'
import type { ChannelState, DirectState, GuildMemberState, GuildState } from '../world/world.ts'

/** Finds what a path names, as far as the bot can see it. */
export class Places {
  readonly #platform: Platform

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /** @throws ApiRefusal 10004 */
  guild(id: string): GuildState {
    const guild = this.#platform.world.guilds.get(id)
    if (!guild?.botIn) throw new ApiRefusal(10004)
    return guild
  }

  /** @throws ApiRefusal 10003 */
  channel(id: string): ChannelState {
    const channel = this.#platform.world.channel(id)
    if (!channel?.guild.botIn) throw new ApiRefusal(10003)
    return channel
  }

  /** @throws ApiRefusal 10001 */
  member(guild: GuildState, userId: string): GuildMemberState {
    const member = guild.members.get(userId)
    if (member === undefined) throw new ApiRefusal(10001)
    return member
  }

  /** @throws ApiRefusal 304032 unknown, 304031 closed */
  direct(guildId: string): DirectState {
    const direct = this.#platform.world.directs.get(guildId)
    if (direct === undefined) throw new ApiRefusal(304032)
    if (direct.closed) throw new ApiRefusal(304031)
    return direct
  }
}
