import { allEntries, type KeyValueStore } from './key-value-store.ts'

/** What a {@link KeptMap} works with. */
export interface KeptMapParts<V> {
  /** Where the keys are kept now; `undefined` while nobody keeps any. */
  readonly store: () => KeyValueStore | undefined
  /** Makes a value of what is stored; `undefined` for what is none, which is left alone. */
  readonly read: (stored: unknown) => V | undefined
  /** All keys have been read anew. */
  readonly onLoad?: (() => void) | undefined
  /** Something could not be stored, and nobody waits for it. */
  readonly onError: (error: unknown) => void
}

/** How long a value is kept. */
interface Keeping {
  readonly expiresIn?: number
}

/**
 * Keys of one part of the core that are in memory as a whole: they are read without waiting, also on the way of an
 * event, and written behind it. Without a store they live as long as the app.
 */
export class KeptMap<V> {
  readonly #parts: KeptMapParts<V>
  readonly #values = new Map<string, V>()
  /** What was changed while no store was read, with how to store it. */
  readonly #early = new Map<string, Keeping>()
  #loaded: KeyValueStore | undefined

  constructor(parts: KeptMapParts<V>) {
    this.#parts = parts
  }

  /** How many keys there are. */
  get size(): number {
    return this.#values.size
  }

  /** The value of a key. */
  get(key: string): V | undefined {
    return this.#values.get(key)
  }

  /** Keys and values, in no order. */
  entries(): IterableIterator<[string, V]> {
    return this.#values.entries()
  }

  /**
   * Sets a value, which JSON can hold, at once.
   *
   * @returns Resolves when it is stored; rejects when it could not be.
   */
  set(key: string, value: V, keeping: Keeping = {}): Promise<void> {
    this.#values.set(key, value)
    return this.#write(key, keeping)
  }

  /** Takes a key away at once. @returns Resolves when that is stored; rejects when it could not be. */
  async delete(key: string): Promise<void> {
    if (!this.#values.delete(key)) return
    if (this.#parts.store() === undefined) this.#early.delete(key)
    else await this.#write(key, {})
  }

  /** For those who go on in any case: that a change cannot be stored is told, and does not reject. */
  behind(stored: Promise<void>): Promise<void> {
    return stored.catch(this.#parts.onError)
  }

  async #write(key: string, keeping: Keeping): Promise<void> {
    const store = this.#parts.store()
    if (store === undefined || store !== this.#loaded) this.#early.set(key, keeping)
    else await this.#store(store, key, keeping)
  }

  async #store(store: KeyValueStore, key: string, keeping: Keeping): Promise<void> {
    const value = this.#values.get(key)
    if (value === undefined) await store.delete(key)
    else await store.set(key, value, keeping)
  }

  /** Reads what the store holds that there is now; what was changed before counts more. */
  async load(): Promise<void> {
    const store = this.#parts.store()
    if (store === undefined) return
    const found = await this.#find(store)
    for (const key of this.#values.keys()) {
      if (!found.has(key) && !this.#early.has(key)) this.#values.delete(key)
    }
    for (const [key, value] of found) if (!this.#early.has(key)) this.#values.set(key, value)
    this.#loaded = store
    const early = Array.from(this.#early)
    this.#early.clear()
    for (const [key, keeping] of early) void this.behind(this.#store(store, key, keeping))
    this.#parts.onLoad?.()
  }

  async #find(store: KeyValueStore): Promise<Map<string, V>> {
    const found = new Map<string, V>()
    for (const { key, value } of await allEntries(store)) {
      const read = this.#parts.read(value)
      if (read !== undefined) found.set(key, read)
    }
    return found
  }
}
