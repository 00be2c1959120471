import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inflateSync } from 'node:zlib'
import type { KookChannel } from '../src/people/guild.ts'
import type { KookUser } from '../src/people/user.ts'
import { TestClock } from '@mynah/core/testing'
import { encodeFrame } from '../src/gateway/frames.ts'
import { startKookEmulator, type KookEmulator } from '../src/emulator.ts'
import { callApi, gatewayUrl, login, RawGatewayClient, resume } from './raw-client.ts'

let clock: TestClock
let emulator: KookEmulator
let alice: KookUser
let lobby: KookChannel

beforeEach(async () => {
  clock = new TestClock()
  emulator = await startKookEmulator({ clock })
  alice = emulator.user({ username: 'alice' })
  lobby = emulator.guild({ members: [alice] }).channel('lobby')
})

afterEach(() => emulator.close())

/** What the next events say, in the order they arrive. */
async function hear(client: RawGatewayClient, count: number): Promise<[sn: unknown, content: unknown][]> {
  const heard: [unknown, unknown][] = []
  while (heard.length < count) {
    const { sn, d } = await client.event()
    heard.push([sn, d.content])
  }
  return heard
}

describe('logging in', () => {
  it.each([
    [1, true],
    [0, false],
  ] as const)('greets with a session id when compress is %s', async (compress, binary) => {
    const client = new RawGatewayClient(await gatewayUrl(emulator, compress))
    const hello = await client.frame(1)
    expect(hello.binary).toBe(binary)
    expect(hello.d).toEqual({
      code: 0,
      session_id: emulator.gateway.sessionId,
      sessionId: emulator.gateway.sessionId,
    })
  })

  it.each([
    ['session_id', ['code', 'session_id']],
    ['sessionId', ['code', 'sessionId']],
  ] as const)('can name the session only %s', async (sessionIdKey, keys) => {
    await using other = await startKookEmulator({ gateway: { sessionIdKey } })
    const client = new RawGatewayClient(await gatewayUrl(other))
    const { d } = await client.frame(1)
    expect(Object.keys(d).toSorted()).toEqual(keys)
  })

  it.each([
    ['without a token', 40100, () => `${emulator.origin.replace('http', 'ws')}/gateway?compress=0`],
    [
      'with a made-up token',
      40101,
      () => `${emulator.origin.replace('http', 'ws')}/gateway?compress=0&token=nonsense`,
    ],
  ])('refuses a connection %s with %s', async (_how, code, url) => {
    const client = new RawGatewayClient(url())
    const { d } = await client.frame(1)
    expect(d).toEqual({ code })
    expect(emulator.gateway.isOnline).toBe(false)
  })

  it('refuses a URL that is too old with 40103', async () => {
    const url = await gatewayUrl(emulator)
    await clock.advance(300_000)
    const { d } = await new RawGatewayClient(url).frame(1)
    expect(d).toEqual({ code: 40103 })
  })

  it('takes the codes to refuse with from a test', async () => {
    emulator.faults.refuseLogins(40102)
    emulator.faults.refuseLogins(40103)
    for (const code of [40102, 40103, 0]) {
      const { d } = await new RawGatewayClient(await gatewayUrl(emulator)).frame(1)
      expect(d.code).toBe(code)
    }
  })

  it('sends one complete zlib stream per frame, of which the known HELLO is an example', () => {
    const known = Buffer.from(
      '789c05c1310e80200c05d0bbfc99262d14a25cc6a8a5098b0c8c84bbfbdec2449500435d788735540e986dce3ebeab1b2a22bb3ee56e247e2ba9c9490767a7e2ec12935a4e8abd7f182e14c3',
      'hex',
    )
    const hello = { s: 1, d: { code: 0, session_id: '20f4b6ae-1fa4-4d19-805f-6f0f1234d534' } }
    expect(JSON.parse(inflateSync(known).toString())).toEqual(hello)
    expect(JSON.parse(inflateSync(Buffer.from(encodeFrame(hello, 'zlib'))).toString())).toEqual(hello)
  })

  it('shows the secrets of the bot beside every event, as the platform does', async () => {
    const { client } = await login(emulator)
    alice.in(lobby).say('hi')
    const { extra, d } = await client.event()
    expect(Object.keys(extra)).toEqual(['verifyToken', 'encryptKey', 'callbackUrl', 'intent'])
    expect(d).not.toHaveProperty('verify_token')
  })

  it('gives a second connection pongs but no events', async () => {
    const first = await login(emulator)
    const second = await login(emulator)
    alice.in(lobby).say('hi')
    await first.client.event()
    second.client.ping(0)
    await second.client.frame(3)
    expect(second.client.frames.pending).toEqual([])
  })

  it('takes a bot offline on user/offline', async () => {
    const { client, sessionId } = await login(emulator)
    const closed = client.closed()
    await callApi(emulator, 'POST user/offline')
    expect(await closed).toBe(1000)
    const { data } = await callApi(emulator, 'GET user/get-online-status')
    expect(data).toEqual({ online: false, online_os: [] })
    const again = await resume(emulator, { sn: '0', session_id: sessionId })
    expect((await again.frame(5)).d.code).toBe(40107)
  })

  it('lets a test wait until the bot is there', async () => {
    const ready = emulator.online()
    await login(emulator)
    await ready
    expect(emulator.gateway.connectionCount).toBe(1)
  })
})

