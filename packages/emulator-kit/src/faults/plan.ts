/** What was planned for the times to come. It is used up in the order in which it was planned. */
export class Plan<T> {
  readonly #entries: { readonly value: T; left: number }[] = []

  /** @param times - How often it is used; `Infinity` until {@link clear}. @defaultValue 1 */
  add(value: T, times = 1): void {
    if (times > 0) this.#entries.push({ value, left: times })
  }

  /** Uses up one time of the first plan that fits. */
  take(fits: (value: T) => boolean = () => true): T | undefined {
    const index = this.#entries.findIndex(({ value }) => fits(value))
    const entry = this.#entries[index]
    if (entry === undefined) return undefined
    entry.left -= 1
    if (entry.left <= 0) this.#entries.splice(index, 1)
    return entry.value
  }

  /** Whether nothing is planned. */
  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  /** Forgets all plans. */
  clear(): void {
    this.#entries.length = 0
  }
}
