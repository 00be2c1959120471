import { type Clock, systemClock } from './clock.ts'
import { type Link, LinkedList } from './linked-list.ts'

/** How much a {@link BoundedMap} keeps. */
export interface BoundedOptions {
  /** So many entries at most; the oldest goes first. */
  maxEntries: number
  /** An entry is forgotten so many ms after it was set. @defaultValue never */
  maxAgeMs?: number
  /** By what age is measured. @defaultValue the clock of the machine */
  clock?: Clock
}

interface Entry<K, V> {
  readonly key: K
  readonly value: V
  readonly setAt: number
}

/**
 * A map that forgets its oldest entries. Whatever is set anew is the newest again. Entries are chained by age: a `Map`
 * that loses its first entry again and again finds the next one only behind all that it has lost.
 */
export class BoundedMap<K, V> {
  readonly #links = new Map<K, Link<Entry<K, V>>>()
  readonly #entries = new LinkedList<Entry<K, V>>()
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
    return this.#links.has(key)
  }

  /** What was set last, unless it is forgotten. */
  get(key: K): V | undefined {
    this.#forgetAged()
    return this.#links.get(key)?.item.value
  }

  /** Remembers an entry. */
  set(key: K, value: V): void {
    this.#forgetAged()
    this.delete(key)
    const { oldest, size } = this.#entries
    if (oldest !== undefined && size >= this.#maxEntries) this.delete(oldest.key)
    const setAt = this.#maxAgeMs === Infinity ? 0 : this.#clock.monotonic()
    this.#links.set(key, this.#entries.add({ key, value, setAt }))
  }

  /** Forgets one entry. */
  delete(key: K): void {
    const link = this.#links.get(key)
    if (link === undefined) return
    this.#entries.delete(link)
    this.#links.delete(key)
  }

  /** Forgets all. */
  clear(): void {
    this.#links.clear()
    this.#entries.clear()
  }

  #forgetAged(): void {
    if (this.#maxAgeMs === Infinity) return
    const before = this.#clock.monotonic() - this.#maxAgeMs
    for (
      let { oldest } = this.#entries;
      oldest !== undefined && oldest.setAt <= before;
      { oldest } = this.#entries
    ) {
      this.delete(oldest.key)
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
