/**
 * Where a plugin stands among the others, whenever it started: the app gives it out once, and all runs of the plugin
 * share it.
 */
export class Place {
  readonly #above: Place | undefined
  #index: number
  #children = 0

  private constructor(above: Place | undefined, index: number) {
    this.#above = above
    this.#index = index
  }

  /** The place of the app itself, in front of all. */
  static first(): Place {
    return new Place(undefined, 0)
  }

  /** The next place below this one: behind it, and in front of whatever follows it. */
  below(): Place {
    this.#children += 1
    return new Place(this, this.#children)
  }

  /** Whether this one was given out by the other. */
  isBelow(other: Place): boolean {
    return this.#above === other
  }

  /** Less than 0 where this one is in front of the other. */
  compare(other: Place): number {
    if (this === other) return 0
    const mine = this.#path()
    const theirs = other.#path()
    const at = mine.findIndex((index, depth) => index !== theirs[depth])
    return at < 0 ? mine.length - theirs.length : (mine[at] ?? 0) - (theirs[at] ?? -1)
  }

  #path(): number[] {
    return this.#above === undefined ? [] : [...this.#above.#path(), this.#index]
  }

  /**
   * Puts places into an order among each other; others stay where they are.
   *
   * @param places - All below the same one.
   * @returns Whether that changed anything.
   */
  static arrange(places: readonly Place[]): boolean {
    const indexes = places.map((place) => place.#index).toSorted((a, b) => a - b)
    let isOther = false
    for (const [at, index] of indexes.entries()) {
      const place = places[at]
      if (place === undefined || place.#index === index) continue
      place.#index = index
      isOther = true
    }
    return isOther
  }
}
