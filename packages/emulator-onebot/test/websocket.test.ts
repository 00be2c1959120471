import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { selfId, setStage } from './stage.ts'
import type { ProfileName } from '../src/wire/profile.ts'
import { profiles } from '../src/wire/profiles.ts'

const stage = setStage()
const every = Object.values(profiles)
const lin = { userId: 1_357_924_680, nickname: 'Lin' }

describe('the paths of a forward WebSocket', () => {
  it.each<[ProfileName, string, { events: boolean; calls: boolean }]>([
    ['go-cqhttp', '/', { events: true, calls: true }],
    ['go-cqhttp', '/api', { events: false, calls: true }],
    ['go-cqhttp', '/api/', { events: true, calls: true }],
    ['go-cqhttp', '/event', { events: true, calls: false }],
    ['napcat', '/api/', { events: false, calls: true }],
    ['napcat', '/event', { events: true, calls: true }],
    ['napcat', '/anything', { events: true, calls: true }],
    ['llonebot', '/', { events: true, calls: true }],
    ['llonebot', '/event/', { events: true, calls: false }],
    ['llonebot', '/anything', { events: false, calls: false }],
    ['lagrange', '/event', { events: true, calls: false }],
    ['lagrange', '/anything', { events: true, calls: true }],
  ])('on %s carry at %s what they should', async (profile, path, use) => {
    const emulator = await stage.start({ profile })
    const server = await emulator.listenWebSocket()
    const client = await stage.dial(`${server.url}${path}`)
    const connection = await emulator.expectConnection()
    client.socket.send(JSON.stringify({ action: 'get_login_info', echo: 'c-1' }))
    await emulator.friend(lin).say('hi')
    await connection.roundTrip()
    client.socket.ping()
    await once(client.socket, 'pong')
    const frames = client.texts.map((text) => JSON.parse(text))
    expect(frames.filter((frame) => frame.post_type === 'message')).toHaveLength(use.events ? 1 : 0)
    expect(frames.filter((frame) => frame.meta_event_type === 'lifecycle')).toHaveLength(use.events ? 1 : 0)
    expect(frames.filter((frame) => frame.echo === 'c-1')).toHaveLength(use.calls ? 1 : 0)
  })
})

describe('the token of a forward WebSocket', () => {
  it.each([
    ['go-cqhttp', 401, 403],
    ['lagrange', 403, 403],
  ] as const)('refuses on %s with %i and %i', async (profile, missing, wrong) => {
    const emulator = await stage.start({ profile, accessToken: 's3cret' })
    const { url } = await emulator.listenWebSocket()
    await expect(stage.dial(url)).rejects.toThrow(String(missing))
    await expect(stage.dial(`${url}?access_token=nope`)).rejects.toThrow(String(wrong))
  })

  it.each([
    ['napcat', 1005],
    ['llonebot', 1008],
  ] as const)('refuses on %s in a frame after the upgrade, and closes with %i', async (profile, code) => {
    const emulator = await stage.start({ profile, accessToken: 's3cret' })
    const { url } = await emulator.listenWebSocket()
    const client = await stage.dial(`${url}?access_token=nope`)
    const closed = once(client.socket, 'close')
    expect(await client.frame()).toMatchObject({
      status: 'failed',
      retcode: 1403,
      data: null,
      message: 'token验证失败',
    })
    expect((await closed)[0]).toBe(code)
    expect(emulator.connections).toEqual([])
  })

  it.each<[ProfileName, string]>([
    ['go-cqhttp', 'Bearer s3cret'],
    ['go-cqhttp', 'Token s3cret'],
    ['napcat', 'Bearer s3cret'],
    ['llonebot', 'Bearer s3cret'],
    ['lagrange', 'Bearer s3cret'],
  ])('is read by %s from the header %s', async (profile, authorization) => {
    const emulator = await stage.start({ profile, accessToken: 's3cret' })
    const { url } = await emulator.listenWebSocket()
    const client = await stage.dial(url, { headers: { authorization } })
    expect(await client.event()).toMatchObject({ sub_type: 'connect' })
  })

  it('takes no scheme but Bearer on Lagrange', async () => {
    const emulator = await stage.start({ profile: 'lagrange', accessToken: 's3cret' })
    const { url } = await emulator.listenWebSocket()
    await expect(stage.dial(url, { headers: { authorization: 'Token s3cret' } })).rejects.toThrow('403')
  })
})

