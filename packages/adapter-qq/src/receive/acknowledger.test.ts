import { MynahError, systemClock } from '@mynah/core'
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
