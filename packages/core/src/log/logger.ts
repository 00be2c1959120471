import { pino, stdSerializers } from 'pino'

import { thrownError } from '../errors/thrown.ts'
import type { Logger } from '../shared/logger.ts'
import { LineSink } from './line-sink.ts'
import { Secrets, withoutSecretFields } from './secrets.ts'

/** Somewhere that takes lines. */
export interface LogStream {
  /** Takes one line with its line break; what it returns is not looked at. */
  write(line: string): unknown
}

/** How a logger is made. */
export interface LoggerOptions {
  /** @defaultValue 'info' */
  readonly level?: string
  /** Where lines of JSON go. @defaultValue stderr */
  readonly stream?: LogStream
}

/** A logger that never writes the secrets it was told about. */
export interface AppLogger extends Logger {
  /** From now on this text is never written, also where it is encoded. */
  addSecret(value: string): void
}

/**
 * Makes a logger that writes a line of JSON for each entry (pino's format). Fields whose name says that they
 * are secret, and all secrets that were added, are replaced by `[secret]`. A disk that is full, or a pipe that
 * nobody reads, ends nothing: what cannot be written is lost.
 */
export function createLogger(options: LoggerOptions = {}): AppLogger {
  const secrets = new Secrets()
  const stream = options.stream ?? new LineSink(2)
  const guarded: LogStream = {
    write: (line) => stream.write(secrets.hide(line)),
  }
  const logger: Logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      formatters: { log: withoutSecretFields },
      serializers: { err: (error: unknown) => withoutSecretFields(stdSerializers.err(thrownError(error))) },
    },
    guarded,
  )
  return Object.assign(logger, { addSecret: (value: string) => secrets.add(value) })
}
