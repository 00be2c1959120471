import type { QueryResult } from 'pg'

import type { Parameter, Result, Statement, ValueType } from '../engine/engine.ts'
import { DatabaseError } from '../engine/errors.ts'

/** Types of PostgreSQL whose values are read here; `pg` reads the others. */
const oids = { bytea: 17, int8: 20, numeric: 1700 } as const

/** A parameter for `pg`; PostgreSQL would tell -0 from 0, and SQLite does not. */
export function encode(value: Parameter): Parameter {
  return value === 0 ? 0 : value
}

type Decode = (value: unknown, column: string) => unknown

/** What a statement did, its values as every engine gives them. */
export function resultOf(result: QueryResult<Record<string, unknown>>, { types }: Statement): Result {
  for (const { name, dataTypeID } of result.fields) {
    const decode = decoderOf(dataTypeID, types?.[name])
    if (decode === undefined) continue
    for (const row of result.rows) row[name] = decode(row[name], name)
  }
  return { rows: result.rows, changes: result.command === 'SELECT' ? 0 : (result.rowCount ?? 0) }
}

function decoderOf(oid: number, type: ValueType | undefined): Decode | undefined {
  if (oid === oids.bytea) return bytes
  if (oid === oids.int8 || oid === oids.numeric) return type === 'bigint' ? bigint : number
  return type === 'bigint' ? bigint : undefined
}

/** `pg` gives a part of a larger buffer. */
function bytes(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value) : value
}

function bigint(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? BigInt(value) : value
}

function number(value: unknown, column: string): unknown {
  if (typeof value !== 'string') return value
  const read = Number(value)
  if (Number.isSafeInteger(read) || !/^-?\d+$/.test(value)) return read
  const detail = `"${column}" holds ${value}, which no number holds: read it as bigint.`
  throw new DatabaseError('DATABASE_VALUE', detail)
}
