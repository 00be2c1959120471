/**
 * Tables and keys that stay: SQLite inside of the bot, or PostgreSQL.
 *
 * @packageDocumentation
 */
export {
  type Constraint,
  DatabaseError,
  type DatabaseErrorCode,
  type DatabaseErrorOptions,
} from './engine/errors.ts'
export { type Column, type ColumnTypes, type ReferenceOptions, t, type TimeColumn } from './tables/column.ts'
export type {
  ColumnDeclaration,
  OnDelete,
  ReferenceDeclaration,
  TableDeclaration,
  TableDeclarations,
} from './tables/declaration.ts'
export type { Migrations, MigrationStep, StepTables } from './tables/migrate/steps.ts'
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
