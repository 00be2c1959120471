/** Bounds how many things are under way at a time; nobody waits, who does not fit is turned away. */
export class Gate {
  readonly #limit: number
  #inside = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Runs `task`; `undefined` when there is no room. */
  async run<T>(task: () => Promise<T>): Promise<T | undefined> {
    if (this.#inside >= this.#limit) return undefined
    this.#inside += 1
    try {
      return await task()
    } finally {
      this.#inside -= 1
    }
  }
}
