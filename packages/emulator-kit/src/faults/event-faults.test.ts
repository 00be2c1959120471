import { TestClock } from '@mynah/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'

import { Timers } from '../world/timers.ts'
import { EventFaults } from './event-faults.ts'

let clock: TestClock
let faults: EventFaults<number>
let sent: number[]

beforeEach(() => {
  clock = new TestClock()
  faults = new EventFaults(new Timers(clock))
  sent = []
})

const pass = (...events: readonly number[]): void => {
  for (const event of events) void faults.pass(event, (one) => void sent.push(one))
}

describe('events', () => {
  it('are lost and doubled in the order in which this was planned', () => {
    faults.lose()
    faults.duplicate(2)
    pass(1, 2, 3, 4)
    expect(sent).toEqual([2, 2, 3, 3, 4])
  })

  it('come late, while others overtake them', async () => {
    faults.delay(5000)
    pass(1, 2)
    expect(sent).toEqual([2])
    await clock.advance(5000)
    expect(sent).toEqual([2, 1])
  })

  it('wait for the test, which decides their order', () => {
    const held = faults.hold()
    pass(1, 2, 3)
    expect([held.waiting, sent]).toEqual([3, []])
    held.release((waiting) => waiting.toReversed())
    pass(4)
    expect(sent).toEqual([3, 2, 1, 4])
  })

  it('pass as usual when the plans are cleared, those that were held first', () => {
    faults.hold()
    faults.lose(Number.POSITIVE_INFINITY)
    pass(1)
    faults.clear()
    pass(2)
    expect(sent).toEqual([2])
  })
})
