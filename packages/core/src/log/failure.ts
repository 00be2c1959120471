import { MynahError } from '../errors/mynah-error.ts'
import { refusalOf } from '../errors/refusal.ts'
import { plainError, thrownError } from '../errors/thrown.ts'
import { PromptError } from '../prompt/prompt-error.ts'
import type { Logger } from '../shared/logger.ts'

/** Something that failed in a plugin. */
export interface Failure {
  /** What was thrown. */
  readonly error: unknown
  readonly plugin: string
  /** What was running. */
  readonly where: string
  /** How often it happened since it was last told. */
  readonly times: number
}

/** Writes a failure into the log: an expected one as a single line, whose error stands at `debug`. Never throws. */
export function logFailure(logger: Logger, { error, plugin, where, times }: Failure): void {
  if (PromptError.is(error)) {
    logger.debug({ plugin }, `A question of ${where} ended: ${error.message}`)
    return
  }
  const readable = thrownError(error)
  const again = times === 1 ? '' : ` (${times} times more)`
  const who = plugin === 'app' ? 'Something' : `Plugin ${plugin}`
  const line = `${who} failed in ${where}: ${readable.message}${again}`
  if (MynahError.is(error) && refusalOf(error) !== undefined) {
    logger.warn({ plugin, code: error.code }, line)
    writeError(logger.debug.bind(logger), readable, plugin, line)
  } else {
    writeError(logger.error.bind(logger), readable, plugin, line)
  }
}

/** Errors may carry anything, also fields that throw when they are written down. */
function writeError(write: Logger['error'], error: Error, plugin: string, line: string): void {
  try {
    write({ err: error, plugin }, line)
  } catch {
    write({ err: plainError(error), plugin }, line)
  }
}
