import type { Scope } from '../lifecycle/scope.ts'
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
  #entries: readonly MiddlewareEntry[] = []

  /** How many there are. */
  get size(): number {
    return this.#entries.length
  }

  /** @returns Removes it. */
  add(scope: Scope, run: Middleware, options: MiddlewareOptions): () => void {
    const entry: MiddlewareEntry = {
      scope,
      name: options.name ?? (run.name || 'anonymous'),
      run,
      when: options.when,
    }
    this.#entries = options.prepend === true ? [entry, ...this.#entries] : [...this.#entries, entry]
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry)
    }
  }

  /** Runs a message through the chain and then through `last`; see {@link compose}. */
  run(message: MessageIncoming, last: LastStep): Answer | Promise<Answer> {
    return this.#entries.length === 0 ? last(message) : compose(this.#entries, message, last)
  }
}
