import { AssertionError } from 'node:assert'

/** Options of {@link expectLinear}. */
export interface LinearOptions {
  /** The smaller one of the two lengths that are compared. @defaultValue 262144 */
  length?: number
  /** Names the input where it fails. */
  label?: string
}

/** How much longer twice the input may take. */
const mostRatio = 2.5
/** How long the larger input may take, in ms. */
const mostMs = 300
/** What is over sooner is linear, in ms: what grows with the square of such lengths takes seconds. */
const shortMs = 100
/** What takes longer than this, in ms, is not measured again: no machine is that busy. */
const hopelessMs = mostMs * 4
/** Other work on the machine disturbs single runs, so of several the best ones count. */
const mostRounds = 15

/**
 * Feeds an input and one of twice its length to a reader of what somebody else wrote: it may take 2.5 times as
 * long at most, and never more than 300 ms.
 *
 * @param make - Makes the worst input of about that length.
 * @throws AssertionError when it takes longer.
 *
 * @example
 * ```ts
 * expectLinear((length) => '['.repeat(length), parse)
 * ```
 */
export function expectLinear<T>(
  make: (length: number) => T,
  read: (input: T) => unknown,
  options: LinearOptions = {},
): void {
  const { length = 256 * 1024, label = 'this input' } = options
  const whole = make(length * 2)
  let wholeMs = timeOf(read, whole)
  if (wholeMs < shortMs) return
  if (wholeMs > hopelessMs) throw tooLong(label, `${Math.round(wholeMs)} ms`)
  const half = make(length)
  let halfMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < mostRounds; round += 1) {
    halfMs = Math.min(halfMs, timeOf(read, half))
    wholeMs = Math.min(wholeMs, timeOf(read, whole))
    if (wholeMs < shortMs || (wholeMs < mostMs && wholeMs <= halfMs * mostRatio)) return
  }
  throw tooLong(label, `${Math.round(wholeMs)} ms, and half of it ${Math.round(halfMs)} ms`)
}

function tooLong(label: string, took: string): AssertionError {
  return new AssertionError({ message: `Reading ${label} took ${took}: too long for its length.` })
}

/** Makes inputs of one piece again and again, for {@link expectLinear}. */
export function repeated(piece: string): (length: number) => string {
  return (length) => piece.repeat(Math.ceil(length / piece.length))
}

function timeOf<T>(read: (input: T) => unknown, input: T): number {
  const begin = performance.now()
  const before = process.cpuUsage()
  read(input)
  const { user, system } = process.cpuUsage(before)
  // A busy machine lengthens the one, and collecting garbage on other threads the other.
  return Math.min(performance.now() - begin, (user + system) / 1000)
}
