import { PlatformError, type RestFailure, type RestResponse } from '@mynah/adapter-kit'
import type { ErrorCode } from '@mynah/core'
import { isRecord } from '../wire/envelope.ts'
import { actionOf, actionOfStatus, hintFor, type ErrorAction } from './error-actions.ts'

/** A call that the platform refused: everything that is known about it, and what helps. Never holds secrets. */
export class QQApiError extends PlatformError {
  override readonly name: string = 'QQApiError'
  /** `err_code`, or else `code`, of the answer. */
  declare readonly platformCode: number | undefined
  /** What helps. */
  readonly action: ErrorAction

  /** @param cause - The failure as the HTTP client saw it. */
  constructor(cause: PlatformError) {
    const code = typeof cause.platformCode === 'number' ? cause.platformCode : undefined
    const action = code === undefined ? actionOfStatus(cause.status ?? 0) : actionOf(code)
    const words =
      isRecord(cause.body) && typeof cause.body['message'] === 'string' ? cause.body['message'] : ''
    const detail = [words, hintFor(cause.status, code)].filter(Boolean).join(' — ')
    super(codeOf(cause, action), detail || reasonOf(cause), {
      method: cause.method,
      path: cause.path,
      status: cause.status,
      platformCode: code,
      requestId: cause.requestId,
      retryAfterMs: cause.retryAfterMs,
      body: cause.body,
      cause: cause.cause,
      retriable: cause.retriable || action === 'wait' || action === 'retry',
    })
    this.action = action
  }

  /** `X-Tps-trace-ID`: to quote when asking the platform's support. */
  get traceId(): string | undefined {
    return this.requestId
  }

  /** `data` of the answer. */
  get data(): unknown {
    return isRecord(this.body) ? this.body['data'] : undefined
  }
}

/** What the detail of an error without words says, without the name of the call that comes in front again. */
function reasonOf({ message }: PlatformError): string {
  return message.slice(message.indexOf(': ') + 2)
}

function codeOf(cause: PlatformError, action: ErrorAction): ErrorCode {
  if (action === 'refresh') return 'AUTH_FAILED'
  if (action === 'wait') return 'RATE_LIMITED'
  return cause.code
}

/** Reads the code of an answer: `err_code` before `code`; 0 and absent are successes. */
export function codeIn(data: unknown): number | undefined {
  if (!isRecord(data)) return undefined
  const code = Number(data['err_code'] ?? data['code'] ?? 0)
  return Number.isFinite(code) && code !== 0 ? code : undefined
}

/** The audit that an answer tells about, in any of the places where it may stand. */
export function auditIn(data: unknown): string | undefined {
  if (!isRecord(data)) return undefined
  if (typeof data['audit_id'] === 'string' && data['audit_id'] !== '') return data['audit_id']
  const inner = isRecord(data['data']) ? data['data']['message_audit'] : data['message_audit']
  return isRecord(inner) && typeof inner['audit_id'] === 'string' ? inner['audit_id'] : undefined
}

/** Looks for a failure in an answer. A message that waits for its audit is none. */
export function readFailure({ status, headers, data }: RestResponse): RestFailure | undefined {
  const platformCode = codeIn(data)
  if (status < 300 && (platformCode === undefined || auditIn(data) !== undefined)) return undefined
  const action = platformCode === undefined ? actionOfStatus(status) : actionOf(platformCode)
  if (status < 300 && action === 'audit') return undefined
  const trace = isRecord(data) && typeof data['trace_id'] === 'string' ? data['trace_id'] : undefined
  const requestId = trace ?? headers['x-tps-trace-id']?.toString()
  return {
    remedy: action === 'refresh' || status === 401 ? 'credentials' : 'none',
    ...(platformCode === undefined ? {} : { platformCode }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}
