import { describe, expect, it } from 'vitest'
import { TestClock } from '../testing/index.ts'
import { onAbort, sleep, unlessAborted } from './abort.ts'

describe('a sleep', () => {
  it('lasts as long as it is told', async () => {
    const clock = new TestClock()
    let isOver = false
    const slept = sleep(clock, 1000).then(() => (isOver = true))
    await clock.advance(999)
    expect(isOver).toBe(false)
    await clock.advance(1)
    await slept
  })

  it('ends with the reason of its signal and leaves no timer', async () => {
    const clock = new TestClock()
    const stopping = new AbortController()
    const slept = sleep(clock, 1000, stopping.signal)
    const reason = new Error('The bot was stopped.')
    stopping.abort(reason)
    await expect(slept).rejects.toBe(reason)
    await expect(sleep(clock, 1000, stopping.signal)).rejects.toBe(reason)
    expect(clock.pending).toEqual([])
  })
})

describe('a promise that a signal may end', () => {
  it('gives what it gives, and listens no longer', async () => {
    const { signal } = new AbortController()
    await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1)
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
  })

  it('rejects with an error also when the reason is none', async () => {
    const stopping = new AbortController()
    const never = unlessAborted(new Promise(() => {}), stopping.signal)
    stopping.abort('enough')
    await expect(never).rejects.toMatchObject({ message: 'It was cancelled.', cause: 'enough' })
  })

  it('takes more listeners than Node warns about', () => {
    const stopping = new AbortController()
    let calls = 0
    const leave = Array.from({ length: 20 }, () => onAbort(stopping.signal, () => (calls += 1)))
    leave[0]?.()
    stopping.abort()
    expect(calls).toBe(19)
  })
})
