import { TestClock } from '@mynah/core/testing'
import { describe, expect, test } from 'vitest'
import { RawApi, RawSocket, appId, chatIntents, identifyFrame, secret, startedAt } from './raw-client.ts'
import { shardOf } from '../src/gateway/session.ts'
import { basicIntents, startQQEmulator } from '../src/index.ts'

const resumeFrame = (token: string, sessionId: unknown, seq: unknown): Record<string, unknown> => ({
  op: 6,
  d: { token: `QQBot ${token}`, session_id: sessionId, seq },
})

describe('login', () => {
  test('goes from Hello over Identify to READY', async () => {
    await using emulator = await startQQEmulator({ appId, secret, heartbeatIntervalMs: 30_000 })
    const { token } = await RawApi.login(emulator)
    const socket = new RawSocket(emulator.baseUrls.gateway)
    expect(await socket.op(10)).toEqual({ op: 10, d: { heartbeat_interval: 30_000 } })
    socket.send(identifyFrame(token))
    expect(await socket.event('READY')).toEqual({
      op: 0,
      s: 1,
      t: 'READY',
      d: {
        version: 1,
        session_id: expect.any(String),
        user: { id: emulator.bot.id, username: emulator.bot.name, bot: true, status: 1 },
        shard: [0, 1],
      },
    })
    expect(await emulator.gateway.expect('login')).toMatchObject({
      way: 'identify',
      data: { intents: chatIntents },
    })
    expect(await emulator.gateway.expect('online')).toMatchObject({ sessionId: expect.any(String) })
  })

  test.each([
    ['text that is no JSON', 'hello', 4002],
    ['a binary frame', Buffer.from('{"op":1,"d":null}'), 4002],
    ['a frame without op', '{}', 4002],
    ['an Identify without data', '{"op":2}', 4002],
    ['a Resume without session', '{"op":6,"d":{"token":"TOKEN"}}', 4002],
    ['a text as heartbeat', '{"op":1,"d":"1"}', 4002],
    ['an opcode of nobody', '{"op":99}', 4001],
    ['an opcode for receiving only', '{"op":11}', 4003],
    ['a heartbeat from the future', '{"op":1,"d":5}', 4007],
    ['a foreign token', '{"op":2,"d":{"token":"QQBot AT-1","intents":1,"shard":[0,1]}}', 4004],
    ['a token without scheme', '{"op":2,"d":{"token":"AT-1","intents":1,"shard":[0,1]}}', 4004],
    ['intents that are no number', '{"op":2,"d":{"token":"TOKEN","intents":"1","shard":[0,1]}}', 4002],
    ['intents nobody knows', '{"op":2,"d":{"token":"TOKEN","intents":4,"shard":[0,1]}}', 4013],
    ['intents below zero', '{"op":2,"d":{"token":"TOKEN","intents":-2147483648,"shard":[0,1]}}', 4002],
    ['intents without permission', '{"op":2,"d":{"token":"TOKEN","intents":512,"shard":[0,1]}}', 4014],
    ['a shard out of range', '{"op":2,"d":{"token":"TOKEN","intents":1,"shard":[1,1]}}', 4010],
    ['half a shard', '{"op":2,"d":{"token":"TOKEN","intents":1,"shard":[0]}}', 4010],
    ['a session nobody had', '{"op":6,"d":{"token":"TOKEN","session_id":"x","seq":1}}', 4006],
  ])('%s closes the socket', async (_, frame, code) => {
    await using emulator = await startQQEmulator({ appId, secret, grants: { intents: basicIntents } })
    const { token } = await RawApi.login(emulator)
    const socket = await RawSocket.open(emulator)
    socket.send(typeof frame === 'string' ? frame.replace('TOKEN', `QQBot ${token}`) : frame)
    expect((await socket.closed).code).toBe(code)
  })

  test.each([
    ['offline', 4914],
    ['banned', 4915],
  ] as const)('of a bot that is %s closes with %i', async (state, code) => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    emulator.setBotState(state)
    const socket = await RawSocket.open(emulator)
    socket.send(identifyFrame(token))
    expect((await socket.closed).code).toBe(code)
  })

  test('of an offline bot works in the sandbox', async () => {
    await using emulator = await startQQEmulator({ appId, secret, sandbox: true })
    emulator.setBotState('offline')
    await RawSocket.login(emulator)
    expect(emulator.gateway.isOnline).toBe(true)
  })

  test('of one shard with too many guilds closes with 4011, and the suggested count works', async () => {
    await using emulator = await startQQEmulator({ appId, secret, guildsPerShard: 2 })
    for (let count = 0; count < 3; count += 1) emulator.guild()
    const api = await RawApi.login(emulator)
    const socket = await RawSocket.open(emulator)
    socket.send(identifyFrame(api.token))
    expect((await socket.closed).code).toBe(4011)
    expect((await api.call('GET', '/gateway/bot')).body['shards']).toBe(2)
    await RawSocket.login(emulator, { shard: [1, 2] })
  })

  test('a second Identify closes with 4005, an unknown opcode after it with 4001', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const socket = await RawSocket.login(emulator)
    socket.send(identifyFrame((await RawApi.login(emulator)).token))
    expect((await socket.closed).code).toBe(4005)
    const other = await RawSocket.login(emulator)
    other.send({ op: 0, d: {} })
    expect((await other.closed).code).toBe(4001)
  })

  test('is counted against the daily starts and the announced concurrency', async () => {
    const clock = new TestClock(startedAt)
    await using emulator = await startQQEmulator({
      appId,
      secret,
      clock,
      sessionStarts: 2,
      enforceConcurrency: true,
    })
    const api = await RawApi.login(emulator)
    await RawSocket.login(emulator)
    const fast = await RawSocket.open(emulator)
    fast.send(identifyFrame(api.token))
    expect((await fast.closed).code).toBe(4008)

    await clock.advance(5000)
    await RawSocket.login(emulator)
    const { body } = await api.call('GET', '/gateway/bot')
    expect(body).toEqual({
      url: emulator.baseUrls.gateway,
      shards: 1,
      session_start_limit: { total: 2, remaining: 0, reset_after: 86_395_000, max_concurrency: 1 },
    })
    await clock.advance(5000)
    const third = await RawSocket.open(emulator)
    third.send(identifyFrame(api.token))
    expect(await third.op(9)).toEqual({ op: 9, d: false })
  })
})

