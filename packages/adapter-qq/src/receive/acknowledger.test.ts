import { MynahError, systemClock } from '@mynah/core'
import { TestClock } from '@mynah/core/testing'
import { expect, it } from 'vitest'
import { Acknowledger } from './acknowledger.ts'

it('acknowledges a click again when the first time failed, and only then', async () => {
  const calls: string[] = []
  const acknowledge = async (id: string): Promise<void> => {
    calls.push(id)
    if (calls.length === 1) throw new MynahError('API_UNREACHABLE')
  }
  const acknowledger = new Acknowledger({ acknowledge }, systemClock, { warn: () => {} })
  await expect(acknowledger.acknowledge('click', 0)).rejects.toMatchObject({ code: 'API_UNREACHABLE' })
  await acknowledger.acknowledge('click', 0)
  await acknowledger.acknowledge('click', 0)
  expect(calls).toEqual(['click', 'click'])
})

it.each([
  ['their handlers are done', 0],
  ['their time is up', 2000],
])('acknowledges clicks when %s, each once', async (_, waitMs) => {
  const calls: [string, number][] = []
  const clock = new TestClock()
  const acknowledge = async (id: string, code: number): Promise<void> => void calls.push([id, code])
  const acknowledger = new Acknowledger({ acknowledge }, clock, { warn: () => {} })
  acknowledger.follow('event', 'click')
  await clock.advance(1999)
  expect(calls).toEqual([])
  if (waitMs === 0) acknowledger.settled('event')
  await clock.advance(waitMs)
  acknowledger.settled('event')
  expect(calls).toEqual([['click', 0]])
  expect(clock.pending).toEqual([])
})
