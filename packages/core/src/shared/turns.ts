import { deferred } from './deferred.ts'
import { Fifo } from './fifo.ts'

/** Lets one at a time through for each key; the others wait, first come, first served. */
export class Turns {
  readonly #maxWaiting: number
  /** Keys whose turn is taken, with who waits for it, once somebody does. */
  readonly #waiting = new Map<string, Fifo<() => void> | undefined>()

  /** @param maxWaiting - How many may wait for one key. */
  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  /**
   * Takes the turn of a key; who got it calls {@link leave} once.
   *
   * @returns `undefined` when it is free, a promise of the turn, or `false` when too many wait.
   */
  enter(key: string): Promise<void> | false | undefined {
    if (!this.#waiting.has(key)) {
      this.#waiting.set(key, undefined)
      return undefined
    }
    const waiting = this.#waiting.get(key) ?? new Fifo()
    if (waiting.size >= this.#maxWaiting) return false
    const { promise, resolve } = deferred()
    waiting.push(resolve)
    this.#waiting.set(key, waiting)
    return promise
  }

  /** Lets the next one through. */
  leave(key: string): void {
    const next = this.#waiting.get(key)?.shift()
    if (next === undefined) this.#waiting.delete(key)
    else next()
  }
}
