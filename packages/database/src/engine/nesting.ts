import { AsyncLocalStorage } from 'node:async_hooks'

import { DatabaseError } from './errors.ts'

/** A transaction whose work is under way. */
export interface Outer {
  /** Whether it has begun and not ended. */
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

  /**
   * Makes the caller, with all that it does from here on, the work of a transaction that begins and ends by calls: it is
   * open when, and as long as, the caller says so.
   *
   * @throws DatabaseError `DATABASE_NESTED` inside of the work of a transaction
   */
  enter(): Outer {
    this.refuseInside()
    const outer: Outer = { isOpen: false }
    this.#surrounding.enterWith(outer)
    return outer
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
