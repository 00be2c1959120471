import type { MynahError } from '@mynah/core'

/** How one connection, or the attempt to make one, ended. */
export interface SocketClose {
  /** The close code of RFC 6455; 1006 when no close frame came. */
  readonly code: number
  /** The reason in the close frame, often empty. */
  readonly reason: string
  /** Whether the connection had been open, so that `open` was called for it. */
  readonly opened: boolean
  /** How long it was open, in ms; 0 when it never was. */
  readonly openMs: number
  /** The HTTP status with which the server refused the upgrade. */
  readonly status?: number
  /** What went wrong, when it was not a close frame: refused, timed out, silent, unreadable. */
  readonly error?: MynahError
}

/** Whether the next connection continues the session of the last one. */
export type ConnectMode = 'resume' | 'fresh'

/**
 * What to do after a connection ended.
 *
 * - `resume`: connect again after the back-off, the session is still good.
 * - `fresh`: connect again after the back-off with a new session.
 * - `slow`: a person has to mend something (a wrong token); try again with a new session, but rarely.
 * - `fatal`: do not connect again.
 */
export type ReconnectPolicy =
  | 'resume'
  | 'fresh'
  | 'slow'
  | 'fatal'
  /** Connect again after exactly `delayMs`. */
  | { readonly mode: ConnectMode; readonly delayMs: number }

/**
 * The policy used when an adapter has none: a refused token (HTTP 401 or 403, close code 1008) is `slow`,
 * an address that is no WebSocket URL is `fatal`, everything else is `resume`.
 */
export function defaultReconnectPolicy(close: SocketClose): ReconnectPolicy {
  if (close.status === 401 || close.status === 403 || close.code === 1008) return 'slow'
  if (close.error?.code === 'CONFIG_INVALID') return 'fatal'
  return 'resume'
}
