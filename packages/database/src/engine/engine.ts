import type { Nesting } from './nesting.ts'

/** What a column holds, the same on every engine; `bytes` are a `Uint8Array`, `time` is a `Date`. */
export type ValueType = 'int' | 'bigint' | 'real' | 'text' | 'bool' | 'time' | 'json' | 'bytes'

/** What may stand for a parameter. What JSON can hold stands for a `json` column as its text. */
export type Parameter = string | number | bigint | boolean | Date | Uint8Array | null

/** One statement of SQL. */
export interface Statement {
  /** Text with `$1`, `$2` … for the parameters, in the words that SQLite and PostgreSQL share. */
  readonly sql: string
  /** Values for them, in order. */
  readonly parameters: readonly Parameter[]
  /**
   * What columns of the result hold, by name: those that are no columns of a table, such as `max(time)`, and those of
   * type `bigint`, which PostgreSQL does not tell from `int`.
   */
  readonly types?: Readonly<Record<string, ValueType>>
}

/** A row by the names of its columns; values are those of {@link ValueType}. */
export type Row = Readonly<Record<string, unknown>>

/** What a statement did. */
export interface Result {
  /** What it read or returned; empty for statements without either. */
  readonly rows: readonly Row[]
  /** How many rows it inserted, changed or deleted. */
  readonly changes: number
}

/** Statements that stand or fall together, one after the other. */
export interface Transaction {
  /**
   * Runs one statement.
   *
   * @throws DatabaseError; the transaction can only be undone then.
   */
  run(statement: Statement): Promise<Result>
}

/** Options of a transaction. */
export interface TransactionOptions {
  /** How long it may take before it is undone, in ms. @defaultValue that of the engine, 30_000 */
  readonly limitMs?: number | undefined
}

/**
 * A database, whatever stores it. Await a statement before you ask for the next one where their order matters: what is
 * asked for at once runs at once where the engine can.
 */
export interface Engine {
  /** Whose SQL it speaks where the two differ. */
  readonly kind: 'sqlite' | 'postgres'
  /** Where it is, for people: a path or an address, without a password. */
  readonly place: string
  /** Tells what runs inside of its transactions, so that nothing waits for its own end. */
  readonly nesting: Nesting
  /** Whether nothing was ever stored there, which is known without opening it: reading finds nothing then. */
  readonly isNew: boolean
  /** Reads; sees everything whose {@link write} or {@link transaction} has resolved. @throws DatabaseError */
  read(statement: Statement): Promise<Result>
  /**
   * Writes statements that stand or fall together. Resolves when they are on disk. Writes of others may share the
   * same commit, which none of them can tell.
   *
   * @throws DatabaseError; nothing of it was written then.
   */
  write(...statements: Statement[]): Promise<readonly Result[]>
  /**
   * Runs work that reads and writes in turn; no other write comes in between. Resolves when it is on disk. Inside of it,
   * whatever else writes here is refused at once with `DATABASE_NESTED`.
   *
   * @throws What the work throws, or DatabaseError; nothing of it was written then.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Writes what was asked for, then closes. */
  close(): Promise<void>
}
