import { readBackup } from './backup-file.ts'
import { backupError } from './errors.ts'
import type { BackupEnd, BackupRecord } from './records.ts'

/** How many rows a table has. */
export interface TableCount {
  /** Whose it is; `undefined` for a table of `@mynah/database` itself, such as that of keys. */
  readonly plugin: string | undefined
  /** The name that the plugin gave it. */
  readonly name: string
  readonly rows: number
}

/** What there is in a backup. */
export interface BackupContents {
  /** When it was made. */
  readonly createdAt: Date
  /** What it was made of. */
  readonly engine: 'sqlite' | 'postgres'
  /** Its tables. */
  readonly tables: readonly TableCount[]
  /** Plugins with files of their folders, and how many. */
  readonly files: ReadonlyMap<string, number>
}

/**
 * Reads a backup to its end, to see whether it can be restored.
 *
 * @throws MynahError `BACKUP_FILE` when it cannot be read, `BACKUP_DAMAGED` when it was cut off or changed,
 *   `BACKUP_VERSION` when it is of a newer version
 */
export async function checkBackup(path: string): Promise<BackupContents> {
  const count = new Count()
  for await (const record of readBackup(path)) count.add(record)
  return count.whole()
}

/** Counts what goes by, against what is said of it. */
export class Count {
  readonly #tables: TableCount[] = []
  readonly #files = new Map<string, number>()
  #createdAt: Date | undefined
  #engine: 'sqlite' | 'postgres' = 'sqlite'
  #rows = 0
  #isRight = true
  #end: BackupEnd | undefined

  /** Takes the next record. */
  add(record: BackupRecord): void {
    if (this.#end !== undefined) this.#isRight = false
    if (record.kind === 'backup') {
      this.#createdAt = new Date(record.createdAt)
      this.#engine = record.engine
    } else if (record.kind === 'table') {
      this.#tables.push({ plugin: record.plugin, name: record.name, rows: 0 })
      this.#rows = 0
    } else if (record.kind === 'row') {
      this.#rows += 1
    } else if (record.kind === 'table-end') {
      const table = this.#tables.pop()
      if (table === undefined || record.rows !== this.#rows) this.#isRight = false
      else this.#tables.push({ ...table, rows: record.rows })
    } else if (record.kind === 'file') {
      this.#files.set(record.plugin, (this.#files.get(record.plugin) ?? 0) + 1)
    } else if (record.kind === 'end') {
      this.#end = record
    }
  }

  /** What there was. @throws MynahError `BACKUP_DAMAGED` when it is not what the end says */
  whole(): BackupContents {
    const rows = this.#tables.reduce((sum, table) => sum + table.rows, 0)
    const files = Array.from(this.#files.values()).reduce((sum, count) => sum + count, 0)
    const end = this.#end
    const isWhole = end?.rows === rows && end.tables === this.#tables.length && end.files === files
    if (!isWhole || !this.#isRight || this.#createdAt === undefined)
      throw backupError(
        'BACKUP_DAMAGED',
        'The backup has something else in it than it says. Use another one.',
      )
    return { createdAt: this.#createdAt, engine: this.#engine, tables: this.#tables, files: this.#files }
  }
}
