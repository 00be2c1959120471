import { AsyncLocalStorage } from 'node:async_hooks'

import type { Scope } from '../lifecycle/scope.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'

/**
 * Keeps messages waiting while plugins are swapped and one that looks at them is away. What a plugin sends while it
 * starts or stops goes on: the swap waits for it, so it must not wait for the swap.
 */
export class OutgoingGate {
  /** Whose setup or clean-up runs. It costs every promise a little, so it is off where nothing is swapped. */
  readonly #settling = new AsyncLocalStorage<Scope>()
  #swaps = 0
  #opened: Deferred | undefined

  /** A swap begins. @returns Ends it. */
  hold(): () => void {
    this.#swaps += 1
    return () => {
      this.#swaps -= 1
      if (this.#swaps > 0) return
      this.#settling.disable()
      this.#opened?.resolve()
      this.#opened = undefined
    }
  }

  /** An outgoing middleware has left: where its plugin stops in a swap, messages wait until it is back or the swap is over. */
  left(scope: Scope): void {
    if (this.#swaps > 0 && scope.signal.aborted) this.#opened ??= deferred()
  }

  /** Resolves when messages may go on; `undefined` when they need not wait. */
  get opened(): Promise<void> | undefined {
    if (this.#opened === undefined) return undefined
    const state = this.#settling.getStore()?.state
    return state === 'starting' || state === 'stopping' ? undefined : this.#opened.promise
  }

  /** Runs the setup or the clean-up of a scope, whose messages never wait. */
  run<T>(scope: Scope, work: () => T): T {
    return this.#swaps === 0 ? work() : this.#settling.run(scope, work)
  }
}
