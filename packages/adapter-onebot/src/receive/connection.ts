import type { CallTransport } from '../errors.ts'

/** One call on its way. */
export interface ConnectionCall {
  readonly action: string
  readonly params: object
  /** How long the answer, or its next part, may take, in ms. */
  readonly timeoutMs?: number | undefined
  /** Takes the parts of an answer that comes in several frames, before the last one. */
  readonly onPart?: ((part: unknown) => void) | undefined
}

/** A connection to an implementation: what carries calls, brings events, or both. */
export interface Connection {
  readonly transport: CallTransport
  /** Whether calls can be made now. */
  readonly takesCalls: boolean
  /** Whether events come now, as far as is known. */
  readonly bringsEvents: boolean
  readonly pending: number
  /** Makes a call; the answer is the envelope as it came. */
  call(call: ConnectionCall): Promise<unknown>
  /** Ends the connection. */
  close(code: number, reason: string): void
}
