import { type Clock, MynahError, systemClock } from '@mynah/core'
import { WaitQueue } from '../shared/wait-queue.ts'

/** Options of a {@link RateLimiter}. */
export interface RateLimiterOptions {
  /** How many may start within any stretch of `intervalMs`. */
  limit: number
  /** The length of the window in ms. */
  intervalMs: number
  /** How many may wait per key at most. @defaultValue 1000 */
  maxWaiting?: number
  /** Measures the window. @defaultValue the clock of the machine */
  clock?: Clock
}

interface Lane {
  readonly waiters: WaitQueue
  /** When the latest ones started, oldest first, at most `limit` of them. */
  readonly starts: number[]
  pausedUntil: number
}

/**
 * Lets no more than `limit` start per key within any window of `intervalMs`; the others wait in the order
 * they came. `limit: 1` paces: one every `intervalMs`.
 *
 * @example
 * ```ts
 * await limiter.acquire(channelId, signal)
 * await post(message)
 * ```
 */
export class RateLimiter {
  readonly #options: Required<RateLimiterOptions>
  readonly #lanes = new Map<string, Lane>()
  #pausedUntil = 0
  #sweepAt = 256
  #stopped: MynahError | undefined

  constructor(options: RateLimiterOptions) {
    this.#options = { maxWaiting: 1000, clock: systemClock, ...options }
  }

  /**
   * Resolves when it is the caller's turn.
   *
   * @throws MynahError `RATE_LIMITED` when too many wait already, `BOT_OFFLINE` after {@link stop}; and the
   * reason of the signal when it aborts.
   */
  async acquire(key: string, signal?: AbortSignal): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped
    const lane = this.#lane(key)
    if (lane.waiters.size >= this.#options.maxWaiting) {
      throw new MynahError('RATE_LIMITED', `${lane.waiters.size} messages wait already.`, { retriable: true })
    }
    const turn = lane.waiters.wait(signal)
    lane.waiters.serve(
      this.#options.clock,
      () => this.#freeAt(lane),
      () => this.#start(lane),
    )
    await turn
  }

  /** Lets nobody start for `delayMs`, of one key or of all: what the platform asked for. */
  pause(delayMs: number, key?: string): void {
    const until = this.#options.clock.monotonic() + delayMs
    if (key === undefined) this.#pausedUntil = Math.max(this.#pausedUntil, until)
    else this.#lane(key).pausedUntil = Math.max(this.#lane(key).pausedUntil, until)
  }

  /** Sends all who wait away with `BOT_OFFLINE` and leaves no timer. */
  stop(): void {
    this.#stopped = new MynahError('BOT_OFFLINE', 'The queue of outgoing messages was stopped.', {
      retriable: true,
    })
    for (const { waiters } of this.#lanes.values()) waiters.rejectAll(this.#stopped)
    this.#lanes.clear()
  }

  #start({ starts }: Lane): void {
    if (starts.length >= this.#options.limit) starts.shift()
    starts.push(this.#options.clock.monotonic())
  }

  #freeAt(lane: Lane): number {
    const paused = Math.max(lane.pausedUntil, this.#pausedUntil)
    const [oldest] = lane.starts
    if (oldest === undefined || lane.starts.length < this.#options.limit) return paused
    return Math.max(paused, oldest + this.#options.intervalMs)
  }

  #lane(key: string): Lane {
    const known = this.#lanes.get(key)
    if (known !== undefined) return known
    if (this.#lanes.size >= this.#sweepAt) this.#sweep()
    const lane: Lane = { waiters: new WaitQueue(), starts: [], pausedUntil: 0 }
    this.#lanes.set(key, lane)
    return lane
  }

  /** Forgets lanes that nobody used for a window; runs each time their number has doubled. */
  #sweep(): void {
    const now = this.#options.clock.monotonic()
    for (const [key, lane] of this.#lanes) {
      const lastUse = (lane.starts.at(-1) ?? -Infinity) + this.#options.intervalMs
      if (lane.waiters.size === 0 && Math.max(lastUse, lane.pausedUntil) <= now) this.#lanes.delete(key)
    }
    this.#sweepAt = Math.max(256, this.#lanes.size * 2)
  }
}
