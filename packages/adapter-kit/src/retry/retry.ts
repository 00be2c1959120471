import { type Clock, MynahError, systemClock } from '@mynah/core'
import { sleep, backoffDelay, type BackoffOptions } from '@mynah/core/adapter'

/** What helps against a failure. */
export interface RetryDecision {
  /** Whether the same may work another time. */
  readonly repeat: boolean
  /** When, in ms. @defaultValue the back-off of the policy */
  readonly afterMs?: number
}

/** How something is tried again. */
export interface RetryPolicy {
  /**
   * The adapter's table: what helps against an error.
   *
   * @param failures - How many attempts have failed, this one included.
   * @defaultValue an error that says so of itself (`retriable`) is repeated
   */
  decide?: (error: unknown, failures: number) => RetryDecision
  /** Attempts at most, the first one included. @defaultValue 3 */
  maxAttempts?: number
  /** No attempt begins later than this after the first one, in ms. @defaultValue no limit */
  totalMs?: number
  /** How the delay grows where a decision names none. @defaultValue 1 s up to 30 s, full jitter */
  backoff?: BackoffOptions
  /** Gives up when it aborts. */
  signal?: AbortSignal | undefined
  /** Hears of each failure. @param afterMs - Until the next attempt; `undefined` when there is none. */
  onFailure?: (error: unknown, afterMs: number | undefined) => void
  /** Measures the time and runs the waits. @defaultValue the clock of the machine */
  clock?: Clock
}

/**
 * Does something, and again where its policy says so. It is the only loop of the kind outside of the core, which
 * alone repeats messages.
 *
 * @param attempt - Gets how many attempts failed before it.
 * @throws What the last attempt threw; the reason of the signal when that aborts during a wait.
 *
 * @example
 * ```ts
 * const decide = (error: unknown): RetryDecision =>
 *   error instanceof PlatformError && error.platformCode === 11_281 ? { repeat: true, afterMs: 500 } : { repeat: false }
 * const guild = await retry({ decide, signal }, () => api.guilds.get(id))
 * ```
 */
export async function retry<T>(policy: RetryPolicy, attempt: (failures: number) => Promise<T>): Promise<T> {
  const { decide = byItself, maxAttempts = 3, totalMs = Infinity, backoff, signal, onFailure } = policy
  const { clock = systemClock } = policy
  const endsAt = clock.monotonic() + totalMs
  for (let failures = 0; ;) {
    try {
      return await attempt(failures)
    } catch (error) {
      failures += 1
      const { repeat, afterMs = backoffDelay(failures - 1, backoff) } = decide(error, failures)
      const isOver = !repeat || failures >= maxAttempts || clock.monotonic() + afterMs >= endsAt
      onFailure?.(error, isOver ? undefined : afterMs)
      if (isOver || signal?.aborted === true) throw error
      await sleep(clock, afterMs, signal)
    }
  }
}

function byItself(error: unknown): RetryDecision {
  return { repeat: MynahError.is(error) && error.retriable }
}
