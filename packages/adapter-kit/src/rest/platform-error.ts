import { MynahError, type ErrorCode, type MynahErrorOptions } from '@mynah/core'
import { quote } from '../shared/redact.ts'

/** What is known about a call that failed. */
export interface PlatformErrorDetails extends MynahErrorOptions {
  method: string
  /** The path without its query, which may hold secrets. */
  path: string
  /** The HTTP status; absent when no response came. */
  status?: number | undefined
  /** The platform's own error code. */
  platformCode?: string | number | undefined
  /** The platform's name for this request, to quote when asking its support. */
  requestId?: string | undefined
  /** The response's body as far as it was readable: JSON, or the beginning of a text. */
  body?: unknown
}

/**
 * A call to a platform's API that failed. It carries no headers, no query and no request body; what the
 * platform says is in the message, shortly and without secrets.
 */
export class PlatformError extends MynahError {
  override readonly name: string = 'PlatformError'
  /** The HTTP method. */
  readonly method: string
  /** The path without its query. */
  readonly path: string
  /** The HTTP status; absent when no response came. */
  readonly status: number | undefined
  /** The platform's own error code. */
  readonly platformCode: string | number | undefined
  /** The platform's name for this request. */
  readonly requestId: string | undefined
  /** The response's body as far as it was readable; not enumerable, so that logs leave it out. */
  declare readonly body: unknown

  constructor(code: ErrorCode, detail: string, details: PlatformErrorDetails) {
    super(code, describe(detail, details), details)
    this.method = details.method
    this.path = details.path
    this.status = details.status
    this.platformCode = details.platformCode
    this.requestId = details.requestId
    Object.defineProperty(this, 'body', { value: details.body })
  }
}

function describe(detail: string, details: PlatformErrorDetails): string {
  const facts = [
    details.status === undefined ? undefined : `HTTP ${details.status}`,
    details.platformCode === undefined ? undefined : `code ${quote(String(details.platformCode))}`,
    details.requestId === undefined ? undefined : `request ${quote(details.requestId)}`,
  ].filter((fact) => fact !== undefined)
  const suffix = facts.length === 0 ? '' : ` (${facts.join(', ')})`
  return `${details.method} ${details.path}${suffix}: ${quote(detail)}`
}
