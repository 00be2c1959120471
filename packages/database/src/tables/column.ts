import type { ValueType } from '../engine/engine.ts'
import type { ColumnDeclaration, OnDelete } from './declaration.ts'

/** What becomes of a row when the row that it refers to is deleted. */
export interface ReferenceOptions {
  /** Delete it too, forget the reference, or refuse the deletion. @defaultValue refuse */
  onDelete?: OnDelete
}

/**
 * A column of a {@link table}: what it gives, and what may be inserted. Made by {@link t}; every method gives a new
 * column.
 */
export class Column<Select, Insert = Select> {
  /** Only for the compiler. */
  declare readonly types?: { readonly select: Select; readonly insert: Insert }
  /** The column as plain data. */
  readonly declaration: ColumnDeclaration

  constructor(declaration: ColumnDeclaration) {
    this.declaration = declaration
  }

  /** Makes it the primary key. For a key of several columns there is `primaryKey` of {@link table}. */
  primaryKey(): Column<Select, Insert> {
    return new Column({ ...this.declaration, primaryKey: true })
  }

  /** Lets it hold null, which it does where nothing is inserted. */
  nullable(): Column<Select | null, Insert | null | undefined> {
    return new Column({ ...this.declaration, nullable: true })
  }

  /** What it holds where nothing is inserted, and in the rows that are there before the column is. */
  default(value: Select): Column<Select, Insert | undefined> {
    return new Column({ ...this.declaration, default: value })
  }

  /** No two rows hold the same; nulls do not count. */
  unique(): Column<Select, Insert> {
    return new Column({ ...this.declaration, unique: true })
  }

  /**
   * Its values have to be there in another column, such as `'wallets.user'`: a primary key or a unique column of the
   * same plugin.
   */
  references(column: `${string}.${string}`, options: ReferenceOptions = {}): Column<Select, Insert> {
    const [table = '', name = ''] = column.split('.')
    return new Column({ ...this.declaration, references: { table, column: name, ...options } })
  }
}

/** A column of times. */
export class TimeColumn extends Column<Date> {
  /** The time of the insertion where none is inserted. */
  defaultNow(): Column<Date, Date | undefined> {
    return new Column({ ...this.declaration, defaultNow: true })
  }
}

/** The kinds of columns, the same on SQLite and PostgreSQL. */
export interface ColumnTypes {
  /** A number that the database counts up: the primary key. */
  id(): Column<number, undefined>
  /** An integer up to 2^53, as a `number`. */
  int(): Column<number>
  /** An integer of 64 bits, as a `bigint`. */
  bigint(): Column<bigint>
  /** A floating-point number. */
  real(): Column<number>
  /** Text; ordered by code points. */
  text(): Column<string>
  /** True or false. */
  bool(): Column<boolean>
  /** A time to the millisecond. */
  time(): TimeColumn
  /** What JSON can hold, with the type that you give; keys keep their order. */
  json<T>(): Column<T>
  /** Bytes. */
  bytes(): Column<Uint8Array>
}

/**
 * The kinds of columns of a {@link table}.
 *
 * ```ts
 * import { t, table } from '@mynah/database'
 *
 * const wallets = table({ user: t.text().primaryKey(), coins: t.int().default(0) })
 * ```
 */
export const t: ColumnTypes = {
  id: () => new Column<number, undefined>({ type: 'int', id: true, primaryKey: true }),
  int: () => column('int'),
  bigint: () => column('bigint'),
  real: () => column('real'),
  text: () => column('text'),
  bool: () => column('bool'),
  time: () => new TimeColumn({ type: 'time' }),
  json: <T>() => column<T>('json'),
  bytes: () => column('bytes'),
}

function column<T>(type: ValueType): Column<T> {
  return new Column<T>({ type })
}
