/**
 * What lies below the services: engines, and tables without a bot. Plugins need none of it, so that a bot loads it only
 * when somebody stores something.
 *
 * @packageDocumentation
 */
export type {
  Engine,
  Parameter,
  Result,
  Row as ResultRow,
  Statement,
  Transaction,
  ValueType,
} from './engine/engine.ts'
export { type EngineOptions, openEngine } from './engine/open.ts'
export { dropTables, listTables } from './tables/migrate/manage.ts'
export { migrateTables, type MigrationOptions, planMigration } from './tables/migrate/migrate.ts'
export type { StoredTable } from './tables/migrate/record.ts'
export { openTables, queryTables } from './tables/open.ts'
