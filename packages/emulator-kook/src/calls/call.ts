import type { FormFile } from '@mynah/emulator-kit'

/** A call the emulator received, and how it answered. */
export interface KookCall {
  /** The HTTP method. */
  readonly method: string
  /** Relative to `/api/v3/`, without query: `message/create`. */
  readonly path: string
  /** The endpoint, `METHOD /path`; undefined when there is none. */
  readonly route: string | undefined
  /** The parameters of the address, decoded. */
  readonly query: Readonly<Record<string, string>>
  /** The parsed JSON body, or the text fields of a multipart form. */
  readonly body: unknown
  /** The files of a multipart form, by the names of their fields. */
  readonly files: Readonly<Record<string, FormFile>>
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** HTTP status of the answer; undefined when there was none. */
  readonly status: number | undefined
  /** The answer's `code`, for answers with an envelope. */
  readonly code: number | undefined
  /** The answer's `data`. */
  readonly data: unknown
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly receivedAt: number
}

/** How a call reads in the error of a failed expectation. */
export const describeCall = (call: KookCall): string =>
  `${call.method} ${call.path} ${JSON.stringify(call.body)} -> ${call.status} ${call.code}`
