import type { Dispatcher } from 'undici'
import { readAtMost } from '../shared/read-at-most.ts'
import type { RestRequest, RestResponse } from './rest-types.ts'

/** A response together with whether its body could be read as what was expected. */
export interface ReadResponse {
  readonly response: RestResponse
  readonly readable: boolean
}

/** @throws RangeError when the body is larger than `maxBytes`. */
export async function readResponse(
  raw: Dispatcher.ResponseData,
  expect: RestRequest['expect'],
  maxBytes: number,
): Promise<ReadResponse> {
  const { statusCode: status, headers } = raw
  const bytes = await readAtMost(raw.body, maxBytes)
  if (expect === 'bytes' && status < 300)
    return { response: { status, headers, data: bytes }, readable: true }
  if (bytes.length === 0) return { response: { status, headers, data: undefined }, readable: true }
  const text = bytes.toString()
  try {
    const data: unknown = JSON.parse(text)
    return { response: { status, headers, data }, readable: true }
  } catch {
    return { response: { status, headers, data: text.slice(0, 200) }, readable: false }
  }
}

/** The header `Retry-After` in ms: seconds, or a date. */
export function readRetryAfter(headers: RestResponse['headers'], nowMs: number): number | undefined {
  const value = headers['retry-after']
  if (value === undefined) return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
