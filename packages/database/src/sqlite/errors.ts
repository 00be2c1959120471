import { type Constraint, constraintError, DatabaseError, type DatabaseErrorCode } from '../engine/errors.ts'
import type { Fault } from './protocol.ts'

/** Codes of what a thread finds out by itself. */
const ownCodes: ReadonlyMap<string, DatabaseErrorCode> = new Map([
  ['DRIVER', 'DATABASE_DRIVER'],
  ['FAILED', 'DATABASE_FAILED'],
  ['LOCKED', 'DATABASE_LOCKED'],
  ['MISSING', 'DATABASE_MISSING'],
  ['UNREACHABLE', 'DATABASE_UNREACHABLE'],
  ['VALUE', 'DATABASE_VALUE'],
])

/** What a fault of a thread is, in the words of whoever runs the bot. */
export function errorOf(fault: Fault, place: string): DatabaseError {
  const cause = Object.assign(new Error(fault.message), { code: fault.code })
  if (typeof fault.code === 'number') return sqliteError(fault, fault.code, place, cause)
  const own = ownCodes.get(fault.code ?? '')
  if (own !== undefined) return new DatabaseError(own, fault.message, { cause })
  return new DatabaseError('DATABASE_QUERY', withSql(fault), { cause })
}

/** Result codes of SQLite, https://sqlite.org/rescode.html; the lower eight bits are the kind of fault. */
function sqliteError(fault: Fault, code: number, place: string, cause: Error): DatabaseError {
  const { message } = fault
  switch (code & 0xff) {
    case 1:
    case 25:
      return new DatabaseError('DATABASE_QUERY', withSql(fault), { cause })
    case 5:
    case 6:
      return new DatabaseError('DATABASE_LOCKED', `${place} is being written by another program.`, {
        cause,
        retriable: true,
      })
    case 8:
      return new DatabaseError(
        'DATABASE_QUERY',
        `Only write() and transaction() may write: ${withSql(fault)}`,
        {
          cause,
        },
      )
    case 11:
    case 26:
      return new DatabaseError(
        'DATABASE_CORRUPT',
        `${place} is damaged, or no SQLite database (${message}). Stop the bot, and put a backup in its place.`,
        { cause },
      )
    case 13:
      return new DatabaseError(
        'DATABASE_FULL',
        `There is no room left for ${place}. Nothing of this was written; writing works again when there is room.`,
        { cause, retriable: true },
      )
    case 10:
    case 14:
      return new DatabaseError(
        'DATABASE_UNREACHABLE',
        `${place} cannot be read or written (${message}). Check that the folder exists, and that the bot may write there.`,
        { cause },
      )
    case 18:
    case 20:
      return new DatabaseError('DATABASE_VALUE', withSql(fault), { cause })
    case 19:
      return constraintError(constraintOf(code, message), cause)
    default:
      return new DatabaseError('DATABASE_FAILED', withSql(fault), { cause })
  }
}

const kinds: ReadonlyMap<number, Constraint['kind']> = new Map([
  [275, 'check'],
  [787, 'foreign-key'],
  [1299, 'not-null'],
])

/** Read from `UNIQUE constraint failed: users.name, users.place`. */
function constraintOf(code: number, message: string): Constraint {
  const kind = kinds.get(code) ?? 'unique'
  const places = kind === 'check' ? [] : Array.from(message.matchAll(/(\w+)\.(\w+)/g))
  return {
    kind,
    table: places[0]?.[1],
    columns: places.flatMap(([, , column]) => (column === undefined ? [] : [column])),
  }
}

function withSql({ message, sql }: Fault): string {
  return sql === undefined ? message : `${message}, in: ${sql}`
}
