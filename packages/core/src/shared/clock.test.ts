import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { systemClock } from './clock.ts'

const dayMs = 86_400_000

describe('the clock of the machine', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each([1, 24, 25, 30, 365, 3 * 365])('calls back after %i days, and not before', (days) => {
    const fired = vi.fn<() => void>()
    systemClock.setTimeout(fired, days * dayMs)
    vi.advanceTimersByTime(days * dayMs - 1)
    expect(fired).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(fired).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([1, 30, 365])('calls back every %i days', (days) => {
    const fired = vi.fn<() => void>()
    const cancel = systemClock.setInterval(fired, days * dayMs)
    vi.advanceTimersByTime(3 * days * dayMs - 1)
    expect(fired).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1)
    expect(fired).toHaveBeenCalledTimes(3)
    cancel()
    vi.advanceTimersByTime(10 * days * dayMs)
    expect(fired).toHaveBeenCalledTimes(3)
  })

  it('can be cancelled after more than one of the longest delays of Node', () => {
    const fired = vi.fn<() => void>()
    const cancel = systemClock.setTimeout(fired, 100 * dayMs)
    vi.advanceTimersByTime(80 * dayMs)
    cancel()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(100 * dayMs)
    expect(fired).not.toHaveBeenCalled()
  })
})

it('measures durations by a clock that nobody sets', () => {
  const before = systemClock.monotonic()
  vi.setSystemTime(0)
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before)
  vi.useRealTimers()
})
