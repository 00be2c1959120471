interface Turn {
  readonly isAlone: boolean
  start(): void
}

/** Who may write: many beside each other, or one transaction alone, in the order in which they ask. */
export class WriterTurns {
  #waiting: Turn[] = []
  #isHeld = false

  /** Whether whoever asks may write at once. */
  get isFree(): boolean {
    return !this.#isHeld && this.#waiting.length === 0
  }

  /** Does something beside others. */
  share<T>(work: () => Promise<T>): Promise<T> {
    return this.#take(false, work)
  }

  /** Does something that all others wait for. What was asked for before it need not have ended. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.#take(true, () => this.#alone(work))
  }

  #take<T>(isAlone: boolean, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.push({ isAlone, start: () => resolve(work()) })
      this.#advance()
    })
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      this.#isHeld = false
      this.#advance()
    }
  }

  #advance(): void {
    while (!this.#isHeld) {
      const turn = this.#waiting.shift()
      if (turn === undefined) return
      this.#isHeld = turn.isAlone
      turn.start()
    }
  }
}
