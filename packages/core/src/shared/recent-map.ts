/**
 * Remembers the latest entries in two generations: when the younger one is full, the older one is forgotten as a whole,
 * which costs each entry less than to forget one for it.
 *
 * @example
 * ```ts
 * const names = new RecentMap<string>(1000)
 * names.set('10', 'Ann')
 * names.get('10')
 * ```
 */
export class RecentMap<V> {
  readonly #atLeast: number
  #younger = new Map<string, V>()
  #older: ReadonlyMap<string, V> = new Map()

  /** @param atLeast - So many entries are remembered at least, and never more than twice as many. */
  constructor(atLeast: number) {
    this.#atLeast = atLeast
  }

  /** Whether a key is remembered. */
  has(key: string): boolean {
    return this.#younger.has(key) || this.#older.has(key)
  }

  /** What was set last, as far as it is remembered. */
  get(key: string): V | undefined {
    return this.#younger.get(key) ?? this.#older.get(key)
  }

  /** Remembers an entry. */
  set(key: string, value: V): void {
    if (this.#younger.size >= this.#atLeast) {
      this.#older = this.#younger
      this.#younger = new Map()
    }
    this.#younger.set(key, value)
  }
}

/** So many ids are remembered at least, and never more than twice as many. */
const idsAtLeast = 5000

/** Remembers the latest ids. */
export class RecentIds {
  readonly #ids = new RecentMap<true>(idsAtLeast)

  /** Whether an id is known. */
  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** Adds an id; `false` when it is known already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false
    this.#ids.set(id, true)
    return true
  }
}
