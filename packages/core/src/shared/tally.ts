import type { Clock } from './clock.ts'

/** Reports something that may happen very often: the first time at once, then at most once a period with a count. */
export class Tally {
  readonly #clock: Clock
  readonly #periodMs: number
  readonly #report: (count: number) => void
  #count = 0
  #cancel: (() => void) | undefined

  constructor(clock: Clock, periodMs: number, report: (count: number) => void) {
    this.#clock = clock
    this.#periodMs = periodMs
    this.#report = report
  }

  add(): void {
    this.#count += 1
    if (this.#cancel === undefined) this.#flush()
  }

  /** Reports what has not been reported and leaves no timer. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#count > 0) this.#report(this.#count)
    this.#count = 0
  }

  #flush(): void {
    this.#cancel = undefined
    if (this.#count === 0) return
    const count = this.#count
    this.#count = 0
    this.#cancel = this.#clock.setTimeout(() => this.#flush(), this.#periodMs)
    this.#report(count)
  }
}
