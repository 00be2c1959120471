import type { Parameter, Row, ValueType } from '../engine/engine.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { declarationText } from '../tables/declaration.ts'
import { type FolderFile, listFiles, readPieces } from './folder-files.ts'
import { lastIdOf, pagesOf } from './pages.ts'
import type { BackupRecord } from './records.ts'
import { type Inventory, type StoredTable, takeInventory } from './stored-tables.ts'

/** Everything that is stored, and what is not among it. */
export interface Dump {
  /** All of it, piece by piece. */
  readonly records: AsyncIterable<BackupRecord>
  /** Names of tables that nobody declared, which are left out. */
  readonly leftOut: readonly string[]
}

/** Reads what is stored. @param folders - Folders that go with it, by the names of their plugins */
export async function dump(
  snapshot: Snapshot,
  folders: ReadonlyMap<string, string> = new Map(),
): Promise<Dump> {
  const inventory = await takeInventory(snapshot.kind, (statement) => snapshot.read(statement))
  return { records: recordsOf(snapshot, inventory, folders), leftOut: inventory.others }
}

async function* recordsOf(
  snapshot: Snapshot,
  { plugins, tables }: Inventory,
  folders: ReadonlyMap<string, string>,
): AsyncGenerator<BackupRecord, void> {
  yield { kind: 'backup', createdAt: new Date().toISOString(), engine: snapshot.kind }
  for (const [name, record] of plugins) {
    const texts = Object.entries(record.tables).map(
      ([table, declaration]) => [table, declarationText(declaration)] as const,
    )
    yield { kind: 'plugin', name, version: record.version, tables: Object.fromEntries(texts) }
  }
  const total = { tables: tables.length, rows: 0, files: 0 }
  for (const table of tables) total.rows += yield* dumpTable(snapshot, table)
  for (const [plugin, folder] of folders) {
    for await (const file of listFiles(folder)) {
      yield* dumpFile(plugin, file)
      total.files += 1
    }
  }
  yield { kind: 'end', ...total }
}

async function* dumpTable(snapshot: Snapshot, table: StoredTable): AsyncGenerator<BackupRecord, number> {
  const columns = Object.entries(table.columns)
  yield { kind: 'table', plugin: table.plugin, name: table.name, columns: columns.map(([name]) => name) }
  let rows = 0
  for await (const page of pagesOf(snapshot, table)) {
    for (const row of page) yield { kind: 'row', cells: cellsOf(columns, row) }
    rows += page.length
  }
  yield { kind: 'table-end', rows, lastId: await lastIdOf(snapshot, table) }
  return rows
}

/** A row as it would be inserted. */
function cellsOf(columns: readonly (readonly [string, ValueType])[], row: Row): Parameter[] {
  return columns.map(([name, type]) => {
    const value = row[name]
    if (value === null || value === undefined) return null
    return type === 'json' ? JSON.stringify(value) : (value as Parameter)
  })
}

async function* dumpFile(plugin: string, file: FolderFile): AsyncGenerator<BackupRecord, void> {
  yield { kind: 'file', plugin, path: file.path }
  let bytes = 0
  for await (const piece of readPieces(file.fullPath)) {
    yield { kind: 'bytes', bytes: piece }
    bytes += piece.length
  }
  yield { kind: 'file-end', bytes }
}
