import { type LimitScope, limitKey } from '../middleware/limit-scope.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Permission } from '../permission/permission.ts'
import type { Clock } from '../shared/clock.ts'

/** How often a command may be used. */
export interface LimitOptions {
  /** Uses in one period. */
  readonly count: number
  /** Who shares them. */
  readonly per: LimitScope
  /** Length of a period in ms; it begins with the first use. */
  readonly periodMs: number
  /** Who is not counted. */
  readonly exempt: Permission | undefined
  /** Text that a refused person gets; `{{time}}` and `{{count}}` go into it. */
  readonly textKey: 'command.cooldown' | 'command.quota'
}

interface Use {
  count: number
  /** When the period ends, in ms of the clock that nobody sets. */
  readonly until: number
}

/** Counts uses of a command. What is over is forgotten by itself. */
export class Limit {
  /** How often. */
  readonly options: LimitOptions
  readonly #clock: Clock
  /** In the order in which the periods end, since all are equally long. */
  readonly #uses = new Map<string, Use>()
  #cancelSweep: (() => void) | undefined

  constructor(clock: Clock, options: LimitOptions) {
    this.#clock = clock
    this.options = options
  }

  /** Periods that are not over. */
  get size(): number {
    return this.#uses.size
  }

  /** Ms until there is a use left; 0 when there is one. */
  waitMs(event: ChatEvent): number {
    const use = this.#uses.get(limitKey(this.options.per, event))
    if (use === undefined || use.count < this.options.count) return 0
    return Math.max(0, use.until - this.#clock.monotonic())
  }

  /** Counts a use. @returns Takes it back. */
  take(event: ChatEvent): () => void {
    const key = limitKey(this.options.per, event)
    const now = this.#clock.monotonic()
    let use = this.#uses.get(key)
    if (use === undefined || use.until <= now) {
      use = { count: 0, until: now + this.options.periodMs }
      this.#uses.delete(key)
      this.#uses.set(key, use)
    }
    use.count += 1
    if (this.#cancelSweep === undefined) this.#sweepIn(this.options.periodMs)
    const taken = use
    return () => {
      taken.count -= 1
    }
  }

  #sweepIn(delayMs: number): void {
    this.#cancelSweep = this.#clock.setTimeout(() => this.#sweep(), delayMs)
  }

  #sweep(): void {
    this.#cancelSweep = undefined
    const now = this.#clock.monotonic()
    for (const [key, { until }] of this.#uses) {
      if (until > now) {
        this.#sweepIn(until - now)
        return
      }
      this.#uses.delete(key)
    }
  }

  /** Forgets everything. */
  stop(): void {
    this.#cancelSweep?.()
    this.#cancelSweep = undefined
    this.#uses.clear()
  }
}
