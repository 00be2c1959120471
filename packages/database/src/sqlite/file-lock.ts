import { hostname } from 'node:os'

import type { Database, Driver } from './driver.ts'
import { ThreadFault } from './thread-fault.ts'

const busy = 5

/**
 * Keeps other processes from a file for as long as it is held. It is a lock of the operating system, on a file beside
 * it that says who holds it: it goes away with the process, however that ends.
 */
export class FileLock {
  /** Held here, because the lock goes away with it. */
  readonly #database: Database

  /** @throws ThreadFault `LOCKED`, which names the holder */
  constructor({ DatabaseSync }: Driver, path: string) {
    this.#database = new DatabaseSync(`${path}.lock`)
    try {
      // A journal on disk would be one more file that a kill leaves behind.
      this.#database.exec('pragma journal_mode = memory')
      // Nobody reads it after a power failure.
      this.#database.exec('pragma synchronous = off')
      this.#database.exec('create table if not exists holder (pid integer, host text, since text)')
      this.#database.exec('begin immediate; delete from holder')
      // Not prepared: what is prepared keeps the lock until it is collected, also after a close.
      this.#database.exec(
        `insert into holder values (${process.pid}, ${textOf(hostname())}, ${textOf(since())})`,
      )
      // Others read who holds it while this one has begun to write.
      this.#database.exec('commit; begin immediate')
    } catch (error) {
      const holder = isBusy(error) ? this.#holder() : undefined
      this.#database.close()
      throw holder === undefined ? error : lockedFault(path, holder)
    }
  }

  /** Lets others have the file. */
  release(): void {
    this.#database.close()
  }

  #holder(): string {
    try {
      const [row] = this.#database.prepare('select pid, host, since from holder').all({})
      if (row === undefined) return 'another process'
      const { pid, host, since } = row
      if (host === hostname() && pid === process.pid) return 'this process itself'
      return `process ${String(pid)} on ${String(host)} (since ${String(since)})`
    } catch {
      return 'another process'
    }
  }
}

function since(): string {
  return new Date().toISOString()
}

/** A text as it stands in a statement. */
function textOf(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === busy
}

function lockedFault(path: string, holder: string): ThreadFault {
  return new ThreadFault(
    `${path} is held by ${holder}. Two bots cannot share a file: end that process first, or give this bot a file of its ` +
      'own, or use PostgreSQL.',
    'LOCKED',
  )
}
