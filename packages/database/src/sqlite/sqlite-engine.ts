import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { Engine, Result, Statement, Transaction, TransactionOptions } from '../engine/engine.ts'
import { closedError, DatabaseError } from '../engine/errors.ts'
import type { Nesting } from '../engine/nesting.ts'
import { checkParameters } from '../engine/parameters.ts'
import { runTransaction } from '../engine/run-transaction.ts'
import { realFile } from './real-file.ts'
import { ThreadClient } from './thread-client.ts'
import { WriterTurns } from './writer-turns.ts'

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  /** How long a transaction may hold the writer, in ms. */
  readonly transactionMs: number
  /** Tells what runs inside of its transactions. */
  readonly nesting: Nesting
}

/** Opens a file, which is made where it is not there, or `:memory:`. @throws DatabaseError */
export async function openSqlite(path: string, options: SqliteOptions): Promise<Engine> {
  if (path !== ':memory:') await makeFolder(dirname(path))
  const engine = new SqliteEngine(path, await realFile(path), options)
  try {
    await engine.open()
    return engine
  } catch (error) {
    await engine.close().catch(() => {})
    throw error
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    const detail = `The folder ${folder} of the database cannot be made. Check that the bot may write there.`
    throw new DatabaseError('DATABASE_UNREACHABLE', detail, { cause })
  }
}

/** A thread that writes, with one commit for all that waits, and one that reads. */
class SqliteEngine implements Engine {
  readonly kind = 'sqlite'
  readonly place: string
  readonly nesting: Nesting
  readonly isNew = false
  readonly #transactionMs: number
  readonly #writer: ThreadClient
  readonly #reader: ThreadClient
  readonly #turns = new WriterTurns()
  #isReaderReady = false
  #closing: Promise<void> | undefined

  /**
   * @param place - The path as it was written.
   * @param path - Where the file is.
   */
  constructor(place: string, path: string, { transactionMs, nesting }: SqliteOptions) {
    this.place = place
    this.nesting = nesting
    this.#transactionMs = transactionMs
    this.#writer = new ThreadClient({ path, role: 'writer' })
    // What is in memory belongs to one connection.
    this.#reader = path === ':memory:' ? this.#writer : new ThreadClient({ path, role: 'reader' })
  }

  async open(): Promise<void> {
    await this.#writer.request({ kind: 'open' })
  }

  async read(statement: Statement): Promise<Result> {
    this.#expectOpen()
    checkParameters([statement])
    if (this.#isReaderReady || !this.#startReader()) {
      return first(await this.#reader.request({ kind: 'read', statement }))
    }
    // The one connection may be inside of a transaction.
    this.nesting.refuseInside()
    return first(await this.#turns.share(() => this.#writer.request({ kind: 'read', statement })))
  }

  /** @returns Whether the writer reads meanwhile: nobody has to wait for the start of another thread. */
  #startReader(): boolean {
    if (this.#reader === this.#writer) return true
    if (!this.#reader.hasStarted) void this.#awaitReader()
    return this.#turns.isFree
  }

  async #awaitReader(): Promise<void> {
    try {
      await this.#reader.request({ kind: 'open' })
      this.#isReaderReady = true
    } catch {
      // Whoever reads next starts another.
    }
  }

  async write(...statements: Statement[]): Promise<readonly Result[]> {
    this.#expectOpen()
    checkParameters(statements)
    this.nesting.refuseInside()
    const results = await this.#turns.share(() => this.#writer.request({ kind: 'write', statements }))
    if (statements.some(changesTables)) await this.#forget()
    return results
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    { limitMs = this.#transactionMs }: TransactionOptions = {},
  ): Promise<T> {
    this.#expectOpen()
    this.nesting.refuseInside()
    return await this.#turns.hold(() => this.#runTransaction(work, limitMs))
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async #close(): Promise<void> {
    await this.#turns.hold(() => Promise.resolve())
    if (this.#reader !== this.#writer) await this.#reader.close()
    await this.#writer.close()
  }

  async #runTransaction<T>(work: (transaction: Transaction) => Promise<T>, limitMs: number): Promise<T> {
    await this.#writer.request({ kind: 'begin' })
    let hasChangedTables = false
    const run = async (statement: Statement): Promise<Result> => {
      hasChangedTables ||= changesTables(statement)
      return first(await this.#writer.request({ kind: 'step', statement }))
    }
    const end = async (kind: 'commit' | 'rollback'): Promise<void> => {
      await this.#writer.request({ kind })
      if (hasChangedTables) await this.#forget()
    }
    const steps = { run, commit: () => end('commit'), rollback: () => end('rollback') }
    return await this.nesting.run(() => runTransaction(steps, work, limitMs))
  }

  /** Lets go of the statements that know the columns of before. */
  async #forget(): Promise<void> {
    await this.#writer.request({ kind: 'forget' })
    if (this.#reader.hasStarted) await this.#reader.request({ kind: 'forget' })
  }

  #expectOpen(): void {
    if (this.#closing !== undefined) throw closedError(this.place)
  }
}

function first([result]: readonly Result[]): Result {
  return result ?? { rows: [], changes: 0 }
}

function changesTables({ sql }: Statement): boolean {
  return /^\s*(?:create|alter|drop)\b/i.test(sql)
}
