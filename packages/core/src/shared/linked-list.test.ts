import fc from 'fast-check'
import { expect, it } from 'vitest'

import { type Link, LinkedList } from './linked-list.ts'

it('keeps what is left in the order in which it came, whatever goes', () => {
  const steps = fc.array(fc.oneof(fc.constant('add' as const), fc.nat({ max: 20 })))
  fc.assert(
    fc.property(steps, (actions) => {
      const list = new LinkedList<number>()
      const links: Link<number>[] = []
      let count = 0
      for (const action of actions) {
        if (action === 'add') links.push(list.add((count += 1)))
        else for (const link of links.splice(action % Math.max(1, links.length), 1)) list.delete(link)
        const items = links.map(({ item }) => item)
        expect([...list]).toEqual(items)
        expect([list.size, list.oldest]).toEqual([items.length, items[0]])
      }
    }),
  )
})

it('lets items go while somebody looks at them', () => {
  const list = new LinkedList<string>()
  const links = ['a', 'b', 'c'].map((item) => list.add(item))
  const seen: string[] = []
  for (const item of list) {
    seen.push(item)
    for (const link of links.splice(0)) list.delete(link)
  }
  expect(seen).toEqual(['a', 'b', 'c'])
  expect(list.size).toBe(0)
})

it('is empty after all were taken out, and can be used again', () => {
  const list = new LinkedList<string>()
  list.add('a')
  list.add('b')
  list.clear()
  expect([...list]).toEqual([])
  list.add('c')
  expect([...list]).toEqual(['c'])
})
