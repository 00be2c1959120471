import { type LogLine, readLogLine } from '@mynah/control/log'

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
export interface LogEntry extends LogLine {
  /** Name of the plugin that it is about. */
  readonly plugin?: unknown
  /** The error that it tells of. */
  readonly err?: LoggedError
}

/** Reads a line that the logger wrote; `undefined` when it is none. */
export function readEntry(line: string): LogEntry | undefined {
  const entry = readLogLine(line)
  return entry !== undefined && isEntry(entry) ? entry : undefined
}

function isEntry(line: LogLine): line is LogEntry {
  return !('err' in line) || (typeof line['err'] === 'object' && line['err'] !== null)
}
