import type { Clock } from '@mynah/core'

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
