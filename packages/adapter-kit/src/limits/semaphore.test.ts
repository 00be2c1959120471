import { deferred } from '@mynah/core/adapter'
import { describe, expect, it } from 'vitest'
import { Semaphore } from './semaphore.ts'

function build(limit: number) {
  const semaphore = new Semaphore(limit)
  let running = 0
  let most = 0
  const ends: (() => void)[] = []
  const run = (signal?: AbortSignal): Promise<void> =>
    semaphore.run(async () => {
      most = Math.max(most, (running += 1))
      const end = deferred()
      ends.push(() => end.resolve())
      await end.promise
      running -= 1
    }, signal)
  return { semaphore, run, ends, most: () => most }
}

describe('a semaphore', () => {
  it('never lets more run than its limit, whoever asks while a place is given on', async () => {
    const { run, ends, most, semaphore } = build(1)
    const first = run()
    const second = run()
    expect(semaphore.waiting).toBe(1)
    ends[0]?.()
    // Between the end of one and the start of the next.
    const third = first.then(() => run())
    await Promise.resolve()
    const fourth = run()
    await first
    while (ends.length < 4) {
      ends.at(-1)?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    ends[3]?.()
    await Promise.all([second, third, fourth])
    expect(most()).toBe(1)
  })

  it('keeps the order, and gives a place back when a task fails', async () => {
    const semaphore = new Semaphore(2)
    const order: number[] = []
    const tasks = [1, 2, 3, 4, 5].map((id) =>
      semaphore.run(async () => {
        order.push(id)
        await Promise.resolve()
        if (id % 2 === 0) throw new Error(`${id}`)
      }),
    )
    const results = await Promise.allSettled(tasks)
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2)
    expect(order).toEqual([1, 2, 3, 4, 5])
    await semaphore.run(() => Promise.resolve())
  })

  it('lets who waits leave', async () => {
    const { run, ends, semaphore } = build(1)
    const first = run()
    const leaving = new AbortController()
    const second = run(leaving.signal)
    leaving.abort(new Error('no more'))
    await expect(second).rejects.toThrow('no more')
    expect(semaphore.waiting).toBe(0)
    ends[0]?.()
    await first
  })
})
