import {
  isRecord,
  PlatformError,
  type RestFailure,
  type RestResponse,
  type RetryDecision,
} from '@mynah/adapter-kit'
import { type ErrorCode, MynahError } from '@mynah/core'

/** The shortest wait after a refusal for too many calls, in ms; it doubles with each attempt. */
const minWaitMs = 1000

/** What is known of a code of the platform. */
export interface KookErrorRule {
  /** The code of the error that is thrown. @defaultValue by the HTTP status, mostly `API_REJECTED` */
  readonly code?: ErrorCode
  /** What to do about it. */
  readonly hint: string
}

/** What to do about a token that is refused. */
export const tokenHint = 'copy "token" anew from the developer console'
const token: KookErrorRule = { code: 'AUTH_FAILED', hint: tokenHint }

/**
 * Codes of the platform that tell more than its words, each with what to do. What is not here is refused with
 * the platform's words alone, and never tried again.
 *
 * @see KOOK developer documentation, "常规错误码" (error codes); most of them are known from use.
 */
export const kookErrors: Readonly<Record<number, KookErrorRule>> = {
  40011: { hint: 'change the content: its form or the review refuses it' },
  40014: { hint: 'send less at once: a file or a body is too large' },
  40100: token,
  40101: token,
  40102: token,
  40103: token,
  40300: { hint: 'give the bot a role with that permission, above the roles and people it is about' },
  42007: { hint: 'the two are friends already' },
  42008: { hint: 'wait before the next request for friendship' },
  42012: { hint: 'this needs a VIP' },
  47001: { hint: 'try again when the post has passed its review' },
}

/** Trouble that a status tells even where the envelope says nothing about it. */
const statusFailures: Readonly<Record<number, RestFailure>> = {
  401: { code: 'AUTH_FAILED', helps: 'none' },
  429: { code: 'RATE_LIMITED', helps: 'wait' },
}

/** What nothing was done about, so that it may be asked for again. */
const notCarriedOut: ReadonlySet<ErrorCode> = new Set(['RATE_LIMITED', 'API_UNREACHABLE'])
/** What may have been carried out, which does no harm where something is only read. */
const uncertain: ReadonlySet<ErrorCode> = new Set(['API_TIMEOUT', 'CONNECTION_CLOSED'])

/** Whether a failed call is made again, and when; messages are repeated by the core alone. */
export function decideRetry(error: unknown, failures: number, isRead: boolean): RetryDecision {
  if (!(error instanceof PlatformError)) return { repeat: false }
  const { code, status = 0, retryAfterMs } = error
  if (code === 'RATE_LIMITED')
    return { repeat: true, afterMs: Math.max(minWaitMs, retryAfterMs ?? minWaitMs * 2 ** (failures - 1)) }
  // A gateway in front of the API may have handed the call on.
  const isUncertain = status >= 500 || uncertain.has(code)
  // That has been waited for long enough.
  if (code === 'API_TIMEOUT') return { repeat: isRead, afterMs: 0 }
  return { repeat: isUncertain ? isRead : notCarriedOut.has(code) }
}

/** Reads the failure of a call, if it is one: from the envelope, else from the status. */
export function readFailure({ status, data }: RestResponse): RestFailure | undefined {
  // A message may be there although the answer is an error: only what is read is asked for again.
  const unknown: RestFailure | undefined = status >= 500 ? { helps: 'none' } : statusFailures[status]
  if (!isRecord(data) || typeof data['code'] !== 'number') return status < 300 ? undefined : unknown
  const { code: platformCode, message } = data
  if (platformCode === 0 && status < 300) return undefined
  const { code, hint } = kookErrors[platformCode] ?? {}
  const words = [typeof message === 'string' ? message : '', hint ?? ''].filter((text) => text !== '')
  return {
    ...unknown,
    platformCode,
    message: words.join('; '),
    ...(code !== undefined && { code, helps: 'none' }),
  }
}

/** Whether only another token would help. */
export function isTokenRefused(error: unknown): boolean {
  return MynahError.is(error) && error.code === 'AUTH_FAILED'
}
