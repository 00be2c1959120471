import { ApiRefusal } from '../calls/refusal.ts'
import type { Clock } from '@mynah/core'
import { dayOf } from './time.ts'

/** At most `count` in any `perMs` milliseconds. */
export interface RateLimit {
  count: number
  perMs: number
}

export const perSecond = (count: number): RateLimit => ({ count, perMs: 1000 })
export const perMinute = (count: number): RateLimit => ({ count, perMs: 60_000 })

/** Counts what happened under a key, over a sliding window or over a day of the platform's calendar. */
export class Limits {
  readonly #clock: Clock
  readonly #enabled: boolean
  readonly #times = new Map<string, number[]>()
  readonly #days = new Map<string, { day: number; count: number }>()

  constructor(clock: Clock, enabled: boolean) {
    this.#clock = clock
    this.#enabled = enabled
  }

  /**
   * Refuses when the window of `key` is full. Counts nothing: see {@link Limits.hit}.
   *
   * @throws ApiRefusal with `code`.
   */
  check(key: string, limit: RateLimit, code: number): void {
    if (this.#enabled && this.#recent(key, limit.perMs).length >= limit.count) throw new ApiRefusal(code)
  }

  /** Counts one under `key`. */
  hit(key: string): void {
    if (!this.#enabled) return
    const times = this.#times.get(key)
    if (times === undefined) this.#times.set(key, [this.#clock.now()])
    else times.push(this.#clock.now())
  }

  /** Checks and counts in one step. */
  spend(key: string, limit: RateLimit, code: number): void {
    this.check(key, limit, code)
    this.hit(key)
  }

  #recent(key: string, perMs: number): number[] {
    const since = this.#clock.now() - perMs
    const recent = (this.#times.get(key) ?? []).filter((time) => time > since)
    this.#times.set(key, recent)
    return recent
  }

  /** Refuses when `key` was counted `count` times today. Counts nothing: see {@link Limits.hitDay}. */
  checkDay(key: string, count: number, code: number): void {
    if (this.#enabled && this.today(key) >= count) throw new ApiRefusal(code)
  }

  /** Counts one under `key` for today. */
  hitDay(key: string): void {
    if (this.#enabled) this.#days.set(key, { day: dayOf(this.#clock.now()), count: this.today(key) + 1 })
  }

  /** How often `key` was counted today. */
  today(key: string): number {
    const entry = this.#days.get(key)
    return entry?.day === dayOf(this.#clock.now()) ? entry.count : 0
  }
}
