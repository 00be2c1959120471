/** An error as the logger writes it. */
export interface LoggedError {
  readonly type?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly stack?: unknown
}

/** A line of the log, read again. */
export interface LogEntry {
  readonly level: number
  readonly time: number
  readonly msg?: string
  readonly plugin?: unknown
  readonly err?: LoggedError
  readonly [field: string]: unknown
}

/** Reads a line that the logger wrote; `undefined` when it is none. */
export function readEntry(line: string): LogEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    return isEntry(entry) ? entry : undefined
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null) return false
  if (!('level' in value) || typeof value.level !== 'number') return false
  if (!('time' in value) || typeof value.time !== 'number') return false
  if ('msg' in value && typeof value.msg !== 'string') return false
  return !('err' in value) || (typeof value.err === 'object' && value.err !== null)
}
