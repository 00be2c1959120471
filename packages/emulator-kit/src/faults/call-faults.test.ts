import { TestClock } from '@mynah/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'

import { Timers } from '../world/timers.ts'
import { type CallFault, CallFaults } from './call-faults.ts'

let clock: TestClock
let timers: Timers
let faults: CallFaults<{ text: string }>
/** Names of the calls that were carried out. */
let done: string[]

beforeEach(() => {
  clock = new TestClock()
  timers = new Timers(clock)
  faults = new CallFaults(timers, (selector) => (call) => selector === '*' || selector === call)
  done = []
})

const run = (call: string) =>
  faults.run(call, {
    carryOut: () => {
      done.push(call)
      return { text: 'tea' }
    },
    errorAnswer: ({ text }) => ({ text }),
  })

describe('a call', () => {
  it.each<[CallFault<{ text: string }>, unknown, boolean]>([
    [{ kind: 'answer-lost' }, 'silence', true],
    [{ kind: 'hang' }, 'silence', false],
    [{ kind: 'connection-dropped' }, 'drop', false],
    [{ kind: 'connection-dropped', carriedOut: true }, 'drop', true],
    [{ kind: 'error-answer', text: 'no' }, { answer: { text: 'no' } }, false],
    [{ kind: 'error-answer', text: 'no', carriedOut: true }, { answer: { text: 'no' } }, true],
  ])('goes wrong once by %o', async (fault, outcome, isCarriedOut) => {
    faults.plan('brew', fault)
    expect(await run('brew')).toEqual(outcome)
    expect(done).toEqual(isCarriedOut ? ['brew'] : [])
    expect(await run('brew')).toEqual({ answer: { text: 'tea' } })
  })

  it('is carried out at once and answered late', async () => {
    faults.plan('brew', { kind: 'late', delayMs: 60_000 })
    const answers: unknown[] = []
    const running = run('brew').then((outcome) => answers.push(outcome))
    await clock.advance(59_999)
    expect([done, answers]).toEqual([['brew'], []])
    await clock.advance(1)
    await running
    expect(answers).toEqual([{ answer: { text: 'tea' } }])
  })

  it('goes wrong as often as planned, in the order of the plans, if it is meant', async () => {
    faults.plan('brew', { kind: 'hang' }, 2)
    faults.plan('*', { kind: 'connection-dropped' })
    const outcomes = [await run('brew'), await run('pour'), await run('brew'), await run('brew')]
    expect(outcomes).toEqual(['silence', 'drop', 'silence', { answer: { text: 'tea' } }])
  })

  it('is answered when the test lets it, in its order', async () => {
    const held = faults.hold('brew')
    const order: string[] = []
    const running = ['one', 'two'].map((name) => run('brew').then(() => order.push(name)))
    await clock.advance(0)
    expect([held.waiting, order]).toEqual([2, []])
    held.release((waiting) => waiting.toReversed())
    await Promise.all(running)
    expect(order).toEqual(['two', 'one'])
    expect(await run('brew')).toEqual({ answer: { text: 'tea' } })
  })

  it('goes right again when the plans are cleared, and what was held is answered', async () => {
    faults.plan('*', { kind: 'hang' }, Number.POSITIVE_INFINITY)
    const held = faults.hold('*')
    const running = run('brew')
    await clock.advance(0)
    faults.clear()
    expect([await running, held.waiting]).toEqual(['silence', 0])
    expect(await run('brew')).toEqual({ answer: { text: 'tea' } })
  })

  it('gets no answer from an emulator that has closed meanwhile', async () => {
    faults.plan('brew', { kind: 'late', delayMs: 60_000 })
    const running = run('brew')
    await clock.advance(0)
    timers.close()
    expect(await running).toBe('silence')
  })
})
