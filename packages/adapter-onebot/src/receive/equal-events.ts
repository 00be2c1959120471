/** Events carry their second, so equal ones come close together. */
const maxRemembered = 256

/** How often events that are equal in every field came on one connection. */
export class EqualEvents {
  /** The one that came first is the first to go. */
  readonly #counts = new Map<string, number>()

  /** Counts an event; 1 for the first of its kind. */
  add(id: string): number {
    const count = (this.#counts.get(id) ?? 0) + 1
    this.#counts.set(id, count)
    if (this.#counts.size > maxRemembered) {
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest)
        break
      }
    }
    return count
  }
}
