import type { Result, Statement, Transaction } from './engine.ts'
import { DatabaseError } from './errors.ts'
import { checkParameters } from './parameters.ts'

/** What an engine does for a transaction that has begun. */
export interface TransactionSteps {
  /** Runs a statement in it. */
  run(statement: Statement): Promise<Result>
  /** Keeps what it did; resolves when that is on disk. */
  commit(): Promise<void>
  /** Undoes what it did. */
  rollback(): Promise<void>
}

/** Does work inside of a transaction that has begun, and ends it whatever happens. */
export async function runTransaction<T>(
  steps: TransactionSteps,
  work: (transaction: Transaction) => Promise<T>,
  limitMs: number,
): Promise<T> {
  const running = new RunningTransaction(steps)
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(overdue(limitMs)), limitMs)
    timer.unref()
  })
  try {
    const result = await Promise.race([running.perform(work), limit])
    clearTimeout(timer)
    running.end()
    await steps.commit()
    return result
  } catch (error) {
    clearTimeout(timer)
    running.end()
    await steps.rollback().catch(() => {})
    throw error
  }
}

class RunningTransaction implements Transaction {
  readonly #steps: TransactionSteps
  readonly #open = new Set<Promise<unknown>>()
  #failure: unknown
  #hasEnded = false

  constructor(steps: TransactionSteps) {
    this.#steps = steps
  }

  async run(statement: Statement): Promise<Result> {
    if (this.#hasEnded) {
      throw new DatabaseError('DATABASE_CLOSED', 'The transaction is over. Await each of its statements.')
    }
    if (this.#failure !== undefined) throw aborted(this.#failure)
    const step = this.#step(statement)
    this.#open.add(step)
    try {
      return await step
    } catch (error) {
      this.#failure ??= error
      throw error
    } finally {
      this.#open.delete(step)
    }
  }

  async #step(statement: Statement): Promise<Result> {
    checkParameters([statement])
    return await this.#steps.run(statement)
  }

  /** Does the work, with the statements that it did not wait for. */
  async perform<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const result = await work(this)
    while (this.#open.size > 0) await Promise.allSettled(this.#open)
    if (this.#failure !== undefined) throw aborted(this.#failure)
    return result
  }

  end(): void {
    this.#hasEnded = true
  }
}

function aborted(cause: unknown): DatabaseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const detail = `A statement of this transaction failed, so all of it is undone: ${why}`
  return new DatabaseError('DATABASE_ABORTED', detail, { cause })
}

function overdue(limitMs: number): DatabaseError {
  const detail =
    `A transaction was undone after ${limitMs} ms, in which all other writes waited. Do slow work before it, and write ` +
    'inside of it with its own statements only: any other write waits for its end.'
  return new DatabaseError('DATABASE_TIMEOUT', detail)
}
