import type { Row, ValueType } from '../engine/engine.ts'
import { plainStatement } from '../engine/plain-statement.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { quoted } from '../tables/names.ts'
import type { StoredTable } from './stored-tables.ts'

/** So many bytes a page should have, roughly; a row of its own may have more. */
const pageBytes = 2 ** 20
const firstRows = 16
const maxRows = 1000

/** All rows of a table, a page at a time. */
export function pagesOf(snapshot: Snapshot, table: StoredTable): AsyncGenerator<readonly Row[], void> {
  const types = readTypes(table)
  const columns = Object.keys(table.columns).map(quoted)
  return snapshot.kind === 'sqlite'
    ? pagesByPlace(snapshot, table, columns, types)
    : pagesOfCursor(snapshot, table, columns, types)
}

type Types = Readonly<Record<string, ValueType>>

/** A large number is read as it is, also where a column has no business to hold it. */
function readTypes({ columns }: StoredTable): Types {
  const entries = Object.entries(columns)
  return Object.fromEntries(entries.map(([name, type]) => [name, type === 'int' ? 'bigint' : type]))
}

async function* pagesByPlace(
  snapshot: Snapshot,
  { realName }: StoredTable,
  columns: readonly string[],
  types: Types,
): AsyncGenerator<readonly Row[], void> {
  const place = 'mynah place'
  const select = [`rowid as ${quoted(place)}`, ...columns].join(', ')
  const sql = `select ${select} from ${quoted(realName)} where rowid > $1 order by rowid limit $2`
  let last: bigint = -(2n ** 63n)
  for (let limit = firstRows; ;) {
    const rows = await snapshot.read({
      sql,
      parameters: [last, limit],
      types: { ...types, [place]: 'bigint' },
    })
    yield rows
    if (rows.length < limit) return
    last = BigInt(String(rows.at(-1)?.[place]))
    limit = nextLimit(rows)
  }
}

async function* pagesOfCursor(
  snapshot: Snapshot,
  { realName }: StoredTable,
  columns: readonly string[],
  types: Types,
): AsyncGenerator<readonly Row[], void> {
  const select = `select ${columns.join(', ')} from ${quoted(realName)}`
  await snapshot.read(plainStatement(`declare mynah_rows no scroll cursor for ${select}`))
  for (let limit = firstRows; ;) {
    const rows = await snapshot.read({ ...plainStatement(`fetch ${limit} from mynah_rows`), types })
    yield rows
    if (rows.length < limit) break
    limit = nextLimit(rows)
  }
  await snapshot.read(plainStatement('close mynah_rows'))
}

/** As many rows as make a page, when they are like those before. */
function nextLimit(rows: readonly Row[]): number {
  let bytes = 0
  for (const row of rows) for (const value of Object.values(row)) bytes += sizeOf(value)
  return Math.max(1, Math.min(maxRows, Math.floor((pageBytes * rows.length) / bytes)))
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length + 8
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 8
}

/** The highest id that a table ever gave. */
export async function lastIdOf(
  snapshot: Snapshot,
  { realName, id }: StoredTable,
): Promise<string | undefined> {
  if (id === undefined) return undefined
  const last = { last: 'bigint' } as const
  if (snapshot.kind === 'sqlite') {
    const sql = 'select seq as "last" from sqlite_sequence where name = $1'
    return textOf((await snapshot.read({ sql, parameters: [realName], types: last }))[0])
  }
  const sequence = 'select pg_get_serial_sequence($1, $2)::text as "name"'
  const [found] = await snapshot.read({ sql: sequence, parameters: [quoted(realName), id] })
  const sql = `select last_value as "last" from ${String(found?.['name'])} where is_called`
  return textOf((await snapshot.read({ ...plainStatement(sql), types: last }))[0])
}

function textOf(row: Row | undefined): string | undefined {
  return row === undefined ? undefined : String(row['last'])
}
