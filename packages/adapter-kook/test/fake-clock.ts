import type { Clock } from '@mynah/adapter-kit'

/** A clock that moves only when told to. */
export class FakeClock implements Clock {
  #now = 0
  #tasks: { readonly at: number; readonly run: () => void }[] = []

  /** Delays of the tasks that wait, soonest first. */
  get waiting(): number[] {
    return this.#tasks.map((task) => task.at - this.#now).sort((a, b) => a - b)
  }

  now(): number {
    return this.#now
  }

  setTimeout(run: () => void, delayMs: number): () => void {
    const task = { at: this.#now + delayMs, run }
    this.#tasks.push(task)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task)
    }
  }

  /** Moves on by `ms` and runs what is due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      const task = next
      this.#tasks = this.#tasks.filter((other) => other !== task)
      this.#now = task.at
      task.run()
    }
    this.#now = end
  }

  #next(end: number): { readonly at: number; readonly run: () => void } | undefined {
    return this.#tasks.filter((task) => task.at <= end).sort((a, b) => a.at - b.at)[0]
  }
}
