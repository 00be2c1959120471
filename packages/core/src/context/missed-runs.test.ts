import fc from 'fast-check'
import { expect, it } from 'vitest'

import { missedRuns } from './missed-runs.ts'
import { readSchedule } from './schedule.ts'

const time = (written: string): number => Date.parse(written)

it('finds the latest times between two moments, oldest first', () => {
  const schedule = readSchedule('0 9 * * *', 'UTC')
  const runs = missedRuns(schedule, time('2024-05-01T09:00Z'), time('2024-05-04T08:59Z'), 100)
  expect(runs.map((run) => run.toISOString())).toEqual([
    '2024-05-02T09:00:00.000Z',
    '2024-05-03T09:00:00.000Z',
  ])
  const latest = missedRuns(schedule, time('2020-01-01T00:00Z'), time('2024-05-04T09:00Z'), 1)
  expect(latest.map((run) => run.toISOString())).toEqual(['2024-05-04T09:00:00.000Z'])
})

it('finds the only time of a job that runs once', () => {
  const schedule = readSchedule('2024-05-02T09:00:00Z', undefined)
  const runs = missedRuns(schedule, time('2024-05-01T00:00Z'), time('2025-05-04T00:00Z'), 100)
  expect(runs.map((run) => run.toISOString())).toEqual(['2024-05-02T09:00:00.000Z'])
  expect(missedRuns(schedule, time('2024-05-03T00:00Z'), time('2025-05-04T00:00Z'), 100)).toEqual([])
})

it('does not count through a year of seconds', () => {
  let asked = 0
  const everySecond = {
    next: (after: Date) => {
      asked += 1
      return new Date((Math.floor(after.getTime() / 1000) + 1) * 1000)
    },
  }
  expect(missedRuns(everySecond, time('2023-01-01T00:00Z'), time('2024-01-01T00:00Z'), 100)).toHaveLength(100)
  expect(asked).toBeLessThan(1000)
})

it('finds what one look from the beginning would find', () => {
  const patterns = fc.constantFrom('*/7 * * * *', '30 * * * *', '0 9 * * 1', '15 3 1 * *')
  const start = time('2024-05-01T00:00Z')
  const span = fc.integer({ min: 0, max: 40 * 86_400_000 })
  fc.assert(
    fc.property(patterns, span, fc.integer({ min: 1, max: 5 }), (pattern, length, most) => {
      const schedule = readSchedule(pattern, 'UTC')
      const all: Date[] = []
      for (
        let next = schedule.next(new Date(start));
        next !== undefined && next.getTime() <= start + length;
      ) {
        all.push(next)
        next = schedule.next(next)
      }
      expect(missedRuns(schedule, start, start + length, most)).toEqual(all.slice(-most))
    }),
    { numRuns: 40 },
  )
})
