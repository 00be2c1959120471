import type { Clock } from '../src/index.ts'

interface Timer {
  at: number
  readonly everyMs: number | undefined
  readonly callback: () => void
}

/** A clock that moves only when a test says so. */
export class FakeClock implements Clock {
  #now: number
  #setBy = 0
  readonly #timers = new Set<Timer>()

  /** @param now - Where it begins, in ms since 1970. */
  constructor(now = 0) {
    this.#now = now
  }

  /** Timers that are waiting. */
  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now + this.#setBy
  }

  /** Sets the clock on the wall ahead, or back. */
  set(byMs: number): void {
    this.#setBy += byMs
  }

  monotonic(): number {
    return this.#now
  }

  setTimeout(callback: () => void, delayMs: number): () => void {
    return this.#add({ at: this.#now + delayMs, everyMs: undefined, callback })
  }

  setInterval(callback: () => void, periodMs: number): () => void {
    return this.#add({ at: this.#now + periodMs, everyMs: periodMs, callback })
  }

  /** Moves on, calls what is due in order, and lets promises settle after each call. */
  async advance(byMs: number): Promise<void> {
    const end = this.#now + byMs
    await settle()
    for (;;) {
      const due = Array.from(this.#timers)
        .filter(({ at }) => at <= end)
        .toSorted((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#now = Math.max(this.#now, due.at)
      if (due.everyMs === undefined) this.#timers.delete(due)
      else due.at += due.everyMs
      due.callback()
      await settle()
    }
    this.#now = end
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }
}

/** Lets everything run that waits for nothing but promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
