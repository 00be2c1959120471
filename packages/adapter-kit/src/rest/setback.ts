import { MynahError, type ErrorCode } from '@mynah/core'
import { failedBeforeSending, networkErrorCode } from './network-error.ts'
import { PlatformError } from './platform-error.ts'
import type { Remedy, RestFailure, RestResponse } from './rest-types.ts'

/** A failed attempt and what would help. */
export interface Setback {
  readonly error: MynahError
  readonly remedy: Remedy
}

interface CallName {
  readonly method: string
  readonly path: string
}

/** The setback of a response that says no. */
export function refused(
  call: CallName,
  response: RestResponse,
  failure: RestFailure,
  retryAfterMs: number | undefined,
): Setback {
  const { status } = response
  const remedy = failure.remedy ?? remedyOf(status)
  const detail = failure.message ?? 'the platform gave no reason.'
  const error = new PlatformError(failure.code ?? codeOf(status, remedy), detail, {
    ...call,
    status,
    platformCode: failure.platformCode,
    requestId: failure.requestId,
    retryAfterMs,
    body: response.data,
    retriable: remedy === 'wait' || remedy === 'repeat',
  })
  return { error, remedy }
}

/** The setback of a success that is no JSON, a proxy's page for instance. Its outcome is unknown. */
export function unreadable(call: CallName, response: RestResponse): Setback {
  const { status, data: body } = response
  const error = new PlatformError('API_INVALID_RESPONSE', 'the answer is no JSON. Is the base URL right?', {
    ...call,
    status,
    body,
  })
  return { error, remedy: 'none' }
}

/** The setback of an attempt without a whole response. */
export function interrupted(call: CallName, cause: unknown): Setback {
  if (MynahError.is(cause)) return { error: cause, remedy: 'none' }
  if (cause instanceof RangeError) {
    return {
      error: new PlatformError('API_INVALID_RESPONSE', cause.message, { ...call, cause }),
      remedy: 'none',
    }
  }
  const reason = `${networkErrorCode(cause)}.`
  if (failedBeforeSending(cause)) {
    const error = new PlatformError('API_UNREACHABLE', reason, { ...call, cause, retriable: true })
    return { error, remedy: 'wait' }
  }
  return { error: new PlatformError('CONNECTION_CLOSED', reason, { ...call, cause }), remedy: 'repeat' }
}

function remedyOf(status: number): Remedy {
  if (status === 401) return 'credentials'
  if (status === 429) return 'wait'
  return status >= 500 ? 'repeat' : 'none'
}

function codeOf(status: number, remedy: Remedy): ErrorCode {
  if (remedy === 'credentials') return 'AUTH_FAILED'
  if (remedy === 'wait') return 'RATE_LIMITED'
  return status >= 502 && status <= 504 ? 'API_UNREACHABLE' : 'API_REJECTED'
}
