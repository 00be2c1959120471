import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { Nesting } from '../engine/nesting.ts'
import { type Driver, loadDriver } from '../sqlite/driver.ts'
import { errorOf } from '../sqlite/errors.ts'
import { FileLock } from '../sqlite/file-lock.ts'
import { hasTables } from '../sqlite/marker.ts'
import { decideRestore, finishRestore, stagedFile, stagingOf } from '../sqlite/pending-restore.ts'
import { realFile } from '../sqlite/real-file.ts'
import { openSqlite } from '../sqlite/sqlite-engine.ts'
import { faultOf, ThreadFault } from '../sqlite/thread-fault.ts'
import type { BackupContents } from './check.ts'
import { type Filled, type FillOptions, limitMs, notEmpty } from './fill.ts'
import { load } from './load.ts'
import type { BackupRecord } from './records.ts'
import { StagedFiles } from './staged-files.ts'

/** Makes a file of records and puts it in its place, all at once. @throws DatabaseError or MynahError */
export async function fillSqlite(
  place: string,
  records: AsyncIterable<BackupRecord>,
  options: FillOptions,
): Promise<Filled> {
  await mkdir(dirname(place), { recursive: true })
  const path = await realFile(place)
  return await withLock(path, async (driver) => {
    finishRestore(path)
    const isEmpty = look(driver, path)
    if (!isEmpty && !options.replaces) throw notEmpty(place)
    const staging = stagingOf(path)
    await rm(staging, { recursive: true, force: true })
    await mkdir(staging)
    const files = new StagedFiles(join(staging, 'folders'))
    try {
      const contents = await fillStaged(staging, records, files)
      const aside = `${path}.before-restore-${options.stamp}`
      decideRestore(staging, { aside, folders: files.swaps(dirname(place), options.stamp) })
      finishRestore(path)
      return { contents, aside: isEmpty ? undefined : aside }
    } catch (error) {
      await files.close()
      await rm(staging, { recursive: true, force: true })
      throw error
    }
  })
}

/** Keeps bots from a file while something is done with it. @throws DatabaseError `DATABASE_LOCKED` */
export async function withLock<T>(path: string, work: (driver: Driver) => Promise<T>): Promise<T> {
  try {
    const driver = await loadDriver()
    const lock = new FileLock(driver, path)
    return await work(driver).finally(() => lock.release())
  } catch (error) {
    throw error instanceof ThreadFault || isSqlite(error) ? errorOf(faultOf(error), path) : error
  }
}

async function fillStaged(
  staging: string,
  records: AsyncIterable<BackupRecord>,
  files: StagedFiles,
): Promise<BackupContents> {
  const engine = await openSqlite(stagedFile(staging), { transactionMs: limitMs, nesting: new Nesting() })
  try {
    return await engine.transaction((transaction) => load(records, 'sqlite', transaction, files))
  } finally {
    await engine.close()
  }
}

/** Looks whether there is anything in a file, and puts into it what was written beside it. */
function look({ DatabaseSync }: Driver, path: string): boolean {
  if (!existsSync(path)) return true
  const database = new DatabaseSync(path)
  try {
    const [row] = database.prepare('pragma journal_mode = delete').all({})
    if (row?.['journal_mode'] !== 'delete') {
      throw new ThreadFault(`${path} is being read by another program. End it first.`, 'LOCKED')
    }
    return !hasTables(database)
  } catch (error) {
    // It is put aside as it is.
    if (isSqlite(error) && damages.has(error.errcode & 0xff)) return false
    throw error
  } finally {
    database.close()
  }
}

/** Codes of files that are damaged, or no databases. */
const damages = new Set([11, 26])

function isSqlite(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
}
