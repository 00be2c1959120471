import type { Bot } from '../bot/bot.ts'
import type { ChatEvent } from '../model/event.ts'
import { BoundedMap } from '../shared/bounded-map.ts'
import type { Clock } from '../shared/clock.ts'

/** So many places are remembered. */
const maxPlaces = 10_000

type Place = Pick<ChatEvent, 'channel' | 'guild'>

/** The places that events came from: what filters are asked about where a message answers nothing. */
export class KnownPlaces {
  readonly #clock: Clock
  readonly #places = new BoundedMap<string, Place>({ maxEntries: maxPlaces })

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Remembers where an event happened. */
  learn({ platform, selfId, channel, guild }: ChatEvent): void {
    if (channel === undefined) return
    const place: Place = guild === undefined ? { channel } : { channel, guild }
    this.#places.set(placeKey(`${platform}:${selfId}`, channel.id), place)
  }

  /**
   * What a filter is asked about a message: the event that it answers, where it goes to the place of that event. A
   * message to another place is about that place, and about who is answered; what is not known of the place is absent.
   */
  about(bot: Bot, channelId: string, event: ChatEvent | undefined): ChatEvent {
    if (event?.channel?.id === channelId) return event
    const { key, platform, selfId } = bot
    const place = this.#places.get(placeKey(key, channelId)) ?? { channel: { id: channelId, type: 'text' } }
    const user = event?.user
    return {
      id: event?.id ?? '',
      type: 'message-out',
      platformType: `${platform}/message-out`,
      platform,
      selfId,
      time: this.#clock.now(),
      raw: undefined,
      ...(user !== undefined && { user }),
      ...place,
    }
  }
}

function placeKey(bot: string, channelId: string): string {
  return `${bot} ${channelId}`
}
