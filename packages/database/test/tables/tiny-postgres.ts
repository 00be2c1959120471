import pg from 'pg'

import type { Engine, Result, Statement, ValueType } from '../../src/engine/engine.ts'

type Decode = (value: unknown) => unknown

const decoders: Partial<Record<ValueType, Decode>> = {
  int: Number,
  real: Number,
  bigint: (value) => BigInt(value as string),
  bool: (value) => (typeof value === 'boolean' ? value : Number(value) !== 0),
  time: (value) => (value instanceof Date ? value : new Date(Number(value))),
  json: (value) =>
    typeof value === 'string' ? JSON.parse(value) : typeof value === 'bigint' ? Number(value) : value,
}
function decode(value: unknown, type: ValueType | undefined): unknown {
  if (value === null) return null
  const decoder = type === undefined ? undefined : decoders[type]
  if (decoder !== undefined) return decoder(value)
  return typeof value === 'bigint' ? Number(value) : value
}

export async function tinyPostgres(schema: string): Promise<Engine> {
  const types = new pg.TypeOverrides()
  types.setTypeParser(20, BigInt)
  const pool = new pg.Pool({
    host: '127.0.0.1',
    user: 'postgres',
    database: 'test',
    max: 3,
    types,
    options: `-c search_path=${schema}`,
  })
  await pool.query(`create schema if not exists ${schema}`)
  const runOn = async (
    client: pg.Pool | pg.PoolClient,
    { sql, parameters, types }: Statement,
  ): Promise<Result> => {
    const result = await client.query(sql, parameters as unknown[])
    const rows = result.rows.map((row: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          value instanceof Uint8Array
            ? new Uint8Array(value)
            : types?.[name] === 'json'
              ? value
              : decode(value, types?.[name]),
        ]),
      ),
    )
    return { rows, changes: result.command === 'SELECT' ? 0 : (result.rowCount ?? 0) }
  }
  const transaction: Engine['transaction'] = async (work) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const result = await work({ run: (statement) => runOn(client, statement) })
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  }
  return {
    kind: 'postgres',
    place: 'test',
    read: (statement) => runOn(pool, statement),
    write: (...statements) =>
      transaction(async (tx) => {
        const results = []
        for (const statement of statements) results.push(await tx.run(statement))
        return results
      }),
    transaction,
    close: async () => {
      await pool.query(`drop schema ${schema} cascade`)
      await pool.end()
    },
  }
}
