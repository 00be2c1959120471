import { expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { RateLimiter, type RateLimiterOptions } from './rate-limiter.ts'

const flush = () => new Promise((resolve) => setImmediate(resolve))

function build(options: Partial<RateLimiterOptions> = {}) {
  const clock = new TestClock()
  const limiter = new RateLimiter({ limit: 2, intervalMs: 1000, clock, ...options })
  const started: string[] = []
  const ask = (name: string, key = 'k', signal?: AbortSignal): Promise<void> =>
    limiter.acquire(key, signal).then(() => void started.push(`${name}@${clock.monotonic()}`))
  return { clock, limiter, started, ask }
}

it('lets the first ones start at once and the others in order, never more than the limit in any window', async () => {
  const { clock, started, ask } = build()
  void ask('a')
  await flush()
  await clock.advance(600)
  for (const name of ['b', 'c', 'd', 'e']) void ask(name)
  await flush()
  expect(started).toEqual(['a@0', 'b@600'])
  for (let step = 0; step < 20; step += 1) {
    await clock.advance(100)
    await flush()
  }
  expect(started).toEqual(['a@0', 'b@600', 'c@1000', 'd@1600', 'e@2000'])
  expect(clock.delays).toEqual([])
})

it('counts each key for itself', async () => {
  const { started, ask } = build({ limit: 1 })
  for (const key of ['x', 'y', 'x']) void ask(key, key)
  await flush()
  expect(started).toEqual(['x@0', 'y@0'])
})

it('lets one who waits leave without costing a turn', async () => {
  const { clock, started, ask } = build({ limit: 1 })
  const controller = new AbortController()
  void ask('a')
  const leaving = ask('b', 'k', controller.signal)
  void ask('c')
  controller.abort()
  await expect(leaving).rejects.toThrow(/aborted/)
  await clock.advance(1000)
  await flush()
  expect(started).toEqual(['a@0', 'c@1000'])
  await expect(ask('d', 'k', controller.signal)).rejects.toThrow(/aborted/)
})

it('says no when too many wait', async () => {
  const { ask, limiter } = build({ limit: 1, maxWaiting: 1 })
  void ask('a')
  void ask('b').catch(() => {})
  await expect(ask('c')).rejects.toMatchObject({ code: 'RATE_LIMITED', retriable: true })
  limiter.stop()
})

it('pauses one key or all of them', async () => {
  const { clock, limiter, started, ask } = build()
  limiter.pause(500, 'x')
  void ask('x', 'x')
  void ask('y', 'y')
  await flush()
  expect(started).toEqual(['y@0'])
  limiter.pause(800)
  void ask('z', 'z')
  await clock.advance(500)
  await flush()
  expect(started).toEqual(['y@0'])
  await clock.advance(300)
  await flush()
  expect(started.sort()).toEqual(['x@800', 'y@0', 'z@800'])
})

it('sends those who wait away when it stops', async () => {
  const { clock, limiter, ask } = build({ limit: 1 })
  void ask('a')
  const waiting = ask('b')
  await flush()
  limiter.stop()
  await expect(waiting).rejects.toMatchObject({ code: 'BOT_OFFLINE', retriable: true })
  await expect(ask('c')).rejects.toMatchObject({ code: 'BOT_OFFLINE' })
  expect(clock.delays).toEqual([])
})

it('forgets keys that nobody uses any more, and keeps the others', async () => {
  const { clock, limiter, started, ask } = build({ limit: 1 })
  for (let count = 0; count < 255; count += 1) void limiter.acquire(`old ${count}`)
  await clock.advance(999)
  void ask('a', 'busy')
  await flush()
  await clock.advance(1)
  void limiter.acquire('one more')
  void ask('b', 'busy')
  await flush()
  expect(started).toEqual(['a@999'])
  await clock.advance(999)
  await flush()
  expect(started).toEqual(['a@999', 'b@1999'])
})
