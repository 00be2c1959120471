import type { Clock } from '@mynah/core'

/**
 * A clock that moves only when told to. The clock on the wall stands still for itself, so that nothing which
 * measures by it works.
 */
export class FakeClock implements Clock {
  /** The time on the wall, in ms since 1970. */
  wall = Date.UTC(2026, 0, 1)
  #now = 0
  #tasks: { at: number; run: () => void }[] = []

  /** Delays of the tasks that wait, soonest first. */
  get waiting(): number[] {
    return this.#tasks.map((task) => task.at - this.#now).sort((a, b) => a - b)
  }

  now(): number {
    return this.wall
  }

  monotonic(): number {
    return this.#now
  }

  setTimeout(run: () => void, delayMs: number): () => void {
    const task = { at: this.#now + delayMs, run }
    this.#tasks.push(task)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task)
    }
  }

  setInterval(run: () => void, periodMs: number): () => void {
    const next = (): (() => void) =>
      this.setTimeout(() => {
        cancel = next()
        run()
      }, periodMs)
    let cancel = next()
    return () => cancel()
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

  #next(end: number): { at: number; run: () => void } | undefined {
    return this.#tasks.filter((task) => task.at <= end).sort((a, b) => a.at - b.at)[0]
  }
}
