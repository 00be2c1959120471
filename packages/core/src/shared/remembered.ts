import { BoundedMap, type BoundedOptions } from './bounded-map.ts'

/** What somebody answers about things: asked for when it is needed, then kept. */
export class Remembered<T> {
  readonly #answers: BoundedMap<string, Promise<T>>

  /** @param options - How many answers are kept, how long one counts, and by which clock. */
  constructor(options: BoundedOptions) {
    this.#answers = new BoundedMap(options)
  }

  /** What is known by a key; a failure is told to all who wait for it, and not kept. */
  of(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    const asked = ask()
    this.#answers.set(key, asked)
    asked.catch(() => {
      if (this.#answers.get(key) === asked) this.#answers.delete(key)
    })
    return asked
  }

  /** Something about a thing may be different now; without a key, about any. */
  forget(key?: string): void {
    if (key === undefined) this.#answers.clear()
    else this.#answers.delete(key)
  }
}
