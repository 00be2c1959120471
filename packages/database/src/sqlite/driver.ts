import { createRequire } from 'node:module'

import type * as sqlitePackage from '@photostructure/sqlite'

import { ThreadFault } from './thread-fault.ts'

/** A value as SQLite stores it. */
export type Stored = string | number | bigint | Uint8Array | null

/** A statement of a {@link Driver}. */
export interface Prepared {
  all(parameters: Record<string, Stored>): Record<string, unknown>[]
  run(parameters: Record<string, Stored>): { readonly changes: number | bigint }
  columns(): readonly { readonly name: string; readonly type: string | null }[]
  setReadBigInts(enabled: boolean): void
}

/** An open file of a {@link Driver}. Its statements do not hold it: whoever lets go of it loses them. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): Prepared
  close(): void
}

/** What `node:sqlite` and `@photostructure/sqlite` have in common. */
export interface Driver {
  readonly DatabaseSync: new (path: string) => Database
}

/** What Node offers, where that is enough; otherwise the package with the same interface. */
export async function loadDriver(): Promise<Driver> {
  return (await nodeDriver()) ?? packageDriver()
}

/** Node has SQLite since 22.13, and tells the types of columns since 22.16. */
async function nodeDriver(): Promise<Driver | undefined> {
  try {
    const driver = await import('node:sqlite')
    return 'columns' in driver.StatementSync.prototype ? driver : undefined
  } catch {
    return undefined
  }
}

/** By `require`, since importing it takes a thread twice as long. */
function packageDriver(): Driver {
  try {
    const driver: typeof sqlitePackage = createRequire(import.meta.url)('@photostructure/sqlite')
    return driver
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ThreadFault(
      `Node ${process.versions.node} has no SQLite that is new enough. Install one with ` +
        `"npm install @photostructure/sqlite", or use Node 22.16 or newer. (${why})`,
      'DRIVER',
    )
  }
}
