import { MynahError, type ErrorCode } from '@mynah/core'
import { failedBeforeSending, networkErrorCode } from './network-error.ts'
import { PlatformError } from './platform-error.ts'
import type { RestFailure, RestResponse, RetryKind } from './rest-types.ts'

/** A failed attempt and what would help. */
export interface Failure {
  readonly error: MynahError
  readonly helps: RetryKind
}

interface CallName {
  readonly method: string
  readonly path: string
}

/** The failure of a response that says no. */
export function refused(
  call: CallName,
  response: RestResponse,
  failure: RestFailure,
  retryAfterMs: number | undefined,
): Failure {
  const { status } = response
  const helps = failure.helps ?? helpsAgainst(status)
  const detail = failure.message ?? 'the platform gave no reason.'
  const error = new PlatformError(failure.code ?? codeOf(status, helps), detail, {
    ...call,
    status,
    platformCode: failure.platformCode,
    requestId: failure.requestId,
    retryAfterMs,
    body: response.data,
    retriable: helps === 'wait' || helps === 'repeat',
  })
  return { error, helps }
}

/** The error of a success that is no JSON, a proxy's page for instance. Its outcome is unknown. */
export function unreadable(call: CallName, response: RestResponse): PlatformError {
  const { status, data: body } = response
  return new PlatformError('API_INVALID_RESPONSE', 'the answer is no JSON. Is the base URL right?', {
    ...call,
    status,
    body,
  })
}

/** The failure of an attempt without a whole response. */
export function interrupted(call: CallName, cause: unknown): Failure {
  if (MynahError.is(cause)) return { error: cause, helps: 'none' }
  if (cause instanceof RangeError) {
    return {
      error: new PlatformError('API_INVALID_RESPONSE', cause.message, { ...call, cause }),
      helps: 'none',
    }
  }
  const reason = `${networkErrorCode(cause)}.`
  if (failedBeforeSending(cause)) {
    const error = new PlatformError('API_UNREACHABLE', reason, { ...call, cause, retriable: true })
    return { error, helps: 'wait' }
  }
  return { error: new PlatformError('CONNECTION_CLOSED', reason, { ...call, cause }), helps: 'repeat' }
}

function helpsAgainst(status: number): RetryKind {
  if (status === 401) return 'credentials'
  if (status === 429) return 'wait'
  return status >= 500 ? 'repeat' : 'none'
}

function codeOf(status: number, helps: RetryKind): ErrorCode {
  if (helps === 'credentials') return 'AUTH_FAILED'
  if (helps === 'wait') return 'RATE_LIMITED'
  return status >= 502 && status <= 504 ? 'API_UNREACHABLE' : 'API_REJECTED'
}
