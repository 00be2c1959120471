import { type Clock, systemClock } from './clock.ts'

/** How much a {@link BoundedMap} keeps. */
export interface BoundedOptions {
  /** So many entries at most; the oldest goes first. */
  maxEntries: number
  /** An entry is forgotten so many ms after it was set. @defaultValue never */
  maxAgeMs?: number
  /** By what age is measured. @defaultValue the clock of the machine */
  clock?: Clock
}

/** A map that forgets its oldest entries. Whatever is set anew is the newest again. */
export class BoundedMap<K, V> {
  /** Oldest first. */
  readonly #entries = new Map<K, { readonly value: V; readonly at: number }>()
  readonly #maxEntries: number
  readonly #maxAgeMs: number
  readonly #clock: Clock

  constructor({ maxEntries, maxAgeMs = Infinity, clock = systemClock }: BoundedOptions) {
    this.#maxEntries = maxEntries
    this.#maxAgeMs = maxAgeMs
    this.#clock = clock
  }

  /** How many entries are remembered. */
  get size(): number {
    this.#forgetAged()
    return this.#entries.size
  }

  /** Whether a key is remembered. */
  has(key: K): boolean {
    this.#forgetAged()
    return this.#entries.has(key)
  }

  /** What was set last, unless it is forgotten. */
  get(key: K): V | undefined {
    this.#forgetAged()
    return this.#entries.get(key)?.value
  }

  /** Remembers an entry. */
  set(key: K, value: V): void {
    this.#forgetAged()
    this.#entries.delete(key)
    if (this.#entries.size >= this.#maxEntries) this.#forgetOldest()
    this.#entries.set(key, { value, at: this.#maxAgeMs === Infinity ? 0 : this.#clock.monotonic() })
  }

  /** Forgets one entry. */
  delete(key: K): void {
    this.#entries.delete(key)
  }

  /** Forgets all. */
  clear(): void {
    this.#entries.clear()
  }

  #forgetAged(): void {
    if (this.#maxAgeMs === Infinity) return
    const before = this.#clock.monotonic() - this.#maxAgeMs
    for (const [key, { at }] of this.#entries) {
      if (at > before) return
      this.#entries.delete(key)
    }
  }

  #forgetOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key)
      return
    }
  }
}

/**
 * Remembers what came lately.
 *
 * @example
 * ```ts
 * if (!recent.add(event.id)) return 'duplicate'
 * ```
 */
export class RecentSet<K> {
  readonly #keys: BoundedMap<K, true>

  constructor(options: BoundedOptions) {
    this.#keys = new BoundedMap(options)
  }

  /** Adds a key; `false` when it is known already, which does not make it younger. */
  add(key: K): boolean {
    if (this.#keys.has(key)) return false
    this.#keys.set(key, true)
    return true
  }

  /** Forgets a key: what it stands for could not be taken and may come again. */
  delete(key: K): void {
    this.#keys.delete(key)
  }
}
