import { pino } from 'pino'

import type { Logger } from '../shared/logger.ts'

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
  /** From now on this text is never written; shorter than 4 characters is ignored. */
  addSecret(value: string): void
}

const secretFields = [
  'token',
  'accessToken',
  'access_token',
  'secret',
  'password',
  'authorization',
  'Authorization',
  'verifyToken',
  'encryptKey',
]

/**
 * Makes a logger that writes a line of JSON for each entry (pino's format). Fields whose name says that they
 * are secret, and all secrets that were added, are replaced by `[secret]`.
 */
export function createLogger(options: LoggerOptions = {}): AppLogger {
  const secrets = new Set<string>()
  const stream = options.stream ?? pino.destination({ fd: 2, sync: true })
  const guarded: LogStream = {
    write: (line) => stream.write(withoutSecrets(line, secrets)),
  }
  const logger: Logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    guarded,
  )
  return Object.assign(logger, {
    addSecret: (value: string) => {
      if (value.length >= 4) secrets.add(JSON.stringify(value).slice(1, -1))
    },
  })
}

function withoutSecrets(line: string, secrets: ReadonlySet<string>): string {
  let result = line
  for (const secret of secrets) result = result.replaceAll(secret, '[secret]')
  return result
}
