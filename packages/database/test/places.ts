import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import type { Place } from './engine-contract.ts'

/** A file in a folder of its own. */
export async function sqliteFile(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'mynah-'))
  return {
    url: `sqlite:${join(folder, 'data', 'bot.db')}`,
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
