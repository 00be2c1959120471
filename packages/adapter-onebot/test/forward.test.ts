import type { App, ChatEvent } from '@mynah/core'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'

import { type OneBotConfigInput, OneBotError } from '../src/index.ts'
import { botOf, eventually, lines, reverseUrl, selfId, serverOf, start, startEmulator } from './start.ts'
import { onMessage, ping, record } from './plugins.ts'

let events: ChatEvent[]

beforeEach(() => {
  events = []
})

const online = (app: App, id: number | string = selfId) =>
  eventually(() => expect(botOf(app, id).status).toBe('online'))

async function connect(
  emulatorOptions: Parameters<typeof startEmulator>[0] = {},
  config: Partial<OneBotConfigInput> & { entry?: object } = {},
) {
  const emulator = await startEmulator(emulatorOptions)
  const server = await emulator.listenWebSocket()
  const { entry, ...rest } = config
  const app = await start({ forward: [{ url: server.url, ...entry }], ...rest }, (host) => {
    host.plugin(ping)
    host.plugin(record(events))
  })
  return { emulator, server, app }
}

describe('a forward WebSocket', () => {
  it.each([
    ['in a header', {}, 'Bearer s3cret', '/'],
    ['in the query', { tokenIn: 'query' }, undefined, '/'],
  ])('shows the token %s', async (_, entry, header, path) => {
    const { emulator, app } = await connect(
      { accessToken: 's3cret' },
      { entry: { token: 's3cret', ...entry } },
    )
    await online(app)
    const [connection] = emulator.connections
    expect(connection?.headers['authorization']).toBe(header)
    expect(connection?.path).toBe(path)
  })

  it.each([undefined, ''])('shows no token when it is %j', async (token) => {
    const { emulator, app } = await connect({}, { entry: { token } })
    await online(app)
    expect(emulator.connections[0]?.headers).not.toHaveProperty('authorization')
  })

  it.each(['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const)(
    'works with two sockets on %s',
    async (profile) => {
      const { emulator, app } = await connect({ profile }, { entry: { split: true } })
      await online(app)
      expect(emulator.connections.map(({ path }) => path).sort()).toEqual(['/api', '/event'])
      const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
      await alice.say('/ping')
      await alice.expectReply('pong')
      await alice.expectSilence()
    },
  )

  it('sends action, params and a string echo, without what is undefined', async () => {
    const frames: string[] = []
    const host = await start({ reverse: [{}] })
    // The spy is a server of our own that answers every call.
    const remove = serverOf(host).websocket('/spy', {
      label: 'spy',
      guard: 'none',
      authorize: () => true,
      handler: (socket) => ({
        message: (data) => {
          frames.push(String(data))
          const { echo } = JSON.parse(String(data)) as { echo: string }
          const answer = { status: 'ok', retcode: 0, data: { user_id: 7, nickname: 'x' } }
          socket.send(JSON.stringify({ ...answer, echo }))
        },
      }),
    })
    onTestFinished(remove)
    const app = await start({ forward: [{ url: reverseUrl(host, '/spy') }] })
    await online(app, 7)
    await botOf(app, 7).api('onebot').call('get_msg', { message_id: '-5', nothing: undefined })
    expect(JSON.parse(frames.at(-1) ?? '')).toEqual({
      action: 'get_msg',
      params: { message_id: -5 },
      echo: expect.any(String),
    })
    expect(frames.at(-1)).not.toContain('nothing')
  })

  it('tells answers in any order apart, and events between them', async () => {
    const { emulator, app } = await connect()
    await online(app)
    const bot = botOf(app)
    const held = emulator.faults.holdAnswers()
    const status = bot.api('onebot').implementation.getStatus()
    const image = bot.api('onebot').media.canSendImage()
    await eventually(() => expect(held.waiting).toBeGreaterThanOrEqual(2))
    await emulator.friend({ userId: 1 }).say('between')
    await eventually(() => expect(events.some(({ type }) => type === 'message-created')).toBe(true))
    held.release((waiting) => waiting.toReversed())
    expect(await status).toMatchObject({ online: true })
    expect(await image).toEqual({ yes: true })
  })

  it('ignores answers and frames that make no sense', async () => {
    const { emulator, app } = await connect()
    await online(app)
    const [connection] = emulator.connections
    for (const frame of [
      '{"status":"ok","retcode":0,"echo":"nobody"}',
      '{broken',
      '7',
      'null',
      '[]',
      '{}',
      '""',
    ]) {
      await connection?.sendFrame(frame)
    }
    await connection?.sendFrame(Buffer.from([0, 255, 1]))
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    await alice.say('/ping')
    await alice.expectReply('pong')
    expect(lines.like(/is not JSON/)).not.toEqual([])
    expect(lines.like(/not an object/)).not.toEqual([])
  })

  it.each([
    ['go-cqhttp', 'by status'],
    ['lagrange', 'by status'],
    ['napcat', 'in a frame'],
    ['llonebot', 'in a frame and a close code'],
  ] as const)('reports a refused token of %s and waits long: %s', async (profile, _how) => {
    const { app } = await connect(
      { profile, accessToken: 's3cret' },
      { entry: { token: 'wrong', selfId: String(selfId) } },
    )
    await eventually(() => expect(botOf(app).status).toBe('offline'))
    expect(botOf(app).connections.state.problem).toMatch(/refuses the token/)
    expect(lines.like(/refuses the token/)).toHaveLength(1)
    expect(JSON.stringify(lines.lines)).not.toContain('wrong')
  })

  it('comes online when the token is right again', async () => {
    const emulator = await startEmulator({ profile: 'go-cqhttp' })
    const server = await emulator.listenWebSocket()
    emulator.faults.refuseConnections(401, Infinity)
    const app = await start({ forward: [{ url: server.url, selfId }] })
    await eventually(() => expect(botOf(app).status).toBe('offline'))
    emulator.faults.clear()
    const second = await start({ forward: [{ url: server.url, selfId }] })
    await online(second)
  })

  it('says that the outcome of pending calls is unknown when the connection is lost', async () => {
    const { emulator, app } = await connect()
    await online(app)
    emulator.faults.call('send_msg', { kind: 'connection-dropped', carriedOut: true })
    const receipt = await botOf(app).sendMessage('private:1', 'hi')
    expect(receipt).toMatchObject({
      status: 'failed',
      error: { outcome: 'unknown', code: 'CONNECTION_CLOSED' },
    })
    expect(receipt.status === 'failed' && receipt.error).toMatchObject({ kind: 'connection-lost' })
    expect(emulator.calls.filter(({ action }) => action === 'send_msg')).toHaveLength(1)
  })

  it('says that nothing was sent while there is no connection', async () => {
    const { emulator, app } = await connect()
    await online(app)
    const bot = botOf(app)
    await emulator.stop()
    await eventually(() => expect(bot.status).toBe('reconnecting'))
    const error: unknown = await bot
      .api('onebot')
      .implementation.getStatus()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'not-connected' })
    expect(error).toMatchObject({ outcome: 'not-sent', retriable: true, code: 'BOT_OFFLINE' })
    await emulator.resume()
    await online(app)
  })

  it('comes back after each loss with one connection', async () => {
    const { emulator, app, server } = await connect()
    for (let round = 0; round < 3; round += 1) {
      await online(app)
      await Promise.all(server.connections.map((connection) => connection.terminate()))
      await eventually(() => expect(botOf(app).status).toBe('reconnecting'))
      await eventually(() => expect(server.connections).toHaveLength(1))
    }
    await online(app)
    expect(emulator.connections).toHaveLength(1)
    expect(botOf(app).connections.state.reconnects).toBe(3)
  })

  it('stops while it waits to connect again', async () => {
    const { emulator, app } = await connect()
    await online(app)
    await emulator.stop()
    await eventually(() => expect(botOf(app).status).toBe('reconnecting'))
    const startedAt = Date.now()
    await app.stop()
    expect(Date.now() - startedAt).toBeLessThan(2000)
  })

  it('takes frames of many megabytes', async () => {
    const { emulator, app } = await connect()
    await online(app)
    const data = { text: 'x'.repeat(20 * 1024 * 1024) }
    await emulator.emit({ ...messageFrom(1), message: [{ type: 'text', data }] })
    await eventually(() => expect(events.some(({ message }) => message !== undefined)).toBe(true))
  })

  it('collects an answer in several frames', async () => {
    const { emulator, app } = await connect()
    await online(app)
    const bytes = Buffer.from('0123456789'.repeat(30_000))
    const { md5 } = emulator.world.media.add(bytes, 'digits.txt')
    const file = await botOf(app).api('onebot').streams.download({ file: md5 })
    expect(file.name).toBe('digits.txt')
    expect(file.bytes.equals(bytes)).toBe(true)
  })

  it('gives up after the time-out, once, and ignores the late answer', async () => {
    const { emulator, app } = await connect({}, { timeout: 200 })
    await online(app)
    const held = emulator.faults.holdAnswers('send_msg')
    const receipt = await botOf(app).sendMessage('private:1', 'hi')
    expect(receipt).toMatchObject({ status: 'failed', error: { outcome: 'unknown' } })
    expect(receipt.status === 'failed' && receipt.error).toMatchObject({ kind: 'timeout' })
    held.release()
    await eventually(() => expect(lines.like(/nobody waits for/)).toHaveLength(1))
    expect(emulator.calls.filter(({ action }) => action === 'send_msg')).toHaveLength(1)
  })

  it('asks for the account when no event tells it', async () => {
    const { emulator, app } = await connect({ profile: 'llonebot' }, { entry: { split: true } })
    await online(app)
    expect(emulator.calls.filter(({ action }) => action === 'get_login_info').length).toBeGreaterThan(0)
    await eventually(() => expect(botOf(app).user?.name).toBe('Robo'))
  })

  it('refuses an account other than the one in the config', async () => {
    await connect({}, { entry: { selfId: 1 } })
    await eventually(() => expect(lines.like(/does not list/)).not.toEqual([]))
  })
})

