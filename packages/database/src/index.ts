/**
 * Tables and keys that stay: SQLite inside of the bot, or PostgreSQL.
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
export {
  type Constraint,
  DatabaseError,
  type DatabaseErrorCode,
  type DatabaseErrorOptions,
} from './engine/errors.ts'
export { type EngineOptions, openEngine } from './engine/open.ts'
export { type Column, type ColumnTypes, type ReferenceOptions, t, type TimeColumn } from './tables/column.ts'
export type {
  ColumnDeclaration,
  OnDelete,
  ReferenceDeclaration,
  TableDeclaration,
  TableDeclarations,
} from './tables/declaration.ts'
export { dropTables, listTables } from './tables/migrate/manage.ts'
export { migrateTables, type MigrationOptions, planMigration } from './tables/migrate/migrate.ts'
export type { StoredTable } from './tables/migrate/record.ts'
export type { Migrations, MigrationStep, StepTables } from './tables/migrate/steps.ts'
export { openTables, queryTables } from './tables/open.ts'
export {
  type Columns,
  type DB,
  type NewRow,
  type Row,
  type RowUpdate,
  type Table,
  table,
  type TableColumns,
  type TableOptions,
  type Tables,
} from './tables/table.ts'
export type { EntriesOptions, KeepOptions, Storage, StorageEntry } from './storage/storage.ts'
export { type DatabaseConfig, type DatabaseInput, default } from './plugin.ts'
