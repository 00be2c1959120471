import type { Row, Statement } from '../engine/engine.ts'
import type { OwnTable } from '../engine/own-table.ts'
import { plainStatement } from '../engine/plain-statement.ts'

/** A value as it stands in the table. */
export interface Stored {
  /** JSON. */
  readonly text: string
  /** When it is forgotten, in ms since 1970; `undefined` for never. */
  readonly expiresAt: number | undefined
}

/** A key at one moment. */
export interface Cell {
  /** Never the same twice; 0 where there is no row. */
  readonly version: number
  readonly value: Stored | undefined
}

/** A key and its value. */
export interface StoredEntry extends Stored {
  readonly key: string
}

/** A key without a row. */
export const nothing: Cell = { version: 0, value: undefined }

/** The keys of all plugins. They sort by their UTF-8 bytes on both engines. */
export const storageTable: OwnTable = {
  name: 'mynah_storage',
  columns: { owner: 'text', key: 'text', value: 'text', expires_at: 'bigint', version: 'bigint' },
  declare(kind) {
    const text = kind === 'postgres' ? 'text collate "C"' : 'text'
    const sql = `create table if not exists mynah_storage (owner ${text} not null, key ${text} not null, value text not null, expires_at bigint, version bigint not null, primary key (owner, key))`
    return [plainStatement(sql)]
  },
}

/** Finds one key. */
export function find(owner: string, key: string): Statement {
  return {
    sql: 'select value, expires_at, version from mynah_storage where owner = $1 and key = $2',
    parameters: [owner, key],
  }
}

/** Finds a page of keys that begin with a prefix and have not expired, in the order of their bytes. */
export function list(owner: string, from: string, to: string, now: number, limit: number): Statement {
  return {
    sql: 'select key, value, expires_at from mynah_storage where owner = $1 and key >= $2 and key < $3 and (expires_at is null or expires_at > $4) order by key limit $5',
    parameters: [owner, from, to, now, limit],
  }
}

/** Puts a value in place whatever there was. */
export function put(owner: string, key: string, { value, version }: Cell): Statement {
  return {
    sql: 'insert into mynah_storage (owner, key, value, expires_at, version) values ($1, $2, $3, $4, $5) on conflict (owner, key) do update set value = excluded.value, expires_at = excluded.expires_at, version = excluded.version',
    parameters: [owner, key, value?.text ?? null, value?.expiresAt ?? null, version],
  }
}

/** Changes a key unless somebody else has changed it: it changes no row then. */
export function change(owner: string, key: string, before: Cell, { value, version }: Cell): Statement {
  if (value === undefined) {
    return {
      sql: 'delete from mynah_storage where owner = $1 and key = $2 and version = $3',
      parameters: [owner, key, before.version],
    }
  }
  const { text, expiresAt = null } = value
  if (before.version === 0) {
    return {
      sql: 'insert into mynah_storage (owner, key, value, expires_at, version) values ($1, $2, $3, $4, $5) on conflict (owner, key) do nothing',
      parameters: [owner, key, text, expiresAt, version],
    }
  }
  return {
    sql: 'update mynah_storage set value = $3, expires_at = $4, version = $5 where owner = $1 and key = $2 and version = $6',
    parameters: [owner, key, text, expiresAt, version, before.version],
  }
}

/** Deletes some of what has expired. */
export function sweep(now: number, limit: number): Statement {
  return {
    sql: 'delete from mynah_storage where (owner, key) in (select owner, key from mynah_storage where expires_at <= $1 limit $2)',
    parameters: [now, limit],
  }
}

/** Reads what {@link find} has found. */
export function cellOf(row: Row | undefined): Cell {
  if (row === undefined) return nothing
  return { version: Number(row['version']), value: storedOf(row) }
}

/** Reads a row of {@link list}. */
export function entryOf(row: Row): StoredEntry {
  return { key: String(row['key']), ...storedOf(row) }
}

function storedOf(row: Row): Stored {
  const expiresAt = row['expires_at']
  return { text: String(row['value']), expiresAt: expiresAt === null ? undefined : Number(expiresAt) }
}
