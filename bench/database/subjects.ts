import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { type Engine, openEngine } from '@mynah/database/engine'
import { DatabaseSync } from '@photostructure/sqlite'

/** Something that counts keys up in a table, and reads them. */
export interface Subject {
  readonly name: string
  /** Counts a key up; resolves when that is on disk. */
  write(key: string): Promise<unknown>
  /** Reads one row. */
  read(key: string): Promise<unknown>
  close(): Promise<void>
}

const pragmas = 'pragma journal_mode = wal; pragma synchronous = full;'

function upsert(table: string, key: string): string {
  return `insert into ${table} values (${key}, 1) on conflict (id) do update set n = ${table}.n + 1`
}

/** What an engine does, with threads or a server. */
export async function engineSubject(name: string, url: string): Promise<Subject> {
  const engine = await openEngine(url)
  const table = `bench_${randomBytes(4).toString('hex')}`
  await engine.write({ sql: `create table ${table} (id text primary key, n bigint)`, parameters: [] })
  const write = upsert(table, '$1')
  const read = `select n from ${table} where id = $1`
  return {
    name,
    write: (key) => engine.write({ sql: write, parameters: [key] }),
    read: (key) => engine.read({ sql: read, parameters: [key] }),
    close: () => leave(engine, table),
  }
}

async function leave(engine: Engine, table: string): Promise<void> {
  await engine.write({ sql: `drop table ${table}`, parameters: [] })
  await engine.close()
}

/** The driver of the engine, used as its documentation does: on the main thread. */
export function mainThread(folder: string): Subject {
  return onMainThread('same driver, main thread', new DatabaseSync(join(folder, 'main.db')))
}

/** What drivers have in common that work on the thread that asks. */
interface SyncDatabase {
  exec(sql: string): void
  prepare(sql: string): { run(key: string): unknown; get(key: string): unknown }
  close(): void
}

type BetterSqlite = new (path: string) => SyncDatabase

/** The most used driver, where somebody has installed it; `NODE_PATH` may say where. */
export function betterSqlite(folder: string): Subject | undefined {
  let Database: BetterSqlite
  try {
    Database = createRequire(import.meta.url)('better-sqlite3')
  } catch {
    return undefined
  }
  return onMainThread('better-sqlite3, main thread', new Database(join(folder, 'better.db')))
}

function onMainThread(name: string, database: SyncDatabase): Subject {
  database.exec(`${pragmas} create table counts (id text primary key, n bigint)`)
  const write = database.prepare(upsert('counts', '?'))
  const read = database.prepare('select n from counts where id = ?')
  return inTurn(
    name,
    (key) => write.run(key),
    (key) => read.get(key),
    () => database.close(),
  )
}

/** Lets the loop turn after each write, as sockets would between two messages. */
function inTurn(
  name: string,
  write: (key: string) => unknown,
  read: (key: string) => unknown,
  close: () => void,
): Subject {
  return {
    name,
    write(key) {
      write(key)
      return new Promise(setImmediate)
    },
    read(key) {
      return Promise.resolve(read(key))
    },
    close() {
      close()
      return Promise.resolve()
    },
  }
}
