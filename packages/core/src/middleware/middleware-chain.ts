import type { Scope } from '../lifecycle/scope.ts'
import { List } from '../shared/list.ts'
import { compose } from './compose.ts'
import type {
  Answer,
  LastStep,
  MessageIncoming,
  Middleware,
  MiddlewareEntry,
  MiddlewareOptions,
} from './middleware.ts'

/** The middlewares in order. */
export class MiddlewareChain {
  readonly #entries = new List<MiddlewareEntry>()

  /** How many there are. */
  get size(): number {
    return this.#entries.items.length
  }

  /** @returns Removes it. */
  add(scope: Scope, run: Middleware, options: MiddlewareOptions): () => void {
    const entry: MiddlewareEntry = {
      scope,
      name: options.name ?? (run.name || 'anonymous'),
      run,
      when: options.when,
    }
    return this.#entries.add(entry, options.prepend)
  }

  /** Runs a message through the chain and then through `last`; see {@link compose}. */
  run(message: MessageIncoming, last: LastStep): Answer | Promise<Answer> {
    const { items } = this.#entries
    return items.length === 0 ? last(message) : compose(items, message, last)
  }
}
