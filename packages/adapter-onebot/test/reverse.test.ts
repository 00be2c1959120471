import { request } from 'node:http'

import { type App, type ChatEvent, definePlugin } from '@mynah/core'

import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'

import { botOf, eventually, lines, reverseUrl, selfId, serverOf, start, startEmulator } from './start.ts'
import { onMessage, ping, record } from './plugins.ts'
import { BareClient } from './bare-client.ts'

let events: ChatEvent[]

beforeEach(() => {
  events = []
})

const online = (app: App, id: number | string = selfId) =>
  eventually(() => expect(botOf(app, id).status).toBe('online'))

const host = (reverse: object = {}, config: object = {}) =>
  start({ reverse: [reverse], ...config }, (app) => {
    app.plugin(ping)
    app.plugin(record(events))
  })

/** The status with which an upgrade is answered: 101 when it is accepted. */
function upgrade(app: App, path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const wanted = request(`${serverOf(app).url}${path}`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'x-self-id': String(selfId),
        ...headers,
      },
    })
    wanted.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode)
    })
    wanted.on('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    wanted.on('error', reject)
    wanted.end()
  })
}

describe('a reverse WebSocket', () => {
  it.each(['/onebot/v11', '/onebot/v11/', '/onebot/v11/ws', '/onebot/v11/ws/'])('serves %s', async (path) => {
    const app = await host()
    expect(await upgrade(app, path)).toBe(101)
  })

  it('serves another path', async () => {
    const app = await host({ path: '/mine/ws' })
    expect(await upgrade(app, '/mine')).toBe(101)
    expect(await upgrade(app, '/mine/ws/')).toBe(101)
  })

  it('says 404 to other paths and logs them', async () => {
    const app = await host()
    expect(await upgrade(app, '/ws://127.0.0.1/onebot')).toBe(404)
    expect(lines.lines.some(({ msg }) => String(msg).includes('nobody serves this path'))).toBe(true)
  })

  it.each([
    [{ authorization: 'Bearer s3cret' }, '', 101],
    [{ authorization: 'bearer  s3cret ' }, '', 101],
    [{ authorization: 'Token s3cret' }, '', 101],
    [{ authorization: 's3cret' }, '', 101],
    [{}, '?access_token=s3cret', 101],
    [{}, '', 401],
    [{ authorization: 'Bearer ' }, '', 401],
    [{ authorization: 'Bearer wrong' }, '', 403],
    [{}, '?access_token=wrong', 403],
    [{ authorization: 'Bearer s3cret', 'sec-websocket-protocol': '12.my-impl' }, '', 400],
  ])('answers %j%s with %i', async (headers, query, status) => {
    const app = await host({ token: 's3cret' })
    expect(await upgrade(app, `/onebot/v11${query}`, headers as Record<string, string>)).toBe(status)
  })

  it.each<Record<string, string>>([{ authorization: 'Bearer ' }, { authorization: 'Bearer any' }, {}])(
    'lets everybody in without a token: %j',
    async (headers) => {
      const app = await host()
      expect(await upgrade(app, '/onebot/v11', headers)).toBe(101)
    },
  )

  it.each(['API', 'Api', 'api'])('pairs a socket of role %s with one for events', async (role) => {
    const emulator = await startEmulator()
    const app = await host()
    await emulator.connectReverse(reverseUrl(app), { role: 'Event' })
    await eventually(() => expect(events).not.toEqual([]))
    expect(botOf(app).status).toBe('connecting')
    await emulator.connectReverse(reverseUrl(app), { role: 'API', headers: { 'x-client-role': role } })
    await online(app)
    await eventually(() => expect(emulator.connections).toHaveLength(2))
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    await alice.say('/ping')
    await alice.expectReply('pong')
    expect(emulator.connections.map(({ use }) => use)).toEqual([
      { events: true, calls: false },
      { events: false, calls: true },
    ])
  })

  it.each([undefined, 'universal', 'UNIVERSAL'])('takes role %s for both', async (role) => {
    const emulator = await startEmulator()
    const app = await host()
    await emulator.connectReverse(reverseUrl(app), { headers: { 'x-client-role': role } })
    await emulator.online()
    await online(app)
    expect(botOf(app).connections.state.status).toBe('online')
  })

  it.each([
    ['the query', { 'X-Self-ID': undefined }, `?self_id=${selfId}`],
    ['the first event', { 'X-Self-ID': undefined }, ''],
    ['a header with blanks', { 'X-Self-ID': ` ${selfId} ` }, ''],
  ])('knows the account by %s', async (_, headers, query) => {
    const emulator = await startEmulator()
    const app = await host({ accounts: [selfId] })
    await emulator.connectReverse(`${reverseUrl(app)}${query}`, { headers })
    await emulator.online()
    await online(app)
    expect([...app.bots].map(({ key }) => key)).toEqual([`onebot:${selfId}`])
  })

  it('closes with 1008 who does not say whose it is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const app = await host()
      const socket = await BareClient.dial(reverseUrl(app))
      vi.advanceTimersByTime(10_001)
      expect((await socket.closed).code).toBe(1008)
    } finally {
      vi.useRealTimers()
    }
  })

  it('closes with 1008 a socket for calls without an account', async () => {
    const app = await host()
    const socket = await BareClient.dial(reverseUrl(app), { 'x-client-role': 'API' })
    expect(await socket.closed).toMatchObject({
      code: 1008,
      reason: 'A connection for calls needs X-Self-ID.',
    })
  })

  it('limits how many may leave open whose they are', async () => {
    const app = await host()
    const open = await Promise.all(Array.from({ length: 16 }, () => BareClient.dial(reverseUrl(app))))
    for (const socket of open) onTestFinished(() => socket.close())
    expect(await upgrade(app, '/onebot/v11', { 'x-self-id': '' })).toBe(503)
    expect(await upgrade(app, '/onebot/v11')).toBe(101)
  })

  it('refuses frames over the limit', async () => {
    const app = await host({ maxFrameBytes: 1024 })
    const socket = await BareClient.dial(reverseUrl(app))
    socket.send('x'.repeat(2000))
    expect((await socket.closed).code).toBe(1009)
  })

  it('finishes the handshake while handlers work, and says nothing to events', async () => {
    const emulator = await startEmulator()
    const app = await start({ reverse: [{}] }, (made) => {
      made.plugin(
        onMessage((session) => new Promise((resolve) => session.signal.addEventListener('abort', resolve))),
      )
    })
    await emulator.connectReverse(reverseUrl(app))
    await emulator.online()
    await online(app)
    await emulator.friend({ userId: 1 }).say('hi')
    const startedAt = Date.now()
    expect(await upgrade(app, '/onebot/v11', { 'x-self-id': '99' })).toBe(101)
    expect(Date.now() - startedAt).toBeLessThan(2000)
    const socket = await BareClient.dial(reverseUrl(app), { 'x-self-id': '98', 'x-client-role': 'Event' })
    socket.send(JSON.stringify({ post_type: 'meta_event', meta_event_type: 'lifecycle', self_id: 98 }))
    await eventually(() => expect(app.bots.get('onebot:98')).toBeDefined())
    expect(socket.received).toEqual([])
    await socket.close()
  })

  it('closes with 1001 when the server stops, and pending calls fail', async () => {
    const emulator = await startEmulator()
    const app = await host()
    await emulator.connectReverse(reverseUrl(app))
    await emulator.online()
    await online(app)
    const bot = botOf(app)
    emulator.faults.holdAnswers('get_msg')
    const call = bot
      .api('onebot')
      .messages.get(1)
      .catch((error: unknown) => error)
    await emulator.expectCall('get_msg')
    await app.stop()
    expect(await call).toMatchObject({ kind: 'connection-lost' })
    expect(bot.status).toBe('offline')
  })
})

