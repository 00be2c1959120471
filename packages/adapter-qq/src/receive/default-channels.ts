import type { ChatEvent, Clock, Logger } from '@mynah/core'
import { Remembered } from '@mynah/core/adapter'

import type { GuildApi } from '../api/guilds.ts'
import { isGuildSide } from '../encode/target.ts'

/** How long an answer counts, also that nothing is known, in ms. */
const freshMs = 10 * 60_000
const maxGuilds = 1000
const textChannel = 0

const comesAndGoes: ReadonlySet<string> = new Set(['guild-member-added', 'guild-member-removed'])

/** Where in a guild something is said that belongs to no channel: in its first one. */
export class DefaultChannels {
  readonly #guilds: Pick<GuildApi, 'channels'>
  readonly #logger: Pick<Logger, 'debug'>
  readonly #known: Remembered<string | undefined>

  constructor(guilds: Pick<GuildApi, 'channels'>, clock: Clock, logger: Pick<Logger, 'debug'>) {
    this.#guilds = guilds
    this.#logger = logger
    this.#known = new Remembered({ maxEntries: maxGuilds, maxAgeMs: freshMs, clock })
  }

  /** Gives who comes and who leaves the channel that the platform does not tell. Never rejects. */
  complete(event: ChatEvent): ChatEvent | Promise<ChatEvent> {
    const { type, guild, channel } = event
    if (!comesAndGoes.has(type) || guild === undefined || channel !== undefined) return event
    return isGuildSide(guild.id) ? this.#withChannel(event, guild.id) : event
  }

  async #withChannel(event: ChatEvent, guildId: string): Promise<ChatEvent> {
    const id = await this.#known.of(guildId, () => this.#find(guildId))
    return id === undefined ? event : { ...event, channel: { id, type: 'text' } }
  }

  async #find(guildId: string): Promise<string | undefined> {
    try {
      const channels = await this.#guilds.channels(guildId)
      const texts = channels.filter(({ type }) => type === textChannel)
      return texts.sort((one, other) => (one.position ?? 0) - (other.position ?? 0))[0]?.id
    } catch (err) {
      this.#logger.debug({ err }, 'The channels of a guild could not be listed')
      return undefined
    }
  }
}
