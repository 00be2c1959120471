/** What waits until a test lets it go. */
export interface Held<T> {
  /** How many wait. */
  readonly waiting: number
  /**
   * Lets go of all that waits, and holds no more.
   *
   * @param order - The order in which they go: `(waiting) => waiting.toReversed()`. @defaultValue as they came
   */
  release(order?: (waiting: readonly T[]) => readonly T[]): void
}

/** Holds things back for a test. */
export class Hold<T> implements Held<T> {
  readonly #items: T[] = []
  readonly #letGo: (item: T) => void
  readonly #ended: () => void

  /** @param ended - Called before what waits is let go. */
  constructor(letGo: (item: T) => void, ended: () => void) {
    this.#letGo = letGo
    this.#ended = ended
  }

  get waiting(): number {
    return this.#items.length
  }

  /** Keeps one until it is released. */
  keep(item: T): void {
    this.#items.push(item)
  }

  release(order: (waiting: readonly T[]) => readonly T[] = (waiting) => waiting): void {
    this.#ended()
    for (const item of order(this.#items.splice(0))) this.#letGo(item)
  }
}
