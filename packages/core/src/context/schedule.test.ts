import { describe, expect, it } from 'vitest'

import { readSchedule } from './schedule.ts'

function timesOf(pattern: string, timezone: string, from: string, count: number): string[] {
  const schedule = readSchedule(pattern, timezone)
  const times: string[] = []
  let at = new Date(from)
  for (let index = 0; index < count; index += 1) {
    const next = schedule.next(at)
    if (next === undefined) break
    times.push(next.toISOString().slice(5, 16))
    at = next
  }
  return times
}

describe('where summer time ends', () => {
  it('a job of every hour runs every hour', () => {
    expect(timesOf('0 * * * *', 'Europe/Berlin', '2026-10-24T22:30:00Z', 5)).toEqual([
      '10-24T23:00',
      '10-25T00:00',
      '10-25T01:00',
      '10-25T02:00',
      '10-25T03:00',
    ])
  })

  it.each(['*/20 * * * *', '0 */20 * * * *'])('a job of some minutes runs in both hours: %s', (pattern) => {
    expect(timesOf(pattern, 'Europe/Berlin', '2026-10-25T00:10:00Z', 6)).toEqual([
      '10-25T00:20',
      '10-25T00:40',
      '10-25T01:00',
      '10-25T01:20',
      '10-25T01:40',
      '10-25T02:00',
    ])
  })

  it('a job of a certain hour runs once', () => {
    expect(timesOf('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '10-25T00:30',
      '10-26T01:30',
    ])
  })

  it('also where clocks move by half an hour', () => {
    expect(timesOf('0 * * * *', 'Australia/Lord_Howe', '2026-04-04T13:30:00Z', 3)).toEqual([
      '04-04T14:00',
      '04-04T15:30',
      '04-04T16:30',
    ])
  })
})

it('a job of every hour runs every hour where summer time begins', () => {
  expect(timesOf('0 * * * *', 'Europe/Berlin', '2026-03-28T23:30:00Z', 4)).toEqual([
    '03-29T00:00',
    '03-29T01:00',
    '03-29T02:00',
    '03-29T03:00',
  ])
})

it('keeps to zones whose hours are no whole ones', () => {
  expect(timesOf('0 * * * *', 'Asia/Kathmandu', '2026-03-28T23:30:00Z', 2)).toEqual([
    '03-29T00:15',
    '03-29T01:15',
  ])
})

it('has no time behind the only one', () => {
  expect(readSchedule('2020-01-01T00:00:00', 'UTC').next(new Date())).toBeUndefined()
})

it.each([
  ['nonsense', undefined],
  ['0 * * * *', 'Nowhere/City'],
  ['0 9 * * *', 'Nowhere/City'],
])('refuses %s in %s', (pattern, timezone) => {
  expect(() => readSchedule(pattern, timezone)).toThrow()
})