describe('heartbeats', () => {
  test('are acknowledged, with null and with the last sequence, under d and under s', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const socket = await RawSocket.open(emulator)
    socket.send({ op: 1, d: null })
    expect(await socket.op(11)).toEqual({ op: 11 })
    socket.send(identifyFrame((await RawApi.login(emulator)).token))
    await socket.event('READY')
    socket.send({ op: 1, d: 1 })
    await socket.op(11)
    socket.send({ op: 1, s: 1 })
    await socket.op(11)
    const beats = [await emulator.gateway.expect('heartbeat'), await emulator.gateway.expect('heartbeat')]
    expect(beats.map(({ sequence }) => sequence)).toEqual([null, 1])
  })

  test('that stay away close the socket with 4009', async () => {
    const clock = new TestClock(startedAt)
    await using emulator = await startQQEmulator({ appId, secret, clock, heartbeatIntervalMs: 1000 })
    const socket = await RawSocket.login(emulator)
    await clock.advance(1900)
    socket.send({ op: 1, d: 1 })
    await socket.op(11)
    await clock.advance(1900)
    expect(emulator.gateway.isOnline).toBe(true)
    await clock.advance(100)
    expect((await socket.closed).code).toBe(4009)
  })

  test('go without ack on demand, and are asked for on demand', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const socket = await RawSocket.login(emulator)
    emulator.faults.withholdHeartbeatAcks(1)
    socket.send({ op: 1, d: 1 })
    await emulator.gateway.expect('heartbeat')
    emulator.faults.requestHeartbeat()
    expect(await socket.op(1)).toEqual({ op: 1 })
    expect(socket.frames.pending).toEqual([])
    socket.send({ op: 1, d: 1 })
    await socket.op(11)
  })
})

