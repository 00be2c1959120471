import { setImmediate as nextTurn } from 'node:timers/promises'

import { type Clock, MynahError } from '@mynah/core'

interface Timer {
  due: number
  readonly periodMs: number | undefined
  readonly callback: () => void
  readonly origin: string
}

/** A timer that has not fired yet. */
export interface PendingTimer {
  /** Ms of the clock until it fires. */
  readonly inMs: number
  readonly kind: 'once' | 'repeated'
  /** Where it was set: a line of a stack trace. */
  readonly origin: string
}

/** Timers that {@link TestClock.advance} fires at most, so that a timer that sets itself again at once ends. */
const mostTimers = 1_000_000

/**
 * A clock that stands still until a test moves it: cool-downs, questions and timers of plugins run by it.
 *
 * @example
 * ```ts
 * const clock = new TestClock()
 * clock.setTimeout(() => console.log('tea'), 180_000)
 * await clock.advance(180_000) // tea
 * ```
 */
export class TestClock implements Clock {
  readonly #timers = new Set<Timer>()
  #now: number

  /** @param start - Ms since 1970. @defaultValue the first moment of 2026, UTC */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  setTimeout(callback: () => void, delayMs: number): () => void {
    return this.#add(callback, delayMs, undefined)
  }

  setInterval(callback: () => void, periodMs: number): () => void {
    return this.#add(callback, periodMs, Math.max(1, periodMs))
  }

  /** Timers that have not fired yet, soonest first. */
  get pending(): PendingTimer[] {
    return Array.from(this.#timers, ({ due, periodMs, origin }) => ({
      inMs: due - this.#now,
      kind: periodMs === undefined ? ('once' as const) : ('repeated' as const),
      origin,
    })).sort((a, b) => a.inMs - b.inMs)
  }

  /**
   * Moves the time on. Timers fire in order, each at its own time, and what one of them starts goes as far as it
   * can before the next one fires.
   */
  async advance(byMs: number): Promise<void> {
    const end = this.#now + byMs
    await nextTurn()
    for (let fired = 0; ; fired += 1) {
      const timer = this.#next(end)
      if (timer === undefined) break
      if (fired === mostTimers) {
        throw new MynahError('TEST_EXPECTATION', `Timers set themselves again and again: ${timer.origin}`)
      }
      this.#now = Math.max(this.#now, timer.due)
      if (timer.periodMs === undefined) this.#timers.delete(timer)
      else timer.due += timer.periodMs
      timer.callback()
      await nextTurn()
    }
    this.#now = end
  }

  #add(callback: () => void, delayMs: number, periodMs: number | undefined): () => void {
    const timer: Timer = { due: this.#now + Math.max(0, delayMs), periodMs, callback, origin: callSite() }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** The timer that is due first; of several, the one that was set first. */
  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.due <= end && (next === undefined || timer.due < next.due)) next = timer
    }
    return next
  }
}

/** The line outside of this file that set the timer. */
function callSite(): string {
  const lines = new Error('timer').stack?.split('\n').slice(1) ?? []
  return lines.find((line) => !line.includes(import.meta.filename))?.trim() ?? 'somewhere'
}
