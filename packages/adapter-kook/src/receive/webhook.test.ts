import { deflateSync } from 'node:zlib'

import { encryptFrame } from '@mynah/emulator-kook'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { event } from '../../test/start-gateway.ts'
import { vectors } from '../../test/webhook-vectors.ts'
import { Webhook, maxBodyBytes } from './webhook.ts'
import type { KookEventData } from '../wire/events.ts'

const verifyToken = 'vt-0001'
let events: KookEventData[]
let refused: string[]
let room: number
let clock: TestClock
let logger: RecordingLogger

beforeEach(() => {
  events = []
  refused = []
  room = Infinity
  clock = new TestClock()
  logger = new RecordingLogger()
})

function webhook(encryptKey?: string, signal?: AbortSignal): Webhook {
  return new Webhook({
    verifyToken,
    encryptKey,
    onEvent: (data) => events.push(data),
    room: () => room,
    onRefused: (reason) => refused.push(reason),
    signal,
    logger,
    clock,
  })
}

const frameWith = (token: unknown, id: string, sn: number): object => ({
  s: 0,
  d: { ...event(id), verify_token: token },
  sn,
})
const frame = (id: string, sn: number): object => frameWith(verifyToken, id, sn)
const bytes = (value: object | string): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const received = (count: number): Promise<void> => vi.waitFor(() => expect(events).toHaveLength(count))

