/** A line of the log. */
export interface LogEntry {
  /** As which it was logged. */
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  /** The text, without fields. */
  readonly message: string
  /** Which plugin wrote it; absent when none did. */
  readonly plugin: string | undefined
  /** All fields, as they stand in the line. */
  readonly fields: Readonly<Record<string, unknown>>
}

const levels = new Map<unknown, LogEntry['level']>([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
])

/** Reads a line of JSON as the core's logger writes it. */
export function readLogLine(line: string): LogEntry {
  const fields: Readonly<Record<string, unknown>> = JSON.parse(line)
  const { level, msg, plugin } = fields
  return {
    level: levels.get(level) ?? 'info',
    message: typeof msg === 'string' ? msg : '',
    plugin: typeof plugin === 'string' ? plugin : undefined,
    fields,
  }
}
