import { resolve } from 'node:path'

import { type Address, parseAddress } from '../engine/address.ts'
import { DatabaseError } from '../engine/errors.ts'
import { baseOf, folderOf } from '../folders.ts'
import { realFile } from '../sqlite/real-file.ts'
import { readBackup, writeBackup } from './backup-file.ts'
import { type BackupContents, checkBackup, Count } from './check.ts'
import { dump } from './dump.ts'
import type { Filled } from './fill.ts'
import { fillPostgres } from './fill-postgres.ts'
import { fillSqlite, withLock } from './fill-sqlite.ts'
import type { BackupRecord } from './records.ts'
import { openSnapshot } from './snapshot.ts'
import { stampNow } from './stamp.ts'

/** Options of {@link backup}. */
export interface BackupOptions {
  /** The address of the database, as in the config. */
  readonly from: string
  /** The file to write, which is not there yet. */
  readonly to: string
  /** Plugins whose folders (`ctx.storage.folder()`) go with it, by the names that they have in the config. @defaultValue none */
  readonly folders?: readonly string[] | undefined
  /** Folder of the bot, which relative paths start from. @defaultValue the working directory */
  readonly folder?: string | undefined
}

/** What {@link backup} wrote. */
export interface BackupResult extends BackupContents {
  /** Names of tables that no plugin declared, which are not in it. */
  readonly leftOut: readonly string[]
}

/** Options of {@link restore}. */
export interface RestoreOptions {
  /** The file that {@link backup} wrote. */
  readonly from: string
  /** The address of the database, as in the config. */
  readonly to: string
  /** Whether a database with something in it is put aside. @defaultValue false, which refuses it */
  readonly replace?: boolean | undefined
  /** Folder of the bot, which relative paths start from. @defaultValue the working directory */
  readonly folder?: string | undefined
}

/** What {@link restore} did. */
export interface RestoreResult extends BackupContents {
  /**
   * Where what was there is by now: a file of SQLite, or a backup of what a server had. `undefined` where there was
   * nothing. Folders that were replaced are beside the new ones, with `.before-restore-` and the time in their names.
   */
  readonly aside: string | undefined
}

/** Options of {@link move}. */
export interface MoveOptions {
  /** The address of the database that is there. */
  readonly from: string
  /** The address of an empty one. */
  readonly to: string
  /** Folder of the bot, which relative paths start from. @defaultValue the working directory */
  readonly folder?: string | undefined
}

/**
 * Copies everything that a bot has stored into one file, as it is at one moment, while the bot goes on: tables, keys,
 * durable messages, and folders where asked. It can be restored into SQLite and into PostgreSQL.
 *
 * @throws DatabaseError when the database cannot be read
 * @throws MynahError `BACKUP_FILE` when the file is there already, or cannot be written
 */
export async function backup({ from, to, folders = [], folder }: BackupOptions): Promise<BackupResult> {
  const { address, root } = placeOf(from, folder)
  const base = baseOf(address, root)
  const paths = new Map(folders.map((plugin) => [plugin, folderOf(base, plugin)]))
  const snapshot = await openSnapshot(address)
  const count = new Count()
  try {
    const { records, leftOut } = await dump(snapshot, paths)
    await writeBackup(resolve(root, to), counted(records, count))
    return { ...count.whole(), leftOut }
  } finally {
    await snapshot.close()
  }
}

/**
 * Makes a database what it was when {@link backup} was called. The backup is checked first. Stop the bot before. What
 * was there is put aside; whatever goes wrong, and wherever the process is killed, afterwards there is either all of
 * the old or all of the new. On PostgreSQL, folders follow after everything else.
 *
 * @throws MynahError `BACKUP_FILE`, `BACKUP_DAMAGED` or `BACKUP_VERSION` as {@link checkBackup} does, `DATABASE_NOT_EMPTY`
 * @throws DatabaseError `DATABASE_LOCKED` while a bot has the file, or when the database cannot be written
 */
export async function restore({ from, to, replace = false, folder }: RestoreOptions): Promise<RestoreResult> {
  const { address, root } = placeOf(to, folder)
  const file = resolve(root, from)
  await checkBackup(file)
  const { contents, aside } = await fill(address, readBackup(file), root, replace)
  return { ...contents, aside }
}

/**
 * Copies everything from one database into another, which is empty: from SQLite to PostgreSQL, or any other way. Stop the
 * bot before. Rows are counted on both sides; the old database stays as it is, and so do folders of plugins.
 *
 * @returns What is in the new one.
 * @throws MynahError `DATABASE_NOT_EMPTY`
 * @throws DatabaseError `DATABASE_LOCKED` while a bot has one of the files, or when one of them cannot be used
 */
export async function move({ from, to, folder }: MoveOptions): Promise<BackupResult> {
  const { address: source, root } = placeOf(from, folder)
  const { address: target } = placeOf(to, folder)
  const run = async (): Promise<BackupResult> => {
    const snapshot = await openSnapshot(source)
    try {
      const { records, leftOut } = await dump(snapshot)
      const { contents } = await fill(target, records, root, false)
      return { ...contents, leftOut }
    } finally {
      await snapshot.close()
    }
  }
  if (source.kind === 'postgres') return await run()
  await (await openSnapshot(source)).close()
  return await withLock(await realFile(source.path), run)
}

function placeOf(url: string, folder = process.cwd()): { readonly address: Address; readonly root: string } {
  const address = parseAddress(url, folder)
  if (address.place !== ':memory:') return { address, root: folder }
  const detail =
    'sqlite::memory: ends with its process, so there is nothing to copy. Name a file or a server.'
  throw new DatabaseError('DATABASE_ADDRESS', detail)
}

function fill(
  address: Address,
  records: AsyncIterable<BackupRecord>,
  root: string,
  replaces: boolean,
): Promise<Filled> {
  const options = { replaces, root, stamp: stampNow() }
  if (address.kind === 'postgres') return fillPostgres(address, records, options)
  return fillSqlite(address.path, records, options)
}

async function* counted(
  records: AsyncIterable<BackupRecord>,
  count: Count,
): AsyncGenerator<BackupRecord, void> {
  for await (const record of records) {
    count.add(record)
    yield record
  }
}
