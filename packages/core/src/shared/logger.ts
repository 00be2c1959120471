/** Writes a line: a text, or fields and a text. Errors go in the field `err`. */
export interface LogMethod {
  (message: string): void
  (fields: object, message?: string): void
}

/** Where log lines go. Pino's logger has this shape. */
export interface Logger {
  level: string
  trace: LogMethod
  debug: LogMethod
  info: LogMethod
  warn: LogMethod
  error: LogMethod
  fatal: LogMethod
  /** A logger that adds these fields to each line. */
  child(fields: Record<string, unknown>): Logger
}
