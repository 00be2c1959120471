import type { KitLogger } from '../src/shared/logger.ts'

/** Keeps what was logged. */
export class RecordingLogger implements KitLogger {
  readonly lines: { level: 'debug' | 'info' | 'warn' | 'error'; fields: object; message: string }[] = []

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields, message })
  }

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', fields, message })
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields, message })
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields, message })
  }

  /** Everything as text, to look for secrets in. */
  get text(): string {
    return JSON.stringify(this.lines)
  }
}