describe('resume', () => {
  test('replays what was missed, in order, then says RESUMED with an empty text', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    const socket = await RawSocket.login(emulator)
    const { sessionId } = await emulator.gateway.expect('online')
    const alice = emulator.user()
    alice.c2c.say('one')
    await socket.event('C2C_MESSAGE_CREATE')
    emulator.faults.dropConnections()
    expect((await socket.closed).code).toBe(1006)
    alice.c2c.say('two')
    alice.c2c.say('three')

    const again = await RawSocket.open(emulator)
    again.send(resumeFrame(token, sessionId, 2))
    expect(await again.event('C2C_MESSAGE_CREATE')).toMatchObject({ s: 3, d: { content: 'two' } })
    expect(await again.event('C2C_MESSAGE_CREATE')).toMatchObject({ s: 4, d: { content: 'three' } })
    expect(await again.frames.take()).toEqual({ op: 0, s: 5, t: 'RESUMED', d: '' })
    alice.c2c.say('four')
    expect(await again.event('C2C_MESSAGE_CREATE')).toMatchObject({ s: 6 })
  })

  test('with a sequence from the future closes with 4007', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    await RawSocket.login(emulator)
    const again = await RawSocket.open(emulator)
    again.send(resumeFrame(token, (await emulator.gateway.expect('online')).sessionId, 2))
    expect((await again.closed).code).toBe(4007)
  })

  test('of a session that ended is op 9, of a forgotten one 4006', async () => {
    const clock = new TestClock(startedAt)
    await using emulator = await startQQEmulator({ appId, secret, clock, resumeWindowMs: 1000 })
    const { token } = await RawApi.login(emulator)
    const socket = await RawSocket.login(emulator)
    const { sessionId } = await emulator.gateway.expect('online')
    emulator.faults.dropConnections(4009)
    await socket.closed
    await expect.poll(() => emulator.gateway.connectionCount).toBe(0)
    await clock.advance(1001)
    const late = await RawSocket.open(emulator)
    late.send(resumeFrame(token, sessionId, 1))
    expect(await late.op(9)).toEqual({ op: 9, d: false })
    const later = await RawSocket.open(emulator)
    later.send(resumeFrame(token, sessionId, 1))
    expect((await later.closed).code).toBe(4006)
  })

  test('brings what came while nobody was there, and not what was said about the login', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    const socket = await RawSocket.login(emulator)
    const { sessionId } = await emulator.gateway.expect('online')
    const alice = emulator.user()
    alice.c2c.say('one')
    await socket.event('C2C_MESSAGE_CREATE')
    socket.terminate()
    await expect.poll(() => emulator.gateway.isOnline).toBe(false)
    alice.c2c.say('two')
    for (let round = 0; round < 2; round += 1) {
      const again = await RawSocket.open(emulator)
      again.send(resumeFrame(token, sessionId, 0))
      const replayed = [await again.frames.take(), await again.frames.take()]
      expect(replayed).toMatchObject([
        { s: 2, d: { content: 'one' } },
        { s: 3, d: { content: 'two' } },
      ])
      expect(await again.frames.take()).toMatchObject({ t: 'RESUMED' })
      again.terminate()
    }
  })

  test('refuses what lies behind the events that are kept', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    const socket = await RawSocket.login(emulator)
    const { sessionId } = await emulator.gateway.expect('online')
    socket.terminate()
    for (let count = 0; count < 2001; count += 1) emulator.dispatch('SOMETHING_NEW', { count })
    const late = await RawSocket.open(emulator)
    late.send(resumeFrame(token, sessionId, 1))
    expect(await late.op(9)).toEqual({ op: 9, d: false })
  })

  test.each([1000, 1001])('is over for a client that left with %i', async (code) => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    const socket = await RawSocket.login(emulator)
    const { sessionId } = await emulator.gateway.expect('online')
    socket.close(code)
    await socket.closed
    await expect.poll(() => emulator.gateway.connectionCount).toBe(0)
    const again = await RawSocket.open(emulator)
    again.send(resumeFrame(token, sessionId, 1))
    expect((await again.closed).code).toBe(4006)
  })

  test('takes the session over from a socket that is still open', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    const first = await RawSocket.login(emulator)
    const second = await RawSocket.open(emulator)
    second.send(resumeFrame(token, (await emulator.gateway.expect('online')).sessionId, 1))
    await second.event('RESUMED')
    expect((await first.closed).code).toBe(4009)
    emulator.user().c2c.say('hi')
    await second.event('C2C_MESSAGE_CREATE')
  })
})

