import type { ServerLogger } from '../src/logger.ts'

/** Keeps what was logged. */
export class RecordingLogger implements ServerLogger {
  readonly lines: { level: 'debug' | 'warn' | 'error'; fields: object; message: string }[] = []

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields, message })
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields, message })
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields, message })
  }

  /** The lines an operator sees. */
  get shown(): string[] {
    return this.lines.flatMap(({ level, message }) => (level === 'debug' ? [] : [`${level} ${message}`]))
  }
}
