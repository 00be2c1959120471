import { BoundedMap } from '@mynah/core/adapter'
import type { ChatEvent } from '@mynah/core'

import type { ChannelApi } from './channels.ts'

/** Which voice channel a user is in; told by events, asked for when none came yet. */
export class VoiceStates {
  readonly #api: Pick<ChannelApi, 'joinedBy'>
  /** `null`: in no channel. */
  readonly #channelOf = new BoundedMap<string, string | null>({ maxEntries: 10_000 })
  /** How often events changed something. */
  #changes = 0

  /** @param api - Tells the voice channels of a user. */
  constructor(api: Pick<ChannelApi, 'joinedBy'>) {
    this.#api = api
  }

  /**
   * The voice channel a user is in.
   *
   * @throws PlatformError when the platform has to be asked and refuses.
   */
  async channelOf(guildId: string, userId: string): Promise<string | undefined> {
    const key = keyOf(guildId, userId)
    const known = this.#channelOf.get(key)
    if (known !== undefined) return known ?? undefined
    const before = this.#changes
    const { items } = await this.#api.joinedBy(guildId, userId).page(1)
    const channelId = items[0]?.id
    // What was told meanwhile is newer.
    if (before === this.#changes) this.#channelOf.set(key, channelId ?? null)
    return channelId
  }

  /** Learns from an event. */
  watch({ type, guild, user, channel }: ChatEvent): void {
    if (guild === undefined || user === undefined || channel === undefined) return
    if (type !== 'voice-joined' && type !== 'voice-left') return
    this.#changes += 1
    const key = keyOf(guild.id, user.id)
    if (type === 'voice-joined') this.#channelOf.set(key, channel.id)
    // Who moves on may have been reported in the new channel already.
    else if (this.#channelOf.get(key) === channel.id) this.#channelOf.set(key, null)
  }

  /** What was learned may be out of date: events were missed. */
  forget(): void {
    this.#changes += 1
    this.#channelOf.clear()
  }
}

const keyOf = (guildId: string, userId: string): string => `${guildId}/${userId}`
