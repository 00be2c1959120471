import { deferred } from './deferred.ts'

/** Time as the framework sees it; tests put a clock of their own in its place. */
export interface Clock {
  /** The time on the wall, in ms since 1970: for moments. It may be set back or ahead at any time. */
  now(): number
  /** Whole ms since some fixed moment; never goes back: for durations. */
  monotonic(): number
  /**
   * Calls back once after `delayMs`, however long that is; the result cancels it. The timer does not keep the
   * process alive.
   */
  setTimeout(callback: () => void, delayMs: number): () => void
  /**
   * Calls back every `periodMs`, however long that is; the result cancels it. The timer does not keep the process
   * alive.
   */
  setInterval(callback: () => void, periodMs: number): () => void
}

/** The longest delay that a timer of Node takes, in ms; it takes longer ones for 1. */
const longestDelayMs = 2 ** 31 - 1

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Math.floor(performance.now()),
  setTimeout: (callback, delayMs) => {
    if (delayMs > longestDelayMs) return setLongTimeout(callback, delayMs)
    const timer = setTimeout(callback, delayMs).unref()
    return () => clearTimeout(timer)
  },
  setInterval: (callback, periodMs) => {
    if (periodMs > longestDelayMs) return setLongInterval(callback, periodMs)
    const timer = setInterval(callback, periodMs).unref()
    return () => clearInterval(timer)
  },
}

function setLongTimeout(callback: () => void, delayMs: number): () => void {
  const dueAt = systemClock.monotonic() + delayMs
  let cancel = (): void => {}
  const wait = (): void => {
    const leftMs = dueAt - systemClock.monotonic()
    cancel =
      leftMs > longestDelayMs
        ? systemClock.setTimeout(wait, longestDelayMs)
        : systemClock.setTimeout(callback, leftMs)
  }
  wait()
  return () => cancel()
}

function setLongInterval(callback: () => void, periodMs: number): () => void {
  let cancel = (): void => {}
  const next = (): void => {
    cancel = systemClock.setTimeout(() => {
      next()
      callback()
    }, periodMs)
  }
  next()
  return () => cancel()
}

/** Waits for a promise, but no longer than `limitMs`; tells whether it settled in time. Never rejects. */
export function settlesWithin(clock: Clock, promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  const late = deferred<boolean>()
  const cancel = clock.setTimeout(() => late.resolve(false), limitMs)
  const inTime = (): boolean => true
  return Promise.race([promise.then(inTime, inTime), late.promise]).finally(cancel)
}
