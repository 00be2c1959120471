import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

import { describe, it } from 'vitest'

import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { tinyPostgres } from './tiny-postgres.ts'

const place = { host: '127.0.0.1', port: 5432 }

/** Whether there is a PostgreSQL to test with. */
function hasPostgres(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

const postgres = await hasPostgres()

/** Both engines, each empty. */
export const engineKinds: readonly Engine['kind'][] = postgres ? ['sqlite', 'postgres'] : ['sqlite']

/** Opens an engine without any table; close it. */
export function emptyEngine(kind: Engine['kind']): Promise<Engine> {
  return kind === 'sqlite'
    ? openEngine('sqlite::memory:')
    : tinyPostgres(`tables_${randomBytes(6).toString('hex')}`)
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
