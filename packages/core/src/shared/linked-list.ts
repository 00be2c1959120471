/** A place in a {@link LinkedList}. */
export interface Link<T> {
  readonly item: T
  older: Link<T> | undefined
  newer: Link<T> | undefined
}

/**
 * Items in the order in which they came; any of them may go at any time. A `Set` through which items pass without end
 * makes a new table now and then, and an old table that was promoted keeps the next one, with all that was in it,
 * through every collection of young objects: each event would live until the next full collection.
 */
export class LinkedList<T> implements Iterable<T> {
  #oldest: Link<T> | undefined
  #newest: Link<T> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The item that is there for longest. */
  get oldest(): T | undefined {
    return this.#oldest?.item
  }

  /** Adds an item behind the others. @returns Its place, for {@link delete}. */
  add(item: T): Link<T> {
    const link: Link<T> = { item, older: this.#newest, newer: undefined }
    if (this.#newest === undefined) this.#oldest = link
    else this.#newest.newer = link
    this.#newest = link
    this.#size += 1
    return link
  }

  /** Takes an item out, once. */
  delete(link: Link<T>): void {
    const { older, newer } = link
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    // One that is gone and still pointed to a young one would keep that.
    link.older = undefined
    link.newer = undefined
    this.#size -= 1
  }

  /** Takes all out. */
  clear(): void {
    for (const link of this.#links()) this.delete(link)
  }

  /** Those that are there now, oldest first. */
  [Symbol.iterator](): Iterator<T> {
    return Array.from(this.#links(), ({ item }) => item).values()
  }

  *#links(): Iterable<Link<T>> {
    for (let link = this.#oldest, next = link?.newer; link !== undefined; link = next, next = link?.newer)
      yield link
  }
}
