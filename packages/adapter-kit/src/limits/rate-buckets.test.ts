import { MynahError } from '@mynah/core'
import { expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { RateBuckets, type RateTicket } from './rate-buckets.ts'

const flush = () => new Promise((resolve) => setImmediate(resolve))

function build() {
  const clock = new TestClock()
  const buckets = new RateBuckets(clock)
  const { signal } = new AbortController()
  const passed: { name: string; ticket: RateTicket }[] = []
  const ask = async (name: string, route = 'r'): Promise<void> => {
    const ticket = await buckets.acquire(route, signal)
    passed.push({ name, ticket })
  }
  const names = async () => {
    await flush()
    return passed.map(({ name }) => name).join('')
  }
  return { clock, buckets, passed, ask, names }
}

it('lets one call of an unknown route through until its headers are known', async () => {
  const { passed, ask, names } = build()
  for (const name of ['a', 'b', 'c', 'd']) void ask(name)
  void ask('x', 'other')
  expect(await names()).toBe('ax')
  passed[0]!.ticket.done({ limit: 3, remaining: 2, resetMs: 1000 })
  expect(await names()).toBe('axbc')
})

it('does not limit a route whose responses have no such headers', async () => {
  const { passed, ask, names } = build()
  for (const name of ['a', 'b', 'c', 'd']) void ask(name)
  expect(await names()).toBe('a')
  passed[0]!.ticket.done({})
  expect(await names()).toBe('abcd')
})

it('stays careful when a call ended without any response', async () => {
  const { passed, ask, names } = build()
  for (const name of ['a', 'b', 'c']) void ask(name)
  await flush()
  passed[0]!.ticket.done()
  expect(await names()).toBe('ab')
})

it('waits for the reset when nothing remains, then lets a window full through', async () => {
  const { clock, passed, ask, names } = build()
  for (const name of ['a', 'b', 'c', 'd']) void ask(name)
  await flush()
  passed[0]!.ticket.done({ limit: 2, remaining: 0, resetMs: 5000 })
  await clock.advance(4999)
  expect(await names()).toBe('a')
  await clock.advance(1)
  expect(await names()).toBe('abc')
})

it('does not trust a count that cannot know the calls under way', async () => {
  const { passed, ask, names } = build()
  for (const name of ['a', 'b', 'c', 'd', 'e']) void ask(name)
  await flush()
  passed[0]!.ticket.done({ limit: 9, remaining: 3, resetMs: 1000 })
  expect(await names()).toBe('abcd')
  passed[1]!.ticket.done({ limit: 9, remaining: 2, resetMs: 1000 })
  expect(await names()).toBe('abcd')
})

it('learns that two routes share a bucket, and keeps the order of those who wait', async () => {
  const { clock, passed, ask, names } = build()
  void ask('a', 'x')
  void ask('b', 'x')
  void ask('c', 'y')
  void ask('d', 'y')
  expect(await names()).toBe('ac')
  passed[0]!.ticket.done({ bucket: 'shared', limit: 2, remaining: 1, resetMs: 1000 })
  expect(await names()).toBe('acb')
  passed[1]!.ticket.done({ bucket: 'shared', limit: 2, remaining: 0, resetMs: 1000 })
  void ask('e', 'x')
  expect(await names()).toBe('acb')
  await clock.advance(1000)
  expect(await names()).toBe('acbde')
})

it('pauses a bucket or everything', async () => {
  const { clock, buckets, ask, names } = build()
  buckets.pause('r', 300, false)
  void ask('a')
  void ask('b', 'other')
  expect(await names()).toBe('b')
  buckets.pause('r', 500, true)
  void ask('c', 'third')
  await clock.advance(300)
  expect(await names()).toBe('b')
  await clock.advance(200)
  expect((await names()).split('').sort().join('')).toBe('abc')
})

it('sends those who wait away when it stops, and leaves no timer', async () => {
  const { clock, buckets, passed, ask, names } = build()
  void ask('a')
  const waiting = ask('b')
  await flush()
  passed[0]!.ticket.done({ limit: 1, remaining: 0, resetMs: 1000 })
  buckets.stop(new MynahError('BOT_OFFLINE'))
  await expect(waiting).rejects.toMatchObject({ code: 'BOT_OFFLINE' })
  expect(clock.delays).toEqual([])
  expect(await names()).toBe('a')
})

it('lets a caller leave the queue', async () => {
  const { buckets, ask, names } = build()
  const controller = new AbortController()
  void ask('a')
  const leaving = buckets.acquire('r', controller.signal)
  controller.abort()
  await expect(leaving).rejects.toThrow(/aborted/)
  expect(await names()).toBe('a')
})