describe('dispatch', () => {
  test('reaches only sessions with the intent', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const guilds = await RawSocket.login(emulator, { intents: 1 })
    const chats = await RawSocket.login(emulator, { intents: chatIntents })
    emulator.user().c2c.say('hi')
    await chats.event('C2C_MESSAGE_CREATE')
    emulator.dispatch('GUILD_UPDATE', { id: '1' })
    await guilds.event('GUILD_UPDATE')
    emulator.dispatch('SOMETHING_NEW', { anything: true })
    await Promise.all([guilds.event('SOMETHING_NEW'), chats.event('SOMETHING_NEW')])
    expect([...guilds.frames.pending, ...chats.frames.pending]).toEqual([])
  })

  test.each([
    ['16038617105584902418', 4, 3],
    ['4821093776501248531', 9, 5],
    ['2452178231489345741', 5, 0],
    ['75827011639035987', 3, 1],
  ])('routes guild %s with %i shards to shard %i', (guildId, count, shard) => {
    expect(shardOf(guildId, count)).toBe(shard)
  })

  test('goes to the shard of the guild, and to shard 0 without a guild', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const intents = 1 + chatIntents
    const zero = await RawSocket.login(emulator, { intents, shard: [0, 3] })
    const one = await RawSocket.login(emulator, { intents, shard: [1, 3] })
    emulator.dispatch('CHANNEL_CREATE', { id: '1', guild_id: '75827011639035987' })
    emulator.user().c2c.say('hi')
    await one.event('CHANNEL_CREATE')
    await zero.event('C2C_MESSAGE_CREATE')
    expect([...zero.frames.pending, ...one.frames.pending]).toEqual([])
  })

  test('comes twice, late, or as garbage on demand', async () => {
    const clock = new TestClock(startedAt)
    await using emulator = await startQQEmulator({ appId, secret, clock })
    const socket = await RawSocket.login(emulator)
    emulator.faults.duplicateEvents()
    emulator.user().c2c.say('twice')
    const [first, second] = [await socket.frames.take(), await socket.frames.take()]
    expect(second.id).toBe(first.id)
    expect([first.s, second.s]).toEqual([2, 3])

    emulator.faults.delayEvents(500)
    emulator.user().c2c.say('late')
    emulator.user().c2c.say('in time')
    expect((await socket.event('C2C_MESSAGE_CREATE')).d['content']).toBe('in time')
    await clock.advance(500)
    expect((await socket.event('C2C_MESSAGE_CREATE')).d['content']).toBe('late')

    emulator.faults.sendFrame({ op: 42 })
    await socket.op(42)
    emulator.faults.requestReconnect()
    await socket.op(7)
    emulator.faults.invalidateSession(true)
    expect(await socket.op(9)).toEqual({ op: 9, d: true })
  })
})

describe('refusals on demand', () => {
  test.each([4000, 4008, 4012, 4900, 4913, 1001])('close a login with %i', async (code) => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    emulator.faults.refuseLogins({ close: code })
    const socket = await RawSocket.open(emulator)
    socket.send(identifyFrame(token))
    expect((await socket.closed).code).toBe(code)
    await RawSocket.login(emulator)
  })

  test('answer op 9, refuse upgrades, and hold Hello back', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const { token } = await RawApi.login(emulator)
    emulator.faults.refuseLogins({ invalidSession: false })
    const socket = await RawSocket.open(emulator)
    socket.send(identifyFrame(token))
    expect(await socket.op(9)).toEqual({ op: 9, d: false })

    emulator.faults.refuseConnections(503)
    expect((await new RawSocket(emulator.baseUrls.gateway).closed).code).toBe(1006)

    emulator.faults.withholdHellos()
    const silent = new RawSocket(emulator.baseUrls.gateway)
    await expect.poll(() => emulator.gateway.connectionCount).toBe(2)
    expect(silent.frames.pending).toEqual([])
  })
})
