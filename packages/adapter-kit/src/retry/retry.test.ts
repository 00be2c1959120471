import { MynahError } from '@mynah/core'
import { TestClock } from '@mynah/core/testing'
import { describe, expect, it } from 'vitest'
import { retry, type RetryPolicy } from './retry.ts'

const offline = new MynahError('BOT_OFFLINE', 'Away.', { retriable: true })
const refused = new MynahError('API_REJECTED', 'No.')

function build(outcomes: (Error | string)[], policy: Partial<RetryPolicy> = {}) {
  const clock = new TestClock()
  const tried: number[] = []
  const told: (number | undefined)[] = []
  const result = retry(
    {
      clock,
      backoff: { random: () => 0.999 },
      onFailure: (_error, afterMs) => told.push(afterMs),
      ...policy,
    },
    (failures) => {
      tried.push(failures)
      const outcome = outcomes[failures] ?? refused
      return typeof outcome === 'string' ? Promise.resolve(outcome) : Promise.reject(outcome)
    },
  ).catch((error: unknown) => error)
  return { clock, tried, told, result }
}

describe('something that is tried again', () => {
  it('is done once when it works', async () => {
    const { result, tried, told } = build(['done'])
    expect([await result, tried, told]).toEqual(['done', [0], []])
  })

  it('waits longer each time, and ends with what the last attempt threw', async () => {
    const { clock, result, tried, told } = build([offline, offline, offline, 'too late'])
    await clock.advance(999)
    expect(tried).toEqual([0, 1].slice(0, tried.length))
    await clock.advance(2001)
    expect(await result).toBe(offline)
    expect([tried, told]).toEqual([
      [0, 1, 2],
      [999, 1998, undefined],
    ])
  })

  it('is not repeated when that does not help', async () => {
    const { result, tried, told } = build([refused])
    expect([await result, tried, told]).toEqual([refused, [0], [undefined]])
  })

  it('follows the table of the adapter', async () => {
    const seen: number[] = []
    const decide: RetryPolicy['decide'] = (error, failures) => {
      seen.push(failures)
      return { repeat: error === refused, afterMs: 50 * failures }
    }
    const { clock, result, told } = build([refused, refused, 'done'], { decide })
    await clock.advance(50)
    await clock.advance(100)
    expect([await result, told, seen]).toEqual(['done', [50, 100], [1, 2]])
  })

  it('begins no attempt behind its time', async () => {
    const { clock, result, tried } = build([offline, offline], { totalMs: 1500, maxAttempts: 9 })
    await clock.advance(1000)
    expect(await result).toBe(offline)
    expect(tried).toEqual([0, 1])
  })

  it('ends with the reason of its signal, and leaves no timer', async () => {
    const stopping = new AbortController()
    const { clock, result } = build([offline], { signal: stopping.signal })
    await clock.advance(10)
    const reason = new MynahError('BOT_OFFLINE', 'Stopped.')
    stopping.abort(reason)
    expect(await result).toBe(reason)
    expect(clock.pending).toEqual([])
  })
})
