import { deferred } from '@mynah/core/adapter'
import type { Timers } from '@mynah/emulator-kit'

import type { RawEvent } from '../wire/wire.ts'

const queueLimit = 2000

/** Events that wait to be fetched by long polling; the oldest are lost when nobody does. */
export class EventQueue {
  readonly #events: RawEvent[] = []
  readonly #waiting = new Set<() => void>()
  readonly #timers: Timers

  constructor(timers: Timers) {
    this.#timers = timers
  }

  push(event: RawEvent): void {
    this.#events.push(event)
    if (this.#events.length > queueLimit) this.#events.shift()
    for (const wake of this.#waiting) wake()
  }

  /** Takes up to `limit` events; waits up to `timeoutMs` for the first. 0 does not wait. */
  async take(limit: number, timeoutMs: number): Promise<RawEvent[]> {
    if (this.#events.length === 0 && timeoutMs > 0) await this.#wait(timeoutMs)
    return this.#events.splice(0, Math.min(limit, this.#events.length))
  }

  /** Ends every wait. */
  close(): void {
    for (const wake of this.#waiting) wake()
  }

  async #wait(timeoutMs: number): Promise<void> {
    const woken = deferred()
    const wake = (): void => woken.resolve()
    const cancel = this.#timers.after(timeoutMs, wake)
    this.#waiting.add(wake)
    await woken.promise
    cancel()
    this.#waiting.delete(wake)
  }
}
