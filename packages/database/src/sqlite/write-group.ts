import type { Result, Statement } from '../engine/engine.ts'
import type { Connection } from './connection.ts'
import type { Fault, Reply } from './protocol.ts'
import { faultOf } from './thread-fault.ts'

/** Statements that stand or fall together. */
export interface Write {
  readonly id: number
  readonly statements: readonly Statement[]
}

/** Does writes in one transaction, so that one wait for the disk is enough; each of them fails alone. */
export function runGroup(connection: Connection, writes: readonly Write[]): Reply[] {
  const replies = writes.length > 1 ? runTogether(connection, writes) : undefined
  return replies ?? writes.map((write) => runAlone(connection, write))
}

/** `undefined` when the transaction as a whole was lost; nothing has been written then. */
function runTogether(connection: Connection, writes: readonly Write[]): Reply[] | undefined {
  try {
    connection.exec('begin immediate')
    const replies = writes.map((write) => runInSavepoint(connection, write))
    connection.exec('commit')
    return replies
  } catch {
    rollback(connection)
    return undefined
  }
}

/** @throws When its failure cannot be undone alone, as when the disk is full. */
function runInSavepoint(connection: Connection, { id, statements }: Write): Reply {
  connection.exec('savepoint one_write')
  const outcome = runAll(connection, statements)
  if ('fault' in outcome) connection.exec('rollback to one_write')
  connection.exec('release one_write')
  return { id, ...outcome }
}

function runAlone(connection: Connection, { id, statements }: Write): Reply {
  try {
    connection.exec('begin immediate')
    const outcome = runAll(connection, statements)
    if ('fault' in outcome) rollback(connection)
    else connection.exec('commit')
    return { id, ...outcome }
  } catch (error) {
    rollback(connection)
    return { id, fault: faultOf(error, statements[0]?.sql) }
  }
}

function runAll(
  connection: Connection,
  statements: readonly Statement[],
): { readonly results: readonly Result[] } | { readonly fault: Fault } {
  const results: Result[] = []
  for (const statement of statements) {
    try {
      results.push(connection.run(statement))
    } catch (error) {
      return { fault: faultOf(error, statement.sql) }
    }
  }
  return { results }
}

/** SQLite has undone some failures by itself; then there is nothing left to undo. */
function rollback(connection: Connection): void {
  try {
    connection.exec('rollback')
  } catch {
    // It was undone already.
  }
}
