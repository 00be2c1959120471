/**
 * Tables and keys that stay: SQLite inside of the bot, or PostgreSQL.
 *
 * @packageDocumentation
 */
export type { Engine, Parameter, Result, Row, Statement, Transaction, ValueType } from './engine/engine.ts'