const messageFrom = (userId: number) => ({
  time: Math.floor(Date.now() / 1000),
  self_id: selfId,
  post_type: 'message',
  message_type: 'private',
  sub_type: 'friend',
  message_id: userId,
  user_id: userId,
  message: [],
  raw_message: '',
  font: 0,
  sender: { user_id: userId, nickname: 'x' },
})

describe('what the adapter knows of an account', () => {
  it('goes on after a handler threw', async () => {
    const emulator = await startEmulator()
    const { url } = await emulator.listenWebSocket()
    const app = await start({ forward: [{ url }] }, (host) => {
      host.plugin(ping)
      host.plugin(
        onMessage(() => {
          throw new Error('broken on purpose')
        }),
      )
    })
    await online(app)
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    for (let round = 0; round < 2; round += 1) {
      await alice.say('/ping')
      await alice.expectReply('pong')
    }
    expect(lines.like(/broken on purpose/)).toHaveLength(2)
  })

  it('hands events on in the order in which they came', async () => {
    const { emulator, app } = await connect()
    await online(app)
    for (let id = 1; id <= 200; id += 1) void emulator.emit(messageFrom(id))
    await eventually(() => expect(events.filter(({ message }) => message !== undefined)).toHaveLength(200))
    const ids = events
      .filter(({ message }) => message !== undefined)
      .map(({ message }) => Number(message?.id))
    expect(ids).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
  })

  it('hands a copy on only once', async () => {
    const { emulator, app } = await connect()
    await online(app)
    emulator.faults.duplicateEvents(Infinity)
    await emulator.emit(messageFrom(5))
    await emulator.emit({ ...messageFrom(5), message_type: 'group', group_id: 9, sub_type: 'normal' })
    await emulator.silence()
    expect(events.filter(({ message }) => message !== undefined)).toHaveLength(2)
  })

  it.each(['napcat', 'llonebot'] as const)('follows the heartbeats of %s', async (profile) => {
    const { emulator, app } = await connect({ profile })
    await online(app)
    const beat = (isOnline: boolean | null) =>
      emulator.emit(emulator.events.heartbeat({ online: isOnline, good: true }, 5000))
    await beat(false)
    await eventually(() => expect(botOf(app).status).toBe('offline'))
    await beat(null)
    await emulator.silence()
    expect(botOf(app).status).toBe('offline')
    await beat(true)
    await online(app)
    expect(emulator.connections).toHaveLength(1)
  })

  it('is not disturbed by a second heartbeat', async () => {
    const { emulator, app } = await connect()
    await online(app)
    const beat = emulator.events.heartbeat({ online: true, good: true }, 5000)
    await emulator.emit(beat)
    await emulator.emit(beat)
    await emulator.silence()
    expect(events.filter(({ type }) => type === 'onebot/meta_event.heartbeat')).toHaveLength(1)
    expect(botOf(app).status).toBe('online')
  })

  it('signs out with bot_offline, and on Lagrange in again only with bot_online', async () => {
    const { emulator, app } = await connect({ profile: 'lagrange' })
    await online(app)
    await eventually(() => expect(botOf(app).connections.state.implementation).toBe('lagrange'))
    await emulator.setOnline(false)
    await eventually(() => expect(botOf(app).status).toBe('offline'))
    await emulator.emit(emulator.events.heartbeat({ online: true, good: true }, 5000))
    await emulator.silence()
    expect(botOf(app).status).toBe('offline')
    await emulator.setOnline(true)
    await online(app)
  })

  it('does not take the old time of go-cqhttp’s first frame for an old message', async () => {
    const { emulator, app } = await connect({ profile: 'go-cqhttp' }, { maxMessageAge: '1m' })
    await online(app)
    expect(events[0]).toMatchObject({ type: 'onebot/meta_event.lifecycle' })
    await emulator.emit({ ...messageFrom(5), time: 1_700_000_000 })
    await emulator.emit(messageFrom(6))
    await eventually(() => expect(events.some(({ message }) => message?.id === '6')).toBe(true))
    expect(events.some(({ message }) => message?.id === '5')).toBe(false)
  })

  it('never answers itself, and links the echo of a message to its receipt', async () => {
    for (const profile of ['napcat', 'lagrange'] as const) {
      events.length = 0
      const { emulator, app } = await connect({ profile, reportSelfMessages: true })
      await online(app)
      emulator.friend({ userId: 1 })
      const receipt = await botOf(app).sendMessage('private:1', '/ping')
      await eventually(() => expect(events.some(({ type }) => type === 'message-sent')).toBe(true))
      await emulator.silence()
      const own = events.filter(({ type }) => type === 'message-sent')
      expect(own.map(({ message }) => message?.id)).toEqual(receipt.messageIds)
      expect(emulator.calls.filter(({ action }) => action === 'send_msg')).toHaveLength(1)
      await app.stop()
    }
  })

  it('asks once per connection who it is, and does without an answer', async () => {
    const { emulator, app } = await connect()
    emulator.faults.call(
      'get_version_info',
      { kind: 'error-answer', answer: { status: 'failed', retcode: 1404, data: null } },
      Infinity,
    )
    await online(app)
    await Promise.all(emulator.connections.map((connection) => connection.terminate()))
    await eventually(() => expect(botOf(app).connections.state.reconnects).toBe(1))
    await online(app)
    await emulator.silence()
    expect(emulator.calls.filter(({ action }) => action === 'get_version_info')).toHaveLength(2)
    emulator.friend({ userId: 1 })
    expect((await botOf(app).sendMessage('private:1', 'hi')).status).toBe('delivered')
  })

  it('tells how it is doing', async () => {
    const { emulator, app } = await connect()
    await online(app)
    const held = emulator.faults.holdAnswers('get_msg')
    const call = botOf(app)
      .api('onebot')
      .messages.get(1)
      .catch(() => {})
    await eventually(() => expect(held.waiting).toBe(1))
    expect(botOf(app).connections.state).toMatchObject({
      status: 'online',
      pending: 1,
      queued: 0,
      reconnects: 0,
      problem: undefined,
    })
    expect(botOf(app).intake.lastEventAt).toBeGreaterThan(0)
    held.release()
    await call
  })

  it('routes events of another account on one connection to that account, and says so once', async () => {
    const { emulator, app } = await connect()
    await online(app)
    await emulator.emit({ ...messageFrom(5), self_id: 42 })
    await emulator.emit({ ...messageFrom(6), self_id: 42 })
    await eventually(() => expect(events.filter(({ selfId: seenBy }) => seenBy === '42')).toHaveLength(2))
    expect(lines.like(/brings events of another account/)).toHaveLength(1)
  })

  it('belongs to the account that signs in on it later', async () => {
    const { emulator, app } = await connect()
    await online(app)
    await emulator.emit({ ...emulator.events.lifecycle('connect'), self_id: 42 })
    await online(app, 42)
    expect(botOf(app).status).toBe('reconnecting')
  })

  it('waits long before it asks again for an account that it does not want', async () => {
    const { server } = await connect({}, { entry: { selfId: 1 } })
    await eventually(() => expect(lines.like(/does not list/)).not.toEqual([]))
    await eventually(() => expect(server.connections).toHaveLength(0))
    expect(lines.like(/does not list/)).toHaveLength(1)
  })

  it('treats a refused token as an error of its own kind', () => {
    const error = new OneBotError('token-refused', 'no', { action: 'x' })
    expect(error).toMatchObject({ code: 'AUTH_FAILED', outcome: 'rejected' })
  })
})
