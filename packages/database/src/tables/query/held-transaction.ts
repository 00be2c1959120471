import type { Engine, Result, Statement, Transaction } from '../../engine/engine.ts'

const undone = Symbol('undone')

/** A transaction that calls begin and end, as Kysely does it, and not a function that returns. */
export class HeldTransaction {
  readonly #transaction: Transaction
  readonly #end: (undo: boolean) => Promise<void>

  private constructor(transaction: Transaction, end: (undo: boolean) => Promise<void>) {
    this.#transaction = transaction
    this.#end = end
  }

  /** Begins one. @throws DatabaseError */
  static begin(engine: Engine): Promise<HeldTransaction> {
    return new Promise((resolve, reject) => {
      let commit: () => void
      let undo: (reason: typeof undone) => void
      const ended = new Promise<void>((resolve, reject) => {
        commit = resolve
        undo = reject
      })
      const end = async (undoing: boolean): Promise<void> => {
        if (undoing) undo(undone)
        else commit()
        await settled
      }
      const settled = engine.transaction(async (transaction) => {
        resolve(new HeldTransaction(transaction, end))
        await ended
      })
      settled.catch(reject)
    })
  }

  /** Runs one statement in it. */
  run(statement: Statement): Promise<Result> {
    return this.#transaction.run(statement)
  }

  /** Keeps what was written. */
  commit(): Promise<void> {
    return this.#end(false)
  }

  /** Undoes what was written. */
  async rollback(): Promise<void> {
    try {
      await this.#end(true)
    } catch (error) {
      if (error !== undone) throw error
    }
  }
}
