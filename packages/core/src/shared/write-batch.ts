/** A stream that can hold writes back and let them go together. */
export interface Corkable {
  /** Holds back what is written from now on. */
  cork(): void
  /** Lets go what was held back. */
  uncork(): void
}

/** Lets everything that is written in one turn of the event loop leave in one system call. */
export class WriteBatch {
  readonly #stream: Corkable
  #isOpen = false

  constructor(stream: Corkable) {
    this.#stream = stream
  }

  /** Call before a write: what follows in this turn is held back until its end. */
  begin(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#stream.cork()
    process.nextTick(() => {
      this.#isOpen = false
      this.#stream.uncork()
    })
  }
}