describe('a call', () => {
  it.each(every)(
    'of an unknown action fails on $name as it does there',
    async ({ name, retcodes, letter }) => {
      const { client } = await stage.connect({ profile: name })
      const answer = await client.call('no_such_action')
      expect(answer).toMatchObject({
        status: 'failed',
        retcode: retcodes.websocket.unknownAction,
        data: null,
      })
      expect(answer['msg']).toBe(letter === 'G' ? 'API_NOT_FOUND' : undefined)
      expect('message' in answer).toBe(letter !== 'L')
    },
  )

  it.each<[ProfileName, object]>([
    ['go-cqhttp', { status: 'failed', retcode: 404, msg: 'API_NOT_FOUND' }],
    ['napcat', { status: 'failed', retcode: 1400, echo: '' }],
    ['llonebot', { status: 'failed', retcode: 1400, echo: 'c-9' }],
  ])('that cannot be read is answered by %s', async (profile, expected) => {
    const { client } = await stage.connect({ profile })
    client.socket.send('{"action":"get_status","echo":"c-9",')
    expect(await client.frame()).toMatchObject(expected)
  })

  it('that cannot be read is not answered by Lagrange', async () => {
    const { client } = await stage.connect({ profile: 'lagrange' })
    client.socket.send('{"action":')
    client.socket.send(JSON.stringify({ action: 'can_send_image', echo: 1 }))
    expect(await client.frame()).toMatchObject({ data: { yes: true }, echo: 1 })
  })

  it.each(every)('without echo is answered by $name', async ({ name, letter }) => {
    const { client } = await stage.connect({ profile: name })
    client.socket.send(JSON.stringify({ action: 'get_version_info' }))
    const answer = await client.frame()
    expect(answer).toMatchObject({
      status: 'ok',
      retcode: 0,
      data: { app_name: profiles[name].appName, protocol_version: 'v11' },
    })
    expect(answer['echo']).toBe(letter === 'N' ? '' : undefined)
  })

  it('gets any echo back as it was', async () => {
    const { client } = await stage.connect()
    const echo = { seq: [1, 'two', null] }
    client.socket.send(JSON.stringify({ action: 'get_status', params: {}, echo }))
    expect((await client.frame())['echo']).toEqual(echo)
  })
})

describe('a reverse WebSocket', () => {
  it.each<[ProfileName, string | undefined, string | undefined]>([
    ['go-cqhttp', 'Token s3cret', undefined],
    ['napcat', 'Bearer s3cret', 'Bearer '],
    ['llonebot', 'Bearer s3cret', 'Bearer '],
    ['lagrange', 'Bearer s3cret', 'Bearer '],
  ])('tells who it is the way %s does', async (profile, withToken, withoutToken) => {
    const server = await stage.serve()
    for (const accessToken of ['s3cret', '']) {
      const emulator = await stage.start({ profile, accessToken })
      await emulator.connectReverse(`${server.url}/onebot/v11/ws`)
      const { headers, path, framework } = await server.client()
      expect(headers).toMatchObject({ 'x-self-id': String(selfId), 'x-client-role': 'Universal' })
      expect(headers.authorization).toBe((accessToken === '' ? withoutToken : withToken)?.trim())
      expect(path).toBe('/onebot/v11/ws')
      expect(await framework.event()).toMatchObject({ meta_event_type: 'lifecycle', sub_type: 'connect' })
      expect(await framework.call('get_login_info')).toMatchObject({ data: { user_id: selfId } })
    }
  })

  it('has roles that share the work, under Lagrange its own name for one', async () => {
    const server = await stage.serve()
    const emulator = await stage.start({ profile: 'lagrange' })
    await emulator.connectReverse(server.url, { role: 'API' })
    const api = await server.client()
    await emulator.connectReverse(server.url, { role: 'Event' })
    const event = await server.client()
    expect([api.headers['x-client-role'], event.headers['x-client-role']]).toEqual(['Api', 'Event'])
    await emulator.online()
    await emulator.friend(lin).say('hi')
    expect(await event.framework.event(({ post_type: type }) => type === 'message')).toMatchObject({
      user_id: lin.userId,
    })
    expect(await api.framework.call('get_status')).toMatchObject({ retcode: 0 })
    expect(api.framework.texts).toHaveLength(1)
  })

  it('dials again until it is let in, and after it was cut off', async () => {
    const first = await stage.serve()
    const { url } = first
    await first.close()
    const emulator = await stage.start()
    await emulator.connectReverse(url, { reconnectMs: 5 })
    const server = await stage.serve(Number(new URL(url).port))
    const { framework } = await server.client()
    framework.socket.close(1012)
    const again = await server.client()
    expect(await again.framework.event()).toMatchObject({ sub_type: 'connect' })
    again.framework.socket.terminate()
    await server.client()
    await emulator.online()
  })

  it('can leave its headers out, as proxies and home-made clients do', async () => {
    const server = await stage.serve()
    const emulator = await stage.start()
    const headers = {
      'X-Self-ID': undefined,
      'x-client-role': undefined,
      Authorization: undefined,
      'X-Trace': '1',
    }
    await emulator.connectReverse(server.url, { headers })
    const client = await server.client()
    expect(Object.keys(client.headers)).not.toEqual(expect.arrayContaining(['x-self-id']))
    expect(client.headers['x-client-role']).toBeUndefined()
    expect(client.headers['x-trace']).toBe('1')
  })
})

