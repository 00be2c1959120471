import { openPostgres } from '../postgres/postgres-engine.ts'
import { openSqlite } from '../sqlite/sqlite-engine.ts'
import { type Address, parseAddress } from './address.ts'
import type { Engine } from './engine.ts'
import { Nesting } from './nesting.ts'

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
  return await openAddress(parseAddress(url, options.folder ?? process.cwd()), new Nesting(), options)
}

/** Opens what an address names. @throws DatabaseError */
export async function openAddress(
  address: Address,
  nesting: Nesting,
  { transactionMs = defaultTransactionMs }: Pick<EngineOptions, 'transactionMs'> = {},
): Promise<Engine> {
  const limits = { transactionMs, nesting }
  if (address.kind === 'sqlite') return await openSqlite(address.path, limits)
  return await openPostgres({ url: address.url, place: address.place, ...limits })
}
