import type { Logger, Clock } from '@mynah/core'
import type { BackoffOptions } from '@mynah/core/adapter'
import type { FailureWords } from '../shared/network-failure.ts'
import type { ConnectMode, ReconnectPolicy, SocketClose } from './socket-close.ts'
import type { SocketTarget } from './socket-link.ts'

/**
 * `idle` before the start; `connecting` while the target is looked up and the upgrade runs; `open`;
 * `waiting` for the next try; `failed` when the policy said `fatal`; `stopped`.
 */
export type SocketStatus = 'idle' | 'connecting' | 'open' | 'waiting' | 'failed' | 'stopped'

/** What is known when a connection is about to be made. */
export interface SocketAttempt {
  /** What the policy said about the last connection; `fresh` for the first one. */
  readonly mode: ConnectMode
  /** Failures since the last healthy connection; 0 for the first try. */
  readonly failures: number
  /** Aborts when the socket is stopped. */
  readonly signal: AbortSignal
}

/** What happens after a connection ended. */
export type SocketOutcome =
  /** Nothing: it was stopped. */
  | { readonly next: 'stopped' }
  /** Nothing: the policy said `fatal`. */
  | { readonly next: 'failed' }
  /** The next attempt, `delayMs` from now. */
  | { readonly next: 'waiting'; readonly mode: ConnectMode; readonly delayMs: number }

/**
 * Who listens. Every `open` is followed by exactly one `close`, and nothing of a connection comes after its
 * `close`. A listener that throws is logged and does not harm the connection.
 */
export interface SocketListener {
  /** The upgrade succeeded; frames can be sent. */
  open?(attempt: SocketAttempt): void
  /** A text frame as a string, a binary frame as a Buffer which the listener may keep. */
  message(data: string | Buffer): void
  /** A connection or an attempt ended; also called by `stop` and `reconnect`. */
  close?(close: SocketClose, outcome: SocketOutcome): void
}

/** Options of a `ReconnectingSocket`. */
export interface ReconnectingSocketOptions {
  /**
   * Asked before every attempt, so that tokens and addresses are never stale. A rejection counts as a failed
   * attempt. It has no time limit but its `signal`.
   */
  target: (attempt: SocketAttempt) => SocketTarget | Promise<SocketTarget>
  /** Gets what comes in, and hears of the connection. */
  listener: SocketListener
  /** What is connected, in an operator's words; it opens the lines about the connection. */
  name: string
  /** Gets a line when the connection fails, when the reason changes and when it works again. */
  logger: Logger
  /** Says what a close code means on this platform; what it leaves out is said by the kit. */
  explain?: (close: SocketClose) => Partial<FailureWords>
  /** How the delay grows. @defaultValue 1 s up to 30 s, full jitter */
  backoff?: BackoffOptions
  /** Decides from the close code. @defaultValue {@link defaultReconnectPolicy} */
  policy?: (close: SocketClose) => ReconnectPolicy
  /** After so many ms open the failures count from zero again; `Infinity` leaves it to `markHealthy`. @defaultValue 60000 */
  healthyAfterMs?: number
  /** Send a ping so often, in ms, and drop a connection when two had no answer; 0 is off. @defaultValue 20000 */
  pingIntervalMs?: number
  /** Largest message taken, in bytes. @defaultValue 67108864 (64 MiB) */
  maxPayload?: number
  /** Runs the back-off, the pings and the time-outs. @defaultValue the clock of the machine */
  clock?: Clock
}
