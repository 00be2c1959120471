import { deflateRawSync } from 'node:zlib'

import { type KookEmulator, type KookGatewayOptions, startKookEmulator } from '@mynah/emulator-kook'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { event, StartedGateway } from '../../test/start-gateway.ts'
import { readFrame } from './frame.ts'

let emulator: KookEmulator
let harness: StartedGateway

async function start(
  options: ConstructorParameters<typeof StartedGateway>[1] = {},
  gateway: KookGatewayOptions = {},
): Promise<void> {
  emulator = await startKookEmulator({ gateway })
  harness = new StartedGateway(emulator, options)
}

afterEach(async () => {
  await harness[Symbol.asyncDispose]()
  await emulator.close()
})

const push = (...ids: (string | number)[]): void => {
  for (const id of ids) emulator.push(event(String(id)))
}

/** Sends a frame with a number of its own choosing. */
const send = (sn: number): void => emulator.faults.sendFrame({ s: 0, d: event(`m${sn}`), sn })

/** A frame that comes after all that was sent so far. */
async function settled(): Promise<void> {
  const known = harness.logger.lines.length
  emulator.faults.sendFrame({ s: 98 })
  await vi.waitFor(() => expect(harness.logger.lines.length).toBeGreaterThan(known), { interval: 2 })
}

