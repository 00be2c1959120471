import { type AppLogger, createLogger, LineSink, type LogStream } from '@mynah/core'
import type { Mode } from '@mynah/loader'

import { readEntry } from './entry.ts'
import { forReaders } from './readers.ts'
import { terminalLine } from './terminal-lines.ts'

/** How a logger of the command line is made. */
export interface CliLoggerOptions {
  /** From which level on lines are written. @defaultValue 'info' */
  readonly level?: string | undefined
  /** Who reads: authors in development, operators in production. */
  readonly mode: Mode
  /** What lines go to when it is a terminal; they go to stderr otherwise. @defaultValue stderr */
  readonly output?: LogStream & { readonly isTTY?: boolean }
  /** Takes each line of JSON, too. */
  readonly onLine?: (line: string) => void
}

/**
 * A logger on stderr: lines for people when that is a terminal, JSON otherwise. Errors are folded for who reads
 * them, but for the level `debug`, which shows all of them.
 */
export function createCliLogger({
  level,
  mode,
  output = process.stderr,
  onLine,
}: CliLoggerOptions): AppLogger {
  const useColours = (process.env['NO_COLOR'] ?? '') === ''
  const sink: LogStream = output.isTTY ? output : new LineSink(process.stderr.fd)
  const stream: LogStream = {
    write: (line) => {
      onLine?.(line)
      const entry = output.isTTY || line.includes('"err":') ? readEntry(line) : undefined
      if (entry === undefined) return sink.write(line)
      const isVerbose = logger.level === 'debug' || logger.level === 'trace'
      const read = isVerbose ? entry : forReaders(entry, mode)
      const showStacks = isVerbose || mode === 'development'
      return sink.write(
        output.isTTY ? terminalLine(read, { useColours, showStacks }) : `${JSON.stringify(read)}\n`,
      )
    },
  }
  const logger = createLogger(level === undefined ? { stream } : { level, stream })
  return logger
}
