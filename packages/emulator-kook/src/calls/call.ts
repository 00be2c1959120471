import { Mailbox } from '@mynah/core/testing'
import type { UploadedFile } from './endpoint.ts'
import { routeMatcher } from '../faults/http-faults.ts'

/** A call the emulator received, and how it answered. */
export interface KookCall {
  readonly method: string
  /** Relative to `/api/v3/`, without query: `message/create`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The parsed JSON body, or the text fields of a multipart form. */
  readonly body: unknown
  readonly files: Readonly<Record<string, UploadedFile>>
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** HTTP status of the answer; undefined when the connection ended without one. */
  readonly status: number | undefined
  /** The answer's `code`, for answers with an envelope. */
  readonly code: number | undefined
  /** The answer's `data`. */
  readonly data: unknown
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
}

/** Every call so far, and a way to wait for one. */
export class CallLog {
  readonly #all: KookCall[] = []
  readonly #unseen = new Mailbox<KookCall>(
    (call) => `${call.method} ${call.path} ${JSON.stringify(call.body)} -> ${call.status} ${call.code}`,
  )

  get all(): readonly KookCall[] {
    return this.#all
  }

  push(call: KookCall): void {
    this.#all.push(call)
    this.#unseen.push(call)
  }

  /** Takes the first call not taken before that goes to `route` and pleases `accepts`. */
  expect(route: string, accepts: (call: KookCall) => boolean, timeoutMs: number): Promise<KookCall> {
    const matches = routeMatcher(route)
    return this.#unseen.take(
      (call) => matches(call.method, call.path) && accepts(call),
      `a call of ${route}`,
      timeoutMs,
    )
  }
}