describe('numbers and heartbeats', () => {
  it('counts events from 1 without end', async () => {
    await using other = await startKookEmulator({ gateway: { firstSn: 65_535 } })
    const bob = other.user({ username: 'bob' })
    const room = other.guild({ members: [bob] }).channel('lobby')
    const { client } = await login(other)
    for (const text of ['a', 'b', 'c']) bob.in(room).say(text)
    expect(await hear(client, 3)).toEqual([
      [65_535, 'a'],
      [65_536, 'b'],
      [65_537, 'c'],
    ])
  })

  it('answers a ping that is up to date with a pong and nothing else', async () => {
    const { client } = await login(emulator)
    alice.in(lobby).say('one')
    await client.event()
    client.ping(1)
    await client.frame(3)
    expect(await emulator.gateway.expect('ping')).toEqual({ kind: 'ping', sn: 1 })
    client.ping(1)
    await client.frame(3)
    expect(client.frames.pending).toEqual([])
  })

  it('sends again what a lagging ping has not seen', async () => {
    const { client } = await login(emulator)
    emulator.faults.loseEvents(2)
    for (const text of ['one', 'two', 'three']) alice.in(lobby).say(text)
    expect(await hear(client, 1)).toEqual([[3, 'three']])
    client.ping(0)
    expect(await hear(client, 3)).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ])
  })

  it('gives no pong to a ping with a d, be it empty', async () => {
    const { client } = await login(emulator)
    client.send({ s: 2, d: {}, sn: 0 })
    client.ping(0)
    await client.frame(3)
    expect(client.frames.pending).toEqual([])
    expect(await emulator.gateway.expect('frame')).toEqual({ kind: 'frame', text: '{"s":2,"d":{},"sn":0}' })
  })

  it.each([7, -1, 1.5, 'x', null])('answers a ping with the sn %s by RECONNECT', async (sn) => {
    const { client } = await login(emulator)
    client.send({ s: 2, sn })
    expect((await client.frame(5)).d).toEqual({ code: 40108, err: 'Invalid SN' })
    expect(emulator.gateway.sessionId).toBeUndefined()
  })

  it('drops a connection that falls silent', async () => {
    const { client } = await login(emulator)
    await clock.advance(100_000)
    client.ping(0)
    await client.frame(3)
    await clock.advance(100_000)
    expect(emulator.gateway.isOnline).toBe(true)
    const closed = client.closed()
    await clock.advance(20_000)
    expect(await closed).toBe(1006)
  })
})

