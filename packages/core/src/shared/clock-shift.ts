import type { Clock } from './clock.ts'

/** Notices that somebody sets the clock on the wall back. */
export class ClockShift {
  readonly #clock: Clock
  #offset: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#offset = this.#measure()
  }

  /** How far the clock was set back since the last call, in ms; 0 or less when it was not. */
  takeMs(): number {
    const offset = this.#measure()
    const backMs = this.#offset - offset
    this.#offset = offset
    // The two clocks never agree to the millisecond.
    return backMs < 1000 ? 0 : backMs
  }

  #measure(): number {
    return this.#clock.now() - this.#clock.monotonic()
  }
}
