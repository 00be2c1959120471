import { MynahError } from '../errors/mynah-error.ts'
import { deferred } from '../shared/deferred.ts'

interface Waiter<T> {
  accepts: (item: T) => boolean
  resolve: (item: T) => void
}

/**
 * What arrived and was not looked at yet. Waiting takes the first item that fits, whether it is there
 * already or still to come, so tests never sleep and never miss what came early.
 */
export class Mailbox<T> {
  readonly #items: T[] = []
  readonly #waiters: Waiter<T>[] = []
  readonly #describe: (item: T) => string
  readonly #limit: number

  /**
   * @param describe - How an item reads in the error of a failed expectation.
   * @param limit - How many items to keep while nobody takes them; the oldest are forgotten first, so that a
   *   load test does not fill the memory. @defaultValue no limit
   */
  constructor(
    describe: (item: T) => string = (item) => JSON.stringify(item),
    limit: number = Number.POSITIVE_INFINITY,
  ) {
    this.#describe = describe
    this.#limit = limit
  }

  /** What arrived and was not taken yet, oldest first. */
  get pending(): readonly T[] {
    return this.#items
  }

  /** Adds an item, or hands it to the first who waits for one like it. */
  push(item: T): void {
    const index = this.#waiters.findIndex((waiter) => waiter.accepts(item))
    if (index < 0) this.#keep(item)
    else this.#waiters.splice(index, 1)[0]?.resolve(item)
  }

  /**
   * Takes the first item that `accepts` says yes to.
   *
   * @param expected - What the caller waits for, in words, for the error.
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when nothing fitting arrives in time; it lists what did arrive.
   */
  take(accepts: (item: T) => boolean = () => true, expected = 'something', timeoutMs = 5000): Promise<T> {
    const index = this.#items.findIndex(accepts)
    const found = index < 0 ? undefined : this.#items.splice(index, 1)[0]
    if (found !== undefined) return Promise.resolve(found)
    const outcome = deferred<T>()
    const timer = setTimeout(() => {
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
      const arrived = this.#items.map((item) => `\n  - ${this.#describe(item)}`).join('') || ' nothing'
      outcome.reject(
        new MynahError('TEST_EXPECTATION', `Expected ${expected} within ${timeoutMs} ms; arrived:${arrived}`),
      )
    }, timeoutMs)
    const waiter: Waiter<T> = {
      accepts,
      resolve: (item) => {
        clearTimeout(timer)
        outcome.resolve(item)
      },
    }
    this.#waiters.push(waiter)
    return outcome.promise
  }

  #keep(item: T): void {
    this.#items.push(item)
    if (this.#items.length > this.#limit) this.#items.shift()
  }

  /** Forgets what arrived. */
  clear(): void {
    this.#items.length = 0
  }
}
