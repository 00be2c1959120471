import type { Engine, Row, Statement, Transaction } from '../../engine/engine.ts'
import { plainStatement } from '../../engine/plain-statement.ts'
import {
  declarationText,
  parseDeclaration,
  type TableDeclaration,
  type TableDeclarations,
} from '../declaration.ts'

/** What is stored of the tables of a plugin. */
export interface SchemaRecord {
  /** The declarations that the tables have, by name; none for a plugin that has no tables yet. */
  readonly tables: TableDeclarations
  /** The newest numbered step that they have behind them; 1 before all steps. */
  readonly version: number
}

const select = 'select "plugin", "name", "declaration", "version" from "mynah_schema"'
const order = 'order by "plugin", "position"'

/** What is stored of one plugin; `undefined` when nothing is stored of any. */
export async function readRecord(engine: Engine, plugin: string): Promise<SchemaRecord | undefined> {
  try {
    const { rows } = await engine.read(selectRecord(plugin))
    return recordOf(rows)
  } catch {
    // The first of all migrations makes the table; where more is wrong than that it is missing, it fails, too.
    return undefined
  }
}

/** The same inside of a transaction, which keeps other processes out until it ends. */
export async function lockRecord(
  kind: Engine['kind'],
  transaction: Transaction,
  plugin: string,
): Promise<SchemaRecord> {
  if (kind === 'postgres') await transaction.run(plainStatement(`select pg_advisory_xact_lock(${lock})`))
  await transaction.run(plainStatement(create(kind)))
  const { rows } = await transaction.run(selectRecord(plugin))
  return recordOf(rows)
}

/** Any number that no other program takes: "mynah" in ASCII. */
const lock = 0x6d_79_6e_61_68

function create(kind: Engine['kind']): string {
  const integer = kind === 'sqlite' ? 'INTEGER' : 'bigint'
  const columns = [
    '"plugin" text not null',
    '"name" text not null',
    '"declaration" text not null',
    `"version" ${integer} not null`,
    `"position" ${integer} not null`,
    'primary key ("plugin", "name")',
  ]
  return `create table if not exists "mynah_schema" (${columns.join(', ')})`
}

function selectRecord(plugin: string): Statement {
  return { sql: `${select} where "plugin" = $1 ${order}`, parameters: [plugin] }
}

function recordOf(rows: readonly Row[]): SchemaRecord {
  const tables = rows.map(
    (row) => [String(row['name']), parseDeclaration(String(row['declaration']))] as const,
  )
  const versions = rows.map((row) => Number(row['version']))
  return { tables: Object.fromEntries(tables), version: Math.max(1, ...versions) }
}

/** The statements that store a record in the place of what was there. */
export function recordStatements(plugin: string, { tables, version }: SchemaRecord): Statement[] {
  const rows = Object.entries(tables).map(([name, declaration], position) => ({
    sql: 'insert into "mynah_schema" ("plugin", "name", "declaration", "version", "position") values ($1, $2, $3, $4, $5)',
    parameters: [plugin, name, declarationText(declaration), version, position],
  }))
  return [{ sql: 'delete from "mynah_schema" where "plugin" = $1', parameters: [plugin] }, ...rows]
}

/** A table of a plugin, as it is stored. */
export interface StoredTable {
  /** The plugin's place in the bot, such as `dice` or `dice:second`. */
  readonly plugin: string
  /** The name that the plugin gave it. */
  readonly name: string
  /** What it holds. */
  readonly declaration: TableDeclaration
}

/** Everything that is stored, by plugin. @param read - Reads from the database. */
export async function readRecords(
  kind: Engine['kind'],
  read: (statement: Statement) => Promise<readonly Row[]>,
): Promise<ReadonlyMap<string, SchemaRecord>> {
  const known =
    kind === 'sqlite'
      ? `select 1 as found from sqlite_master where name = 'mynah_schema'`
      : `select 1 as found where to_regclass('mynah_schema') is not null`
  if ((await read(plainStatement(known))).length === 0) return new Map()
  const rows = await read(plainStatement(`${select} ${order}`))
  const plugins = new Set(rows.map((row) => String(row['plugin'])))
  const own = (plugin: string): Row[] => rows.filter((row) => row['plugin'] === plugin)
  return new Map(Array.from(plugins, (plugin) => [plugin, recordOf(own(plugin))] as const))
}
