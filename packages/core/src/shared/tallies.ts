import type { Clock } from './clock.ts'

/** Told at once; what comes on top within a period is counted. */
const toldAtOnce = 5

/** The first period in ms; each one in which something was counted makes the next one twice as long. */
const firstPeriodMs = 1000
const longestPeriodMs = 60_000

/** Things that are counted at the same time; a new one beyond that is told each time. */
const maxKeys = 1000

interface Tally {
  /** How often it happened since the last report. */
  count: number
  left: number
  periodMs: number
  report: (count: number) => void
  cancel: () => void
}

/**
 * Keeps the log readable when the same thing happens again and again: the first few times are told at once, then
 * how often it happened, at most once a minute.
 */
export class Tallies {
  readonly #clock: Clock
  readonly #tallies = new Map<string, Tally>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Something happened.
   *
   * @param key - The same for what is the same.
   * @param report - Tells it, with how often it happened since it was told.
   */
  add(key: string, report: (count: number) => void, count = 1): void {
    const tally = this.#tallies.get(key)
    if (tally === undefined) {
      if (this.#tallies.size < maxKeys) this.#begin(key, report)
      report(count)
      return
    }
    tally.report = report
    tally.left -= 1
    if (tally.left >= 0) report(count)
    else tally.count += count
  }

  /** Tells what has not been told and leaves no timer. */
  stop(): void {
    for (const tally of this.#tallies.values()) {
      tally.cancel()
      if (tally.count > 0) tally.report(tally.count)
    }
    this.#tallies.clear()
  }

  #begin(key: string, report: (count: number) => void): void {
    const tally: Tally = { count: 0, left: toldAtOnce - 1, periodMs: firstPeriodMs, report, cancel: () => {} }
    this.#tallies.set(key, tally)
    this.#wait(key, tally)
  }

  #wait(key: string, tally: Tally): void {
    tally.cancel = this.#clock.setTimeout(() => this.#endPeriod(key, tally), tally.periodMs)
  }

  #endPeriod(key: string, tally: Tally): void {
    const { count, report } = tally
    if (count === 0) {
      this.#tallies.delete(key)
      return
    }
    tally.count = 0
    tally.periodMs = Math.min(tally.periodMs * 2, longestPeriodMs)
    this.#wait(key, tally)
    report(count)
  }
}
