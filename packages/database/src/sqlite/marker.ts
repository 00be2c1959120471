import { existsSync, writeFileSync } from 'node:fs'

import type { Database } from './driver.ts'
import { ThreadFault } from './thread-fault.ts'

/**
 * A file beside the database that says that there was something in it, so that a bot whose database has gone does not
 * start anew as if nothing had been.
 */
export class Marker {
  readonly #path: string
  readonly #file: string
  #isThere: boolean

  constructor(path: string) {
    this.#path = path
    this.#file = markerOf(path)
    this.#isThere = existsSync(this.#file)
  }

  /** @throws ThreadFault `MISSING` when there was a file, and is none */
  expectFile(): void {
    if (this.#isThere && !existsSync(this.#path)) throw this.#missing('has gone')
  }

  /** @throws ThreadFault `MISSING` when there was something in it, and is nothing */
  expectTables(database: Database): void {
    if (this.#isThere && !hasTables(database)) throw this.#missing('is empty')
  }

  /** Remembers that there is something in it, as soon as there is. */
  remember(database: Database): void {
    if (this.#isThere || !hasTables(database)) return
    try {
      writeFileSync(this.#file, words())
    } catch {
      // What was written stands all the same; the next write tries again.
      return
    }
    this.#isThere = true
  }

  #missing(problem: string): ThreadFault {
    return new ThreadFault(
      `${this.#path} ${problem}, though there was data in it. Bring it back, for example from a backup; or delete ` +
        `${this.#file} to start with an empty database.`,
      'MISSING',
    )
  }
}

/** The file that says so. */
export function markerOf(path: string): string {
  return `${path}.marker`
}

/** Whether there is anything in a file. */
export function hasTables(database: Database): boolean {
  return database.prepare('select 1 from sqlite_schema limit 1').all({}).length > 0
}

function words(): string {
  return (
    `The database beside this file has had data since ${new Date().toISOString()}. While this file is here, the bot\n` +
    'does not start when that data has gone. Delete this file only to start with an empty database.\n'
  )
}
