import type { Acceptance } from '@mynah/core/adapter'
import { MemoryStore, TestClock } from '@mynah/core/testing'
import { describe, expect, it } from 'vitest'
import { IntakeProgress, type IntakeProgressOptions } from './intake-progress.ts'

const binding = 'bot 1, intents 3'
const lifeMs = 5 * 60_000

/** Counts what is written. */
class CountingStore extends MemoryStore {
  writes = 0
  isBroken = false

  override async set(key: string, value: unknown): Promise<void> {
    if (this.isBroken) throw new Error('The disk is full.')
    this.writes += 1
    await super.set(key, value)
  }
}

function build(store = new CountingStore(), options: Partial<IntakeProgressOptions> = {}) {
  const clock = new TestClock()
  const warnings: string[] = []
  const run = (): IntakeProgress =>
    new IntakeProgress({
      store: () => store,
      key: 'bot:1',
      binding,
      lifeMs,
      maxHeldMs: lifeMs,
      clock,
      logger: { warn: (_: unknown, text?: string) => void warnings.push(text ?? '') },
      ...options,
    })
  return { store, clock, warnings, run }
}

interface Came {
  /** The events that are made of it. @defaultValue one */
  readonly ids?: readonly string[]
  readonly acceptance?: Acceptance | 'refused'
}

/** Something comes in with a number. @returns What it was marked as. */
async function take(progress: IntakeProgress, number: number, came: Came = {}): Promise<string> {
  const { ids = [`e${number}`], acceptance = 'taken' } = came
  let mark = 'known'
  await progress.pass(number, async ({ isAgain }) => {
    mark = isAgain ? 'again' : 'new'
    for (const id of ids) {
      progress.follow(number, id)
      progress.accepted(number, id, acceptance)
    }
  })
  return mark
}

/** The same for several, one after the other. */
async function takeAll(progress: IntakeProgress, ...numbers: readonly number[]): Promise<string[]> {
  const marks: string[] = []
  for (const number of numbers) marks.push(await take(progress, number))
  return marks
}

const settle = (
  progress: IntakeProgress,
  number: number,
  outcome: 'handled' | 'waiting' | 'dropped' = 'handled',
): void => progress.settled({ bot: 'bot:1', eventId: `e${number}`, outcome })

