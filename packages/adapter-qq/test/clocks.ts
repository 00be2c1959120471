import type { Clock } from '@mynah/core'

/** A clock that moves only when told to; serves the emulator as well. */
export class ManualClock implements Clock {
  #now: number
  #setBy = 0
  #tasks: { at: number; run: () => void }[] = []

  /** @param start - Ms since 1970. */
  constructor(start: number = Date.UTC(2026, 8, 1, 2)) {
    this.#now = start
  }

  now(): number {
    return this.#now + this.#setBy
  }

  monotonic(): number {
    return this.#now
  }

  /** Sets the clock on the wall, as an administrator or NTP does; what waits is not affected. */
  set(now: number): void {
    this.#setBy = now - this.#now
  }

  /** How long the tasks wait that are still to come, soonest first. */
  get waiting(): number[] {
    return this.#tasks.map(({ at }) => at - this.#now).sort((one, other) => one - other)
  }

  setTimeout(run: () => void, delayMs: number): () => void {
    const task = { at: this.#now + delayMs, run }
    this.#tasks.push(task)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task)
    }
  }

  setInterval(run: () => void, periodMs: number): () => void {
    let cancel = (): void => {}
    const next = (): void => {
      cancel = this.setTimeout(() => {
        next()
        run()
      }, periodMs)
    }
    next()
    return () => cancel()
  }

  after(delayMs: number, task: () => void): () => void {
    return this.setTimeout(task, delayMs)
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [due] = this.#tasks.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)
      if (due === undefined) break
      this.#tasks = this.#tasks.filter((other) => other !== due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#now = end
  }
}

/** Real time, so many times as fast: what waits for minutes is over in no time. */
export class FastClock implements Clock {
  readonly #start = Date.now()
  readonly #factor: number

  constructor(factor = 100) {
    this.#factor = factor
  }

  now(): number {
    return this.#start + (performance.now() - this.#origin) * this.#factor
  }

  monotonic(): number {
    return this.now()
  }

  readonly #origin = performance.now()

  setTimeout(run: () => void, delayMs: number): () => void {
    const timer = setTimeout(run, delayMs / this.#factor)
    return () => clearTimeout(timer)
  }

  setInterval(run: () => void, periodMs: number): () => void {
    const timer = setInterval(run, periodMs / this.#factor)
    return () => clearInterval(timer)
  }
}
