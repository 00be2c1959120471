/** So many ids are remembered at least, and never more than twice as many. */
const atLeast = 5000

/**
 * Remembers the latest ids in two generations: when the younger one is full, the older one is forgotten as a whole,
 * which costs each id less than to forget one for it.
 */
export class RecentIds {
  #younger = new Set<string>()
  #older: ReadonlySet<string> = new Set()

  /** Whether an id is known. */
  has(id: string): boolean {
    return this.#younger.has(id) || this.#older.has(id)
  }

  /** Adds an id; `false` when it is known already. */
  add(id: string): boolean {
    if (this.has(id)) return false
    if (this.#younger.size >= atLeast) {
      this.#older = this.#younger
      this.#younger = new Set()
    }
    this.#younger.add(id)
    return true
  }
}
