/** What the server needs of a logger; a pino logger and `ctx.logger` both fit. */
export interface ServerLogger {
  debug(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
