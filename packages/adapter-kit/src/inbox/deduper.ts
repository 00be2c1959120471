import { systemClock, type Clock } from '@mynah/core'

/** Options of a {@link Deduper}. */
export interface DeduperOptions {
  /** How many keys to remember at most; the oldest goes first. @defaultValue 10000 */
  maxKeys?: number
  /** How long to remember a key, in ms from when it first came. @defaultValue 600000 (10 minutes) */
  maxAgeMs?: number
  clock?: Clock
}

/**
 * Remembers what came lately. The keys stand in a ring in the order they came, so a look-up costs the same
 * however many there are.
 *
 * @example
 * ```ts
 * if (deduper.seen(`${appId}:${event.id}`)) return acknowledge()
 * ```
 */
export class Deduper {
  /** In which slot a key stands. */
  readonly #known = new Map<string, number>()
  /** A slot whose key was forgotten is `undefined`. */
  readonly #keys: (string | undefined)[] = []
  readonly #times: Float64Array
  readonly #maxKeys: number
  readonly #maxAgeMs: number
  readonly #clock: Clock
  #oldest = 0
  /** Slots in use. */
  #used = 0

  constructor(options: DeduperOptions = {}) {
    this.#maxKeys = Math.max(1, Math.trunc(options.maxKeys ?? 10_000))
    this.#maxAgeMs = options.maxAgeMs ?? 600_000
    this.#clock = options.clock ?? systemClock
    this.#times = new Float64Array(this.#maxKeys)
  }

  /** How many keys are remembered; those past their age are counted until the next {@link seen}. */
  get size(): number {
    return this.#known.size
  }

  /** Whether `key` came before; from now on it did. */
  seen(key: string): boolean {
    const now = this.#clock.monotonic()
    this.#forgetUntil(now - this.#maxAgeMs)
    if (this.#known.has(key)) return true
    if (this.#used === this.#maxKeys) this.#freeOldest()
    const slot = (this.#oldest + this.#used) % this.#maxKeys
    this.#keys[slot] = key
    this.#times[slot] = now
    this.#known.set(key, slot)
    this.#used += 1
    return false
  }

  /** Forgets a key: what it stands for could not be taken and may come again. */
  forget(key: string): void {
    const slot = this.#known.get(key)
    if (slot === undefined) return
    this.#known.delete(key)
    this.#keys[slot] = undefined
  }

  #forgetUntil(time: number): void {
    while (this.#used > 0 && (this.#times[this.#oldest] ?? 0) <= time) this.#freeOldest()
  }

  #freeOldest(): void {
    const key = this.#keys[this.#oldest]
    if (key !== undefined) this.#known.delete(key)
    this.#oldest = (this.#oldest + 1) % this.#maxKeys
    this.#used -= 1
  }
}
