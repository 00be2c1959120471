import { Kysely } from 'kysely'

import type { Engine } from '../engine/engine.ts'
import { declarationsOf } from './check-tables.ts'
import { migrateTables, type MigrationOptions } from './migrate/migrate.ts'
import { Catalog } from './query/catalog.ts'
import { TablesDialect } from './query/dialect.ts'
import type { DB, Tables } from './table.ts'

/**
 * Makes the tables of a plugin those of its declarations, with {@link migrateTables}, and gives what queries them.
 *
 * @throws MynahError as {@link migrateTables} does.
 */
export async function openTables<T extends Tables>(
  engine: Engine,
  owner: string,
  options: MigrationOptions<T>,
): Promise<Kysely<DB<T>>> {
  await migrateTables(engine, owner, options)
  return queryTables(engine, owner, options.tables)
}

/** Queries for tables that are there already. @throws MynahError `TABLE_INVALID` */
export function queryTables<T extends Tables>(engine: Engine, owner: string, tables: T): Kysely<DB<T>> {
  return new Kysely({ dialect: new TablesDialect(engine, new Catalog(owner, declarationsOf(tables))) })
}