describe('a fault of a connection', () => {
  it('closes it with any code, or cuts it', async () => {
    const { emulator, server, client } = await stage.connect()
    const closed = once(client.socket, 'close')
    await emulator.connections[0]!.close(4001, 'go away')
    const [code, reason] = await closed
    expect([code, String(reason)]).toEqual([4001, 'go away'])
    const other = await stage.dial(server.url)
    const cut = once(other.socket, 'close')
    await server.connections[0]!.terminate()
    expect((await cut)[0]).toBe(1006)
    expect(emulator.connections).toEqual([])
  })

  it('leaves it half open: nothing is read or answered, pings included, until it comes back', async () => {
    const { emulator, client } = await stage.connect()
    const [connection] = emulator.connections
    connection!.stall()
    let pongs = 0
    client.socket.on('pong', () => (pongs += 1))
    client.socket.ping()
    client.socket.send(JSON.stringify({ action: 'get_status', echo: 'late' }))
    await emulator.friend(lin).say('never arrives')
    // Another socket of the same process answers: time has passed, and the first one is still silent.
    const other = await stage.dial(`ws://127.0.0.1:${new URL(client.socket.url).port}`)
    await other.call('get_status')
    expect([pongs, client.texts.length, client.socket.readyState]).toEqual([0, 1, WebSocket.OPEN])
    connection!.resume()
    expect(await client.answer('late')).toMatchObject({ retcode: 0 })
    expect(client.texts.some((text) => text.includes('never arrives'))).toBe(false)
  })

  it('closes a stalled connection without waiting for the other side', async () => {
    const { emulator, client } = await stage.connect()
    emulator.connections[0]!.stall()
    const closed = once(client.socket, 'close')
    await emulator.connections[0]!.close(1000)
    expect((await closed)[0]).toBe(1006)
  })

  it('sends garbage', async () => {
    const { emulator, client } = await stage.connect()
    const garbage = once(client.socket, 'message')
    await emulator.connections[0]!.sendFrame('[1,2]')
    expect(String((await garbage)[0])).toBe('[1,2]')
  })

  it('refuses upgrades for a while', async () => {
    const { emulator, server } = await stage.connect()
    emulator.faults.refuseConnections(503, Infinity)
    await expect(stage.dial(server.url)).rejects.toThrow('503')
    emulator.faults.clear()
    await stage.dial(server.url)
  })
})

it('comes back on the same port after a restart', async () => {
  const { emulator, server, client } = await stage.connect()
  const { url } = server
  const closed = once(client.socket, 'close')
  await emulator.stop()
  await closed
  await expect(stage.dial(url)).rejects.toThrow('ECONNREFUSED')
  await emulator.resume()
  const again = await stage.dial(url)
  expect(await again.event()).toMatchObject({ sub_type: 'connect' })
})

it('restarts when it is told to by a call', async () => {
  const server = await stage.serve()
  const emulator = await stage.start()
  await emulator.connectReverse(server.url)
  const { framework } = await server.client()
  const closed = once(framework.socket, 'close')
  expect(await framework.call('set_restart')).toMatchObject({ retcode: 0 })
  await closed
  await server.client()
})
