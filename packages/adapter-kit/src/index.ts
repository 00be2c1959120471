/**
 * What adapters of chat platforms share: connections that come back, gateways, polls, a bounded way in, calls, their
 * limits and what is tried again, media, records and signatures.
 *
 * @packageDocumentation
 */

// connections
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
export {
  type GatewayConnection,
  GatewayDriver,
  type GatewayDriverOptions,
  type GatewayStatus,
} from './gateway/gateway-driver.ts'
export {
  doFirst,
  type GatewayAction,
  type GatewayInput,
  type GatewayMachine,
  gatewayStep,
  type GatewayStep,
} from './gateway/gateway-machine.ts'
export { Poller, type Polled, type PollerOptions } from './poll/poller.ts'
export {
  ConnectionReporter,
  type ConnectionFailure,
  type ConnectionReporterOptions,
} from './shared/connection-reporter.ts'
export { describeFailure, describeStatus, type FailureWords } from './shared/network-failure.ts'

// the way in
export { EventBuffer, type EventBufferOptions } from './intake/event-buffer.ts'
export { EventJournal, type EventJournalOptions, type StoredEvent } from './intake/event-journal.ts'
export { fingerprint } from './intake/fingerprint.ts'
export { IntakeProgress, type IntakeProgressOptions, type LeftProgress } from './intake/intake-progress.ts'
export type { Passage } from './intake/passage.ts'
export { OrderedInbox, type InboxGap, type OrderedInboxOptions } from './inbox/ordered-inbox.ts'
export {
  defined,
  isRecord,
  readBoolean,
  readId,
  readJson,
  readNumber,
  readRecords,
  readText,
} from './read/read.ts'
export { secretsEqual, verifyHmacSha1 } from './verify/verify.ts'

// calls
export { RestClient } from './rest/rest-client.ts'
export type {
  RestClientOptions,
  RestFailure,
  RestFile,
  RestRequest,
  RestResponse,
  RetryKind,
} from './rest/rest-types.ts'
export { PlatformError, type PlatformErrorDetails } from './rest/platform-error.ts'
export { retry, type RetryDecision, type RetryPolicy } from './retry/retry.ts'
export { type Call, type CallWith, declareCall } from './calls/declare-call.ts'
export { PendingCalls, type PendingCallOptions, type PendingCallsOptions } from './calls/pending-calls.ts'
export { RateLimiter, type RateLimiterOptions } from './limits/rate-limiter.ts'
export type { RateLimitReport } from './limits/rate-buckets.ts'
export { Semaphore } from './limits/semaphore.ts'

// media
export { loadMedia, type LoadedMedia, type LoadMediaOptions, type MediaSource } from './media/load-media.ts'
export type { MediaType } from './media/media-type.ts'

// what may be shown
export { quote, redact } from './shared/redact.ts'
export { shownAddress } from './shared/shown-address.ts'
