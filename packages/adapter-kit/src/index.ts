/**
 * What adapters of chat platforms share: connections that come back, calls that wait for answers, and the
 * order of what comes in.
 *
 * @packageDocumentation
 */
export { PendingCalls, type PendingCallOptions, type PendingCallsOptions } from './calls/pending-calls.ts'
export { Deduper, type DeduperOptions } from './inbox/deduper.ts'
export { systemClock, type Clock } from './shared/clock.ts'
export type { KitLogger } from './shared/logger.ts'
export {
  ReconnectingSocket,
  type ReconnectingSocketOptions,
  type SocketAttempt,
  type SocketListener,
  type SocketOutcome,
  type SocketStatus,
} from './socket/reconnecting-socket.ts'
export {
  defaultReconnectPolicy,
  type ConnectMode,
  type ReconnectPolicy,
  type SocketClose,
} from './socket/socket-close.ts'
export type { SocketTarget } from './socket/socket-link.ts'
