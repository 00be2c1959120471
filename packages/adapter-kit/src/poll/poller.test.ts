import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deferred } from '@mynah/core/adapter'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Poller, type Polled, type PollerOptions } from './poller.ts'

/** Waits for a condition; a busy machine may take its time. */
const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 10_000 })

/** A platform that keeps numbered updates and answers a long poll when there is one. */
class Platform {
  readonly updates: number[] = []
  readonly asked: number[] = []
  /** Answers with this status while it is set. */
  status = 200
  readonly #hanging = new Set<() => void>()
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const after = Number(new URL(request.url ?? '/', 'http://platform').searchParams.get('after'))
      this.asked.push(after)
      const answer = (): void => {
        this.#hanging.delete(answer)
        response
          .writeHead(this.status)
          .end(JSON.stringify(this.updates.filter((id) => id > after).slice(0, 20)))
      }
      const isNews = this.status !== 200 || this.updates.some((id) => id > after)
      if (isNews) return answer()
      this.#hanging.add(answer)
      response.on('close', () => this.#hanging.delete(answer))
    })
  }

  get hanging(): number {
    return this.#hanging.size
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  push(...ids: number[]): void {
    this.updates.push(...ids)
    for (const answer of this.#hanging) answer()
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

let platform: Platform
let url: string
let clock: TestClock
let logger: RecordingLogger
let taken: number[]
let cursors: number[]
let poller: Poller<number, number> | undefined

beforeEach(async () => {
  platform = new Platform()
  url = await platform.listen()
  clock = new TestClock()
  logger = new RecordingLogger()
  taken = []
  cursors = []
})

afterEach(async () => {
  await poller?.stop()
  platform.close()
})

async function ask(cursor: number, signal: AbortSignal): Promise<Polled<number, number>[]> {
  const response = await fetch(`${url}/?after=${cursor}`, { signal })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const ids = (await response.json()) as number[]
  return ids.map((id) => ({ item: id, cursor: id }))
}

function start(options: Partial<PollerOptions<number, number>> = {}): Poller<number, number> {
  poller = new Poller({
    name: 'the updates',
    cursor: 0,
    ask,
    take: (id) => Promise.resolve(taken.push(id)),
    onCursor: (cursor) => cursors.push(cursor),
    onError: () => {},
    backoff: { random: () => 0.5 },
    logger,
    clock,
    ...options,
  })
  poller.start()
  return poller
}

const ids = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('a poller', () => {
  it('waits at the platform for what is new, and takes it in order', async () => {
    start()
    await eventually(() => expect(platform.hanging).toBe(1))
    platform.push(...ids(500))
    await eventually(() => expect(taken).toHaveLength(500))
    expect(taken).toEqual(ids(500))
    expect(cursors.at(-1)).toBe(500)
    await eventually(() => expect(platform.asked.at(-1)).toBe(500))
  })

  it('asks for nothing while the inbox is full', async () => {
    const room = deferred()
    start({ take: (id) => (taken.push(id) === 3 ? room.promise : Promise.resolve()) })
    platform.push(...ids(5))
    await eventually(() => expect(taken).toHaveLength(3))
    expect([platform.asked, cursors]).toEqual([[0], [1, 2]])
    room.resolve()
    await eventually(() => expect(taken).toHaveLength(5))
  })

  it('goes on after an outage, and tells of it once', async () => {
    platform.status = 503
    const working: boolean[] = []
    start({ onWorking: (isWorking) => working.push(isWorking) })
    for (const delayMs of [500, 1000]) {
      await eventually(() => expect(clock.delays).toContain(delayMs))
      await clock.advance(delayMs)
    }
    platform.status = 200
    platform.push(7)
    await eventually(async () => {
      await clock.advance(2000)
      expect(taken).toEqual([7])
    })
    expect(working.slice(0, 2)).toEqual([false, false])
    expect(working.at(-1)).toBe(true)
    expect(logger.shown[0]).toContain('warn the updates: HTTP 503')
    expect(logger.shown.at(-1)).toContain('works again')
  })

  it('stops asking when nothing helps', async () => {
    platform.status = 401
    start({ decide: () => ({ repeat: false }) })
    await eventually(() => expect(logger.shown).toHaveLength(1))
    expect(logger.shown[0]).toContain('it is not tried again')
    expect(clock.pending).toEqual([])
  })

  it('leaves out what cannot be taken', async () => {
    const refused: number[] = []
    start({
      take: (id) => (id === 2 ? Promise.reject(new Error('broken')) : Promise.resolve(taken.push(id))),
      onError: (_error, id) => refused.push(id),
    })
    platform.push(1, 2, 3)
    await eventually(() => expect(taken).toEqual([1, 3]))
    expect([refused, poller?.cursor]).toEqual([[2], 3])
  })

  it('begins in the next run where an item was not taken', async () => {
    const first = start({
      take: (id, signal) =>
        id < 3
          ? Promise.resolve(taken.push(id))
          : new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new Error('stopped')))
            }),
    })
    platform.push(...ids(4))
    await eventually(() => expect(taken).toEqual([1, 2]))
    await first.stop()
    expect(first.cursor).toBe(2)
    start({ cursor: first.cursor })
    await eventually(() => expect(taken).toEqual([1, 2, 3, 4]))
  })

  it('pauses between questions that are answered at once', async () => {
    platform.status = 200
    start({
      ask: () => Promise.resolve(platform.updates.splice(0).map((item) => ({ item, cursor: item }))),
      intervalMs: 5000,
    })
    await eventually(() => expect(clock.delays).toEqual([5000]))
    platform.updates.push(1)
    await clock.advance(5000)
    expect(taken).toEqual([1])
  })

  it('ends a question that hangs when it is stopped', async () => {
    const current = start()
    await eventually(() => expect(platform.hanging).toBe(1))
    await current.stop()
    await eventually(() => expect(platform.hanging).toBe(0))
    expect(clock.pending).toEqual([])
  })
})
