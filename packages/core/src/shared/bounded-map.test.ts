import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TestClock } from '../testing/index.ts'
import { BoundedMap, RecentSet } from './bounded-map.ts'

describe('a bounded map', () => {
  it('forgets the oldest entry; what is set anew is the newest', () => {
    const map = new BoundedMap<string, number>({ maxEntries: 2 })
    map.set('a', 1)
    map.set('b', 2)
    map.set('a', 3)
    map.set('c', 4)
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([3, undefined, 4, 2])
    map.delete('a')
    expect(map.has('a')).toBe(false)
    map.clear()
    expect(map.size).toBe(0)
  })

  it('forgets what is too old', async () => {
    const clock = new TestClock()
    const map = new BoundedMap<string, number>({ maxEntries: 9, maxAgeMs: 1000, clock })
    map.set('a', 1)
    await clock.advance(600)
    map.set('b', 2)
    await clock.advance(400)
    expect([map.has('a'), map.get('b')]).toEqual([false, 2])
  })
})

describe('recent keys', () => {
  it('behave like a plain list of keys and times', async () => {
    const steps = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), waitMs: fc.nat(6) }))
    const size = fc.integer({ min: 1, max: 4 })
    await fc.assert(
      fc.asyncProperty(steps, size, fc.integer({ min: 1, max: 9 }), async (steps, maxEntries, maxAgeMs) => {
        const clock = new TestClock()
        const recent = new RecentSet({ maxEntries, maxAgeMs, clock })
        let model: { key: string; at: number }[] = []
        for (const { key, waitMs } of steps) {
          await clock.advance(waitMs)
          model = model.filter(({ at }) => clock.monotonic() - at < maxAgeMs)
          const isKnown = model.some((entry) => entry.key === key)
          if (!isKnown) model = [...model, { key, at: clock.monotonic() }].slice(-maxEntries)
          expect(recent.add(key)).toBe(!isKnown)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('may come again when they are forgotten', () => {
    const recent = new RecentSet({ maxEntries: 2 })
    expect([recent.add('a'), recent.add('a')]).toEqual([true, false])
    recent.delete('a')
    expect(recent.add('a')).toBe(true)
  })
})
