import { expect, it } from 'vitest'

import { TestClock } from '../testing/index.ts'
import { Tallies } from './tallies.ts'

it('tells the first few times at once and then how often, more and more seldom', async () => {
  const clock = new TestClock(0)
  const tallies = new Tallies(clock)
  const told: [number, number][] = []
  const happen = (times: number): void => {
    for (let index = 0; index < times; index += 1)
      tallies.add('a', (count) => void told.push([clock.now(), count]))
  }
  happen(25)
  expect(told).toEqual(Array.from({ length: 5 }, () => [0, 1]))
  await clock.advance(1000)
  happen(3)
  await clock.advance(2000)
  expect(told.slice(5)).toEqual([
    [1000, 20],
    [3000, 3],
  ])
  for (let second = 0; second < 300; second += 1) {
    happen(10)
    await clock.advance(1000)
  }
  // At most one line a minute, once it has gone on for a while.
  expect(told.filter(([at]) => at > 130_000).length).toBeLessThanOrEqual(4)
  tallies.stop()
  expect(told.reduce((sum, [, count]) => sum + count, 0)).toBe(28 + 3000)
  expect(clock.pending.length).toBe(0)
})

it('begins anew when it did not happen for a while, and keeps things apart', async () => {
  const clock = new TestClock(0)
  const tallies = new Tallies(clock)
  const told: string[] = []
  const happen = (key: string): void => tallies.add(key, (count) => void told.push(`${key} ${count}`))
  for (let index = 0; index < 6; index += 1) happen('a')
  happen('b')
  await clock.advance(10_000)
  expect(clock.pending.length).toBe(0)
  happen('a')
  expect(told).toEqual(['a 1', 'a 1', 'a 1', 'a 1', 'a 1', 'b 1', 'a 1', 'a 1'])
  tallies.stop()
})
