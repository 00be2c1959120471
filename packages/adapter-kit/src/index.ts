/**
 * What adapters of chat platforms share: connections that come back, calls that wait for answers, REST calls
 * within their limits, the order of what comes in, media and signatures.
 *
 * @packageDocumentation
 */
export { PendingCalls, type PendingCallOptions, type PendingCallsOptions } from './calls/pending-calls.ts'
export {
  type GatewayConnection,
  GatewayDriver,
  type GatewayDriverOptions,
  type GatewayStatus,
} from './gateway/gateway-driver.ts'
export type { GatewayAction, GatewayInput, GatewayMachine, GatewayStep } from './gateway/gateway-machine.ts'
export { Deduper, type DeduperOptions } from './inbox/deduper.ts'
export { OrderedInbox, type InboxGap, type OrderedInboxOptions } from './inbox/ordered-inbox.ts'
export type { RateLimitReport } from './limits/rate-buckets.ts'
export { RateLimiter, type RateLimiterOptions } from './limits/rate-limiter.ts'
export { PlatformError, type PlatformErrorDetails } from './rest/platform-error.ts'
export { RestClient } from './rest/rest-client.ts'
export type {
  Remedy,
  RestClientOptions,
  RestFailure,
  RestFile,
  RestRequest,
  RestResponse,
} from './rest/rest-types.ts'
export {
  ConnectionReporter,
  type ConnectionFailure,
  type ConnectionReporterOptions,
} from './shared/connection-reporter.ts'
export { describeFailure, describeStatus, type FailureWords } from './shared/network-failure.ts'
export { quote, redact } from './shared/redact.ts'
export { shownAddress } from './shared/shown-address.ts'
export { ReconnectingSocket } from './socket/reconnecting-socket.ts'
export type {
  ReconnectingSocketOptions,
  SocketAttempt,
  SocketListener,
  SocketOutcome,
  SocketStatus,
} from './socket/socket-options.ts'
export {
  defaultReconnectPolicy,
  type ConnectMode,
  type ReconnectPolicy,
  type SocketClose,
} from './socket/socket-close.ts'
export type { SocketTarget } from './socket/socket-link.ts'
export { secretsEqual, verifyHmacSha1 } from './verify/verify.ts'
export { loadMedia, type LoadedMedia, type LoadMediaOptions, type MediaSource } from './media/load-media.ts'
export type { MediaType } from './media/media-type.ts'
