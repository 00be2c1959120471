import type { Address } from '../engine/address.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { openPostgresSnapshot } from '../postgres/postgres-snapshot.ts'
import { openSqliteSnapshot } from '../sqlite/sqlite-snapshot.ts'

/** Looks at a database as it is now, while others go on writing. @throws DatabaseError */
export function openSnapshot(address: Address): Promise<Snapshot> {
  return address.kind === 'sqlite' ? openSqliteSnapshot(address.path) : openPostgresSnapshot(address)
}
