import { redact } from '@mynah/adapter-kit'
import { type ErrorCode, MynahError } from '@mynah/core'

/**
 * What is known about a call that failed: `not-sent` for certain, `rejected` by the implementation, or
 * `unknown`, which for a message often means that it did go out.
 */
export type CallOutcome = 'not-sent' | 'rejected' | 'unknown'

/** How a call travelled. */
export type CallTransport = 'websocket' | 'http'

/** Why a call failed; finer than the framework's codes. */
export type OneBotErrorKind =
  /** No connection: nothing was sent, so trying again later does no harm. */
  | 'not-connected'
  /** The connection ended before the answer came. */
  | 'connection-lost'
  /** No answer in time; the call may have been carried out. It is never repeated by itself. */
  | 'timeout'
  /** The token was refused. */
  | 'token-refused'
  /** The implementation does not know the action. */
  | 'unknown-action'
  /** The parameters were wrong. */
  | 'bad-request'
  /** What the call was about does not exist. */
  | 'not-found'
  /** The account may not do that. */
  | 'forbidden'
  /** QQ held the message back; sending more of it makes things worse. */
  | 'risk-control'
  /** The action failed for another reason; see `retcode` and the message. */
  | 'failed'
  /** The answer could not be read: an error page of a proxy, for instance. */
  | 'malformed'
  /** A transfer in several frames broke off; it has to begin anew. */
  | 'stream-broken'

/** What each kind is called in the framework, and what it says about the call. */
const kinds: Readonly<Record<OneBotErrorKind, readonly [ErrorCode, CallOutcome]>> = {
  'not-connected': ['BOT_OFFLINE', 'not-sent'],
  'connection-lost': ['CONNECTION_CLOSED', 'unknown'],
  timeout: ['API_TIMEOUT', 'unknown'],
  'token-refused': ['AUTH_FAILED', 'rejected'],
  'unknown-action': ['UNSUPPORTED', 'rejected'],
  'bad-request': ['API_REJECTED', 'rejected'],
  'not-found': ['API_REJECTED', 'rejected'],
  forbidden: ['API_REJECTED', 'rejected'],
  'risk-control': ['API_REJECTED', 'rejected'],
  failed: ['API_REJECTED', 'rejected'],
  malformed: ['API_INVALID_RESPONSE', 'unknown'],
  'stream-broken': ['API_REJECTED', 'rejected'],
}

/** What is known about a call that failed. */
export interface OneBotErrorDetails extends ErrorOptions {
  /** Name of the action. */
  readonly action: string
  /** Its parameters. */
  readonly params?: object | undefined
  /** How it travelled. */
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
  override readonly name = 'OneBotError'
  /** Why it failed. */
  readonly kind: OneBotErrorKind
  /** Whether the call may have been carried out. */
  readonly outcome: CallOutcome
  /** Name of the action. */
  readonly action: string
  /** How the call travelled; `undefined` when it was not sent. */
  readonly transport: CallTransport | undefined
  /** Result number of the answer. */
  readonly retcode: number | undefined
  /** Upper-case code of go-cqhttp. */
  readonly reason: string | undefined
  /** HTTP status, where the transport itself refused. */
  readonly httpStatus: number | undefined
  /** The parameters, shortened; not enumerable, so that logs leave them out. */
  declare readonly params: object
  /** The answer as it came; not enumerable, so that logs leave it out. */
  declare readonly raw: unknown

  /** @param detail - What happened, behind the name of the action. */
  constructor(kind: OneBotErrorKind, detail: string, details: OneBotErrorDetails) {
    const [code, outcome] = kinds[kind]
    super(code, `${details.action}: ${detail}`, { cause: details.cause, retriable: outcome === 'not-sent' })
    this.kind = kind
    this.outcome = outcome
    this.action = details.action
    this.transport = details.transport
    this.retcode = details.retcode
    this.reason = details.reason
    this.httpStatus = details.httpStatus
    Object.defineProperty(this, 'params', { value: redact(details.params ?? {}) })
    Object.defineProperty(this, 'raw', { value: details.raw })
  }

  /** Whether an error is a failed call of one of these kinds; of any kind when none is named. */
  static override is(error: unknown, ...of: readonly OneBotErrorKind[]): error is OneBotError {
    return error instanceof OneBotError && (of.length === 0 || of.includes(error.kind))
  }
}
