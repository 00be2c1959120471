import type { Engine, Row, Statement, ValueType } from '../engine/engine.ts'
import type { OwnTable } from '../engine/own-table.ts'
import { plainStatement } from '../engine/plain-statement.ts'
import { outboxTable } from '../outbox/rows.ts'
import { storageTable } from '../storage/rows.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import { readRecords, type SchemaRecord } from '../tables/migrate/record.ts'
import { realTableName } from '../tables/names.ts'

/** The tables of this package itself, but for what it stores of the tables of plugins. */
export const ownTables: readonly OwnTable[] = [storageTable, outboxTable]

/** A table whose rows can be read and written. */
export interface StoredTable {
  /** Whose it is; `undefined` for one of this package. */
  readonly plugin: string | undefined
  /** The name that the plugin gave it. */
  readonly name: string
  /** Its name in the database. */
  readonly realName: string
  readonly columns: Readonly<Record<string, ValueType>>
  /** The column that the database counts up. */
  readonly id: string | undefined
  /** Columns that refer to the table itself. */
  readonly selfReferences: readonly string[]
}

/** What there is in a database. */
export interface Inventory {
  readonly plugins: ReadonlyMap<string, SchemaRecord>
  readonly tables: readonly StoredTable[]
  /** Names of tables that nobody declared. */
  readonly others: readonly string[]
}

/** Looks what is there. @param read - Reads from the database. */
export async function takeInventory(
  kind: Engine['kind'],
  read: (statement: Statement) => Promise<readonly Row[]>,
): Promise<Inventory> {
  const sql =
    kind === 'sqlite'
      ? `select "name" from sqlite_schema where "type" = 'table' and "name" not like 'sqlite\\_%' escape '\\'`
      : 'select "tablename"::text as "name" from pg_tables where "schemaname" = current_schema()'
  const names = new Set((await read(plainStatement(sql))).map((row) => String(row['name'])))
  const plugins = await readRecords(kind, read)
  const declared = Array.from(plugins).flatMap(([plugin, { tables }]) =>
    Object.entries(tables).map(([name, declaration]) => pluginTable(plugin, name, declaration)),
  )
  const own = ownTables.map(ownTable)
  const tables = [...declared, ...own].filter(({ realName }) => names.has(realName))
  const known = new Set(['mynah_schema', ...tables.map(({ realName }) => realName)])
  return { plugins, tables, others: Array.from(names).filter((name) => !known.has(name)) }
}

/** A table of a plugin. */
export function pluginTable(plugin: string, name: string, declaration: TableDeclaration): StoredTable {
  const columns = Object.entries(declaration.columns)
  return {
    plugin,
    name,
    realName: realTableName(plugin, name),
    columns: Object.fromEntries(columns.map(([column, { type }]) => [column, type])),
    id: columns.find(([, column]) => column.id === true)?.[0],
    selfReferences: columns
      .filter(([, { references }]) => references?.table === name)
      .map(([column]) => column),
  }
}

/** A table of this package. */
export function ownTable({ name, columns }: OwnTable): StoredTable {
  return { plugin: undefined, name, realName: name, columns, id: undefined, selfReferences: [] }
}
