import { redact } from '@mynah/adapter-kit'
import { type ErrorCode, MynahError } from '@mynah/core'

/**
 * What is known about a call that failed: `not-sent` for certain, `rejected` by the implementation, or
 * `unknown`, which for a message often means that it did go out.
 */
export type CallOutcome = 'not-sent' | 'rejected' | 'unknown'

/** How a call travelled. */
export type CallTransport = 'websocket' | 'http'

/** What is known about a call that failed. */
export interface OneBotErrorDetails extends ErrorOptions {
  readonly action: string
  readonly params?: object | undefined
  readonly transport?: CallTransport | undefined
  /** Result number; see "Response" of the OneBot 11 API documentation. */
  readonly retcode?: number | undefined
  /** Upper-case code of go-cqhttp, such as `GROUP_NOT_FOUND`. */
  readonly reason?: string | undefined
  /** HTTP status, where the transport itself refused. */
  readonly httpStatus?: number | undefined
  /** The answer as it came. */
  readonly raw?: unknown
}

/** A call to a OneBot implementation that failed. Tokens, cookies and file contents are left out of it. */
export class OneBotError extends MynahError {
  override readonly name: string = 'OneBotError'
  readonly outcome: CallOutcome
  readonly action: string
  readonly transport: CallTransport | undefined
  readonly retcode: number | undefined
  readonly reason: string | undefined
  readonly httpStatus: number | undefined
  /** The parameters, shortened; not enumerable, so that logs leave them out. */
  declare readonly params: object
  /** The answer as it came; not enumerable, so that logs leave it out. */
  declare readonly raw: unknown

  constructor(code: ErrorCode, outcome: CallOutcome, detail: string, details: OneBotErrorDetails) {
    super(code, `${details.action}: ${detail}`, { cause: details.cause, retriable: outcome === 'not-sent' })
    this.outcome = outcome
    this.action = details.action
    this.transport = details.transport
    this.retcode = details.retcode
    this.reason = details.reason
    this.httpStatus = details.httpStatus
    Object.defineProperty(this, 'params', { value: redact(details.params ?? {}) })
    Object.defineProperty(this, 'raw', { value: details.raw })
  }
}

/** No connection: nothing was sent, so trying again later does no harm. */
export class NotConnectedError extends OneBotError {
  override readonly name = 'NotConnectedError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('BOT_OFFLINE', 'not-sent', detail, details)
  }
}

/** The connection ended before the answer came. */
export class ConnectionLostError extends OneBotError {
  override readonly name = 'ConnectionLostError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('CONNECTION_CLOSED', 'unknown', detail, details)
  }
}

/** No answer in time; the call may have been carried out. It is never repeated by itself. */
export class CallTimeoutError extends OneBotError {
  override readonly name = 'CallTimeoutError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_TIMEOUT', 'unknown', detail, details)
  }
}

/** The token was refused. */
export class AuthError extends OneBotError {
  override readonly name = 'AuthError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('AUTH_FAILED', 'rejected', detail, details)
  }
}

/** The implementation does not know the action. */
export class UnsupportedActionError extends OneBotError {
  override readonly name = 'UnsupportedActionError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('UNSUPPORTED', 'rejected', detail, details)
  }
}

/** The parameters were wrong. */
export class BadRequestError extends OneBotError {
  override readonly name = 'BadRequestError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_REJECTED', 'rejected', detail, details)
  }
}

/** What the call was about does not exist. */
export class NotFoundError extends OneBotError {
  override readonly name = 'NotFoundError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_REJECTED', 'rejected', detail, details)
  }
}

/** The account may not do that. */
export class PermissionError extends OneBotError {
  override readonly name = 'PermissionError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_REJECTED', 'rejected', detail, details)
  }
}

/** QQ held the message back; sending more of it makes things worse. */
export class RiskControlError extends OneBotError {
  override readonly name = 'RiskControlError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_REJECTED', 'rejected', detail, details)
  }
}

/** The action failed for another reason; see `retcode` and the message. */
export class ActionFailedError extends OneBotError {
  override readonly name = 'ActionFailedError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_REJECTED', 'rejected', detail, details)
  }
}

/** The answer could not be read: an error page of a proxy, for instance. */
export class MalformedResponseError extends OneBotError {
  override readonly name = 'MalformedResponseError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_INVALID_RESPONSE', 'unknown', detail, details)
  }
}

/** A transfer in several frames broke off; it has to begin anew. */
export class StreamError extends OneBotError {
  override readonly name = 'StreamError'
  constructor(detail: string, details: OneBotErrorDetails) {
    super('API_REJECTED', 'rejected', detail, details)
  }
}
