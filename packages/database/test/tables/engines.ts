import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

import { describe, it } from 'vitest'

import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'

const place = { host: '127.0.0.1', port: 5432 }
const url = `postgres://postgres@${place.host}:${place.port}/test`

/** Whether there is a PostgreSQL to test with. */
function hasPostgres(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place)
    const answer = (is: boolean): void => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
  })
}

const postgres = await hasPostgres()

/** Both engines, as far as they are there. */
export const engineKinds: readonly Engine['kind'][] = postgres ? ['sqlite', 'postgres'] : ['sqlite']

/** Opens an engine without any table; close it. */
export function emptyEngine(kind: Engine['kind']): Promise<Engine> {
  return kind === 'sqlite' ? openEngine('sqlite::memory:') : emptyPostgres()
}

/** A schema of its own, which goes when it is closed. */
async function emptyPostgres(): Promise<Engine> {
  const schema = `tables_${randomBytes(6).toString('hex')}`
  const engine = await openEngine(`${url}?options=-c%20search_path%3D${schema}`)
  await engine.write({ sql: `create schema ${schema}`, parameters: [] })
  return {
    kind: engine.kind,
    place: engine.place,
    read: (statement) => engine.read(statement),
    write: (...statements) => engine.write(...statements),
    transaction: (work) => engine.transaction(work),
    close: async () => {
      await engine.write({ sql: `drop schema ${schema} cascade`, parameters: [] })
      await engine.close()
    },
  }
}

/** Says in the report that a part was left out, and fails where all has to run. */
export function describeEngines(): void {
  describe('the engines of these tests', () => {
    it.skipIf(!postgres && process.env['CI'] === undefined)(
      `have PostgreSQL on ${place.host}:${place.port}`,
      ({ expect }) => {
        expect(postgres).toBe(true)
      },
    )
  })
}
