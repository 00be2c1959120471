import { systemClock } from '@mynah/core/adapter'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { describe, expect, it } from 'vitest'

import type { Raw } from '../wire/raw.ts'
import { readEnvelope } from '../api/envelope.ts'
import { SocketConnection } from './socket-connection.ts'

function makeConnection() {
  const clock = new TestClock()
  const sent: string[] = []
  const events: Raw[] = []
  const closes: unknown[] = []
  const refusals: string[] = []
  const ignored: string[] = []
  const logger = new RecordingLogger()
  const connection: SocketConnection = new SocketConnection({
    role: 'universal',
    timeoutMs: 1000,
    clock,
    logger,
    socket: {
      pause: () => {},
      resume: () => {},
      send: (data) => sent.push(data) > 0,
      close: (code, reason) => void closes.push({ code, reason }),
    },
    events: {
      event: (raw) => void events.push(raw),
      refused: (_line, text) => void refusals.push(text),
      ignored: (reason) => void ignored.push(reason),
    },
  })
  const echoOf = (index: number): string => (JSON.parse(sent[index] ?? '{}') as { echo: string }).echo
  return { connection, clock, sent, events, closes, refusals, ignored, logger, echoOf }
}

const beat = (interval: number): string =>
  JSON.stringify({
    post_type: 'meta_event',
    meta_event_type: 'heartbeat',
    interval,
    status: { online: true },
  })
const call = { action: 'get_status', params: {} }

describe('the watch over heartbeats', () => {
  it('drops a connection after three periods without any', async () => {
    const { connection, clock, closes } = makeConnection()
    connection.receive(beat(15_000))
    await clock.advance(44_999)
    expect(closes).toEqual([])
    await clock.advance(1)
    expect(closes).toEqual([{ code: 1000, reason: 'No heartbeat.' }])
  })

  it('waits half a minute at least, and as long as they come', async () => {
    const { connection, clock, closes } = makeConnection()
    for (let count = 0; count < 20; count += 1) {
      connection.receive(beat(5000))
      await clock.advance(20_000)
    }
    expect(closes).toEqual([])
    await clock.advance(10_000)
    expect(closes).toHaveLength(1)
  })

  it.each([3 * 86_400_000, 999_999_999, 1e12])('waits as long as a period of %d ms takes', async (period) => {
    const { connection, clock, closes, logger } = makeConnection()
    connection.receive(beat(period))
    await clock.advance(period * 3 - 1)
    expect([closes, logger.shown]).toEqual([[], []])
    await clock.advance(1)
    expect(closes).toHaveLength(1)
  })

  it('does not spin over a period that is longer than a timer of Node takes', async () => {
    const logs: unknown[] = []
    const log = (...entry: unknown[]): void => void logs.push(entry)
    const logger = new RecordingLogger()
    let timers = 0
    const connection = new SocketConnection({
      role: 'universal',
      timeoutMs: 1000,
      clock: {
        ...systemClock,
        setTimeout: (run, delayMs) => {
          timers += 1
          return systemClock.setTimeout(run, delayMs)
        },
      },
      logger,
      socket: { pause: () => {}, resume: () => {}, send: () => true, close: log },
      events: { event: () => {}, refused: () => {}, ignored: log },
    })
    connection.receive(beat(999_999_999))
    for (let turn = 0; turn < 50; turn += 1) {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 1)
      })
    }
    expect([timers, logs, logger.lines]).toEqual([1, [], []])
    connection.end('gone')
  })

  it('does not begin before the first one, and ends with the connection', async () => {
    const { connection, clock, closes } = makeConnection()
    await clock.advance(1_000_000)
    connection.receive(beat(15_000))
    connection.end('gone')
    expect(clock.pending).toEqual([])
    await clock.advance(1_000_000)
    expect(closes).toEqual([])
  })
})

