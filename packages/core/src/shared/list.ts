/** A list that is copied on change, so that it can be walked while it changes. */
export class List<T> {
  #items: readonly T[] = []

  /** All that were added and not removed, in order. */
  get items(): readonly T[] {
    return this.#items
  }

  /** Adds one behind the others, or in front of them. @returns Removes it. */
  add(item: T, isFirst = false): () => void {
    this.#items = isFirst ? [item, ...this.#items] : [...this.#items, item]
    return () => {
      this.#items = this.#items.filter((other) => other !== item)
    }
  }
}

/** A list in an order of its own, copied on change; of equals the one that came first is in front. */
export class SortedList<T> {
  readonly #compare: (one: T, other: T) => number
  #items: readonly T[] = []

  constructor(compare: (one: T, other: T) => number) {
    this.#compare = compare
  }

  /** All that were added and not removed, in order. */
  get items(): readonly T[] {
    return this.#items
  }

  /** Adds one in its place. @returns Removes it. */
  add(item: T): () => void {
    const at = this.#items.findLastIndex((other) => this.#compare(other, item) <= 0) + 1
    this.#items = this.#items.toSpliced(at, 0, item)
    return () => {
      this.#items = this.#items.filter((other) => other !== item)
    }
  }

  /** What the order goes by has changed. */
  sort(): void {
    this.#items = this.#items.toSorted(this.#compare)
  }
}

const none: readonly never[] = []

/** Lists by name; a list of which nothing is left is forgotten. */
export class Lists<T> {
  readonly #lists = new Map<string, readonly T[]>()

  /** How many names have something. */
  get size(): number {
    return this.#lists.size
  }

  /** The names that have something, in the order in which they came. */
  names(): string[] {
    return Array.from(this.#lists.keys())
  }

  /** What a name has, in order. */
  of(name: string): readonly T[] {
    return this.#lists.get(name) ?? none
  }

  /** Adds one behind the others of its name, or in front of them. @returns Removes it. */
  add(name: string, item: T, isFirst = false): () => void {
    const list = this.of(name)
    this.#lists.set(name, isFirst ? [item, ...list] : [...list, item])
    return () => {
      const rest = this.of(name).filter((other) => other !== item)
      if (rest.length > 0) this.#lists.set(name, rest)
      else this.#lists.delete(name)
    }
  }
}
