import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectLinear, TestClock } from '../testing/index.ts'
import { BoundedMap, RecentSet } from './bounded-map.ts'
import { systemClock } from './clock.ts'

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
    map.set('d', 5)
    expect([map.get('d'), map.size]).toEqual([5, 1])
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

  it('behaves like a plain list of entries and times', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const step = fc.record({ key, waitMs: fc.nat(6), isDeleted: fc.boolean() })
    const size = fc.integer({ min: 1, max: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step),
        size,
        fc.integer({ min: 1, max: 9 }),
        async (steps, maxEntries, maxAgeMs) => {
          const clock = new TestClock()
          const map = new BoundedMap<string, number>({ maxEntries, maxAgeMs, clock })
          let model: { key: string; value: number; at: number }[] = []
          for (const [value, { key, waitMs, isDeleted }] of steps.entries()) {
            await clock.advance(waitMs)
            model = model.filter((entry) => clock.monotonic() - entry.at < maxAgeMs && entry.key !== key)
            if (isDeleted) map.delete(key)
            else map.set(key, value)
            if (!isDeleted) model = [...model, { key, value, at: clock.monotonic() }].slice(-maxEntries)
            expect(map.size).toBe(model.length)
            for (const entry of model) expect(map.get(entry.key)).toBe(entry.value)
            expect(map.has(key)).toBe(!isDeleted)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([
    { too: 'many', lives: Infinity },
    { too: 'old', lives: 1 },
  ])('forgets one of too $too at the same price however many there are', ({ lives }) => {
    const fill = (length: number): void => {
      let now = 0
      const clock = { ...systemClock, monotonic: () => (now += 1) }
      const map = new BoundedMap<number, number>({ maxEntries: length, maxAgeMs: length * lives, clock })
      for (let key = 0; key < length * 4; key += 1) map.set(key, key)
    }
    expectLinear((length) => length, fill, { length: 10_000 })
  })
})

describe('recent keys', () => {
  it('may come again when they are forgotten', () => {
    const recent = new RecentSet({ maxEntries: 2 })
    expect([recent.add('a'), recent.add('a')]).toEqual([true, false])
    recent.delete('a')
    expect(recent.add('a')).toBe(true)
  })
})
