import { limitKey } from '../middleware/limit-scope.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import { RecentMap } from '../shared/recent-map.ts'
import type { LimitMemory } from './limit-memory.ts'
import type { LimitOptions } from './limit-options.ts'

interface Use {
  count: number
  /** When the period ends, in ms of the clock that nobody sets. */
  readonly until: number
}

/** So many keys are known at least. */
const maxKnown = 5000

/** Counts uses of a command. What is over is forgotten by itself. */
export class Limit {
  /** How often. */
  readonly options: LimitOptions
  readonly #clock: Clock
  readonly #memory: LimitMemory | undefined
  /** Keys that need not be looked up again: nobody else counts. */
  readonly #known = new RecentMap<true>(maxKnown)
  /** In the order in which the periods end, since all are equally long. */
  readonly #uses = new Map<string, Use>()
  #cancelSweep: (() => void) | undefined

  /** @param memory - What is counted in it outlives the app. */
  constructor(clock: Clock, options: LimitOptions, memory?: LimitMemory) {
    this.#clock = clock
    this.#memory = memory
    this.options = options
  }

  /** Periods that are not over. */
  get size(): number {
    return this.#uses.size
  }

  /** Looks up what was counted before a restart. @returns Nothing where there is nothing to look up. */
  recall(event: ChatEvent): Promise<void> | undefined {
    const key = limitKey(this.options.per, event)
    const memory = this.#memory
    return memory?.isKept === true && !this.#known.has(key) ? this.#recall(memory, key) : undefined
  }

  async #recall(memory: LimitMemory, key: string): Promise<void> {
    const found = await memory.recall(key)
    if (this.#known.has(key)) return
    this.#known.set(key, true)
    const leftMs = Math.min((found?.untilMs ?? 0) - this.#clock.now(), this.options.periodMs)
    if (found === undefined || leftMs <= 0 || this.#uses.has(key)) return
    this.#uses.set(key, { count: found.count, until: this.#clock.monotonic() + leftMs })
    if (this.#cancelSweep === undefined) this.#sweepIn(leftMs)
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
    this.#remember(key, taken)
    return () => {
      taken.count -= 1
      this.#remember(key, taken)
    }
  }

  #remember(key: string, { count, until }: Use): void {
    const leftMs = until - this.#clock.monotonic()
    if (leftMs > 0) this.#memory?.remember(key, { count, untilMs: this.#clock.now() + leftMs }, leftMs)
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
