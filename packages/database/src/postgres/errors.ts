import { type Constraint, constraintError, DatabaseError } from '../engine/errors.ts'

/** The parts of an error of `pg` that matter here. */
interface ServerError {
  readonly message: string
  /** SQLSTATE of the server, or a code of Node. */
  readonly code: string
  readonly table: string | undefined
  readonly column: string | undefined
  readonly detail: string | undefined
}

const constraints: ReadonlyMap<string, Constraint['kind']> = new Map([
  ['23502', 'not-null'],
  ['23503', 'foreign-key'],
  ['23505', 'unique'],
  ['23514', 'check'],
])

/** States in which the server is there, but takes nobody or goes away. */
const awayStates = new Set(['57P01', '57P02', '57P03', '57P05', '53300'])
const awayCodes = /^(?:E[A-Z_]+|08\w\w\w)$/
const awayMessages = /^(?:Connection terminated|timeout exceeded|Client has encountered|Client was closed)/

/** Whether an error says that the connection was lost, or that there was none. */
export function isAway(error: unknown): boolean {
  const { code, message } = partsOf(error)
  if (code === '08P01') return false
  return awayStates.has(code) || awayCodes.test(code) || awayMessages.test(message)
}

/** What an error of `pg` is, in the words of whoever runs the bot. */
export function errorOf(error: unknown, place: string, sql: string): DatabaseError {
  if (error instanceof DatabaseError) return error
  const parts = partsOf(error)
  if (isAway(error)) return unreachable(place, error)
  const constraint = constraintOf(parts)
  if (constraint !== undefined) return constraintError(constraint, error)
  return serverError(parts, place, sql === '' ? parts.message : `${parts.message}, in: ${sql}`, error)
}

/** No connection; nothing was written. */
export function unreachable(place: string, cause: unknown): DatabaseError {
  const detail =
    `The database ${place} cannot be reached (${partsOf(cause).message}). Check that the server runs. Nothing of this ` +
    'was written; it works again as soon as the server does.'
  return new DatabaseError('DATABASE_UNREACHABLE', detail, { cause, retriable: true })
}

/** The connection was lost when it might have been written already. */
export function inDoubt(place: string, cause: unknown): DatabaseError {
  const detail =
    `The connection to ${place} was lost while this was written (${partsOf(cause).message}). Whether it was is not ` +
    'known: look first, before you write it again.'
  return new DatabaseError('DATABASE_UNREACHABLE', detail, { cause, inDoubt: true })
}

/** States of https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function serverError({ code }: ServerError, place: string, said: string, cause: unknown): DatabaseError {
  if (code === '40001' || code === '40P01') {
    return new DatabaseError('DATABASE_CONFLICT', `Others changed the same rows: ${said}`, {
      cause,
      retriable: true,
    })
  }
  if (code === '57014' || code === '55P03' || code === '25P03') {
    return new DatabaseError('DATABASE_TIMEOUT', `It took too long, and was undone: ${said}`, { cause })
  }
  if (code.startsWith('28') || code === '3D000') {
    const detail = `${place} lets nobody in: ${partsOf(cause).message}. Check user, password and name of the database.`
    return new DatabaseError('DATABASE_UNREACHABLE', detail, { cause })
  }
  if (code === '53100' || code === '53200') {
    const detail = `The server of ${place} has no room left. Nothing of this was written; make room there.`
    return new DatabaseError('DATABASE_FULL', detail, { cause, retriable: true })
  }
  if (code.startsWith('XX00') && code !== 'XX000') {
    return new DatabaseError('DATABASE_CORRUPT', `The data of ${place} is damaged: ${said}`, { cause })
  }
  if (code.startsWith('22')) return new DatabaseError('DATABASE_VALUE', said, { cause })
  const isQuery = code.startsWith('42') || code.startsWith('0A') || code === '08P01' || code.startsWith('25')
  return new DatabaseError(isQuery ? 'DATABASE_QUERY' : 'DATABASE_FAILED', said, { cause })
}

/** Columns stand only in `Key (name, place)=(…) already exists.` */
function constraintOf({ code, table, column, detail }: ServerError): Constraint | undefined {
  const kind = constraints.get(code)
  if (kind === undefined) return undefined
  const [, keys] = /^Key \(([^)]*)\)=/.exec(detail ?? '') ?? []
  const columns = column === undefined ? (keys?.split(', ') ?? []) : [column]
  return { kind, table, columns }
}

function partsOf(error: unknown): ServerError {
  const fields: Readonly<Record<string, unknown>> =
    typeof error === 'object' && error !== null ? { ...error } : {}
  const text = (name: string): string | undefined => {
    const value = fields[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    message: messageOf(error),
    code: text('code') ?? '',
    table: text('table'),
    column: text('column'),
    detail: text('detail'),
  }
}

/** Node tells of each address that it tried in an error without a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
