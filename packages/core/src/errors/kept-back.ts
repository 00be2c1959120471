import type { ErrorCode } from './codes.ts'

const codes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['SEND_SUPPRESSED', 'SEND_MIDDLEWARE_FAILED'])

/**
 * Whether a message was kept back by an outgoing middleware: on purpose, or because that could not look at it. It is no
 * fault of whoever sends, and what was kept back must not get out another way.
 */
export function isKeptBack(code: ErrorCode): boolean {
  return codes.has(code)
}