describe('what is stored of the way in', () => {
  it('is the number up to which all is settled, and what is open above it, after a run that was killed', async () => {
    const { clock, run } = build()
    const first = run()
    expect(await first.load()).toBeUndefined()
    first.begin('s')
    await takeAll(first, 1, 2, 3, 4, 5)
    for (const number of [1, 2, 4]) settle(first, number)
    await clock.advance(50)

    const second = run()
    expect(await second.load()).toMatchObject({ session: 's', settled: 2 })
    expect(await takeAll(second, 3, 4, 5, 6)).toEqual(['again', 'known', 'again', 'again'])
    second.caughtUp()
    expect(await take(second, 7)).toBe('new')
  })

  it('has a session at once, so that a bot that is killed right away goes on with it', async () => {
    const { clock, run } = build()
    run().begin('s')
    await clock.advance(0)
    expect(await run().load()).toMatchObject({ session: 's' })
  })

  it('counts a handler that waits for a person as settled, and one that was given up as open', async () => {
    const { clock, run } = build()
    const first = run()
    first.begin('s')
    await takeAll(first, 1, 2, 3)
    settle(first, 1)
    settle(first, 2, 'waiting')
    settle(first, 3, 'dropped')
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ session: 's', settled: 2 })
  })

  it('tells after a run that stopped what may have been handled, and nothing else', async () => {
    const { run } = build()
    const first = run()
    first.begin('s')
    await takeAll(first, 1, 2, 3)
    for (const number of [1, 3]) settle(first, number)
    await take(first, 4, { acceptance: 'refused' })
    await first.stop()

    const second = run()
    expect(await second.load()).toMatchObject({ session: 's', settled: 1 })
    expect(await takeAll(second, 2, 3, 4, 5)).toEqual(['again', 'known', 'new', 'new'])
  })

  it('keeps what an earlier run left open through one more crash', async () => {
    const { clock, run } = build()
    const first = run()
    first.begin('s')
    await takeAll(first, 1, 2, 3, 4)
    for (const number of [1, 4]) settle(first, number)
    await clock.advance(50)
    const second = run()
    await second.load()
    await take(second, 2)
    settle(second, 2)
    await clock.advance(50)
    const third = run()
    expect(await third.load()).toMatchObject({ session: 's', settled: 2 })
    expect(await takeAll(third, 3, 4)).toEqual(['again', 'known'])
  })

  it('hands in once what the source sends twice in one run', async () => {
    const { run } = build()
    const progress = run()
    progress.begin('s')
    expect(await takeAll(progress, 1, 2, 2, 1)).toEqual(['new', 'new', 'known', 'known'])
  })

  it('is settled only when all events of a number are, and at once for one that makes none', async () => {
    const { clock, run } = build()
    const progress = run()
    progress.begin('s')
    await take(progress, 1, { ids: [] })
    await take(progress, 2, { ids: ['a', 'b'] })
    progress.settled({ bot: 'bot:1', eventId: 'a', outcome: 'handled' })
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ settled: 1 })
    progress.settled({ bot: 'bot:1', eventId: 'b', outcome: 'failed' })
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ settled: 2 })
  })

  it('holds an event back that came under two numbers until its handlers are done', async () => {
    const { clock, run } = build()
    const progress = run()
    progress.begin('s')
    await take(progress, 1)
    await take(progress, 2, { ids: ['e1'], acceptance: 'duplicate' })
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ settled: 0 })
    settle(progress, 1)
    await take(progress, 3, { ids: ['e1'], acceptance: 'duplicate' })
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ settled: 3 })
  })

  it('is written at most every 50 ms, and not at all while nothing happens', async () => {
    const { store, clock, run } = build()
    const progress = run()
    progress.begin('s')
    for (let number = 1; number <= 1000; number += 1) {
      await take(progress, number)
      settle(progress, number)
      if (number % 10 === 0) await clock.advance(1)
    }
    expect(store.writes).toBe(2)
    await clock.advance(50)
    expect(store.writes).toBe(3)
    await clock.advance(10_000)
    expect(store.writes).toBe(3)
    expect(await run().load()).toMatchObject({ settled: 1000 })
  })

  it('does not go to who has other settings, nor after the source has forgotten it', async () => {
    const { store, clock, run } = build()
    const progress = run()
    progress.begin('s')
    await clock.advance(50)
    const other = build(store, { binding: 'bot 1, intents 7' })
    expect(await other.run().load()).toBeUndefined()
    await clock.advance(lifeMs - 50)
    expect(await run().load()).toMatchObject({ session: 's', settled: 0 })
    await clock.advance(1)
    expect(await run().load()).toBeUndefined()
  })

  it('stays as long as the source knows that somebody is there, and the life of a session longer', async () => {
    const { clock, run } = build()
    const progress = run()
    progress.begin('s')
    progress.setOnline(true)
    await clock.advance(10 * lifeMs)
    expect(await run().load()).toMatchObject({ session: 's' })
    progress.setOnline(false)
    await clock.advance(lifeMs)
    await take(progress, 1)
    await clock.advance(50)
    expect(await run().load()).toBeUndefined()
  })

  it('is nothing once the source has forgotten its numbers', async () => {
    const { clock, run } = build()
    const progress = run()
    progress.begin('s')
    await take(progress, 7)
    await clock.advance(50)
    progress.forget()
    await clock.advance(50)
    expect(await run().load()).toBeUndefined()
    progress.begin('t')
    settle(progress, 7)
    expect(await take(progress, 1)).toBe('new')
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ session: 't', settled: 0 })
  })

  it('does not stand still behind a handler that never ends', async () => {
    const { clock, run } = build()
    const progress = run()
    progress.begin('s')
    progress.setOnline(true)
    await take(progress, 1)
    await clock.advance(lifeMs + 60_000)
    await take(progress, 2)
    settle(progress, 2)
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ session: 's', settled: 2 })
  })

  it('goes on where nothing can be stored, and says so once until it can', async () => {
    const { store, clock, warnings, run } = build()
    const progress = run()
    progress.begin('s')
    store.isBroken = true
    for (const number of [1, 2, 3]) {
      await take(progress, number)
      await clock.advance(50)
    }
    expect(warnings).toHaveLength(1)
    store.isBroken = false
    settle(progress, 1)
    await clock.advance(50)
    expect(await run().load()).toMatchObject({ settled: 1 })
    store.isBroken = true
    settle(progress, 2)
    await progress.stop()
    expect(warnings).toHaveLength(2)
  })

  it.each([7, null, 'x', {}, { binding, session: 's', at: 0, taken: 1, open: [[1]], isOver: true }])(
    'is left alone where it is %j',
    async (row) => {
      const { store, run } = build()
      await store.set('bot:1', row)
      expect(await run().load()).toBeUndefined()
    },
  )
})
