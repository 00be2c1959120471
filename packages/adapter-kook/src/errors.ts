import type { RestFailure, RestResponse } from '@mynah/adapter-kit'
import { type ErrorCode, MynahError } from '@mynah/core'

import { isRecord } from './wire/read.ts'

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

/** Reads the failure of a call, if it is one: from the envelope, else from the status. */
export function readFailure({ status, data }: RestResponse): RestFailure | undefined {
  if (!isRecord(data) || typeof data['code'] !== 'number')
    return status < 300 ? undefined : statusFailures[status]
  const { code: platformCode, message } = data
  if (platformCode === 0 && status < 300) return undefined
  const { code, hint } = kookErrors[platformCode] ?? {}
  const words = [typeof message === 'string' ? message : '', hint ?? ''].filter((text) => text !== '')
  return {
    ...statusFailures[status],
    platformCode,
    message: words.join('; '),
    ...(code === undefined ? {} : { code, helps: 'none' }),
  }
}

/** Whether only another token would help. */
export function isTokenRefused(error: unknown): boolean {
  return MynahError.is(error) && error.code === 'AUTH_FAILED'
}
