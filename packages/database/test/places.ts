import { randomBytes } from 'node:crypto'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import type { Engine } from '../src/engine/engine.ts'
import { openEngine } from '../src/engine/open.ts'

/** A database for one suite. */
export interface Place {
  readonly url: string
  remove(): Promise<void>
}

/** A file that is not there yet, in a folder `data` that is not there either. */
export interface FilePlace extends Place {
  readonly file: string
  /** The folder that `data` will be in. */
  readonly folder: string
}

/** A file in a folder of its own. */
export async function sqliteFile(): Promise<FilePlace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mynah-')))
  const file = join(folder, 'data', 'bot.db')
  return {
    url: `sqlite:${file}`,
    file,
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Nothing but memory. */
export function sqliteMemory(): Promise<Place> {
  return Promise.resolve({ url: 'sqlite::memory:', remove: () => Promise.resolve() })
}

/** A server that the tests may use. */
export const server = 'postgres://postgres@127.0.0.1:5432/test'

async function isThere(): Promise<boolean> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch (error) {
    if (process.env['CI'] === 'true') throw error
    return false
  }
}

/** A schema of its own on a server, so that runs do not meet. */
export async function inSchema(): Promise<Place> {
  const schema = `engine_${randomBytes(6).toString('hex')}`
  const ask = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await ask(`create schema ${schema}`)
  return {
    url: `${server}?options=${encodeURIComponent(`-c search_path=${schema}`)}`,
    remove: () => ask(`drop schema ${schema} cascade`),
  }
}

/** Whether it is there. */
export const hasServer: boolean = await isThere()

/** What a report says where it is not. */
export const skipReason: string = hasServer ? '' : ' (skipped: no server at 127.0.0.1:5432)'

/** Both engines, as far as they are there. */
export const engineKinds: readonly Engine['kind'][] = hasServer ? ['sqlite', 'postgres'] : ['sqlite']

/** An engine without any table, whose data goes when it is closed. */
export async function emptyEngine(kind: Engine['kind']): Promise<Engine> {
  const place = await (kind === 'sqlite' ? sqliteMemory() : inSchema())
  const engine = await openEngine(place.url)
  return engineWith(engine, {
    close: async () => {
      await engine.close()
      await place.remove()
    },
  })
}

/** An engine that does some things in another way. */
export function engineWith(engine: Engine, ways: Partial<Engine>): Engine {
  return {
    kind: engine.kind,
    place: engine.place,
    nesting: engine.nesting,
    isNew: engine.isNew,
    read: (statement) => engine.read(statement),
    write: (...statements) => engine.write(...statements),
    transaction: (work, options) => engine.transaction(work, options),
    close: () => engine.close(),
    ...ways,
  }
}
