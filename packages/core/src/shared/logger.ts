/** Writes a line: a text, or fields and a text. Errors go in the field `err`. */
export interface LogMethod {
  (message: string): void
  (fields: object, message?: string): void
}

/** Where log lines go. Pino's logger has this shape. */
export interface Logger {
  /** The lowest level that is written; may be set at any time. */
  level: string
  /** Every step, for whoever looks for a fault in the framework. */
  trace: LogMethod
  /** What helps to find a fault in a bot. */
  debug: LogMethod
  /** What an operator wants to see on a normal day. */
  info: LogMethod
  /** Something is wrong, and the bot goes on. */
  warn: LogMethod
  /** Something failed. */
  error: LogMethod
  /** The program cannot go on. */
  fatal: LogMethod
  /** A logger that adds these fields to each line. */
  child(fields: Record<string, unknown>): Logger
}
