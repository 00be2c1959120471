import type { SendRate } from '../message/degrade.ts'
import type { Bot } from './bot.ts'

/** When messages may start so that no window of `perMs` sees more than `count` of them. */
class Lane {
  readonly #rate: SendRate
  /** When the latest ones start, oldest first, at most `count` of them. */
  readonly #starts: number[] = []

  constructor(rate: SendRate) {
    this.#rate = rate
  }

  /** When the next one may start, or the one behind `ahead` others that have not been counted yet. */
  freeAt(now: number, ahead = 0): number {
    const { count, perMs } = this.#rate
    const rounds = Math.floor(ahead / count)
    const oldest = this.#starts[(ahead % count) - (count - this.#starts.length)] ?? Number.NEGATIVE_INFINITY
    return Math.max(now, oldest + perMs) + rounds * perMs
  }

  take(at: number): void {
    if (this.#starts.length >= this.#rate.count) this.#starts.shift()
    this.#starts.push(at)
  }

  /** Whether the lane says nothing any more that a new one would not say. */
  isStale(now: number): boolean {
    return (this.#starts.at(-1) ?? Number.NEGATIVE_INFINITY) + this.#rate.perMs <= now
  }
}

/** The pace of one bot. */
class Pace {
  readonly total: Lane | undefined
  readonly channels = new Map<string, Lane>()
  sweepAt = 256

  constructor(total: SendRate | undefined) {
    this.total = total === undefined ? undefined : new Lane(total)
  }
}

/** Keeps bots within the limits that their adapters declare: first come, first served. */
export class SendPacer {
  readonly #paces = new WeakMap<Bot, Pace>()

  /** How long a message would have to wait behind `ahead` others of its channel, in ms. An estimate. */
  estimate(bot: Bot, channelId: string, now: number, ahead: number): number {
    const pace = this.#pace(bot)
    const channel = this.#channel(bot, pace, channelId, now)
    return Math.max(channel?.freeAt(now, ahead) ?? now, pace.total?.freeAt(now) ?? now) - now
  }

  /**
   * Counts a message in, in its channel. Take a place in the {@link takeTotal | total} when it has come.
   *
   * @returns When it may start; `undefined`, and nothing is counted, when that is later than `latest`.
   */
  takeChannel(bot: Bot, channelId: string, now: number, latest: number): number | undefined {
    return take(this.#channel(bot, this.#pace(bot), channelId, now), now, latest)
  }

  /** The same for all channels together. */
  takeTotal(bot: Bot, now: number, latest: number): number | undefined {
    return take(this.#pace(bot).total, now, latest)
  }

  #pace(bot: Bot): Pace {
    let pace = this.#paces.get(bot)
    if (pace === undefined) {
      pace = new Pace(bot.support.rateLimit?.total)
      this.#paces.set(bot, pace)
    }
    return pace
  }

  #channel(bot: Bot, pace: Pace, channelId: string, now: number): Lane | undefined {
    const rate = bot.support.rateLimit?.perChannel
    if (rate === undefined) return undefined
    let lane = pace.channels.get(channelId)
    if (lane === undefined) {
      if (pace.channels.size >= pace.sweepAt) sweep(pace, now)
      lane = new Lane(rate)
      pace.channels.set(channelId, lane)
    }
    return lane
  }
}

function take(lane: Lane | undefined, now: number, latest: number): number | undefined {
  const at = lane?.freeAt(now) ?? now
  if (at > latest) return undefined
  lane?.take(at)
  return at
}

/** Forgets channels where nothing was sent for a while; runs each time their number has doubled. */
function sweep(pace: Pace, now: number): void {
  for (const [id, lane] of pace.channels) if (lane.isStale(now)) pace.channels.delete(id)
  pace.sweepAt = Math.max(256, pace.channels.size * 2)
}
