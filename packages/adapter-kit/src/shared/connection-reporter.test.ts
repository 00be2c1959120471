import { beforeEach, describe, expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { RecordingLogger } from '@mynah/core/testing'
import { ConnectionReporter } from './connection-reporter.ts'
import { shownAddress } from './shown-address.ts'

let clock: TestClock
let logger: RecordingLogger
let connection: ConnectionReporter

beforeEach(() => {
  clock = new TestClock()
  logger = new RecordingLogger()
  connection = new ConnectionReporter({ logger, clock, name: 'KOOK' })
})

/** The lines an operator sees. */
const shown = () =>
  logger.lines.flatMap(({ level, message }) => (level === 'debug' ? [] : [`${level} ${message}`]))

it('tells the first failure with what to do and when it is tried next', () => {
  connection.failed({ reason: 'nobody listens.', hint: 'start the server', retryInMs: 5000 })
  expect(shown()).toEqual(['warn KOOK: nobody listens; start the server; next try in 5 s'])
})

it('says nothing of a next try when there is none', () => {
  connection.failed({ reason: 'the token was refused' })
  expect(shown()).toEqual(['warn KOOK: the token was refused'])
})

it('keeps the same reason at debug however long it lasts', async () => {
  for (let minute = 0; minute < 10; minute += 1) {
    connection.failed({ reason: 'nobody listens', retryInMs: 60_000 })
    await clock.advance(60_000)
  }
  expect(shown()).toHaveLength(1)
  expect(logger.lines.filter(({ level }) => level === 'debug')).toHaveLength(9)
})

it('tells a change of the reason, and what it changed back to after a minute', async () => {
  connection.failed({ reason: 'one' })
  connection.failed({ reason: 'two' })
  await clock.advance(59_000)
  connection.failed({ reason: 'one' })
  expect(shown()).toEqual(['warn KOOK: one', 'warn KOOK: two'])
  await clock.advance(1000)
  connection.failed({ reason: 'one' })
  expect(shown().at(-1)).toBe('warn KOOK: one')
})

it('tells each of two alternating reasons no more than once a minute', async () => {
  for (let second = 0; second < 120; second += 1) {
    connection.failed({ reason: second % 2 === 0 ? 'one' : 'two' })
    await clock.advance(1000)
  }
  expect(shown()).toHaveLength(4)
})

it('does not let made-up reasons fill the log', () => {
  for (let count = 0; count < 1000; count += 1) connection.failed({ reason: `reason ${count}` })
  expect(shown()).toHaveLength(10)
})

describe('recovery', () => {
  it('is told once with how long it took', async () => {
    connection.failed({ reason: 'lost' })
    await clock.advance(35_000)
    connection.working()
    connection.working()
    expect(shown()).toEqual(['warn KOOK: lost', 'info KOOK works again after 35 s'])
  })

  it('is no news when nothing had failed', () => {
    connection.working()
    expect(logger.lines).toEqual([])
  })

  it('stays at debug while the connection comes and goes within the minute', async () => {
    for (let count = 0; count < 30; count += 1) {
      connection.failed({ reason: 'lost' })
      await clock.advance(1000)
      connection.working()
    }
    expect(shown()).toEqual(['warn KOOK: lost', 'info KOOK works again after 1 s'])
  })

  it('does not hide a later failure that lasts', async () => {
    connection.failed({ reason: 'lost' })
    connection.working()
    connection.failed({ reason: 'lost' })
    await clock.advance(60_000)
    connection.failed({ reason: 'lost' })
    await clock.advance(600_000)
    connection.working()
    expect(shown().slice(2)).toEqual(['warn KOOK: lost', 'info KOOK works again after 11 min'])
  })
})

it('shows the error behind a failure at debug only', () => {
  const err = new Error('ECONNREFUSED')
  connection.failed({ reason: 'lost', fields: { err, code: 1006 } })
  expect(logger.lines.map(({ level, fields }) => [level, fields])).toEqual([
    ['warn', { code: 1006 }],
    ['debug', { err }],
  ])
})

it.each([
  ['wss://user:s3cret@host:3001/ws?access_token=s3cret#s3cret', 'wss://host:3001/ws'],
  ['http://[::1]:80/?token=s3cret', 'http://[::1]'],
  ['s3cret', 'the address'],
])('shows the address %s without its secrets', (address, expected) => {
  expect(shownAddress(address)).toBe(expected)
})
