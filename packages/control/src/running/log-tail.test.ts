import { describe, expect, it } from 'vitest'

import type { LogQuery } from '../protocol/resources.ts'
import { LogTail } from './log-tail.ts'

function tail(count: number, size = 0): LogTail {
  const log = new LogTail()
  for (let index = 0; index < count; index += 1) {
    const level = index % 2 === 0 ? 30 : 40
    const plugin = index % 3 === 0 ? 'dice' : 'ping'
    log.push(`${JSON.stringify({ level, time: index, plugin, msg: 'x'.repeat(size) })}\n`)
  }
  return log
}

async function times(log: LogTail, query: LogQuery): Promise<number[]> {
  const read: number[] = []
  for await (const { time } of log.read(query)) read.push(time)
  return read
}

describe('the lines of a log', () => {
  it.each<[string, LogQuery, number[]]>([
    ['the newest', { lines: 3 }, [7, 8, 9]],
    ['none', { lines: 0 }, []],
    ['those of a level and above', { level: 'warn' }, [1, 3, 5, 7, 9]],
    ['those about a plugin', { plugin: 'dice', lines: 2 }, [6, 9]],
    ['both', { plugin: 'dice', level: 'error' }, []],
  ])('are %s', async (_, query, expected) => {
    expect(await times(tail(10), query)).toEqual(expected)
  })

  it('are 50 unless more are asked for', async () => {
    expect(await times(tail(100), {})).toHaveLength(50)
  })

  it('are forgotten, the oldest first, by number and by size', async () => {
    const many = await times(tail(10_000), { lines: 100_000 })
    expect(many.length).toBeLessThanOrEqual(2000)
    expect(many.at(-1)).toBe(9999)
    const long = await times(tail(100, 100_000), { lines: 100_000 })
    expect(long.length).toBeLessThanOrEqual(20)
    expect(long.at(-1)).toBe(99)
  })

  it('come to who follows, and leave a note where they came too fast', async () => {
    const log = tail(1)
    const end = new AbortController()
    const lines = log.read({ follow: true }, end.signal)
    expect((await lines.next()).value).toMatchObject({ time: 0 })
    const next = lines.next()
    for (let time = 1; time <= 1500; time += 1) log.push(`{"level":30,"time":${time}}\n`)
    const read = [await next]
    for (let count = 0; count < 1000; count += 1) read.push(await lines.next())
    expect(read.slice(0, 1000).map(({ value }) => value?.time)).toEqual(
      Array.from({ length: 1000 }, (_, index) => index + 1),
    )
    expect(read.at(-1)?.value?.msg).toBe('500 lines were left out: they came too fast')
    const last = lines.next()
    end.abort()
    expect((await last).done).toBe(true)
  })

  it('leave out what is no line of a log', async () => {
    const log = tail(1)
    log.push('Segmentation fault\n')
    log.push('{"level":"loud"}\n')
    expect(await times(log, {})).toEqual([0])
  })
})
