/**
 * Tables and keys that stay: SQLite inside of the bot, or PostgreSQL.
 *
 * @packageDocumentation
 */
export type { Engine, Parameter, Result, Row, Statement, Transaction, ValueType } from './engine/engine.ts'
export {
  type Constraint,
  DatabaseError,
  type DatabaseErrorCode,
  type DatabaseErrorOptions,
} from './engine/errors.ts'
export { type EngineOptions, openEngine } from './engine/open.ts'
