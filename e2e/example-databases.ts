import { randomBytes } from 'node:crypto'

import { openEngine } from '@mynah/database/engine'

import { engineKinds } from '../packages/database/test/tables/engines.ts'

/** A database without anything in it. */
export interface EmptyDatabase extends AsyncDisposable {
  readonly url: string
}

/** The kinds of databases that are there. */
export const databaseKinds: typeof engineKinds = engineKinds

/** Makes a database for one test. */
export async function emptyDatabase(kind: (typeof engineKinds)[number]): Promise<EmptyDatabase> {
  if (kind === 'sqlite') return { url: 'sqlite::memory:', [Symbol.asyncDispose]: () => Promise.resolve() }
  const schema = `example_${randomBytes(6).toString('hex')}`
  const server = 'postgres://postgres@127.0.0.1:5432/test'
  await run(server, `create schema ${schema}`)
  return {
    url: `${server}?options=-c%20search_path%3D${schema}`,
    [Symbol.asyncDispose]: () => run(server, `drop schema ${schema} cascade`),
  }
}

async function run(url: string, sql: string): Promise<void> {
  const engine = await openEngine(url)
  await engine.write({ sql, parameters: [] })
  await engine.close()
}
