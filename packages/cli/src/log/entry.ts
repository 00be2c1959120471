/** An error as the logger writes it. */
export interface LoggedError {
  /** Name of its class. */
  readonly type?: unknown
  /** What went wrong. */
  readonly message?: unknown
  /** Its stable code, where it has one. */
  readonly code?: unknown
  /** Where it came from. */
  readonly stack?: unknown
}

/** A line of the log, read again. */
export interface LogEntry {
  /** From 10 (`trace`) to 60 (`fatal`). */
  readonly level: number
  /** In ms since 1970. */
  readonly time: number
  /** The message. */
  readonly msg?: string | undefined
  /** Name of the plugin that it is about. */
  readonly plugin?: unknown
  /** The error that it tells of. */
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
