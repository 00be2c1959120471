import type { Address } from '../engine/address.ts'
import type { Row } from '../engine/engine.ts'
import { checkParameters } from '../engine/parameters.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { makePool } from './driver.ts'
import { errorOf } from './errors.ts'
import { encode, resultOf } from './values.ts'

/** How long it may be looked at, in ms: a day. */
const limitMs = 24 * 3_600_000

/** A database as it is now, while others write. @throws DatabaseError */
export async function openPostgresSnapshot({
  url,
  place,
}: Extract<Address, { kind: 'postgres' }>): Promise<Snapshot> {
  const pool = await makePool(url, { connections: 1, transactionMs: limitMs })
  const ask = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw errorOf(error, place, sql)
    }
  }
  try {
    const client = await ask('', () => pool.connect())
    await ask('', () => client.query('begin isolation level repeatable read, read only'))
    return {
      kind: 'postgres',
      place,
      async read(statement): Promise<readonly Row[]> {
        checkParameters([statement])
        const { sql, parameters } = statement
        return await ask(sql, async () => {
          const result = await client.query<Record<string, unknown>>(sql, parameters.map(encode))
          return resultOf(result, statement).rows
        })
      },
      async close() {
        client.release(true)
        await pool.end()
      },
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}
