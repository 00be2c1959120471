import type { Clock } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'

/** Tasks of one owner on the emulator's clock, cancelled together. */
export class Timers {
  readonly #clock: Clock
  readonly #cancels = new Set<() => void>()
  #isClosed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether {@link close} was called. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Runs `task` after `delayMs`, unless the result or {@link close} cancels it. */
  after(delayMs: number, task: () => void): () => void {
    return this.#start(task, (run) => this.#clock.setTimeout(run, delayMs))
  }

  /** Runs `task` every `periodMs`, until the result or {@link close} ends it. */
  every(periodMs: number, task: () => void): () => void {
    if (this.#isClosed) return () => {}
    const stop = this.#clock.setInterval(task, periodMs)
    this.#cancels.add(stop)
    return () => {
      this.#cancels.delete(stop)
      stop()
    }
  }

  /** Resolves after `delayMs`, or when `signal` or {@link close} ends the waiting. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#isClosed || signal?.aborted === true) return Promise.resolve()
    const { promise, resolve } = deferred()
    const cancelTask = this.#clock.setTimeout(() => finish(), delayMs)
    const finish = (): void => {
      this.#cancels.delete(finish)
      signal?.removeEventListener('abort', finish)
      cancelTask()
      resolve()
    }
    this.#cancels.add(finish)
    signal?.addEventListener('abort', finish)
    return promise
  }

  #start(task: () => void, set: (run: () => void) => () => void): () => void {
    if (this.#isClosed) return () => {}
    const cancelTask = set(() => {
      this.#cancels.delete(cancel)
      task()
    })
    const cancel = (): void => {
      this.#cancels.delete(cancel)
      cancelTask()
    }
    this.#cancels.add(cancel)
    return cancel
  }

  /** Cancels every task, ends all waiting, and takes no more. */
  close(): void {
    this.#isClosed = true
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }
}
