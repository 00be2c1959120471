import type { Parameter, ValueType } from '../engine/engine.ts'
import type { Stored } from './driver.ts'
import { ThreadFault } from './thread-fault.ts'

type Decode = (value: unknown, column: string) => unknown

/** A parameter as SQLite stores it. Integers go as such: as doubles they would change what `5/2` is. */
export function encode(value: Parameter): Stored {
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value instanceof Date) return BigInt(value.getTime())
  return value
}

function encodeNumber(value: number): Stored {
  if (Number.isSafeInteger(value)) return BigInt(value)
  // @photostructure/sqlite 1.2 takes them for 0; as text they become numbers in their column.
  return value > 0 && value < Number.EPSILON ? String(value) : value
}

const declared: ReadonlyMap<string, ValueType> = new Map([
  ['BIGINT', 'bigint'],
  ['REAL', 'real'],
  ['BOOLEAN', 'bool'],
  ['TIMESTAMP', 'time'],
  ['JSON', 'json'],
])

/** How a column of this type is read; `type` is what it was declared as. */
export function decoderOf(type: ValueType | undefined, declaredType: string | null): Decode {
  return decoders[type ?? declared.get(declaredType?.toUpperCase() ?? '') ?? 'int']
}

const decoders: Readonly<Record<ValueType, Decode>> = {
  int: plain,
  text: plain,
  bytes: plain,
  real: asNumber,
  bigint: (value) => (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value),
  bool: (value) => (typeof value === 'bigint' ? value !== 0n : value),
  time: (value) => (typeof value === 'bigint' || typeof value === 'number' ? new Date(Number(value)) : value),
  // SQLite makes a number of the text of a number.
  json: (value, column) => (typeof value === 'string' ? parsed(value, column) : asNumber(value)),
}

function asNumber(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

/** A value as it is; integers are numbers as long as these are exact. */
function plain(value: unknown, column: string): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new ThreadFault(`"${column}" holds ${value}, which no number holds: read it as bigint.`, 'VALUE')
}

function parsed(text: string, column: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ThreadFault(`"${column}" should hold JSON, and does not: ${text.slice(0, 60)}`, 'VALUE')
  }
}
