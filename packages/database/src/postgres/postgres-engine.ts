import { setTimeout as sleep } from 'node:timers/promises'

import type { Pool, PoolClient } from 'pg'

import type { Engine, Result, Statement, Transaction, TransactionOptions } from '../engine/engine.ts'
import { closedError, DatabaseError } from '../engine/errors.ts'
import type { Nesting } from '../engine/nesting.ts'
import { checkParameters } from '../engine/parameters.ts'
import { runTransaction } from '../engine/run-transaction.ts'
import { plainStatement } from '../engine/plain-statement.ts'
import { makePool, serverLimits } from './driver.ts'
import { errorOf, inDoubt, isAway, unreachable } from './errors.ts'
import { Limit } from './limit.ts'
import { encode, resultOf } from './values.ts'

/** Options of {@link openPostgres}. */
export interface PostgresOptions {
  /** The address, with its password. */
  readonly url: string
  /** The address without it, for people. */
  readonly place: string
  /** How long a statement or a transaction may take, in ms. */
  readonly transactionMs: number
  /** Tells what runs inside of its transactions. */
  readonly nesting: Nesting
}

const connections = 10
/** How many transactions run at once: what they read beside themselves finds a connection left. */
const maxTransactions = 8
/** How long a server that is away is asked again, for what was surely not done. */
const patienceMs = 5000
const longestDelayMs = 1000
/** How long undoing may take before the connection is closed instead. */
const undoMs = 1000

/** Connects to a server. @throws DatabaseError */
export async function openPostgres(options: PostgresOptions): Promise<Engine> {
  const { url, transactionMs } = options
  const pool = await makePool(url, { connections, transactionMs })
  const engine = new PostgresEngine(pool, options)
  try {
    await engine.read(plainStatement('select 1'))
    return engine
  } catch (error) {
    await engine.close()
    throw error
  }
}

class PostgresEngine implements Engine {
  readonly kind = 'postgres'
  readonly place: string
  readonly nesting: Nesting
  readonly isNew = false
  readonly #pool: Pool
  readonly #transactionMs: number
  /** As many as there are connections, so that nobody waits inside of the pool, which would give up. */
  readonly #limit = new Limit(connections)
  readonly #transactions = new Limit(maxTransactions)
  #closing: Promise<void> | undefined

  constructor(pool: Pool, { place, transactionMs, nesting }: PostgresOptions) {
    this.#pool = pool
    this.place = place
    this.nesting = nesting
    this.#transactionMs = transactionMs
  }

  async read(statement: Statement): Promise<Result> {
    this.#expectOpen()
    checkParameters([statement])
    return await this.#limit.run(() => this.#persist((client) => this.#run(client, statement)))
  }

  async write(...statements: Statement[]): Promise<readonly Result[]> {
    this.#expectOpen()
    checkParameters(statements)
    this.nesting.refuseInside()
    return await this.#limit.run(() => this.#persist((client) => this.#write(client, statements)))
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    { limitMs = this.#transactionMs }: TransactionOptions = {},
  ): Promise<T> {
    this.#expectOpen()
    this.nesting.refuseInside()
    const run = async (): Promise<T> => {
      const client = await this.#persist(async (fresh) => {
        await fresh.query('begin')
        if (limitMs !== this.#transactionMs) await fresh.query(localLimits(limitMs))
        return fresh
      }, false)
      return await this.#using(client, () => this.#runTransaction(client, work, limitMs))
    }
    return await this.#transactions.run(() => this.#limit.run(run))
  }

  async close(): Promise<void> {
    this.#closing ??= this.#transactions
      .idle()
      .then(() => this.#limit.idle())
      .then(() => this.#pool.end())
    await this.#closing
  }

  /**
   * Does something on a connection, and once more while the server is away: what fails with an error of a lost
   * connection was surely not done.
   */
  async #persist<T>(work: (client: PoolClient) => Promise<T>, releases = true): Promise<T> {
    const end = performance.now() + patienceMs
    for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      try {
        const client = await this.#pool.connect()
        if (releases) return await this.#using(client, () => work(client))
        return await work(client).catch((error: unknown) => {
          client.release(true)
          throw error
        })
      } catch (error) {
        if (!isAway(error)) throw errorOf(error, this.place, '')
        if (performance.now() + delayMs > end) throw unreachable(this.place, error)
      }
      await sleep(delayMs)
    }
  }

  /** Gives a connection back afterwards; one that may be lost, or in the middle of something, is closed. */
  async #using<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      client.release()
      return result
    } catch (error) {
      client.release(!(await isClean(client, error)))
      throw error
    }
  }

  async #write(client: PoolClient, statements: readonly Statement[]): Promise<readonly Result[]> {
    const [only] = statements
    if (only === undefined) return []
    if (statements.length === 1) return [await this.#last(this.#run(client, only))]
    await client.query('begin')
    const results: Result[] = []
    for (const statement of statements) results.push(await this.#run(client, statement))
    await this.#commit(client)
    return results
  }

  async #runTransaction<T>(
    client: PoolClient,
    work: (transaction: Transaction) => Promise<T>,
    limitMs: number,
  ): Promise<T> {
    const run = async (statement: Statement): Promise<Result> => {
      try {
        return await this.#run(client, statement)
      } catch (error) {
        throw errorOf(error, this.place, statement.sql)
      }
    }
    const commit = (): Promise<void> => this.#commit(client)
    // A connection is given back outside of any transaction, which also undoes this one.
    const rollback = (): Promise<void> => Promise.resolve()
    return await this.nesting.run(() => runTransaction({ run, commit, rollback }, work, limitMs))
  }

  /** @throws DatabaseError, or what `pg` throws when the connection was lost */
  async #run(client: PoolClient, statement: Statement): Promise<Result> {
    try {
      const { sql, parameters } = statement
      return resultOf(await client.query<Record<string, unknown>>(sql, parameters.map(encode)), statement)
    } catch (error) {
      throw isAway(error) ? error : errorOf(error, this.place, statement.sql)
    }
  }

  /** A constraint that was put off may fail here. */
  async #commit(client: PoolClient): Promise<void> {
    try {
      await this.#last(client.query('commit'))
    } catch (error) {
      throw errorOf(error, this.place, 'commit')
    }
  }

  /** What is kept as soon as the server has it: a connection that is lost now leaves a doubt. */
  async #last<T>(step: Promise<T>): Promise<T> {
    try {
      return await step
    } catch (error) {
      throw isAway(error) ? inDoubt(this.place, error) : error
    }
  }

  #expectOpen(): void {
    if (this.#closing !== undefined) throw closedError(this.place)
  }
}

/** Sets limits of their own for one transaction. */
function localLimits(limitMs: number): string {
  const limits = Object.entries(serverLimits(limitMs))
  return limits.map(([name, ms]) => `set local ${name} = ${ms}`).join('; ')
}

/** Makes a connection ready for the next one, whether or not it was inside of a transaction. */
async function isClean(client: PoolClient, error: unknown): Promise<boolean> {
  if (isAway(error) || (error instanceof DatabaseError && error.code === 'DATABASE_UNREACHABLE')) return false
  // It waits behind a statement that still runs; the server undoes it also when the connection is closed.
  const isUndone = client.query('rollback').then(
    () => true,
    () => false,
  )
  return await Promise.race([isUndone, sleep(undoMs, false, { ref: false })])
}
