import type { MynahError } from '@mynah/core'

import type { BackupContents } from './check.ts'
import { backupError } from './errors.ts'

/** How a database is filled. */
export interface FillOptions {
  /** Whether it may have something in it, which is put aside then. */
  readonly replaces: boolean
  /** Part of the name of what is put aside. */
  readonly stamp: string
  /** Folder of the bot. */
  readonly root: string
}

/** What became of it. */
export interface Filled {
  readonly contents: BackupContents
  /** Where what was there is by now: a file of SQLite, or a backup. */
  readonly aside: string | undefined
}

/** How long all of it may take, in ms: a day. */
export const limitMs: number = 24 * 3_600_000

/** What a database fails with that should be empty. */
export function notEmpty(place: string): MynahError {
  const detail = `${place} has something in it, and was left as it is. Name an empty database, or let it be replaced.`
  return backupError('DATABASE_NOT_EMPTY', detail)
}
