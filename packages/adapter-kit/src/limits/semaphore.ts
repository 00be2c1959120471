import { WaitQueue } from '../shared/wait-queue.ts'

/**
 * Lets so many run at a time; the others wait in the order they came. A place that is given back goes straight to
 * the first who waits, so that nobody slips in between.
 *
 * @example
 * ```ts
 * const answer = await semaphore.run(() => post(message), signal)
 * ```
 */
export class Semaphore {
  readonly #waiters = new WaitQueue()
  #free: number

  /** @param limit - How many may run at a time. */
  constructor(limit: number) {
    this.#free = limit
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiters.size
  }

  /** Runs a task when there is room. @throws The reason of the signal when it aborts while the task waits. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await this.#waiters.wait(signal)
    try {
      return await task()
    } finally {
      if (this.#waiters.size > 0) this.#waiters.next()
      else this.#free += 1
    }
  }
}