describe('frames', () => {
  it('carry a short string to be answered by, a new one each time', () => {
    const { connection, sent, echoOf } = makeConnection()
    for (let count = 0; count < 3; count += 1) connection.call(call).catch(() => {})
    const echoes = sent.map((_, index) => echoOf(index))
    expect(new Set(echoes).size).toBe(3)
    expect(echoes.every((echo) => typeof echo === 'string' && echo.length < 8)).toBe(true)
    expect(sent[0]).toBe(`{"action":"get_status","params":{},"echo":"${echoes[0]}"}`)
  })

  it('that are very large are warned of', () => {
    const { connection, logger } = makeConnection()
    connection.call({ action: 'send_msg', params: { message: 'x'.repeat(11 * 1024 * 1024) } }).catch(() => {})
    expect(logger.text).toMatch(/very large frame/)
    expect(logger.text.length).toBeLessThan(1000)
  })

  it('of a refused token end the only call that waits', async () => {
    const { connection, refusals } = makeConnection()
    const answer = connection.call(call)
    connection.receive('{"status":"failed","retcode":1403,"data":null,"message":"token验证失败","echo":""}')
    expect(refusals).toEqual(['token验证失败'])
    const answered = await answer
    expect(() => readEnvelope(answered, call)).toThrow(expect.objectContaining({ kind: 'token-refused' }))
  })

  it('without an echo belong to nobody when several calls wait', () => {
    const { connection } = makeConnection()
    connection.call(call).catch(() => {})
    connection.call(call).catch(() => {})
    connection.receive('{"status":"failed","retcode":1400,"data":null,"message":"bad","echo":""}')
    expect(connection.pending).toBe(2)
  })

  it('that answer too late are ignored', async () => {
    const { connection, clock, echoOf } = makeConnection()
    const answer = connection.call(call).catch((error: unknown) => error)
    await clock.advance(1100)
    expect(await answer).toMatchObject({ kind: 'timeout', outcome: 'unknown' })
    connection.receive(JSON.stringify({ status: 'ok', retcode: 0, data: 5, echo: echoOf(0) }))
    expect(connection.pending).toBe(0)
  })

  it('with a post type are events, also when they carry a status', () => {
    const { connection, events } = makeConnection()
    connection.receive(beat(0))
    connection.receive('{"post_type":"notice","status":"x","retcode":0,"echo":"m1"}')
    connection.receive('{"meta_event_type":"lifecycle"}')
    expect(events).toHaveLength(3)
  })

  it.each([
    ['{"token":"s3cret"', 'is not JSON'],
    ['["s3cret"]', 'is not an object'],
    ['{"token":"s3cret"}', 'is neither an event nor an answer'],
  ])('that are no events are told of without what is in them: %s', (frame, what) => {
    const { connection, ignored, logger } = makeConnection()
    connection.receive(frame)
    expect(ignored).toEqual([`a frame of ${frame.length} characters ${what}`])
    expect(JSON.stringify(ignored) + logger.text).not.toContain('s3cret')
  })

  it('keep ids of 64 bits as text, in events and in answers', async () => {
    const { connection, events, echoOf } = makeConnection()
    connection.receive('{"post_type":"message","message_id":7405472097755331634}')
    connection.receive('{"post_type":"message","message_id":7405472097755331635}')
    expect(events.map((event) => event['message_id'])).toEqual(['7405472097755331634', '7405472097755331635'])
    const answer = connection.call(call)
    connection.receive(
      `{"status":"ok","retcode":0,"data":{"message_id":7405472097755331634},"echo":"${echoOf(0)}"}`,
    )
    expect(await answer).toMatchObject({ data: { message_id: '7405472097755331634' } })
  })

  it('are not sent once the connection has ended', async () => {
    const { connection, sent } = makeConnection()
    connection.end('gone')
    await expect(connection.call(call)).rejects.toMatchObject({
      kind: 'not-connected',
      outcome: 'not-sent',
    })
    expect(sent).toEqual([])
    expect([connection.takesCalls, connection.bringsEvents]).toEqual([false, false])
  })
})
