import { deferred, type Deferred } from '../shared/deferred.ts'
import type { Incoming } from '../event/incoming.ts'
import { PromptError } from './prompt-error.ts'

/** Something that only a person can bring about, and that a handler waits for. */
export class PromptWait<T> {
  readonly #incoming: Incoming
  readonly #outcome: Deferred<T> = deferred<T>()
  #isSettled = false
  #isParked = false
  #cancelTimer: (() => void) | undefined

  constructor(incoming: Incoming) {
    this.#incoming = incoming
    // It may end before anybody waits.
    this.#outcome.promise.catch(() => {})
  }

  /** Whether it has come, or cannot come any more. */
  get isSettled(): boolean {
    return this.#isSettled
  }

  /** It has come. */
  resolve(value: T): void {
    this.#wake()
    this.#outcome.resolve(value)
  }

  /** It cannot come any more. */
  reject(error: Error): void {
    this.#wake()
    this.#outcome.reject(error)
  }

  /** Waits; from here on the handler does nothing else. */
  settled(limitMs?: number): Promise<T> {
    if (!this.#isSettled) this.#park(limitMs)
    return this.#outcome.promise
  }

  #park(limitMs: number | undefined): void {
    this.#isParked = true
    this.#incoming.park()
    if (limitMs === undefined) return
    this.#cancelTimer = this.#incoming.host.clock.setTimeout(() => {
      this.reject(new PromptError('PROMPT_TIMEOUT', `No answer within ${limitMs} ms.`))
    }, limitMs)
  }

  /** The handler counts as running again before anybody can see that its answer is there. */
  #wake(): void {
    this.#isSettled = true
    this.#cancelTimer?.()
    if (!this.#isParked) return
    this.#isParked = false
    this.#incoming.resume()
  }
}
