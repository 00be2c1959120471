import { isPerPlugin } from '../plugin/per-plugin.ts'
import type { ServiceRegistry } from '../plugin/services.ts'
import { type Clock, settlesWithin } from '../shared/clock.ts'
import { KeptMap } from '../storage/kept-map.ts'
import { isKeyValueStore, type KeyValueStore } from '../storage/key-value-store.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { MemoryStore } from '../storage/memory-store.ts'

/** How long events wait at most for what a slow or absent store holds, in ms. */
const patienceMs = 5000

/** How long a store that could not be read is left alone, in ms. */
const retryMs = 10_000

/** What the core remembers for plugins: in the service `storage` where somebody provides it. */
export class Memory implements MemorySource {
  readonly #services: ServiceRegistry
  readonly #clock: Clock
  readonly #onError: (error: unknown, where: string) => void
  readonly #maps: KeptMap<unknown>[] = []
  /** The service that {@link #stores} are of. */
  #service: unknown
  #stores = new Map<string, KeyValueStore>()
  /** The service that {@link #maps} were read from. */
  #loaded: unknown
  /** When to try again after a failure, in ms of the clock that nobody sets. */
  #retryAt = Number.POSITIVE_INFINITY

  constructor(services: ServiceRegistry, clock: Clock, onError: (error: unknown, where: string) => void) {
    this.#services = services
    this.#clock = clock
    this.#onError = onError
  }

  get isLasting(): boolean {
    return this.#services.has('storage')
  }

  of(part: string): KeyValueStore {
    const service = this.#services.get('storage')
    if (service !== this.#service) this.#stores = new Map()
    this.#service = service
    let store = this.#stores.get(part)
    if (store === undefined) this.#stores.set(part, (store = storeOf(service, part)))
    return store
  }

  async recall(part: string, key: string): Promise<unknown> {
    try {
      return await this.of(part).get(key)
    } catch (error) {
      this.#onError(error, `remembering ${part}`)
      return undefined
    }
  }

  remember(part: string, key: string, value: unknown, forMs: number): void {
    const written = this.of(part).set(key, value, { expiresIn: forMs })
    written.catch((error: unknown) => this.#onError(error, `remembering ${part}`))
  }

  map<V>(part: string, read: (stored: unknown) => V | undefined, onLoad?: () => void): KeptMap<V> {
    const map = new KeptMap<V>({
      store: () => (this.isLasting ? this.of(part) : undefined),
      read,
      onLoad,
      onError: (error) => this.#onError(error, `remembering ${part}`),
    })
    this.#maps.push(map)
    return map
  }

  /**
   * Reads all maps where the store is another one now. One that fails is tried again with later events, which do not wait
   * for it any more.
   *
   * @returns Nothing where they are known, or nobody keeps any.
   */
  load(): Promise<unknown> | undefined {
    const service = this.#services.get('storage')
    const isNew = service !== this.#loaded
    if (!isNew && (this.#retryAt === Number.POSITIVE_INFINITY || this.#clock.monotonic() < this.#retryAt))
      return undefined
    this.#loaded = service
    this.#retryAt = Number.POSITIVE_INFINITY
    if (service === undefined) return undefined
    const loading = this.#loadAll()
    return isNew ? settlesWithin(this.#clock, loading, patienceMs) : undefined
  }

  async #loadAll(): Promise<void> {
    try {
      await Promise.all(this.#maps.map((map) => map.load()))
    } catch (error) {
      this.#onError(error, 'reading what is stored')
      this.#retryAt = this.#clock.monotonic() + retryMs
    }
  }
}

function storeOf(service: unknown, part: string): KeyValueStore {
  const own = isPerPlugin(service) ? service.create({ name: `mynah:${part}`, declares: {} }) : service
  return isKeyValueStore(own) ? own : new MemoryStore()
}
