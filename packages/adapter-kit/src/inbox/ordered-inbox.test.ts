import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { OrderedInbox, type InboxGap, type OrderedInboxOptions } from './ordered-inbox.ts'

function build(options: Partial<OrderedInboxOptions<string>> = {}) {
  const clock = new TestClock()
  const gaps: InboxGap[] = []
  const errors: unknown[] = []
  let taken: string[] = []
  const inbox = new OrderedInbox<string>({
    deliver: (item) => taken.push(item),
    onError: (error) => errors.push(error),
    onStuck: (gap) => gaps.push(gap),
    clock,
    ...options,
  })
  /** What was delivered meanwhile. */
  const during = (act: () => void): string[] => {
    taken = []
    act()
    return taken
  }
  const push = (sequence: number): string[] => during(() => inbox.push(sequence, `#${sequence}`))
  const skip = (): string[] => during(() => inbox.skip())
  return { inbox, clock, gaps, errors, push, skip }
}

it('hands out what is in order, holds what came early, drops what came twice', () => {
  const { inbox, push } = build()
  expect(push(1)).toEqual(['#1'])
  expect(push(1)).toEqual([])
  expect(push(3)).toEqual([])
  expect(push(5)).toEqual([])
  expect(push(3)).toEqual([])
  expect([inbox.last, inbox.held]).toEqual([1, 2])
  expect(push(2)).toEqual(['#2', '#3'])
  expect(push(4)).toEqual(['#4', '#5'])
  expect([inbox.last, inbox.held]).toEqual([5, 0])
})

it('goes on behind the number of an earlier session', () => {
  const { push } = build({ last: 41 })
  expect(push(41)).toEqual([])
  expect(push(42)).toEqual(['#42'])
})

it('begins anywhere when it is told that nothing is known', () => {
  const { push } = build({ last: undefined })
  expect(push(300)).toEqual(['#300'])
  expect(push(299)).toEqual([])
  const first = build({ last: undefined })
  expect(first.push(1)).toEqual(['#1'])
})

it.each([0, -1, 1.5, Number.NaN])('refuses the number %s', (sequence) => {
  const { inbox } = build()
  expect(() => inbox.push(sequence, 'x')).toThrow(expect.objectContaining({ code: 'FRAME_INVALID' }))
})

describe('a gap', () => {
  it('is reported when it does not close in time, and again until something is done', async () => {
    const { clock, gaps, push, skip } = build({ maxGapMs: 1000 })
    push(1)
    push(3)
    await clock.advance(600)
    push(5)
    await clock.advance(400)
    expect(gaps).toEqual([{ reason: 'late', expected: 2, held: 2 }])
    await clock.advance(1000)
    expect(gaps).toHaveLength(2)
    expect(skip()).toEqual(['#3'])
    await clock.advance(999)
    expect(gaps).toHaveLength(2)
    await clock.advance(1)
    expect(gaps.at(-1)).toEqual({ reason: 'late', expected: 4, held: 1 })
    expect(skip()).toEqual(['#5'])
    expect(skip()).toEqual([])
    expect(clock.delays).toEqual([])
  })

  it('is forgotten when it closes', () => {
    const { clock, gaps, push } = build({ maxGapMs: 1000 })
    push(2)
    push(1)
    expect(clock.delays).toEqual([])
    expect(gaps).toEqual([])
  })

  it('is reported when too much waits; what is one too many is dropped', () => {
    const { gaps, push, inbox, skip } = build({ maxHeld: 2 })
    for (const sequence of [3, 4, 5]) push(sequence)
    expect(gaps).toEqual([{ reason: 'full', expected: 1, held: 3 }])
    expect(inbox.held).toBe(2)
    expect(skip()).toEqual(['#3', '#4'])
    expect(push(5)).toEqual(['#5'])
  })

  it('keeps the last item when room is made at once', () => {
    const out: string[] = []
    const { inbox } = build({
      maxHeld: 2,
      deliver: (item) => out.push(item),
      onStuck: () => inbox.skip(),
    })
    for (const sequence of [3, 5, 6]) inbox.push(sequence, `#${sequence}`)
    expect(out).toEqual(['#3'])
    inbox.push(4, '#4')
    expect(out).toEqual(['#3', '#4', '#5', '#6'])
  })
})

it('forgets everything for a new session', () => {
  const { clock, inbox, push } = build()
  push(1)
  push(7)
  inbox.reset()
  expect([inbox.last, inbox.held, clock.delays]).toEqual([0, 0, []])
  expect(push(1)).toEqual(['#1'])
})

it('delivers what waits behind an item that could not be taken', () => {
  const taken: string[] = []
  const { inbox, errors, clock } = build({
    deliver: (item) => {
      if (item === '#2') throw new Error('odd payload')
      taken.push(item)
    },
  })
  for (const sequence of [3, 2, 1]) inbox.push(sequence, `#${sequence}`)
  expect(taken).toEqual(['#1', '#3'])
  expect(errors).toEqual([new Error('odd payload')])
  expect([inbox.last, inbox.held, clock.delays]).toEqual([3, 0, []])
})

it('survives one who listens to gaps and throws', async () => {
  const { push, errors, clock } = build({
    maxGapMs: 1000,
    onStuck: () => {
      throw new Error('no')
    },
  })
  push(2)
  await clock.advance(1000)
  expect(errors).toEqual([new Error('no')])
  expect(push(1)).toEqual(['#1', '#2'])
})

it('keeps the order when whoever takes an item pushes another one', () => {
  const taken: string[] = []
  const { inbox } = build({
    deliver: (item) => {
      taken.push(item)
      if (item === '#1') inbox.push(2, '#2')
    },
  })
  inbox.push(3, '#3')
  inbox.push(1, '#1')
  expect(taken).toEqual(['#1', '#2', '#3'])
})

it('delivers nothing of the old session after a reset in the middle', () => {
  const taken: string[] = []
  const { inbox } = build({
    deliver: (item) => {
      taken.push(item)
      inbox.reset()
    },
  })
  inbox.push(2, '#2')
  inbox.push(1, '#1')
  expect(taken).toEqual(['#1'])
  expect([inbox.last, inbox.held]).toEqual([0, 0])
})

it('can be emptied by whoever takes an item', () => {
  const taken: string[] = []
  const { inbox } = build({
    deliver: (item) => {
      taken.push(item)
      while (inbox.held > 0) inbox.skip()
    },
  })
  for (const sequence of [5, 3, 1]) inbox.push(sequence, `#${sequence}`)
  expect(taken).toEqual(['#1', '#3', '#5'])
})

it('leaves no timer after stop', () => {
  const { clock, inbox, push } = build()
  push(2)
  inbox.stop()
  expect(clock.delays).toEqual([])
})

it('brings any shuffled and repeated sequence in order, each item once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(6), { maxLength: 120 }),
      fc.array(fc.boolean(), { maxLength: 120 }),
      (jitter, repeats) => {
        const out: number[] = []
        const inbox = new OrderedInbox<number>({
          deliver: (item) => out.push(item),
          onError: () => {},
          onStuck: () => {},
          maxHeld: 200,
        })
        const arrivals = jitter
          .flatMap((late, index) => {
            const arrival = { index, at: index + late / 2 }
            return repeats[index] === true ? [arrival, arrival] : [arrival]
          })
          .sort((a, b) => a.at - b.at)
        for (const { index } of arrivals) inbox.push(index + 1, index)
        expect(out).toEqual(jitter.map((_late, index) => index))
      },
    ),
  )
})