describe('requests', () => {
  it('answers before anything is handled, compressed or not', async () => {
    const hook = webhook()
    expect(await hook.answer({ body: bytes(frame('a', 1)) })).toEqual({ status: 200, body: {} })
    expect(await hook.answer({ body: deflateSync(bytes(frame('b', 2))) })).toEqual({ status: 200, body: {} })
    expect(await hook.answer({ body: bytes(`  \n${JSON.stringify(frame('c', 3))}`) })).toEqual({
      status: 200,
      body: {},
    })
    expect(events).toEqual([])
    await received(3)
    expect(events.map(({ msg_id: id }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('answers a challenge', async () => {
    const result = await webhook().answer({ body: bytes(vectors.challenge.plain) })
    expect(result).toEqual({ status: 200, body: { challenge: 'bkes654x09XY' } })
  })

  it.each([
    ['plain', bytes({ encrypt: vectors.challenge.encrypt })],
    ['compressed', Buffer.from(vectors.challenge.compressed, 'base64')],
  ])('answers an encrypted challenge, %s, without encryption', async (_form, body) => {
    expect(await webhook('kook-demo-key').answer({ body })).toEqual({
      status: 200,
      body: { challenge: 'bkes654x09XY' },
    })
  })

  it('reads an encrypted event, and takes the token out of it', async () => {
    const body = bytes({ encrypt: vectors.event.encrypt })
    expect((await webhook('testKey').answer({ body })).status).toBe(200)
    await received(1)
    expect(events[0]).toMatchObject({ content: '[系统消息]', msg_id: 'm-215' })
    expect(events[0]).not.toHaveProperty('verify_token')
  })

  it.each([undefined, '', 'vt-0002', 'VT-0001', 7, null, ['vt-0001']])(
    'refuses the verify token %j, also of a challenge',
    async (token) => {
      const hook = webhook()
      const challenge = {
        s: 0,
        d: { channel_type: 'WEBHOOK_CHALLENGE', challenge: 'c', verify_token: token },
      }
      expect(await hook.answer({ body: bytes(frameWith(token, 'a', 1)) })).toEqual({ status: 403 })
      expect(await hook.answer({ body: bytes(challenge) })).toEqual({ status: 403 })
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      expect(events).toEqual([])
    },
  )
})

describe('what cannot be read', () => {
  const encrypted = (value: object, key: string): Buffer =>
    bytes({ encrypt: encryptFrame(JSON.stringify(value), key) })

  it.each([
    ['another key', 'key', encrypted(frame('a', 1), 'other')],
    ['bad Base64', 'key', bytes({ encrypt: '???' })],
    ['no JSON inside', 'key', bytes({ encrypt: encryptFrame('nonsense', 'key') })],
    ['bad JSON', undefined, bytes('{"s":0')],
    ['no JSON at all', undefined, bytes('hello')],
    ['an empty body', undefined, Buffer.alloc(0)],
    ['encryption without a key', undefined, encrypted(frame('a', 1), 'key')],
    ['no encryption with a key', 'key', bytes(frame('a', 1))],
    ['half a zlib stream', undefined, deflateSync(bytes(frame('a', 1))).subarray(0, 40)],
    ['a zlib bomb', undefined, deflateSync(Buffer.alloc(maxBodyBytes + 1, 0x20))],
    ['a huge bomb', undefined, deflateSync(Buffer.alloc(64 * 1024 * 1024))],
  ])('is answered with 400: %s', async (_what, key, body) => {
    expect(await webhook(key).answer({ body })).toEqual({ status: 400 })
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    expect(events).toEqual([])
  })

  it.each([
    ['without a number', { s: 0, d: { ...event('a'), verify_token: verifyToken } }],
    ['without a type', { s: 0, sn: 1, d: { msg_id: 'a', verify_token: verifyToken } }],
    ['without an id', { s: 0, sn: 1, d: { type: 255, verify_token: verifyToken } }],
  ])('an event of the platform %s is counted, and not asked for again and again', async (_what, value) => {
    expect(await webhook().answer({ body: bytes(value) })).toEqual({ status: 200, body: {} })
    expect(refused).toEqual(['an event of the webhook has no number or no body'])
  })

  it('an event whose handling fails takes none of the others along', async () => {
    const hook = new Webhook({
      verifyToken,
      logger,
      onRefused: (reason) => refused.push(reason),
      onEvent: (data) => {
        if (data.msg_id === 'a') throw new Error('cannot be handled')
        events.push(data)
      },
    })
    await hook.answer({ body: bytes(frame('a', 1)) })
    await hook.answer({ body: bytes(frame('b', 2)) })
    await received(1)
    expect(refused).toEqual(['an event could not be handled'])
  })

  it('tells an operator about wrong tokens and unreadable requests, but not a thousand times', async () => {
    const hook = webhook()
    for (let count = 0; count < 1000; count += 1) {
      await hook.answer({ body: bytes(frameWith('wrong', String(count), count)) })
      await hook.answer({ body: bytes('hello') })
    }
    const told = logger.lines.flatMap(({ level, message }) => (level === 'warn' ? [message] : []))
    expect(told).toEqual([
      'KOOK webhook: a request with a wrong verify token was refused; check webhook.verifyToken against the developer console',
      'KOOK webhook: a request could not be read; check webhook.encryptKey against the developer console',
    ])
    await hook.answer({ body: bytes(frame('a', 1)) })
    expect(logger.lines.at(-1)?.message).toMatch(/^KOOK webhook works again/)
    await received(1)
  })

  it('says nothing about secrets in the log', async () => {
    const hook = webhook('encrypt-key')
    await hook.answer({ body: bytes(frame('a', 1)) })
    await hook.answer({ body: encrypted(frameWith('wrong-token', 'a', 1), 'encrypt-key') })
    for (const secret of [verifyToken, 'wrong-token', 'encrypt-key']) {
      expect(logger.text).not.toContain(secret)
    }
  })
})

describe('repeats', () => {
  it('handles an event once in 10 minutes', async () => {
    const hook = webhook()
    const body = bytes(frame('a', 1))
    expect((await hook.answer({ body })).status).toBe(200)
    await clock.advance(599_000)
    expect((await hook.answer({ body })).status).toBe(200)
    await received(1)
    await clock.advance(2000)
    await hook.answer({ body })
    await received(2)
  })

  it('takes numbers that wrap, and lower ones that are new', async () => {
    const hook = webhook()
    const order: [string, number][] = [
      ['a', 65_535],
      ['b', 1],
      ['c', 65_534],
      ['d', 1],
    ]
    for (const [id, sn] of order) await hook.answer({ body: bytes(frame(id, sn)) })
    await received(4)
    expect(events.map(({ msg_id: id }) => id)).toEqual(['a', 'b', 'c', 'd'])
  })
})

it('leaves what comes after the stop to whoever serves the path next', async () => {
  const stopping = new AbortController()
  const hook = webhook(undefined, stopping.signal)
  const statusOf = async (id: string): Promise<number | undefined> =>
    (await hook.answer({ body: bytes(frame(id, 1)) })).status
  expect(await statusOf('a')).toBe(200)
  stopping.abort()
  expect(await Promise.all(['b', 'c', 'd', 'e', 'b'].map(statusOf))).toEqual([503, 503, 503, 503, 503])
  expect(await statusOf('a')).toBe(200)
  await received(1)
  expect(refused).toEqual([])
})

describe('more events than there is room for', () => {
  const statusOf = async (hook: Webhook, id: string, sn: number): Promise<number | undefined> =>
    (await hook.answer({ body: bytes(frame(id, sn)) })).status

  it('are refused a few times, taken when they come again, and else counted', async () => {
    const hook = webhook()
    room = 0
    const ids = ['a', 'b', 'c', 'd', 'e']
    expect(await Promise.all(ids.map((id, index) => statusOf(hook, id, index + 1)))).toEqual([
      503, 503, 503, 200, 200,
    ])
    const lost = 'more events came than handlers take'
    expect(refused).toEqual([lost, lost])
    room = 10
    expect(await Promise.all(ids.map((id, index) => statusOf(hook, id, index + 1)))).toEqual([
      200, 200, 200, 200, 200,
    ])
    await received(3)
    expect(events.map(({ msg_id: id }) => id)).toEqual(['a', 'b', 'c'])
    room = 0
    expect(await statusOf(hook, 'f', 6)).toBe(503)
  })

  it('are not refused when they came before', async () => {
    const hook = webhook()
    expect(await statusOf(hook, 'a', 1)).toBe(200)
    await received(1)
    room = 0
    expect(await statusOf(hook, 'a', 1)).toBe(200)
    expect(refused).toEqual([])
  })
})

describe('an event that is stored first', () => {
  /** A webhook whose disk is as fast as `isInTime` says. */
  function storing(isInTime: () => boolean): { hook: Webhook; stored: string[] } {
    const stored: string[] = []
    const hook = new Webhook({
      verifyToken,
      onEvent: (data) => events.push(data),
      store: async (id, { d }) => {
        expect(JSON.stringify(d)).not.toContain(verifyToken)
        stored.push(id)
        return isInTime()
      },
      logger,
      clock,
    })
    return { hook, stored }
  }
  const statusOf = async (hook: Webhook, id: string): Promise<number | undefined> =>
    (await hook.answer({ body: bytes(frame(id, 1)) })).status

  it('is acknowledged when it is on disk, without the token', async () => {
    const { hook, stored } = storing(() => true)
    expect(await statusOf(hook, 'a')).toBe(200)
    expect(await statusOf(hook, 'a')).toBe(200)
    expect(stored).toEqual(['1:a'])
    expect(events).toEqual([])
  })

  it('is asked for again a few times where the disk is slow, and is known then', async () => {
    let isInTime = false
    const { hook, stored } = storing(() => isInTime)
    const statuses: (number | undefined)[] = []
    for (const id of ['a', 'b', 'c', 'd', 'a']) statuses.push(await statusOf(hook, id))
    expect(statuses).toEqual([503, 503, 503, 200, 200])
    isInTime = true
    expect(await statusOf(hook, 'e')).toBe(200)
    isInTime = false
    expect(await statusOf(hook, 'f')).toBe(503)
    expect(stored).toEqual(['1:a', '1:b', '1:c', '1:d', '1:e', '1:f'])
  })
})
