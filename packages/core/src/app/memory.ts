import { isPerPlugin } from '../plugin/per-plugin.ts'
import type { ServiceRegistry } from '../plugin/services.ts'
import { type Clock, settlesWithin } from '../shared/clock.ts'
import { KeptMap } from '../storage/kept-map.ts'
import { isKeyValueStore, type KeyValueStore } from '../storage/key-value-store.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { MemoryStore } from '../storage/memory-store.ts'

/** How long events wait at most for what a slow or absent store holds, in ms. */
const patienceMs = 5000

/** What the core remembers for plugins: in the service `storage` where somebody provides it. */
export class Memory implements MemorySource {
  readonly #services: ServiceRegistry
  readonly #clock: Clock
  readonly #onError: (error: unknown, where: string) => void
  readonly #maps: { readonly part: string; readonly map: KeptMap<unknown> }[] = []
  /** The service that {@link #stores} are of. */
  #service: unknown
  #stores = new Map<string, KeyValueStore>()
  /** The service that {@link #maps} were read from. */
  #loaded: unknown

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
    this.#maps.push({ part, map })
    return map
  }

  /** Reads all maps where the store is another one now. @returns Nothing where they are known, or nobody keeps any. */
  load(): Promise<unknown> | undefined {
    const service = this.#services.get('storage')
    if (service === this.#loaded) return undefined
    this.#loaded = service
    if (service === undefined) return undefined
    const loading = this.#maps.map(({ part, map }) =>
      map.load().catch((error: unknown) => this.#onError(error, `reading ${part}`)),
    )
    return settlesWithin(this.#clock, Promise.all(loading), patienceMs)
  }
}

function storeOf(service: unknown, part: string): KeyValueStore {
  const own = isPerPlugin(service) ? service.create({ name: `mynah:${part}`, declares: {} }) : service
  return isKeyValueStore(own) ? own : new MemoryStore()
}
