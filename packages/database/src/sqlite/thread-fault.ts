import type { Fault } from './protocol.ts'

/** An error of our own inside of a thread, where there is no core. */
export class ThreadFault extends Error {
  /** What it is about. */
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** An error in a form that crosses to the bot. */
export function faultOf(error: unknown, sql?: string): Fault {
  if (!(error instanceof Error)) return { message: String(error), code: undefined, sql }
  return { message: error.message, code: codeOf(error), sql }
}

/** The number of SQLite, if it has one; it tells more than Node's code. */
function codeOf(error: Error): string | number | undefined {
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
