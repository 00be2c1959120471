import type { Schedule } from './schedule.ts'

/** How far back is looked first, in ms. */
const firstSpanMs = 60_000

/**
 * The latest times of a schedule between two moments, oldest first. Looks back in growing steps, since a job of every
 * second may have missed millions.
 */
export function missedRuns(schedule: Schedule, sinceMs: number, nowMs: number, most: number): Date[] {
  for (let spanMs = firstSpanMs; ; spanMs *= 2) {
    const fromMs = Math.max(sinceMs, nowMs - spanMs)
    const found = between(schedule, fromMs, nowMs)
    if (found.length >= most || fromMs === sinceMs) return found.slice(-most)
  }
}

function between(schedule: Schedule, fromMs: number, toMs: number): Date[] {
  const found: Date[] = []
  let next = schedule.next(new Date(fromMs))
  while (next !== undefined && next.getTime() <= toMs) {
    found.push(next)
    next = schedule.next(next)
  }
  return found
}
