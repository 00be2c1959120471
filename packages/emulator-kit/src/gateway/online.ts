import { MynahError } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'

/** Tells when the bot gets events. */
export class OnlineWatch {
  readonly #isOnline: () => boolean
  readonly #describe: () => string
  readonly #waiting = new Set<() => void>()

  /** @param describe - What there is instead, for the error. */
  constructor(isOnline: () => boolean, describe: () => string) {
    this.#isOnline = isOnline
    this.#describe = describe
  }

  /** Has to be called whenever the answer may have changed. */
  changed(): void {
    if (!this.#isOnline()) return
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  /**
   * Resolves as soon as the bot gets events.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when it takes longer.
   */
  async wait(timeoutMs = 5000): Promise<void> {
    if (this.#isOnline()) return
    const online = deferred()
    this.#waiting.add(online.resolve)
    const timer = setTimeout(() => {
      this.#waiting.delete(online.resolve)
      const text = `The bot was not online within ${timeoutMs} ms; ${this.#describe()}`
      online.reject(new MynahError('TEST_EXPECTATION', text))
    }, timeoutMs)
    try {
      await online.promise
    } finally {
      clearTimeout(timer)
    }
  }
}
