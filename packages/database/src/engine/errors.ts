import { MynahError, type MynahErrorOptions } from '@mynah/core'

declare module '@mynah/core' {
  interface ErrorCodes {
    /** The address of the database cannot be read. */
    DATABASE_ADDRESS: true
    /** The package that speaks with this database is not installed. */
    DATABASE_DRIVER: true
    /** The file cannot be opened, or the server cannot be reached. */
    DATABASE_UNREACHABLE: true
    /** Another process has the file. */
    DATABASE_LOCKED: true
    /** The file has gone, though it held data. */
    DATABASE_MISSING: true
    /** The file is damaged, or no database. */
    DATABASE_CORRUPT: true
    /** There is no room on the disk. */
    DATABASE_FULL: true
    /** A row breaks a rule of its table. */
    DATABASE_CONSTRAINT: true
    /** A statement that the database does not understand. */
    DATABASE_QUERY: true
    /** A value that cannot be stored, or cannot be read as what it should be. */
    DATABASE_VALUE: true
    /** A statement failed before, so the transaction can only be undone. */
    DATABASE_ABORTED: true
    /** Asked of the database inside of a transaction, and not through it. */
    DATABASE_NESTED: true
    /** Others changed the same at the same time. */
    DATABASE_CONFLICT: true
    /** It took too long. */
    DATABASE_TIMEOUT: true
    /** The database, or the transaction, has been closed. */
    DATABASE_CLOSED: true
    /** It failed in another way. */
    DATABASE_FAILED: true
  }
}

/** The codes of a {@link DatabaseError}. */
export type DatabaseErrorCode =
  | 'DATABASE_ADDRESS'
  | 'DATABASE_DRIVER'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_LOCKED'
  | 'DATABASE_MISSING'
  | 'DATABASE_CORRUPT'
  | 'DATABASE_FULL'
  | 'DATABASE_CONSTRAINT'
  | 'DATABASE_QUERY'
  | 'DATABASE_VALUE'
  | 'DATABASE_ABORTED'
  | 'DATABASE_NESTED'
  | 'DATABASE_CONFLICT'
  | 'DATABASE_TIMEOUT'
  | 'DATABASE_CLOSED'
  | 'DATABASE_FAILED'

/** The rule of a table that a row breaks. */
export interface Constraint {
  /** What the rule asks for. */
  readonly kind: 'unique' | 'foreign-key' | 'not-null' | 'check'
  /** The table, where the engine tells it. */
  readonly table: string | undefined
  /** Its columns, where the engine tells them. */
  readonly columns: readonly string[]
}

/** Options of a {@link DatabaseError}. */
export interface DatabaseErrorOptions extends MynahErrorOptions {
  /** Whether what was asked for may have been done all the same. @defaultValue false */
  inDoubt?: boolean
  /** The rule that was broken. */
  constraint?: Constraint
}

/** What a database fails with: the same code for the same fault on every engine. */
export class DatabaseError extends MynahError {
  override readonly name: string = 'DatabaseError'
  /** Whether what was asked for may have been done all the same: the connection was lost while it was committed. */
  readonly inDoubt: boolean
  /** The rule that was broken, with `DATABASE_CONSTRAINT`. */
  readonly constraint: Constraint | undefined

  constructor(code: DatabaseErrorCode, detail: string, options: DatabaseErrorOptions = {}) {
    super(code, detail, options)
    this.inDoubt = options.inDoubt ?? false
    this.constraint = options.constraint
  }
}

const rules: Readonly<Record<Constraint['kind'], (at: string) => string>> = {
  unique: (at) => `There is already a row with this value${at}.`,
  'foreign-key': (at) => `A row refers to one that is not there, or is referred to${at}.`,
  'not-null': (at) => `A value is missing${at}.`,
  check: (at) => `A value is outside of what is allowed${at}.`,
}

/** A row that breaks a rule. */
export function constraintError(constraint: Constraint, cause: unknown): DatabaseError {
  const { table, columns } = constraint
  const names = table === undefined ? columns : columns.map((column) => `${table}.${column}`)
  const place = names.length > 0 ? names.join(', ') : table
  const at = place === undefined ? '' : ` (${place})`
  return new DatabaseError('DATABASE_CONSTRAINT', rules[constraint.kind](at), { constraint, cause })
}

/** What follows a close. */
export function closedError(place: string): DatabaseError {
  return new DatabaseError('DATABASE_CLOSED', `The database ${place} has been closed.`)
}
