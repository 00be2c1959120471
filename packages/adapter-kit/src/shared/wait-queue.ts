import type { Clock, MynahError } from '@mynah/core'
import { abortReason, deferred, type Deferred, onAbort } from '@mynah/core/adapter'

interface Waiter<T> {
  readonly turn: Deferred<T>
  queue: WaitQueue<T>
  leave: () => void
}

/** Callers who wait for their turn: first come, first served, and anybody may leave. */
export class WaitQueue<T = void> {
  readonly #waiters = new Set<Waiter<T>>()
  #cancelTimer: (() => void) | undefined

  get size(): number {
    return this.#waiters.size
  }

  /** Resolves when the turn has come; rejects with the reason of the signal. */
  wait(signal?: AbortSignal): Promise<T> {
    const turn = deferred<T>()
    if (signal?.aborted === true) {
      turn.reject(abortReason(signal))
      return turn.promise
    }
    const waiter: Waiter<T> = { turn, queue: this, leave: () => {} }
    if (signal !== undefined) {
      waiter.leave = onAbort(signal, () => {
        waiter.queue.#waiters.delete(waiter)
        turn.reject(abortReason(signal))
      })
    }
    this.#waiters.add(waiter)
    return turn.promise
  }

  /** Calls the first one up and hands it `value`. */
  next(value: T): void {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter)
      waiter.leave()
      return waiter.turn.resolve(value)
    }
  }

  /**
   * Calls up all whose turn has come, and the others when theirs comes.
   *
   * @param freeAt - When the next one may go, by the clock; `Infinity` when this is called again for that.
   * @param take - Takes the turn; its result is handed over.
   */
  serve(clock: Clock, freeAt: () => number, take: () => T): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    while (this.size > 0) {
      const waitMs = freeAt() - clock.monotonic()
      if (waitMs === Infinity) return
      if (waitMs > 0) {
        this.#cancelTimer = clock.setTimeout(() => this.serve(clock, freeAt, take), waitMs)
        return
      }
      this.next(take())
    }
  }

  /** Sends all of them away. */
  rejectAll(error: MynahError): void {
    this.#cancelTimer?.()
    for (const waiter of this.#waiters) {
      waiter.leave()
      waiter.turn.reject(error)
    }
    this.#waiters.clear()
  }

  /** Lets all of them wait at the end of another queue. */
  moveTo(other: WaitQueue<T>): void {
    for (const waiter of this.#waiters) {
      waiter.queue = other
      other.#waiters.add(waiter)
    }
    this.#waiters.clear()
  }
}
