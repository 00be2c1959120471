/** The time on the wall is looked at so often, in ms: somebody may have set it. */
const longestNap = 2 ** 30

/**
 * How long to sleep before the clock is looked at again. Naps are powers of two: Node keeps an entry for each
 * length a timer ever had, and jobs would have a new one each day. After a machine has slept, the time on the
 * wall counts soon again.
 */
export function nap(leftMs: number): number {
  return Math.min(2 ** Math.floor(Math.log2(Math.max(1, leftMs))), longestNap)
}
