import { ApiFault } from '../api-fault.ts'
import type { Platform } from '../platform.ts'
import type { ChannelState, DirectState, GuildMemberState, GuildState } from '../world.ts'

/** Finds what a path names, as far as the bot can see it. */
export class Places {
  readonly #platform: Platform

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /** @throws ApiFault 10004 */
  guild(id: string): GuildState {
    const guild = this.#platform.world.guilds.get(id)
    if (!guild?.botIn) throw new ApiFault(10004)
    return guild
  }

  /** @throws ApiFault 10003 */
  channel(id: string): ChannelState {
    const channel = this.#platform.world.channel(id)
    if (!channel?.guild.botIn) throw new ApiFault(10003)
    return channel
  }

  /** @throws ApiFault 10001 */
  member(guild: GuildState, userId: string): GuildMemberState {
    const member = guild.members.get(userId)
    if (member === undefined) throw new ApiFault(10001)
    return member
  }

  /** @throws ApiFault 304032 unknown, 304031 closed */
  direct(guildId: string): DirectState {
    const direct = this.#platform.world.directs.get(guildId)
    if (direct === undefined) throw new ApiFault(304032)
    if (direct.closed) throw new ApiFault(304031)
    return direct
  }
}
