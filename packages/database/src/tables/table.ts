import type { ColumnType, Selectable, Updateable, Insertable } from 'kysely'

import type { Column } from './column.ts'
import type { TableDeclaration } from './declaration.ts'

/** Columns by name. */
export type Columns = Readonly<Record<string, Column<unknown, unknown>>>

/** What concerns several columns of a {@link table}. */
export interface TableOptions<Name extends string> {
  /** A primary key of several columns. */
  primaryKey?: readonly Name[]
  /** Columns that together are in no two rows the same. */
  unique?: readonly (readonly Name[])[]
  /** Columns that are looked up or sorted by together. */
  index?: readonly (readonly Name[])[]
}

/** A declared table; made by {@link table}. */
export interface Table<C extends Columns = Columns> {
  /** The columns as they were written. */
  readonly columns: C
  /** The table as plain data. */
  readonly declaration: TableDeclaration
}

/** Tables by name, as a plugin declares them. */
export type Tables = Readonly<Record<string, Table>>

type KyselyColumn<C> =
  C extends Column<infer Select, infer Insert> ? ColumnType<Select, Insert, Select> : never

/** The columns of a table as Kysely wants them. */
export type TableColumns<T extends Table> = {
  [Name in keyof T['columns']]: KyselyColumn<T['columns'][Name]>
}

/** The tables of a plugin as Kysely wants them. */
export type DB<T extends Tables> = { [Name in keyof T]: TableColumns<T[Name]> }

/** A row as it is read. */
export type Row<T extends Table> = Selectable<TableColumns<T>>

/** A row to insert: columns with a default, and those that may be null, can be left out. */
export type NewRow<T extends Table> = Insertable<TableColumns<T>>

/** Columns to change. */
export type RowUpdate<T extends Table> = Updateable<TableColumns<T>>

/**
 * Declares a table. The types of all queries come from it, and the table in the database.
 *
 * ```ts
 * import { t, table, type Row } from '@mynah/database'
 *
 * const ledger = table(
 *   {
 *     id: t.id(),
 *     user: t.text().references('wallets.user', { onDelete: 'cascade' }),
 *     delta: t.int(),
 *     at: t.time().defaultNow(),
 *   },
 *   { index: [['user', 'at']] },
 * )
 * type Entry = Row<typeof ledger>
 * ```
 */
export function table<C extends Columns>(columns: C, options: TableOptions<keyof C & string> = {}): Table<C> {
  const entries = Object.entries(columns).map(([name, column]) => [name, column.declaration] as const)
  const keys = entries.filter(([, column]) => column.primaryKey === true).map(([name]) => name)
  const declaration: TableDeclaration = {
    columns: Object.fromEntries(entries),
    primaryKey: options.primaryKey ?? keys,
    unique: options.unique ?? [],
    index: options.index ?? [],
  }
  return { columns, declaration }
}
