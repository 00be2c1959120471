import type { IncomingHttpHeaders } from 'node:http'
import type { Logger, Clock, ErrorCode } from '@mynah/core'
import type { BackoffOptions } from '@mynah/core/adapter'
import type { RateLimitReport } from '../limits/rate-buckets.ts'

/** A response that was read to its end. */
export interface RestResponse<T = unknown> {
  /** The HTTP status. */
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON; `undefined` for an empty body; a Buffer when the call asked for bytes. */
  readonly data: T
}

/** What would help a failed call. */
export type RetryKind = 'credentials' | 'wait' | 'repeat' | 'none'

/** What an adapter reads from a response that says no. */
export interface RestFailure {
  /** @defaultValue by what helps, and the HTTP status */
  code?: ErrorCode
  /** The platform's own error code. */
  platformCode?: string | number
  /** The platform's words. */
  message?: string
  /** The platform's name for the request, to quote when asking its support. */
  requestId?: string
  /**
   * `credentials`: ask for new ones and call once more; `wait`: the call was not carried out because there
   * were too many; `repeat`: the same may work later, done only when the call is idempotent; `none`.
   * @defaultValue 401 credentials, 429 wait, 500 and above repeat, others none
   */
  helps?: RetryKind
  /** How long the platform asked to wait, in ms. @defaultValue the header `Retry-After` */
  retryAfterMs?: number
}

/** Options of a {@link RestClient}. */
export interface RestClientOptions {
  /** What every path is appended to, such as `https://www.kookapp.cn/api/v3`. */
  baseUrl: string
  /** What is called, in an operator's words; it opens the lines about the connection. */
  name: string
  /** Gets a line when the platform cannot be reached or refuses the credentials, and when it works again. */
  logger: Logger
  /** Whether the adapter itself tells of the connection, so that those lines are left out. @defaultValue false */
  isQuiet?: boolean
  /** Sent with every call to the base URL's host. */
  headers?: Readonly<Record<string, string>>
  /**
   * Gives the headers that carry the credentials, before each attempt.
   * `refresh` is true once after the platform refused those of the last attempt.
   */
  authorize?: (context: {
    refresh: boolean
    signal: AbortSignal
  }) => Record<string, string> | Promise<Record<string, string>>
  /**
   * Looks for a failure in a response, whatever its status; `undefined` is a success.
   * @defaultValue a status of 300 and above is a failure
   */
  readFailure?: (response: RestResponse) => RestFailure | undefined
  /** Reads rate limit headers; calls then wait per bucket as the platform tells. */
  readRateLimit?: (headers: IncomingHttpHeaders, status: number) => RateLimitReport
  /** Limit for a call with all its waiting and attempts, in ms. @defaultValue 10000 */
  timeoutMs?: number
  /** Attempts per call, the first one included. @defaultValue 3 */
  maxAttempts?: number
  /** Largest response taken, in bytes. @defaultValue 16777216 (16 MiB) */
  maxResponseBytes?: number
  /** How the delay between attempts grows. @defaultValue 1 s up to 30 s, full jitter */
  backoff?: BackoffOptions
  /** Runs the time-outs, the waits and the limits. @defaultValue the clock of the machine */
  clock?: Clock
}

/** A file in a multipart body. */
export interface RestFile {
  /** The whole content. */
  bytes: Uint8Array
  /** The file name that the platform gets. */
  name: string
  /** @defaultValue 'application/octet-stream' */
  mime?: string
}

/** Options of one call. */
export interface RestRequest {
  /** Values that are `undefined` are left out. */
  query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Sent as a JSON body. */
  json?: unknown
  /** Sent as a multipart body, in this order. */
  form?: Readonly<Record<string, string | number | RestFile>>
  /** Sent as it is. */
  bytes?: Uint8Array
  /** Sent beside those of the client, and in their place where names are the same. */
  headers?: Readonly<Record<string, string>>
  /** Which rate limit the call belongs to, until its headers tell. @defaultValue method and path */
  route?: string
  /** Whether doing it twice does no harm. @defaultValue true for GET, HEAD, PUT, DELETE and OPTIONS */
  idempotent?: boolean
  /** How the body of a success is read. @defaultValue 'json' */
  expect?: 'json' | 'bytes'
  /** Replaces the client's, in ms. */
  timeoutMs?: number
  /** Ends the call, also while it waits; its reason is thrown. */
  signal?: AbortSignal
}
