import { setImmediate as nextTurn } from 'node:timers/promises'
import { MynahError } from '../errors/mynah-error.ts'
import type { Clock } from '../shared/clock.ts'

interface Timer {
  dueAt: number
  readonly periodMs: number | undefined
  readonly callback: () => void
  readonly origin: string
}

/** A timer that has not fired yet. */
export interface PendingTimer {
  /** How long until it fires, in ms of the clock. */
  readonly inMs: number
  /** Whether it fires again and again. */
  readonly kind: 'once' | 'repeated'
  /** Where it was set: a line of a stack trace. */
  readonly origin: string
}

/** Timers that {@link TestClock.advance} fires at most, so that a timer that sets itself again at once ends. */
const mostTimers = 1_000_000

/**
 * A clock that stands still until a test moves it: cool-downs, questions, timers and back-off run by it.
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
  /** The two times have nothing in common, so that what takes one for the other does not work. */
  #elapsedMs = 0
  #startedAt: number

  /** @param start - What {@link now} says at first, in ms since 1970. @defaultValue the first moment of 2026, UTC */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#startedAt = start
  }

  /** The time on the wall, in ms since 1970. */
  now(): number {
    return this.#startedAt + this.#elapsedMs
  }

  /** How far the clock was moved since it was made, in ms. */
  monotonic(): number {
    return this.#elapsedMs
  }

  /** Calls back once, when the clock has been moved by `delayMs`; the result cancels it. */
  setTimeout(callback: () => void, delayMs: number): () => void {
    return this.#add(callback, delayMs, undefined)
  }

  /** Calls back whenever the clock has been moved by `periodMs`; the result cancels it. */
  setInterval(callback: () => void, periodMs: number): () => void {
    return this.#add(callback, periodMs, Math.max(1, periodMs))
  }

  /** Timers that have not fired yet, soonest first. */
  get pending(): PendingTimer[] {
    return Array.from(this.#timers, ({ dueAt, periodMs, origin }) => ({
      inMs: dueAt - this.#elapsedMs,
      kind: periodMs === undefined ? ('once' as const) : ('repeated' as const),
      origin,
    })).sort((a, b) => a.inMs - b.inMs)
  }

  /** How long until each pending timer fires, in ms, soonest first. */
  get delays(): number[] {
    return this.pending.map(({ inMs }) => inMs)
  }

  /** Sets the clock on the wall ahead, or back, as an administrator or NTP does: no timer fires for it. */
  setWall(byMs: number): void {
    this.#startedAt += byMs
  }

  /**
   * Moves the time on. Timers fire in order, each at its own time, and what one of them starts goes as far as it
   * can before the next one fires.
   *
   * @throws MynahError (as a rejection) `TEST_EXPECTATION` when timers set themselves again without end, and
   * whatever a timer throws.
   */
  async advance(byMs: number): Promise<void> {
    const end = this.#elapsedMs + byMs
    await nextTurn()
    for (let fired = 0; ; fired += 1) {
      const timer = this.#next(end)
      if (timer === undefined) break
      if (fired === mostTimers) {
        throw new MynahError('TEST_EXPECTATION', `Timers set themselves again and again: ${timer.origin}`)
      }
      this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueAt)
      if (timer.periodMs === undefined) this.#timers.delete(timer)
      else timer.dueAt += timer.periodMs
      timer.callback()
      await nextTurn()
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, end)
  }

  #add(callback: () => void, delayMs: number, periodMs: number | undefined): () => void {
    const dueAt = this.#elapsedMs + Math.max(0, delayMs)
    const timer: Timer = { dueAt, periodMs, callback, origin: callSite() }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** The timer that is due first; of several, the one that was set first. */
  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.dueAt <= end && (next === undefined || timer.dueAt < next.dueAt)) next = timer
    }
    return next
  }
}

/** The line outside of this file that set the timer. */
function callSite(): string {
  const lines = new Error('timer').stack?.split('\n').slice(1) ?? []
  return lines.find((line) => !line.includes(import.meta.filename))?.trim() ?? 'somewhere'
}
