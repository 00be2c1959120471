import { expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { PendingCalls, type PendingCallsOptions } from './pending-calls.ts'

function build(options: PendingCallsOptions = {}) {
  const clock = new TestClock()
  const calls = new PendingCalls<unknown>({ clock, ...options })
  const written: string[] = []
  const write = (id: string): boolean => {
    written.push(id)
    return true
  }
  return { calls, clock, written, write }
}

it('gives each answer to its own call, in any order', async () => {
  const { calls, written, write } = build({ prefix: 'a-' })
  const first = calls.start(write, { label: 'get_msg' })
  const second = calls.start(write, { label: 'get_msg' })
  expect(written).toEqual(['a-1', 'a-2'])
  expect(calls.size).toBe(2)
  expect(calls.settle('a-2', 'two')).toBe(true)
  expect(calls.settle('a-1', 'one')).toBe(true)
  expect(await Promise.all([first, second])).toEqual(['one', 'two'])
  expect(calls.size).toBe(0)
})

it('takes an answer that comes while the call is being written', async () => {
  const { calls } = build()
  await expect(calls.start((id) => calls.settle(id, 'at once'), { label: 'x' })).resolves.toBe('at once')
})

it('says so when nobody waits for an answer', async () => {
  const { calls, write } = build()
  const call = calls.start(write, { label: 'x' })
  expect(calls.settle('2', 'stray')).toBe(false)
  expect(calls.part('2', 'stray')).toBe(false)
  expect(calls.settle('1', 'yes')).toBe(true)
  expect(calls.settle('1', 'again')).toBe(false)
  expect(await call).toBe('yes')
})

it('names the only call that waits, for answers without an id', () => {
  const { calls, write } = build()
  expect(calls.soleId).toBeUndefined()
  void calls.start(write, { label: 'x' })
  expect(calls.soleId).toBe('1')
  void calls.start(write, { label: 'x' })
  expect(calls.soleId).toBeUndefined()
})

it('rejects as safe to try again what could not be written', async () => {
  const { calls, clock } = build()
  await expect(calls.start(() => false, { label: 'send_msg' })).rejects.toMatchObject({
    code: 'BOT_OFFLINE',
    retriable: true,
    message: expect.stringContaining('send_msg'),
  })
  const error = new TypeError('cyclic')
  const thrower = (): boolean => {
    throw error
  }
  await expect(calls.start(thrower, { label: 'x' })).rejects.toMatchObject({
    code: 'SEND_FAILED',
    cause: error,
  })
  expect(calls.size).toBe(0)
  expect(clock.delays).toEqual([])
})

it('times out each call at its own deadline, from one timer', async () => {
  const { calls, clock, write } = build({ timeoutMs: 1000 })
  const slow = calls.start(write, { label: 'upload', timeoutMs: 5000 })
  const ended: string[] = []
  for (const label of ['a', 'b', 'c']) {
    calls.start(write, { label }).catch((error: unknown) => ended.push(`${label} ${(error as Error).name}`))
  }
  expect(clock.delays).toEqual([1000])
  await clock.advance(999)
  expect(ended).toEqual([])
  await clock.advance(1)
  expect(ended).toHaveLength(3)
  expect(clock.delays).toEqual([4000])
  const failed = slow.catch((error: unknown) => error)
  await clock.advance(4000)
  expect(await failed).toMatchObject({
    code: 'API_TIMEOUT',
    retriable: false,
    message: expect.stringMatching(/upload.*5000 ms/),
  })
  expect(clock.delays).toEqual([])
})

it('keeps no timer when only answered calls are left at the sweep', async () => {
  const { calls, clock, write } = build({ timeoutMs: 1000 })
  void calls.start(write, { label: 'x' })
  calls.settle('1', 'done')
  expect(clock.delays).toEqual([1000])
  await clock.advance(1000)
  expect(clock.delays).toEqual([])
})

it('does not sweep once per call when the deadlines lie close together', async () => {
  const { calls, clock, write } = build()
  const all = Promise.allSettled(
    [1, 2, 3, 4, 5].map((timeoutMs) => calls.start(write, { label: 'x', timeoutMs })),
  )
  expect(clock.delays).toEqual([20])
  await clock.advance(20)
  const results = await all
  expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'))
})

it('rejects every call when the connection closes, as of unknown outcome, and can go on afterwards', async () => {
  const { calls, clock, write, written } = build()
  const results = Promise.allSettled([calls.start(write, { label: 'a' }), calls.start(write, { label: 'b' })])
  calls.rejectAll('Close code 1006.')
  for (const result of await results) {
    expect(result).toMatchObject({
      reason: { code: 'CONNECTION_CLOSED', retriable: false, message: expect.stringContaining('1006') },
    })
  }
  expect(calls.size).toBe(0)
  expect(clock.delays).toEqual([])
  const next = calls.start(write, { label: 'c' })
  expect(written.at(-1)).toBe('3')
  calls.settle('3', 'on')
  expect(await next).toBe('on')
})

it('passes the parts of a long answer on and waits anew after each', async () => {
  const { calls, clock, write } = build()
  const parts: unknown[] = []
  const call = calls.start(write, { label: 'download', timeoutMs: 1000, onPart: (part) => parts.push(part) })
  for (const part of ['a', 'b', 'c']) {
    await clock.advance(900)
    expect(calls.part('1', part)).toBe(true)
  }
  calls.settle('1', 'end')
  expect(await call).toBe('end')
  expect(parts).toEqual(['a', 'b', 'c'])

  const silent = calls.start(write, { label: 'download', timeoutMs: 1000 })
  calls.part('2', 'ignored')
  const failed = silent.catch((error: unknown) => error)
  await clock.advance(1000)
  expect(await failed).toMatchObject({ code: 'API_TIMEOUT' })
})

it('ends a call whose part listener throws', async () => {
  const { calls, write } = build()
  const onPart = (): void => {
    throw new Error('disk full')
  }
  const call = calls.start(write, { label: 'download', onPart })
  calls.part('1', 'a')
  await expect(call).rejects.toThrow('disk full')
  expect(calls.size).toBe(0)
})
