import { isPerPlugin } from '../plugin/per-plugin.ts'
import type { ServiceRegistry } from '../plugin/services.ts'
import { isKeyValueStore, type KeyValueStore } from '../storage/key-value-store.ts'
import { MemoryStore } from '../storage/memory-store.ts'

/** What the core remembers for plugins: in the service `storage` where somebody provides it. */
export class Memory {
  readonly #services: ServiceRegistry
  readonly #passing = new Map<string, MemoryStore>()

  constructor(services: ServiceRegistry) {
    this.#services = services
  }

  /** Whether keys outlive the app now. */
  get isLasting(): boolean {
    return this.#services.has('storage')
  }

  /** Keys under a name that no plugin has: those of one part of the core. */
  of(part: string): KeyValueStore {
    const service = this.#services.get('storage')
    const own = isPerPlugin(service) ? service.create({ name: `mynah:${part}`, declares: {} }) : service
    return isKeyValueStore(own) ? own : this.#inMemory(part)
  }

  #inMemory(part: string): KeyValueStore {
    let store = this.#passing.get(part)
    if (store === undefined) this.#passing.set(part, (store = new MemoryStore()))
    return store
  }
}
