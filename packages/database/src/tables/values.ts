import type { Parameter, ValueType } from '../engine/engine.ts'
import { invalidValue } from './errors.ts'

/** What is wrong with a value for a type; `undefined` when nothing is. */
export function problemOf(type: ValueType, value: unknown): string | undefined {
  if (type === 'json') return jsonProblem(value)
  if (kinds[type].holds(value)) return undefined
  return `it holds ${kinds[type].words}, and this is ${described(value)}.`
}

interface Kind {
  readonly words: string
  holds(value: unknown): boolean
}

const kinds: Readonly<Record<Exclude<ValueType, 'json'>, Kind>> = {
  int: { words: 'an integer between ±2^53', holds: Number.isSafeInteger },
  bigint: {
    words: 'a bigint of 64 bits',
    holds: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  },
  real: { words: 'a number', holds: (value) => typeof value === 'number' && !Number.isNaN(value) },
  text: {
    words: 'text without the character U+0000',
    holds: (value) => typeof value === 'string' && !value.includes('\0'),
  },
  bool: { words: 'true or false', holds: (value) => typeof value === 'boolean' },
  time: {
    words: 'a Date between the years -4000 and 9999',
    holds: (value) => value instanceof Date && value.getTime() >= earliest && value.getTime() <= latest,
  },
  bytes: { words: 'a Uint8Array', holds: (value) => value instanceof Uint8Array },
}

/** What both engines can hold. */
const earliest = Date.UTC(-4000, 0)
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

function jsonProblem(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) === undefined ? `JSON cannot hold ${described(value)}.` : undefined
  } catch (error) {
    return `JSON cannot hold it: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** A value as a parameter for a column of a type. @throws MynahError `VALUE_INVALID`, with the place */
export function encode(type: ValueType, value: unknown, place: string): Parameter {
  if (value === null || value === undefined) return null
  const problem = problemOf(type, value)
  if (problem !== undefined) throw invalidValue(place, problem)
  return type === 'json' ? JSON.stringify(value) : (value as Parameter)
}

/** The type that a value has by itself; `undefined` for null. */
export function typeOfValue(value: unknown): ValueType | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'real'
  if (typeof value === 'bigint') return 'bigint'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'bool'
  if (value instanceof Date) return 'time'
  if (value instanceof Uint8Array) return 'bytes'
  return 'json'
}

/** A value for a message. */
function described(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString()
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
