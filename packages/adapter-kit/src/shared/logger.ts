/** What this package needs of a logger; a pino logger and `ctx.logger` both fit. */
export interface KitLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
