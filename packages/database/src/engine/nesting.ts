import { AsyncLocalStorage } from 'node:async_hooks'

import { DatabaseError } from './errors.ts'

/** A transaction whose work is under way. */
interface Outer {
  isOpen: boolean
}

/**
 * Finds what is asked of an engine by the work of one of its own transactions: the one would wait for the end of the
 * other. Whoever asks elsewhere, or after that end, is let through.
 */
export class Nesting {
  readonly #surrounding = new AsyncLocalStorage<Outer>()

  /** Does the work of a transaction. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const outer: Outer = { isOpen: true }
    try {
      return await this.#surrounding.run(outer, work)
    } finally {
      outer.isOpen = false
    }
  }

  /** @throws DatabaseError `DATABASE_NESTED` inside of the work of a transaction */
  refuseInside(): void {
    if (this.#surrounding.getStore()?.isOpen !== true) return
    const detail =
      'Inside of a transaction everything goes through it: use what its function is given, and do the rest ' +
      'before or after it.'
    throw new DatabaseError('DATABASE_NESTED', detail)
  }
}
