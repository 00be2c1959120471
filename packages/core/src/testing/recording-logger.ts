import type { Logger, LogMethod } from '../shared/logger.ts'

/** A line that was logged. */
export interface RecordedLine {
  /** As which it was logged. */
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  /** What was logged beside the text; empty when nothing was. */
  readonly fields: object
  /** The text; empty when only fields were logged. */
  readonly message: string
}

/** A logger that keeps what it is told. */
export class RecordingLogger implements Logger {
  /** What was logged, oldest first, also by children. */
  readonly lines: RecordedLine[] = []
  /** Everything is kept, whatever this says. */
  level = 'trace'

  readonly trace: LogMethod = this.#method('trace')
  readonly debug: LogMethod = this.#method('debug')
  readonly info: LogMethod = this.#method('info')
  readonly warn: LogMethod = this.#method('warn')
  readonly error: LogMethod = this.#method('error')
  readonly fatal: LogMethod = this.#method('fatal')

  /** Returns itself: fields of children are not kept. */
  child(): this {
    return this
  }

  /** The lines that an operator sees who set nothing, each with its level in front. */
  get shown(): string[] {
    return this.lines.flatMap(({ level, message }) =>
      level === 'debug' || level === 'trace' ? [] : [`${level} ${message}`],
    )
  }

  /** Everything as text, also of errors, to look for secrets in. */
  get text(): string {
    return JSON.stringify(this.lines, (_key, value: unknown) =>
      value instanceof Error ? [value.message, value.stack, value.cause, Object.entries(value)] : value,
    )
  }

  #method(level: RecordedLine['level']): LogMethod {
    return (line: string | object, message?: string) => {
      this.lines.push(
        typeof line === 'string'
          ? { level, fields: {}, message: line }
          : { level, fields: line, message: message ?? '' },
      )
    }
  }
}
