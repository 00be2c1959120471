/** Remembers the latest ids, at least `size` and at most twice as many, at the price of a set look-up. */
export class RecentIds {
  readonly #size: number
  #current = new Set<string>()
  #previous = new Set<string>()

  constructor(size = 5000) {
    this.#size = size
  }

  /** Adds an id; false when it is there already. */
  add(id: string): boolean {
    if (this.#current.has(id) || this.#previous.has(id)) return false
    if (this.#current.size >= this.#size) {
      this.#previous = this.#current
      this.#current = new Set()
    }
    this.#current.add(id)
    return true
  }
}
