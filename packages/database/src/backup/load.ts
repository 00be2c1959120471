import type { Engine, Parameter, Transaction } from '../engine/engine.ts'
import { plainStatement } from '../engine/plain-statement.ts'
import { parseDeclaration, type TableDeclarations } from '../tables/declaration.ts'
import { Ddl } from '../tables/migrate/ddl.ts'
import { lockRecord, recordStatements } from '../tables/migrate/record.ts'
import { quoted } from '../tables/names.ts'
import { type BackupContents, Count } from './check.ts'
import { backupError } from './errors.ts'
import type { BackupRecord, PluginRecord, TableEnd, TableHead } from './records.ts'
import { releaseSelfReferences, restoreSelfReferences, setLastId } from './table-details.ts'
import { ownTable, ownTables, pluginTable, type StoredTable } from './stored-tables.ts'

/** Takes files of plugins. */
export interface FileTaker {
  begin(plugin: string, path: string): Promise<void>
  write(bytes: Uint8Array): Promise<void>
  end(): Promise<void>
}

/** So many rows are inserted by one statement, as long as that is not too many parameters. */
const maxRows = 100
const maxParameters = 5000
/** So many characters and bytes of rows are kept before they are inserted, roughly. */
const maxSize = 2 ** 18

/**
 * Puts everything of a backup into a database that has none of it.
 *
 * @returns What is there now.
 * @throws MynahError `BACKUP_DAMAGED` when less is there than was said; the transaction has to be undone then.
 */
export async function load(
  records: AsyncIterable<BackupRecord>,
  kind: Engine['kind'],
  transaction: Transaction,
  files: FileTaker,
): Promise<BackupContents> {
  const loader = new Loader(kind, transaction, files)
  const count = new Count()
  await loader.begin()
  for await (const record of records) {
    count.add(record)
    await loader.add(record)
  }
  await loader.end()
  return count.whole()
}

class Loader {
  readonly #kind: Engine['kind']
  readonly #transaction: Transaction
  readonly #files: FileTaker
  readonly #plugins = new Map<string, TableDeclarations>()
  readonly #tables: StoredTable[] = []
  #rows: (readonly Parameter[])[] = []
  #size = 0
  #columns: readonly string[] = []

  constructor(kind: Engine['kind'], transaction: Transaction, files: FileTaker) {
    this.#kind = kind
    this.#transaction = transaction
    this.#files = files
  }

  async begin(): Promise<void> {
    if (this.#kind === 'sqlite') await this.#run('pragma defer_foreign_keys = on')
    await lockRecord(this.#kind, this.#transaction, '')
  }

  async add(record: BackupRecord): Promise<void> {
    switch (record.kind) {
      case 'plugin':
        return this.#makeTables(record)
      case 'table':
        return this.#beginTable(record)
      case 'row':
        return this.#addRow(record.cells)
      case 'table-end':
        return this.#endTable(record)
      case 'file':
        return this.#files.begin(record.plugin, record.path)
      case 'bytes':
        return this.#files.write(record.bytes)
      case 'file-end':
        return this.#files.end()
      case 'backup':
      case 'end':
    }
  }

  async end(): Promise<void> {
    for (const statement of restoreSelfReferences(this.#kind, this.#tables)) await this.#run(statement)
  }

  async #makeTables({ name, version, tables }: PluginRecord): Promise<void> {
    const declarations = Object.fromEntries(
      Object.entries(tables).map(([table, text]) => [table, parseDeclaration(text)]),
    )
    this.#plugins.set(name, declarations)
    const ddl = new Ddl(this.#kind, name)
    for (const [table, declaration] of Object.entries(declarations)) {
      for (const statement of ddl.createTable(table, declaration)) await this.#transaction.run(statement)
      for (const statement of releaseSelfReferences(this.#kind, pluginTable(name, table, declaration)))
        await this.#run(statement)
    }
    for (const statement of recordStatements(name, { tables: declarations, version }))
      await this.#transaction.run(statement)
  }

  async #beginTable(head: TableHead): Promise<void> {
    this.#tables.push(await this.#tableOf(head))
    this.#columns = head.columns
  }

  async #tableOf({ plugin, name }: TableHead): Promise<StoredTable> {
    if (plugin !== undefined) {
      const declaration = this.#plugins.get(plugin)?.[name]
      if (declaration !== undefined) return pluginTable(plugin, name, declaration)
    }
    const own = ownTables.find((table) => table.name === name)
    if (plugin !== undefined || own === undefined) {
      const detail = `The backup has a table "${name}" that this version of @mynah/database does not know. Update it.`
      throw backupError('BACKUP_VERSION', detail)
    }
    for (const statement of own.declare(this.#kind)) await this.#transaction.run(statement)
    return ownTable(own)
  }

  async #addRow(cells: readonly Parameter[]): Promise<void> {
    this.#rows.push(cells)
    for (const cell of cells)
      this.#size += typeof cell === 'string' || cell instanceof Uint8Array ? cell.length : 8
    const isFull = this.#rows.length >= maxRows || (this.#rows.length + 1) * cells.length > maxParameters
    if (isFull || this.#size >= maxSize) await this.#insert()
  }

  async #insert(): Promise<void> {
    const table = this.#tables.at(-1)
    const rows = this.#rows
    this.#rows = []
    this.#size = 0
    if (table === undefined || rows.length === 0) return
    const parameters = rows.flat()
    const width = this.#columns.length
    const values = rows.map(
      (_, row) => `(${this.#columns.map((__, at) => `$${row * width + at + 1}`).join(', ')})`,
    )
    const columns = this.#columns.map(quoted).join(', ')
    const sql = `insert into ${quoted(table.realName)} (${columns}) values ${values.join(', ')}`
    await this.#transaction.run({ sql, parameters })
  }

  async #endTable({ rows, lastId }: TableEnd): Promise<void> {
    await this.#insert()
    const table = this.#tables.at(-1)
    if (table === undefined) return
    const { rows: found } = await this.#run(`select count(*) as "count" from ${quoted(table.realName)}`)
    const count = Number(found[0]?.['count'])
    if (count !== rows) {
      const detail = `${table.name} has ${count} rows where ${rows} were written, so nothing was changed.`
      throw backupError('BACKUP_DAMAGED', detail)
    }
    if (lastId !== undefined)
      for (const statement of setLastId(this.#kind, table, BigInt(lastId)))
        await this.#transaction.run(statement)
  }

  async #run(sql: string): ReturnType<Transaction['run']> {
    return this.#transaction.run(plainStatement(sql))
  }
}