describe('several accounts on one path', () => {
  it('keeps their events and calls apart', async () => {
    const app = await host()
    const ids = [11, 12]
    const emulators = await Promise.all(ids.map((id) => startEmulator({ selfId: id })))
    for (const emulator of emulators) {
      await emulator.connectReverse(reverseUrl(app))
      await emulator.online()
    }
    await Promise.all(ids.map((id) => online(app, id)))
    const held = emulators.map((emulator) => emulator.faults.holdAnswers('get_login_info'))
    const names = ids.map((id) => botOf(app, id).api('onebot').profile.get())
    await eventually(() => expect(held.every(({ waiting }) => waiting > 0)).toBe(true))
    for (const hold of held.reverse()) hold.release()
    expect((await Promise.all(names)).map(({ user_id }) => user_id)).toEqual(ids)
    for (const emulator of emulators) {
      const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
      await alice.say(`/echo ${emulator.selfId}`)
      await alice.expectReply(String(emulator.selfId))
      await alice.expectSilence()
    }
  })

  it('takes the newer socket for the older one', async () => {
    const emulator = await startEmulator()
    const app = await host()
    const older = await emulator.connectReverse(reverseUrl(app), { reconnectMs: 60_000 })
    await emulator.online()
    await online(app)
    emulator.faults.holdAnswers('get_msg')
    const call = botOf(app)
      .api('onebot')
      .messages.get(1)
      .catch((error: unknown) => error)
    await emulator.expectCall('get_msg')
    const newer = await emulator.connectReverse(reverseUrl(app))
    expect(await call).toMatchObject({ kind: 'connection-lost' })
    await eventually(() => expect(older.connection).toBeUndefined())
    await eventually(() => expect(newer.connection?.isOpen).toBe(true))
    expect(botOf(app).status).toBe('online')
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    await alice.say('/ping')
    await alice.expectReply('pong')
    await alice.expectSilence()
  })

  it('has one socket left after twenty quick ones', async () => {
    const emulator = await startEmulator()
    const app = await host()
    for (let round = 0; round < 20; round += 1) {
      await emulator.connectReverse(reverseUrl(app), { reconnectMs: 60_000 })
    }
    await eventually(() => {
      expect(emulator.connections).toHaveLength(1)
      expect(botOf(app).connections.state.reconnects).toBe(19)
    })
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    await alice.say('/ping')
    await alice.expectReply('pong')
    await alice.expectSilence()
  })

  it('does not close the socket of an account that has moved there', async () => {
    const app = await host()
    const emulator = await startEmulator({ selfId: 11 })
    await emulator.connectReverse(reverseUrl(app))
    await emulator.online()
    await online(app, 11)
    await emulator.emit({ ...emulator.events.lifecycle('connect'), self_id: 12 })
    await online(app, 12)
    const other = await startEmulator({ selfId: 11 })
    await other.connectReverse(reverseUrl(app))
    await other.online()
    await online(app, 11)
    expect(emulator.connections).toHaveLength(1)
    expect(botOf(app, 12).status).toBe('online')
  })

  it('never goes offline while a newer socket takes over', async () => {
    const statuses: string[] = []
    const emulator = await startEmulator()
    const app = await start({ reverse: [{}] }, (made) => {
      made.plugin(
        definePlugin({
          name: 'statuses',
          setup(ctx) {
            ctx.on('bot-status', ({ bot }) => void statuses.push(bot.status))
          },
        }),
      )
    })
    await emulator.connectReverse(reverseUrl(app), { reconnectMs: 60_000 })
    await emulator.online()
    await emulator.connectReverse(reverseUrl(app), { reconnectMs: 60_000 })
    await eventually(() => expect(botOf(app).connections.state.reconnects).toBe(1))
    await eventually(() => expect(emulator.connections).toHaveLength(1))
    expect(statuses).toEqual(['online'])
  })

  it('refuses accounts that are not listed', async () => {
    const emulator = await startEmulator()
    const app = await host({ accounts: ['1', 2] })
    await emulator.connectReverse(reverseUrl(app), { reconnectMs: 60_000 })
    await eventually(() => expect(lines.like(/does not list/)).toHaveLength(1))
    await eventually(() => expect(emulator.connections).toHaveLength(0))
    expect([...app.bots]).toEqual([])
  })

  it('has one account through two transports, and its events once', async () => {
    const emulator = await startEmulator()
    const forward = await emulator.listenWebSocket()
    const app = await host({}, { forward: [{ url: forward.url }] })
    await emulator.connectReverse(reverseUrl(app))
    await eventually(() => expect(emulator.connections).toHaveLength(2))
    await online(app)
    await eventually(() => expect(botOf(app).connections.state.reconnects).toBe(1))
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    await alice.say('/ping')
    await alice.expectReply('pong')
    await alice.expectSilence()
  })
})
