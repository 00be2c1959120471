import { definePlugin, perPlugin, type Plugin } from '../src/index.ts'
import { MemoryStore } from '../src/storage/memory-store.ts'

/** What outlives an app in a test: keys by the part of the core, or the plugin, that they are of. */
export class Kept {
  readonly #stores = new Map<string, MemoryStore>()

  of(name: string): MemoryStore {
    let store = this.#stores.get(name)
    if (store === undefined) this.#stores.set(name, (store = new MemoryStore()))
    return store
  }
}

/** Stands for `@mynah/database`: keys that outlive the app. */
export function keeping(kept: Kept): Plugin {
  return definePlugin({
    name: 'keeping',
    setup(ctx) {
      // What the core asks of that service is less than what its package promises.
      ctx.provide('storage', perPlugin({ create: ({ name }): never => kept.of(name) as never }))
    },
  })
}
