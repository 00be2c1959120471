import fc from 'fast-check'
import { expect, it } from 'vitest'

import { CallSlots } from './call-slots.ts'

it('finds each item by its number until it is taken out, and gives no number twice', () => {
  const steps = fc.array(fc.oneof(fc.constant('add' as const), fc.nat()), { maxLength: 400 })
  fc.assert(
    fc.property(steps, (actions) => {
      const slots = new CallSlots<{ number: number }>()
      const model = new Map<number, { number: number }>()
      const given: number[] = []
      for (const action of actions) {
        if (action === 'add') {
          const item = { number: slots.next() }
          given.push(item.number)
          model.set(item.number, item)
          slots.add(item)
        } else {
          const [item] = [...model.values()].slice(action % Math.max(1, model.size))
          if (item === undefined) continue
          model.delete(item.number)
          slots.delete(item)
        }
        for (const number of given) expect(slots.get(number)).toBe(model.get(number))
        expect(new Set(given).size).toBe(given.length)
        expect([slots.size, new Set(slots)]).toEqual([model.size, new Set(model.values())])
      }
    }),
  )
})

it('goes on past a call that waits for long', () => {
  const slots = new CallSlots<{ number: number }>()
  const slow = { number: slots.next() }
  slots.add(slow)
  for (let count = 0; count < 1000; count += 1) {
    const item = { number: slots.next() }
    slots.add(item)
    slots.delete(item)
  }
  expect(slots.get(slow.number)).toBe(slow)
  expect(slots.size).toBe(1)
})

it.each([Number.NaN, -1, 0.5, Infinity])('knows no item of the number %d', (number) => {
  const slots = new CallSlots<{ number: number }>()
  slots.add({ number: slots.next() })
  expect(slots.get(number)).toBeUndefined()
})