describe('connecting', () => {
  it.each([
    [true, 1],
    [false, 0],
  ])('receives events with compression %s', async (compress, flag) => {
    await start({ compress })
    await harness.connect()
    const call = await emulator.expectCall('GET gateway/index')
    expect(call.query).toEqual({ compress: String(flag) })
    expect(await emulator.gateway.expect('open')).toMatchObject({ compress, resume: false })
    push('a', 'b')
    await harness.received(2)
    expect(harness.ids).toEqual(['a', 'b'])
  })

  it('reads the compressed HELLO of the documentation', () => {
    const hex =
      '789c05c1310e80200c05d0bbfc99262d14a25cc6a8a5098b0c8c84bbfbdec2449500435d788735540e986dce3ebeab1b2a22bb3ee56e247e2ba9c9490767a7e2ec12935a4e8abd7f182e14c3'
    expect(readFrame(Buffer.from(hex, 'hex'))).toEqual({
      s: 1,
      d: { code: 0, session_id: '20f4b6ae-1fa4-4d19-805f-6f0f1234d534' },
    })
  })

  it('reads text and raw deflate too, and leaves out what cannot be read', async () => {
    await start()
    await harness.connect()
    emulator.faults.sendGarbage()
    emulator.faults.sendTruncatedFrame()
    emulator.faults.sendFrame({ s: 0, d: event('text'), sn: 1 }, 'text')
    emulator.faults.sendGarbage(deflateRawSync(JSON.stringify({ s: 0, d: event('raw'), sn: 2 })))
    emulator.faults.sendFrame({ s: 0, sn: 3 })
    emulator.faults.sendFrame([1, 2])
    emulator.faults.sendFrame({ s: 0, d: event('last'), sn: 4 })
    await harness.received(3)
    expect(harness.ids).toEqual(['text', 'raw', 'last'])
    const unreadable = 'a frame of the gateway could not be read'
    expect(harness.refused).toEqual([
      unreadable,
      unreadable,
      'an event of the gateway has no number or no body',
      unreadable,
    ])
  })

  it.each<[string, unknown]>([
    ['without a body', null],
    ['that is a list', []],
    ['without a type', { msg_id: 'x' }],
    ['without an id', { type: 255 }],
    ['whose id is a number', { type: 255, msg_id: 7 }],
  ])('an event %s keeps none of those behind it waiting', async (_what, d) => {
    await start()
    await harness.connect()
    emulator.faults.sendFrame({ s: 0, d: event('first'), sn: 1 })
    emulator.faults.sendFrame({ s: 0, d, sn: 2 })
    emulator.faults.sendFrame({ s: 0, d: event('last'), sn: 3 })
    await harness.received(2)
    expect(harness.ids).toEqual(['first', 'last'])
    expect(harness.refused).toEqual(['an event of the gateway has no number or no body'])
  })

  it('an event whose handling fails takes none of those that waited with it along', async () => {
    const seen: string[] = []
    await start({
      onEvent: ({ msg_id: id }) => {
        if (id === 'm2') throw new Error('cannot be handled')
        seen.push(id)
      },
    })
    await harness.connect()
    for (const sn of [3, 2, 4, 1]) send(sn)
    await vi.waitFor(() => expect(seen).toEqual(['m1', 'm3', 'm4']))
    expect(harness.refused).toEqual(['an event could not be handled'])
    expect(harness.logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  it('refuses a frame that inflates without end', async () => {
    await start()
    await harness.connect()
    emulator.faults.sendGarbage(deflateRawSync(Buffer.alloc(64 * 1024 * 1024)))
    send(1)
    await harness.received(1)
    expect(harness.logger.text).toContain('FRAME_INVALID')
  })

  it('gives up a connection without HELLO after 6 s, also when resuming', async () => {
    await start()
    emulator.faults.withholdHellos()
    harness.gateway.start()
    await emulator.gateway.expect('open')
    await vi.waitFor(() => expect(harness.clock.delays).toContain(6000))
    await harness.clock.advance(6000)
    await harness.endedThen(0)
    await harness.online()
    emulator.faults.withholdHellos()
    emulator.faults.dropConnections()
    await harness.endedThen(8000)
    await emulator.gateway.expect('open', ({ resume }) => resume)
    await vi.waitFor(() => expect(harness.clock.delays).toContain(6000))
    await harness.clock.advance(6000)
    await harness.endedThen(16_000)
    await harness.online()
  })

  it.each(['session_id', 'sessionId', 'both'] as const)(
    'resumes with the session id that HELLO gave as %s',
    async (sessionIdKey) => {
      await start({}, { sessionIdKey })
      await harness.connect()
      const { sessionId } = emulator.gateway
      emulator.faults.dropConnections()
      await harness.endedThen(8000)
      await harness.online()
      expect(emulator.gateway.opened.at(-1)).toMatchObject({ resume: true, sn: '0', sessionId })
    },
  )

  it.each([40_100, 40_101, 40_102, 40_103])(
    'waits 6 s after HELLO %i and asks for another gateway',
    async (code) => {
      await start()
      emulator.faults.refuseLogins(code)
      harness.gateway.start()
      await harness.endedThen(6000)
      await harness.online()
      expect(harness.lookUps).toBe(2)
      const isRefused = code === 40_101 || code === 40_102
      expect(harness.told[0]).toBe(
        isRefused
          ? `KOOK gateway: the gateway refused the token (code ${code}); copy "token" anew from the developer console; next try in 6 s`
          : `KOOK gateway: HELLO with code ${code}; next try in 6 s`,
      )
    },
  )

  it('tries a gateway three times before it asks for another', async () => {
    await start()
    emulator.faults.refuseConnections(503, 3)
    harness.gateway.start()
    await harness.endedThen(2000)
    await harness.endedThen(4000)
    await harness.endedThen(0)
    await harness.online()
    expect(harness.lookUps).toBe(2)
  })

  it('asks for a gateway until it gets one', async () => {
    await start()
    emulator.faults.call('GET gateway/index', { kind: 'error-answer', code: 40_000 }, 4)
    harness.gateway.start()
    for (const delayMs of [0, 1000, 2000, 4000]) await harness.endedThen(delayMs)
    await harness.online()
    expect(harness.lookUps).toBe(5)
  })
})

describe('heartbeat', () => {
  beforeEach(async () => {
    await start()
    await harness.connect()
  })

  it('pings with the number of the last event in order, and nothing else', async () => {
    send(1)
    send(3)
    await settled()
    await harness.clock.advance(29_999)
    await harness.clock.advance(1)
    expect(await emulator.gateway.expect('ping')).toEqual({ kind: 'ping', sn: 1 })
  })

  it('pings again on the same connection until a PONG comes', async () => {
    emulator.faults.withholdHeartbeatAcks(2)
    await harness.clock.advance(30_000)
    await emulator.gateway.expect('ping')
    await harness.clock.advance(6000 + 2000)
    await emulator.gateway.expect('ping')
    await harness.clock.advance(6000 + 4000)
    await emulator.gateway.expect('ping')
    await vi.waitFor(() => expect(harness.clock.delays).toEqual([30_000]))
    expect(harness.statuses).toEqual([])
    expect(emulator.gateway.opened).toHaveLength(1)
  })

  it('closes with 1000 and resumes when no PONG comes', async () => {
    emulator.faults.withholdHeartbeatAcks(3)
    for (const ms of [30_000, 8000, 10_000]) {
      await harness.clock.advance(ms)
      await emulator.gateway.expect('ping')
    }
    await harness.clock.advance(6000)
    expect(await emulator.gateway.expect('close')).toMatchObject({ code: 1000 })
    await harness.endedThen(8000)
    await harness.online()
    expect(emulator.gateway.opened.at(-1)).toMatchObject({ resume: true })
    expect(harness.clock.delays).toEqual([30_000])
  })

  it('renews a connection that is old enough without losing an event', async () => {
    await harness[Symbol.asyncDispose]()
    emulator.faults.expireSessions()
    harness = new StartedGateway(emulator, { maxAgeMs: 60_000 })
    await harness.connect()
    push('a')
    await harness.received(1)
    await harness.clock.advance(30_000)
    await emulator.gateway.expect('ping')
    await vi.waitFor(() => expect(harness.clock.delays).toContain(30_000))
    await harness.clock.advance(30_000)
    await harness.endedThen(0)
    push('b')
    await harness.online()
    await harness.received(2)
    expect(emulator.gateway.opened.at(-1)).toMatchObject({ resume: true, sn: '1' })
  })
})

describe('resuming', () => {
  beforeEach(async () => {
    await start()
    await harness.connect()
  })

  it('gets what it missed, once and in order', async () => {
    push(1, 2)
    await harness.received(2)
    emulator.faults.dropConnections()
    await vi.waitFor(() => expect(emulator.gateway.connectionCount).toBe(0))
    push(3, 4)
    await harness.endedThen(8000)
    await harness.online()
    push(5)
    await harness.received(5)
    expect(harness.ids).toEqual(['1', '2', '3', '4', '5'])
    expect(emulator.gateway.opened.at(-1)).toMatchObject({ resume: true, sn: '2' })
    await harness.clock.advance(30_000)
    expect(await emulator.gateway.expect('ping')).toMatchObject({ sn: 5 })
  })

  it('begins a fresh session when both resumes fail', async () => {
    push(1)
    await harness.received(1)
    emulator.faults.refuseConnections(503, 2)
    emulator.faults.dropConnections()
    await harness.endedThen(8000)
    await harness.endedThen(16_000)
    await harness.endedThen(0)
    await harness.online()
    expect(emulator.gateway.opened.at(-1)).toMatchObject({ resume: false, sn: null })
    await harness.clock.advance(30_000)
    expect(await emulator.gateway.expect('ping')).toMatchObject({ sn: 0 })
  })

  it.each([40_106, 40_107, 40_108, 41_008, null])(
    'begins anew after RECONNECT with code %s',
    async (code) => {
      push(1, 2, 3)
      await harness.received(3)
      emulator.faults.requestReconnect(code)
      await harness.endedThen(0)
      await harness.online()
      expect(harness.lookUps).toBe(2)
      expect(emulator.gateway.opened.at(-1)).toMatchObject({ resume: false })
      await harness.clock.advance(30_000)
      expect(await emulator.gateway.expect('ping')).toMatchObject({ sn: 0 })
      push(4)
      await harness.received(4)
      expect(await emulator.gateway.expect('close')).toMatchObject({ code: 1000 })
    },
  )

  it('survives a RECONNECT right after the resume', async () => {
    emulator.faults.reconnectAfterResume()
    emulator.faults.dropConnections()
    await harness.endedThen(8000)
    await harness.endedThen(0)
    await harness.online()
    push('after')
    await harness.received(1)
    expect(emulator.gateway.opened).toHaveLength(3)
  })

  it('begins anew when the session is not known any more', async () => {
    emulator.faults.expireSessions()
    emulator.faults.dropConnections()
    await harness.endedThen(8000)
    await harness.endedThen(0)
    await harness.online()
    push('after')
    await harness.received(1)
    expect(harness.ids).toEqual(['after'])
  })
})

describe('stopping', () => {
  it('leaves no timer and no socket, in whatever state it is', async () => {
    await start()
    const stops: (() => Promise<unknown>)[] = [
      async () => undefined,
      () => emulator.gateway.expect('open'),
      () => harness.online(),
      async () => {
        await harness.online()
        emulator.faults.dropConnections()
        await vi.waitFor(() => expect(harness.clock.delays).toEqual([8000]))
      },
    ]
    for (const until of stops) {
      await harness[Symbol.asyncDispose]()
      harness = new StartedGateway(emulator)
      harness.gateway.start()
      await until()
      await harness.gateway.stop()
      expect(harness.clock.delays).toEqual([])
      await vi.waitFor(() => expect(emulator.gateway.connectionCount).toBe(0))
    }
  })

  it('does not wait for the answer of a gateway look-up', async () => {
    await start()
    emulator.faults.call('GET gateway/index', { kind: 'hang' })
    harness.gateway.start()
    await vi.waitFor(() => expect(harness.lookUps).toBe(1))
    const startedAt = performance.now()
    await harness.gateway.stop()
    expect(performance.now() - startedAt).toBeLessThan(2000)
    expect(harness.clock.delays).toEqual([])
  })

  it('never has two connections when it is restarted quickly', async () => {
    await start()
    await harness.connect()
    for (let round = 0; round < 2; round += 1) {
      await harness.gateway.stop()
      harness = new StartedGateway(emulator)
      harness.gateway.start()
    }
    await harness.online()
    await vi.waitFor(() => expect(emulator.gateway.connectionCount).toBe(1))
    push('once')
    await harness.received(1)
  })
})

it('keeps secrets out of events and logs', async () => {
  await start()
  await harness.connect()
  push('a')
  await harness.received(1)
  emulator.faults.refuseLogins(40_101)
  emulator.faults.dropConnections()
  await harness.endedThen(8000)
  await harness.endedThen(16_000)
  await harness.online()
  const seen = JSON.stringify(harness.events) + harness.logger.text
  for (const secret of ['verify-token-secret', 'encrypt-key-secret', emulator.token, 'token='])
    expect(seen).not.toContain(secret)
})