describe('resuming', () => {
  it('replays what was missed, in order, and then acknowledges', async () => {
    const { client, sessionId } = await login(emulator)
    alice.in(lobby).say('one')
    await client.event()
    emulator.faults.dropConnections()
    alice.in(lobby).say('two')
    alice.in(lobby).say('three')
    const back = await resume(emulator, { sn: '1', session_id: sessionId })
    expect((await back.frame(1)).d.session_id).toBe(sessionId)
    expect(await hear(back, 2)).toEqual([
      [2, 'two'],
      [3, 'three'],
    ])
    expect((await back.frame(6)).d.session_id).toBe(sessionId)
    alice.in(lobby).say('four')
    expect(await hear(back, 1)).toEqual([[4, 'four']])
  })

  it('takes the session from a connection whose end nobody noticed', async () => {
    const { client, sessionId } = await login(emulator)
    const closed = client.closed()
    const back = await resume(emulator, { sn: '0', sessionId })
    await back.frame(6)
    expect(await closed).toBe(1006)
    alice.in(lobby).say('hi')
    expect(await hear(back, 1)).toEqual([[1, 'hi']])
  })

  it('resumes on an open connection with signal 4', async () => {
    const { client } = await login(emulator)
    emulator.faults.loseEvents()
    alice.in(lobby).say('lost')
    client.send({ s: 4, sn: 0 })
    expect(await hear(client, 1)).toEqual([[1, 'lost']])
    await client.frame(6)
    client.send({ s: 4, sn: 9 })
    expect((await client.frame(5)).d.code).toBe(40108)
  })

  it.each([
    ['no sn', 40106, (id: string) => ({ session_id: id })],
    ['no session', 40106, () => ({ sn: '0' })],
    ['an unknown session', 40107, () => ({ sn: '0', session_id: 'gone' })],
    ['a number never sent', 40108, (id: string) => ({ sn: '5', session_id: id })],
    ['no number at all', 40108, (id: string) => ({ sn: 'five', session_id: id })],
  ])('refuses to resume with %s: %s', async (_what, code, parameters) => {
    const { sessionId } = await login(emulator)
    const back = await resume(emulator, parameters(sessionId))
    expect((await back.frame(5)).d.code).toBe(code)
    expect(back.frames.pending).toEqual([])
  })

  it('refuses events that are no longer kept', async () => {
    await using other = await startKookEmulator({ gateway: { backlog: 2 } })
    const { client, sessionId } = await login(other)
    for (const sn of [1, 2, 3]) {
      other.push({ type: 99, content: String(sn) })
      await client.event()
    }
    const kept = await resume(other, { sn: '1', session_id: sessionId })
    expect(await hear(kept, 2)).toEqual([
      [2, '2'],
      [3, '3'],
    ])
    const lost = await resume(other, { sn: '0', session_id: sessionId })
    expect((await lost.frame(5)).d.code).toBe(40108)
  })

  it('forgets a session that nobody resumes in time', async () => {
    const { client, sessionId } = await login(emulator)
    await client.close()
    await emulator.gateway.expect('close', ({ code }) => code === 1000)
    await clock.advance(300_000)
    const back = await resume(emulator, { sn: '0', session_id: sessionId })
    expect((await back.frame(5)).d.code).toBe(40107)
  })

  it('forgets the old session when a fresh one starts', async () => {
    const { client, sessionId } = await login(emulator)
    await client.close()
    await emulator.gateway.expect('close')
    await login(emulator)
    const back = await resume(emulator, { sn: '0', session_id: sessionId })
    expect((await back.frame(5)).d.code).toBe(40107)
  })

  it('can reconnect right after the acknowledgement', async () => {
    const { sessionId } = await login(emulator)
    emulator.faults.reconnectAfterResume()
    const back = await resume(emulator, { sn: '0', session_id: sessionId })
    await back.frame(6)
    expect((await back.frame(5)).d.code).toBe(40107)
  })

  it('remembers how clients connected', async () => {
    const { sessionId } = await login(emulator, 0)
    await resume(emulator, { sn: '0', session_id: sessionId })
    await emulator.gateway.expect('open', (open) => !open.resume && !open.compress)
    expect(await emulator.gateway.expect('open')).toEqual({
      kind: 'open',
      resume: true,
      sn: '0',
      sessionId,
      compress: true,
    })
    expect(emulator.gateway.opened).toHaveLength(2)
  })
})

