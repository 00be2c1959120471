import { MynahError } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { describe, expect, it, vi } from 'vitest'
import { EventBuffer, type EventBufferOptions } from './event-buffer.ts'

/** Waits for a condition; a busy machine may take its time. */
const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 10_000 })

interface Numbered {
  readonly id: number
}

/** An inbox that takes one event whenever it is told to. */
function build(options: Partial<EventBufferOptions<Numbered>> = {}) {
  const taken: number[] = []
  const acknowledged: number[] = []
  const errors: unknown[] = []
  const waiting: (() => void)[] = []
  const buffer = new EventBuffer<Numbered>({
    take: async ({ id }, signal) => {
      const turn = deferred()
      waiting.push(() => turn.resolve())
      signal.addEventListener('abort', () => turn.reject(MynahError.from(signal.reason, 'BOT_OFFLINE')))
      await turn.promise
      taken.push(id)
    },
    onTaken: ({ id }) => acknowledged.push(id),
    onError: (error) => errors.push(error),
    ...options,
  })
  const takeNext = async (): Promise<void> => {
    await eventually(() => expect(waiting).not.toHaveLength(0))
    waiting.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { buffer, taken, acknowledged, errors, takeNext }
}

describe('a buffer in front of a slow inbox', () => {
  it('counts what it refuses of 500 at a bound of 50, and loses nothing else', async () => {
    const { buffer, taken, acknowledged, takeNext } = build({ maxWaiting: 50 })
    const refused: number[] = []
    for (let id = 0; id < 500; id += 1) {
      if (!buffer.offer({ id })) refused.push(id)
      if (id % 5 === 0) await takeNext()
    }
    while (buffer.size > 0) await takeNext()
    expect(refused.length).toBeGreaterThan(300)
    expect([...taken, ...refused].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, id) => id))
    expect(taken).toEqual(taken.toSorted((a, b) => a - b))
    expect(acknowledged).toEqual(taken)
  })

  it('takes all 500 when the way in waits until nothing waits', async () => {
    const taken: number[] = []
    const buffer = new EventBuffer<Numbered>({
      maxWaiting: 50,
      take: async ({ id }) => {
        await new Promise((resolve) => setImmediate(resolve))
        taken.push(id)
      },
      onError: () => {},
    })
    for (let id = 0; id < 500;) {
      if (buffer.offer({ id })) id += 1
      else await buffer.drained()
    }
    await eventually(() => expect(buffer.size).toBe(0))
    expect(taken).toEqual(Array.from({ length: 500 }, (_, id) => id))
  })

  it('is drained when the last one is taken', async () => {
    const { buffer, takeNext } = build()
    await buffer.drained()
    buffer.offer({ id: 1 })
    buffer.offer({ id: 2 })
    let isDrained = false
    const drained = buffer.drained().then(() => (isDrained = true))
    await takeNext()
    expect([buffer.size, isDrained]).toEqual([1, false])
    await takeNext()
    await drained
    expect(buffer.size).toBe(0)
  })

  it('leaves out what cannot be taken, and goes on', async () => {
    const { buffer, errors } = build({
      take: ({ id }) => (id === 1 ? Promise.reject(new Error('broken')) : Promise.resolve()),
    })
    buffer.offer({ id: 1 })
    buffer.offer({ id: 2 })
    await eventually(() => expect(buffer.size).toBe(0))
    expect(errors).toMatchObject([{ message: 'broken' }])
  })

  it('says how many were left when it stops, and takes no more', async () => {
    const { buffer, taken, takeNext } = build({ maxWaiting: 3 })
    for (let id = 0; id < 3; id += 1) buffer.offer({ id })
    await takeNext()
    const drained = buffer.drained(new AbortController().signal)
    expect(await buffer.stop()).toBe(2)
    expect(taken).toEqual([0])
    expect(buffer.offer({ id: 9 })).toBe(false)
    await expect(drained).rejects.toMatchObject({ code: 'BOT_OFFLINE' })
  })
})
