import type { Engine, ValueType } from '../engine/engine.ts'

const sqlite: Readonly<Record<ValueType, string>> = {
  int: 'INTEGER',
  bigint: 'BIGINT',
  real: 'REAL',
  text: 'TEXT',
  bool: 'BOOLEAN',
  time: 'TIMESTAMP',
  json: 'JSON',
  bytes: 'BLOB',
}

/**
 * JSON is `json`: `jsonb` loses the order of keys and refuses U+0000, and `text` is not known for JSON when it is read.
 * Times are cut to milliseconds, which is what a `Date` holds. Text is compared by code points, as SQLite does it.
 */
const postgres: Readonly<Record<ValueType, string>> = {
  int: 'bigint',
  bigint: 'bigint',
  real: 'double precision',
  text: 'text collate "C"',
  bool: 'boolean',
  time: 'timestamp(3) with time zone',
  json: 'json',
  bytes: 'bytea',
}

/** How an engine calls the type of a column. */
export function columnType(kind: Engine['kind'], type: ValueType): string {
  return kind === 'sqlite' ? sqlite[type] : postgres[type]
}

/** What a value is cast to; the text means the same on both engines, but for JSON and bytes, which are never cast. */
export function castType(type: ValueType): string {
  return type === 'text' ? 'text' : postgres[type]
}
