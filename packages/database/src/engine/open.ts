import { openPostgres } from '../postgres/postgres-engine.ts'
import { openSqlite } from '../sqlite/sqlite-engine.ts'
import { parseAddress } from './address.ts'
import type { Engine } from './engine.ts'

/** Options of {@link openEngine}. */
export interface EngineOptions {
  /** Folder that relative paths start from. @defaultValue the working directory */
  readonly folder?: string
  /** How long a transaction may hold the writer before it is undone, in ms. @defaultValue 30_000 */
  readonly transactionMs?: number
}

const defaultTransactionMs = 30_000

/**
 * Opens a database: `sqlite:data/bot.db`, `sqlite::memory:`, `postgres://user:password@host:5432/database`.
 *
 * @throws DatabaseError
 */
export async function openEngine(url: string, options: EngineOptions = {}): Promise<Engine> {
  const address = parseAddress(url, options.folder ?? process.cwd())
  const transactionMs = options.transactionMs ?? defaultTransactionMs
  if (address.kind === 'sqlite') return await openSqlite(address.path, { transactionMs })
  return await openPostgres({ url: address.url, place: address.place, transactionMs })
}
