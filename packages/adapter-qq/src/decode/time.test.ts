import { describe, expect, it } from 'vitest'
import { parseTime } from './time.ts'

describe('times', () => {
  it.each([
    [1_699_240_365, 1_699_240_365_000],
    ['1699240365', 1_699_240_365_000],
    ['1699240365000', 1_699_240_365_000],
    ['2026-09-01T10:20:30+08:00', Date.UTC(2026, 8, 1, 2, 20, 30)],
    ['2024-01-02 10:20:30 +0800 CST m=+1.2', Date.UTC(2024, 0, 2, 2, 20, 30)],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
    [0, undefined],
    [Number.NaN, undefined],
  ])('reads %j', (value, ms) => {
    expect(parseTime(value)).toBe(ms)
  })
})
