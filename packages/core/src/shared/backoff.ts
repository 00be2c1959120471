/** How the delay between tries grows. */
export interface BackoffOptions {
  /** Upper bound of the first delay in ms. @defaultValue 1000 */
  baseMs?: number
  /** Upper bound of any delay in ms. @defaultValue 30000 */
  maxMs?: number
  /** A number in [0, 1), replaceable in tests. @defaultValue Math.random */
  random?: () => number
}

/**
 * The next delay in ms by exponential back-off with full jitter: anything from 0 to the bound, and the bound
 * doubles with each try until `maxMs`.
 *
 * @param attempt - How many tries have failed already, counted from 0.
 */
export function backoffDelay(attempt: number, options: BackoffOptions = {}): number {
  const { baseMs = 1000, maxMs = 30_000, random = Math.random } = options
  const bound = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30))
  return Math.round(random() * bound)
}