describe('what goes wrong', () => {
  it('refuses connections', async () => {
    emulator.faults.refuseConnections()
    const refused = new RawGatewayClient(await gatewayUrl(emulator))
    expect(await refused.closed()).toBe(1006)
    await login(emulator)
  })

  it('withholds the HELLO', async () => {
    emulator.faults.withholdHellos()
    const mute = new RawGatewayClient(await gatewayUrl(emulator))
    await emulator.gateway.expect('open')
    const { client } = await login(emulator)
    alice.in(lobby).say('hi')
    await client.event()
    expect(mute.frames.pending).toEqual([])
  })

  it('withholds pongs', async () => {
    const { client } = await login(emulator)
    emulator.faults.withholdHeartbeatAcks(2)
    for (let count = 0; count < 3; count += 1) client.ping(0)
    await client.frame(3)
    for (let count = 0; count < 3; count += 1) await emulator.gateway.expect('ping')
    expect(client.frames.pending).toEqual([])
  })

  it('sends events twice', async () => {
    const { client } = await login(emulator)
    emulator.faults.duplicateEvents()
    alice.in(lobby).say('one')
    alice.in(lobby).say('two')
    expect(await hear(client, 3)).toEqual([
      [1, 'one'],
      [1, 'one'],
      [2, 'two'],
    ])
  })

  it('sends events out of order', async () => {
    const { client } = await login(emulator)
    const held = emulator.faults.holdEvents()
    for (const text of ['one', 'two', 'three']) alice.in(lobby).say(text)
    held.release((events) => events.toReversed())
    expect(await hear(client, 3)).toEqual([
      [3, 'three'],
      [2, 'two'],
      [1, 'one'],
    ])
  })

  it('sends events late', async () => {
    const { client } = await login(emulator)
    emulator.faults.delayEvents(5000)
    alice.in(lobby).say('late')
    client.ping(1)
    await client.frame(3)
    expect(client.frames.pending).toEqual([])
    await clock.advance(5000)
    expect(await hear(client, 1)).toEqual([[1, 'late']])
  })

  it.each([
    [40106, { code: 40106, err: 'Invalid SN' }],
    [41008, { code: 41008, err: 'Invalid SN' }],
    [null, {}],
  ])('asks to reconnect with code %s', async (code, d) => {
    const { client } = await login(emulator)
    emulator.faults.requestReconnect(code)
    expect((await client.frame(5)).d).toEqual(d)
    expect(emulator.gateway.isOnline).toBe(false)
  })

  it('sends what cannot be decoded', async () => {
    const { client } = await login(emulator)
    emulator.faults.sendGarbage()
    emulator.faults.sendTruncatedFrame()
    await client.undecodable.take()
    await client.undecodable.take()
    emulator.faults.sendFrame({ s: 42 })
    emulator.faults.sendFrame({ s: 43 }, 'raw-deflate')
    emulator.faults.sendFrame({ s: 44 }, 'text')
    expect((await client.frame(42)).binary).toBe(true)
    expect((await client.frame(43)).binary).toBe(true)
    expect((await client.frame(44)).binary).toBe(false)
  })

  it('closes connections with a code', async () => {
    const { client } = await login(emulator)
    const closed = client.closed()
    emulator.faults.dropConnections(4001)
    expect(await closed).toBe(4001)
  })

  it('ends all of it on request', async () => {
    emulator.faults.refuseLogins(40101)
    emulator.faults.withholdHellos(5)
    emulator.faults.refuseConnections(503, 5)
    emulator.faults.call('*', { kind: 'error-answer', status: 500 }, Infinity)
    emulator.faults.expireTokens()
    emulator.faults.clear()
    expect((await login(emulator)).sessionId).not.toBe('')
  })
})
