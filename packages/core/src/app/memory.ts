import { isPerPlugin } from '../plugin/per-plugin.ts'
import type { ServiceRegistry } from '../plugin/services.ts'
import { isKeyValueStore, type KeyValueStore } from '../storage/key-value-store.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { MemoryStore } from '../storage/memory-store.ts'

/** What the core remembers for plugins: in the service `storage` where somebody provides it. */
export class Memory implements MemorySource {
  readonly #services: ServiceRegistry
  readonly #onError: (error: unknown, where: string) => void
  /** The service that {@link #stores} are of. */
  #service: unknown
  #stores = new Map<string, KeyValueStore>()

  constructor(services: ServiceRegistry, onError: (error: unknown, where: string) => void) {
    this.#services = services
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
}

function storeOf(service: unknown, part: string): KeyValueStore {
  const own = isPerPlugin(service) ? service.create({ name: `mynah:${part}`, declares: {} }) : service
  return isKeyValueStore(own) ? own : new MemoryStore()
}
