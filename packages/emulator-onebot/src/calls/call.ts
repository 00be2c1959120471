import { Mailbox } from '@mynah/core/testing'
import type { Answer } from './api.ts'

const recordedCalls = 10_000

/** A call that reached the emulator. */
export interface ApiCall {
  readonly action: string
  readonly params: Readonly<Record<string, unknown>>
  /** How it came. */
  readonly via: 'http' | 'websocket' | 'quick-operation'
  /** The frames that answered it; undefined while it runs, and when the answer was lost. */
  answer: Answer | undefined
}

/** Every call that came, to look at and to wait for. */
export class CallLog {
  readonly #all: ApiCall[] = []
  readonly #mail = new Mailbox<ApiCall>(
    ({ action, params }) => `${action} ${JSON.stringify(params)}`,
    recordedCalls,
  )

  /** Oldest first; of very many only the newest. */
  get all(): readonly ApiCall[] {
    return this.#all
  }

  begun(call: ApiCall): void {
    this.#all.push(call)
    // In large steps, so that a load test does not move the list on each call.
    if (this.#all.length > recordedCalls * 2) this.#all.splice(0, recordedCalls)
  }

  carriedOut(call: ApiCall): void {
    this.#mail.push(call)
  }

  /** Takes the first call that fits, once it was carried out. */
  expect(action: string, accepts: (call: ApiCall) => boolean, timeoutMs?: number): Promise<ApiCall> {
    const fits = (call: ApiCall): boolean => call.action === action && accepts(call)
    return this.#mail.take(fits, `a call of ${action}`, timeoutMs)
  }
}
