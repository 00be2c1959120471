import type { Engine, ValueType } from '../../engine/engine.ts'

/** A value as it stands in a declaration of SQL. */
export function literal(kind: Engine['kind'], type: ValueType, value: unknown): string {
  if (type === 'json') return textLiteral(JSON.stringify(value))
  if (value instanceof Date) return kind === 'sqlite' ? String(value.getTime()) : timeLiteral(value)
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString('hex')
    return kind === 'sqlite' ? `x'${hex}'` : `'\\x${hex}'`
  }
  if (typeof value === 'boolean') return kind === 'sqlite' ? String(Number(value)) : String(value)
  if (typeof value === 'number') return numberLiteral(kind, value)
  return typeof value === 'bigint' ? bigintLiteral(value) : textLiteral(String(value))
}

/** The time of now, to the millisecond. */
export function nowExpression(kind: Engine['kind']): string {
  return kind === 'sqlite' ? "(cast(unixepoch('subsec') * 1000 as integer))" : 'now()'
}

/** The smallest of them has no literal of its own: the sign stands before a number that is too large. */
function bigintLiteral(value: bigint): string {
  return value === -(2n ** 63n) ? `(${value + 1n} - 1)` : String(value)
}

function numberLiteral(kind: Engine['kind'], value: number): string {
  if (Number.isFinite(value)) return String(value)
  const sign = value < 0 ? '-' : ''
  return kind === 'sqlite' ? `${sign}9e999` : `'${sign}Infinity'`
}

/** PostgreSQL counts the years before the first one from 1. */
function timeLiteral(value: Date): string {
  const year = value.getUTCFullYear()
  if (year > 0) return `'${value.toISOString()}'`
  const shifted = new Date(value)
  shifted.setUTCFullYear(1 - year)
  return `'${shifted.toISOString()} BC'`
}

function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
