import type pg from 'pg'
import type { Pool } from 'pg'

import { DatabaseError } from '../engine/errors.ts'

/** Options of {@link makePool}. */
export interface PoolLimits {
  /** The most connections at once. */
  readonly connections: number
  /** How long a statement or a transaction may take, in ms. */
  readonly transactionMs: number
}

const connectMs = 5000
/** The server ends what this side has forgotten, a little later than this side would. */
const graceMs = 5000

/** What is read as text here, and decoded later by the types that the statement names. */
const asText = new Set([20, 1700])

type ServerLimit = 'statement_timeout' | 'lock_timeout' | 'idle_in_transaction_session_timeout'

type Driver = Pick<typeof pg, 'Pool' | 'types'>

/** Connections that are made when they are needed. @throws DatabaseError `DATABASE_DRIVER` */
export async function makePool(url: string, { connections, transactionMs }: PoolLimits): Promise<Pool> {
  const driver = await loadDriver()
  const pool = new driver.Pool({
    connectionString: url,
    max: connections,
    application_name: 'mynah',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    ...serverLimits(transactionMs),
    types: {
      getTypeParser: (oid, format) =>
        asText.has(oid) ? (value: unknown) => value : driver.types.getTypeParser(oid, format),
    },
  })
  // Without a listener, a connection that is lost while nobody uses it would end the process.
  const ignore = (): void => {}
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

/** What the server itself ends, by the names of its settings, in ms. */
export function serverLimits(transactionMs: number): Readonly<Record<ServerLimit, number>> {
  return {
    // Who writes behind a transaction may have to wait for all of it.
    statement_timeout: 2 * transactionMs + graceMs,
    lock_timeout: transactionMs + graceMs,
    idle_in_transaction_session_timeout: transactionMs + graceMs,
  }
}

async function loadDriver(): Promise<Driver> {
  try {
    return (await import('pg')).default
  } catch (cause) {
    const detail = 'The package for PostgreSQL is not installed. Install it with "npm install pg".'
    throw new DatabaseError('DATABASE_DRIVER', detail, { cause })
  }
}
