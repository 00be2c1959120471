import type { Result, Statement, ValueType } from '../engine/engine.ts'
import type { Database, Driver, Prepared, Stored } from './driver.ts'
import { FileLock } from './file-lock.ts'
import { Marker } from './marker.ts'
import { finishRestore } from './pending-restore.ts'
import type { ThreadData } from './protocol.ts'
import { decoderOf, encode } from './values.ts'

interface Cached {
  readonly prepared: Prepared
  /** Its columns with the types that they were declared with. */
  readonly columns: ReturnType<Prepared['columns']>
  /** Whether the rows that it gives are those that it changed. */
  readonly changesRows: boolean
}

const mostStatements = 500

/** A statement that gives the rows which it changed. */
const changing = /^\s*(?:insert|update|delete|replace|with)\b[\s\S]*\breturning\b/i

/** How long one thread waits for the other, which only meet while the file is made. */
const busyMs = 10_000

/** An open file, and the statements that were prepared for it. */
export class Connection {
  /** Held here because statements do not hold it. */
  readonly #database: Database
  readonly #statements = new Map<string, Cached>()

  readonly #isReader: boolean
  readonly #lock: FileLock | undefined
  readonly #marker: Marker | undefined

  constructor(driver: Driver, { path, role }: ThreadData) {
    if (role === 'writer' && path !== ':memory:') {
      this.#lock = new FileLock(driver, path)
      this.#marker = new Marker(path)
    }
    if (role === 'writer') finishRestore(path)
    this.#marker?.expectFile()
    this.#database = new driver.DatabaseSync(path)
    // First of all: making a file WAL locks it, and two threads may do so at once.
    this.#database.exec(`pragma busy_timeout = ${busyMs}`)
    this.#database.exec('pragma journal_mode = wal')
    this.#database.exec('pragma synchronous = full')
    this.#database.exec('pragma foreign_keys = on')
    this.#isReader = role === 'reader'
    if (this.#isReader) this.#database.exec('pragma query_only = on')
    this.#marker?.expectTables(this.#database)
    this.remember()
  }

  /** Remembers beside the file that there is something in it, as soon as there is. */
  remember(): void {
    this.#marker?.remember(this.#database)
  }

  /** Runs what has neither parameters nor rows. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** Runs one statement, which may not write. */
  read(statement: Statement): Result {
    if (this.#isReader) return this.run(statement)
    this.#database.exec('pragma query_only = on')
    try {
      return this.run(statement)
    } finally {
      this.#database.exec('pragma query_only = off')
    }
  }

  /** Runs one statement. */
  run({ sql, parameters, types }: Statement): Result {
    const { prepared, columns, changesRows } = this.#prepare(sql)
    const stored: Record<string, Stored> = {}
    for (let index = 0; index < parameters.length; index += 1) {
      const value = parameters[index]
      if (value !== undefined) stored[`$${index + 1}`] = encode(value)
    }
    if (columns.length === 0) return { rows: [], changes: Number(prepared.run(stored).changes) }
    const rows = prepared.all(stored)
    for (const row of rows) decode(row, columns, types)
    return { rows, changes: changesRows ? rows.length : 0 }
  }

  /** Forgets all statements, and the tables as they were: what was prepared before tells old columns. */
  forget(): void {
    this.#statements.clear()
    // A connection only looks for changes of tables when it runs something.
    this.#database.exec('select 1 from sqlite_schema limit 1')
  }

  /** Closes the file; what is in the WAL goes into it when this is the last connection. */
  close(): void {
    this.#statements.clear()
    this.#database.close()
    this.#lock?.release()
  }

  #prepare(sql: string): Cached {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const prepared = this.#database.prepare(sql)
    prepared.setReadBigInts(true)
    const cached = { prepared, columns: prepared.columns(), changesRows: changing.test(sql) }
    if (this.#statements.size >= mostStatements) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest)
        break
      }
    }
    this.#statements.set(sql, cached)
    return cached
  }
}

function decode(
  row: Record<string, unknown>,
  columns: Cached['columns'],
  types: Readonly<Record<string, ValueType>> | undefined,
): void {
  for (const { name, type } of columns) row[name] = decoderOf(types?.[name], type)(row[name], name)
}
