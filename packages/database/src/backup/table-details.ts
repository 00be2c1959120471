import type { Engine, Statement } from '../engine/engine.ts'
import { quoted } from '../tables/names.ts'
import type { StoredTable } from './stored-tables.ts'

/**
 * Lets rows come before those of the same table that they refer to. On SQLite one pragma does it for all tables.
 *
 * @returns Statements without parameters.
 */
export function releaseSelfReferences(kind: Engine['kind'], table: StoredTable): string[] {
  return alterSelfReferences(kind, table, 'deferrable initially deferred')
}

/** Checks the references of tables, and makes them as strict as they were. @returns Statements without parameters. */
export function restoreSelfReferences(kind: Engine['kind'], tables: readonly StoredTable[]): string[] {
  const strict = tables.flatMap((table) => alterSelfReferences(kind, table, 'not deferrable'))
  return strict.length === 0 ? [] : ['set constraints all immediate', ...strict]
}

function alterSelfReferences(
  kind: Engine['kind'],
  { realName, selfReferences }: StoredTable,
  how: string,
): string[] {
  if (kind === 'sqlite' || selfReferences.length === 0) return []
  const table = quoted(realName).replaceAll("'", "''")
  return [
    `do $MYNAH$ declare name text; begin
      for name in select conname from pg_constraint
        where conrelid = '${table}'::regclass and confrelid = conrelid and contype = 'f'
      loop execute format('alter table ${table} alter constraint %I ${how}', name); end loop;
    end $MYNAH$`,
  ]
}

/** Says which id was given last, so that none is given twice. */
export function setLastId(kind: Engine['kind'], { realName, id }: StoredTable, last: bigint): Statement[] {
  if (id === undefined) return []
  if (kind === 'postgres') {
    const sql = 'select setval(pg_get_serial_sequence($1, $2), $3)'
    return [{ sql, parameters: [quoted(realName), id, last] }]
  }
  return [
    { sql: 'delete from sqlite_sequence where name = $1', parameters: [realName] },
    { sql: 'insert into sqlite_sequence (name, seq) values ($1, $2)', parameters: [realName, last] },
  ]
}
