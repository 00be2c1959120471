import { pino, stdSerializers } from 'pino'

import { thrownError } from '../errors/thrown.ts'
import type { Logger } from '../shared/logger.ts'
import { Secrets, withoutSecretFields } from './secrets.ts'

/** Somewhere that takes lines. */
export interface LogStream {
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
 * nobody reads, ends nothing: lines are kept for a while, then lost.
 */
export function createLogger(options: LoggerOptions = {}): AppLogger {
  const secrets = new Secrets()
  const stream = options.stream ?? standardError()
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

/** What is kept while nothing can be written, in bytes. */
const maxKeptBytes = 256 * 1024

function standardError(): LogStream {
  const stream = pino.destination({ fd: 2, sync: true, maxLength: maxKeptBytes })
  // It tries again with the next line.
  stream.on('error', () => {})
  return stream
}
