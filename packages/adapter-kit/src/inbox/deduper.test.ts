import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { Deduper } from './deduper.ts'

it('knows a key from the second time on', () => {
  const deduper = new Deduper()
  expect([deduper.seen('a'), deduper.seen('b'), deduper.seen('a'), deduper.seen('')]).toEqual([
    false,
    false,
    true,
    false,
  ])
  expect(deduper.seen('')).toBe(true)
})

it('forgets the oldest key when there are too many', () => {
  const deduper = new Deduper({ maxKeys: 2 })
  for (const key of ['a', 'b', 'c']) deduper.seen(key)
  expect(deduper.size).toBe(2)
  expect([deduper.seen('b'), deduper.seen('c'), deduper.seen('a')]).toEqual([true, true, false])
})

it('forgets a key when it is too old, counted from when it first came', async () => {
  const clock = new TestClock()
  const deduper = new Deduper({ maxAgeMs: 1000, clock })
  deduper.seen('a')
  await clock.advance(999)
  expect(deduper.seen('a')).toBe(true)
  await clock.advance(1)
  expect(deduper.seen('a')).toBe(false)
  expect(deduper.size).toBe(1)
})

it('takes a key again that could not be taken the first time', () => {
  const deduper = new Deduper({ maxKeys: 2 })
  deduper.seen('a')
  deduper.forget('a')
  deduper.forget('never came')
  expect([deduper.size, deduper.seen('a'), deduper.seen('a')]).toEqual([0, false, true])
  deduper.seen('b')
  deduper.seen('c')
  expect([deduper.seen('b'), deduper.seen('c'), deduper.seen('a')]).toEqual([true, true, false])
})

it('behaves like a plain list of keys and times', async () => {
  const steps = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), wait: fc.nat(6) }))
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 9 }),
      async (steps, maxKeys, maxAgeMs) => {
        const clock = new TestClock()
        const deduper = new Deduper({ maxKeys, maxAgeMs, clock })
        let model: { key: string; at: number }[] = []
        for (const { key, wait } of steps) {
          await clock.advance(wait)
          model = model.filter(({ at }) => clock.monotonic() - at < maxAgeMs)
          const known = model.some((entry) => entry.key === key)
          if (!known) model = [...model, { key, at: clock.monotonic() }].slice(-maxKeys)
          expect(deduper.seen(key)).toBe(known)
          expect(deduper.size).toBe(model.length)
        }
      },
    ),
  )
})
