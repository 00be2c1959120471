import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'

import type { Engine, Parameter, Result, Statement, ValueType } from '../../src/engine/engine.ts'

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
const declared: Record<string, ValueType> = {
  BIGINT: 'bigint',
  BOOLEAN: 'bool',
  TIMESTAMP: 'time',
  JSON: 'json',
  REAL: 'real',
}

function decode(value: unknown, type: ValueType | undefined): unknown {
  if (value === null) return null
  const decoder = type === undefined ? undefined : decoders[type]
  if (decoder !== undefined) return decoder(value)
  return typeof value === 'bigint' ? Number(value) : value
}

export function tinySqlite(path = ':memory:'): Engine {
  const db = new DatabaseSync(path)
  db.exec('pragma foreign_keys = on')
  const encode = (value: Parameter): string | number | bigint | Uint8Array | null => {
    if (value instanceof Date) return BigInt(value.getTime())
    if (typeof value === 'boolean') return BigInt(value)
    return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
  }
  const run = ({ sql, parameters, types }: Statement): Result => {
    const prepared = db.prepare(sql)
    prepared.setReadBigInts(true)
    const named = Object.fromEntries(parameters.map((value, at) => [`$${at + 1}`, encode(value)]))
    const columns = prepared.columns()
    if (columns.length === 0) return { rows: [], changes: prepared.run(named).changes }
    const rows = prepared.all(named) as Record<string, unknown>[]
    const decoded = rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name, type }) => [name, decode(row[name], types?.[name] ?? declared[type ?? ''])]),
      ),
    )
    return { rows: decoded, changes: /returning/i.test(sql) ? rows.length : 0 }
  }
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(async () => {
      db.exec('begin immediate')
      try {
        const result = await work()
        db.exec('commit')
        return result
      } catch (error) {
        db.exec('rollback')
        throw error
      }
    })
    turn = next.catch(() => {})
    return next
  }
  return {
    kind: 'sqlite',
    place: path,
    read: async (statement) => run(statement),
    write: (...statements) => inTurn(async () => statements.map(run)),
    transaction: (work) => inTurn(() => work({ run: async (statement) => run(statement) })),
    close: async () => db.close(),
  }
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
