import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { RecordingLogger } from '@mynah/core/testing'
import type { ServerSocket, SocketEnd } from './server-socket.ts'
import { Server, type ServerOptions } from './server.ts'
import type { WebSocketOptions } from './web-socket-routes.ts'

let log: RecordingLogger
let servers: Server[]
let clients: (WebSocket | Socket)[]

beforeEach(() => {
  log = new RecordingLogger()
  servers = []
  clients = []
})

afterEach(async () => {
  for (const client of clients) {
    if ('terminate' in client) client.terminate()
    else client.destroy()
  }
  await Promise.all(servers.map((server) => server.close()))
})

const linesAt = (level: string) => log.lines.filter((line) => line.level === level)

async function start(options: Partial<ServerOptions> = {}) {
  const server = new Server({ logger: log, ...options })
  servers.push(server)
  const { port } = await server.listen({ port: 0 })
  return { server, port, url: `http://127.0.0.1:${port}` }
}

function dial(port: number, path: string, headers: Record<string, string> = {}): WebSocket {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  ws.on('error', () => {})
  clients.push(ws)
  return ws
}

/** The HTTP answer that refuses an upgrade. */
async function refusal(
  ws: WebSocket,
): Promise<{ status: number | undefined; body: string; headers: object }> {
  const [, response] = (await once(ws, 'unexpected-response')) as [unknown, IncomingMessage]
  return { status: response.statusCode, body: await text(response), headers: response.headers }
}

async function tcp(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  clients.push(socket)
  await once(socket, 'connect')
  return socket
}

describe('listening', () => {
  it('takes a free port on the loopback address and tells it', async () => {
    const { server, port, url } = await start()
    expect(port).toBeGreaterThan(0)
    expect(server.address).toEqual({ host: '127.0.0.1', port })
    expect(server.url).toBe(url)
  })

  it.each([
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['localhost', /^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/],
  ])('gives a URL that this machine can open when it listens on %s', async (host, url) => {
    const server = new Server({ logger: log })
    servers.push(server)
    expect(server.url).toBeUndefined()
    await server.listen({ host, port: 0 })
    expect(server.url).toMatch(url)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })

  it('says what to do about a taken port, and may try another one', async () => {
    const { port } = await start()
    const second = new Server({ logger: log })
    servers.push(second)
    await expect(second.listen({ port })).rejects.toMatchObject({
      code: 'SERVER_LISTEN_FAILED',
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1 port ${port}.*another port`)),
    })
    await expect(second.listen({ port: 0 })).resolves.toMatchObject({ host: '127.0.0.1' })
  })

  it.each([
    ['203.0.113.7', /no address of this machine/],
    ['no-such-host.invalid', /./],
  ])('says what to do about the host %s', async (host, advice) => {
    const server = new Server({ logger: log })
    servers.push(server)
    await expect(server.listen({ host, port: 0 })).rejects.toMatchObject({
      code: 'SERVER_LISTEN_FAILED',
      message: expect.stringMatching(advice),
    })
  })

  it('refuses to listen twice, or after it was closed', async () => {
    const { server } = await start()
    await expect(server.listen({ port: 0 })).rejects.toMatchObject({ code: 'SERVER_LISTEN_FAILED' })
    await server.close()
    await expect(server.listen({ port: 0 })).rejects.toMatchObject({ code: 'SERVER_LISTEN_FAILED' })
  })
})

describe('routes', () => {
  it('passes method, path, query, headers and the raw body', async () => {
    const { server, url } = await start()
    server.route(
      'POST',
      '/hook/',
      ({ method, path, query, headers, body, remoteAddress }) => ({
        status: 201,
        headers: { 'x-sign': String(headers['x-signature']) },
        body: { method, path, token: query.get('token'), hex: body.toString('hex'), remoteAddress },
      }),
      { label: 'a', guard: 'none' },
    )
    const response = await fetch(`${url}/hook?token=t%20t`, {
      method: 'POST',
      headers: { 'X-Signature': 'sha1=0' },
      body: Buffer.from([0, 255, 10]),
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-sign')).toBe('sha1=0')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toEqual({
      method: 'POST',
      path: '/hook',
      token: 't t',
      hex: '00ff0a',
      remoteAddress: '127.0.0.1',
    })
  })

  it.each([
    ['text', '你好', 200, '你好', 'text/plain; charset=utf-8'],
    ['bytes', new Uint8Array([104, 105]), 200, 'hi', 'application/octet-stream'],
    ['an object', { op: 12 }, 200, '{"op":12}', 'application/json; charset=utf-8'],
    ['nothing', undefined, 204, '', null],
  ])('answers with %s', async (_name, body, status, expected, type) => {
    const { server, url } = await start()
    server.route('GET', '/x', () => (body === undefined ? undefined : { body }), {
      label: 'a',
      guard: 'none',
    })
    const response = await fetch(`${url}/x`)
    expect(response.status).toBe(status)
    expect(await response.text()).toBe(expected)
    expect(response.headers.get('content-type')).toBe(type)
  })

  it('answers HEAD for GET routes, 405 for other methods, and 404 with the path in the log', async () => {
    const { server, url } = await start()
    server.route('GET', '/x', () => ({ body: 'long' }), { label: 'a', guard: 'none' })
    const head = await fetch(`${url}/x`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '4'])
    const wrong = await fetch(`${url}/x`, { method: 'POST' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
    const lost = await fetch(`${url}/ws://host/onebot?access_token=s3cret`)
    expect(lost.status).toBe(404)
    expect(linesAt('warn').at(-1)?.message).toMatch(
      /^Refused GET \/ws:\/\/host\/onebot from .*nobody serves this path/,
    )
    expect(JSON.stringify(log.lines)).not.toContain('s3cret')
  })

  it('treats paths with and without trailing slashes alike and never redirects', async () => {
    const { server, url } = await start()
    server.route('GET', '/a/b', () => ({ body: 'ok' }), { label: 'a', guard: 'none' })
    for (const path of ['/a/b', '/a/b/', '/a/b//?q']) {
      expect((await fetch(`${url}${path}`, { redirect: 'error' })).status).toBe(200)
    }
  })

  it('has a health route', async () => {
    const { url } = await start()
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
  })

  it('names both owners of a contested route, and frees it with its owner', async () => {
    const { server, url } = await start()
    const dispose = server.route('post', '/hook', () => ({ body: '1' }), {
      label: 'adapter-qq',
      guard: 'none',
    })
    expect(() =>
      server.route('POST', '/hook/', () => ({}), { label: 'adapter-kook', guard: 'none' }),
    ).toThrow(
      expect.objectContaining({
        code: 'ROUTE_CONFLICT',
        message: expect.stringMatching(/adapter-kook wants POST \/hook, which adapter-qq has/),
      }),
    )
    server.route('GET', '/hook', () => ({ body: 'other method' }), { label: 'adapter-kook', guard: 'none' })
    dispose()
    const again = server.route('POST', '/hook', () => ({ body: '2' }), {
      label: 'adapter-kook',
      guard: 'none',
    })
    dispose()
    expect(await (await fetch(`${url}/hook`, { method: 'POST' })).text()).toBe('2')
    again()
    expect((await fetch(`${url}/hook`, { method: 'POST' })).status).toBe(405)
  })

  it.each(['hook', '', '/a?b', '/a b', '/#'])('refuses the path %j', (path) => {
    const server = new Server({ logger: log })
    expect(() => server.route('GET', path, () => ({}), { label: 'a', guard: 'none' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })

  it('answers 500 for a handler that throws or answers nonsense, says nothing about it, and logs it', async () => {
    const { server, url } = await start()
    const error = new Error('secret detail')
    server.route('GET', '/throws', () => Promise.reject(error), { label: 'adapter-x', guard: 'none' })
    server.route('GET', '/nonsense', () => ({ status: 9999, headers: { 'x-a': 'b' } }), {
      label: 'adapter-x',
      guard: 'none',
    })
    server.route('GET', '/split', () => ({ headers: { 'x-a': 'b\r\nx-c: d' } }), {
      label: 'adapter-x',
      guard: 'none',
    })
    server.route('GET', '/fine', () => ({ body: 'fine' }), { label: 'adapter-y', guard: 'none' })
    const thrown = await fetch(`${url}/throws`)
    expect([thrown.status, await thrown.text()]).toEqual([500, ''])
    expect(linesAt('error')[0]).toMatchObject({ fields: { err: error, path: '/throws', owner: 'adapter-x' } })
    expect((await fetch(`${url}/nonsense`)).status).toBe(500)
    expect((await fetch(`${url}/split`)).status).toBe(500)
    expect(await (await fetch(`${url}/fine`)).text()).toBe('fine')
  })

  it('tells a handler when the client has gone away', async () => {
    const { server, url } = await start()
    const aborted = new Promise((resolve) => {
      server.route(
        'GET',
        '/slow',
        ({ signal }) => {
          client.abort()
          return new Promise((done) =>
            signal.addEventListener('abort', () => {
              resolve(undefined)
              done({ body: 'too late' })
            }),
          )
        },
        { label: 'a', guard: 'none' },
      )
    })
    const client = new AbortController()
    await expect(fetch(`${url}/slow`, { signal: client.signal })).rejects.toThrow()
    await aborted
  })
})

describe('bodies', () => {
  it('refuses a body over the limit, announced or not', async () => {
    const { server, port } = await start()
    const handler = vi.fn(() => ({}))
    server.route('POST', '/hook', handler, { label: 'a', guard: 'none', maxBodyBytes: 10 })
    for (const headers of [{ 'content-length': '11' }, { 'transfer-encoding': 'chunked' }]) {
      const request = httpRequest({ host: '127.0.0.1', port, path: '/hook', method: 'POST', headers })
      request.on('error', () => {})
      request.flushHeaders()
      request.write('01234567890')
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      expect([response.statusCode, response.headers.connection]).toEqual([413, 'close'])
      request.destroy()
    }
    expect(handler).not.toHaveBeenCalled()
  })

  it('gives up on a body that does not come in time', async () => {
    const { server, port } = await start({ requestTimeoutMs: 40 })
    const handler = vi.fn(() => ({}))
    server.route('POST', '/hook', handler, { label: 'a', guard: 'none' })
    const client = await tcp(port)
    client.write('POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab')
    expect(await text(client)).toMatch(/^HTTP\/1\.1 408 /)
    expect(handler).not.toHaveBeenCalled()
  })

  it('closes a connection that does not finish its head in time', async () => {
    const { port } = await start({ requestTimeoutMs: 40 })
    const client = await tcp(port)
    client.write('POST /hook HTTP/1.1\r\nHost')
    expect(await text(client)).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('survives a client that leaves in the middle of its body', async () => {
    const { server, port, url } = await start()
    const handler = vi.fn(() => ({ body: 'ok' }))
    server.route('POST', '/hook', handler, { label: 'a', guard: 'none' })
    const client = await tcp(port)
    client.write('POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab')
    client.destroy()
    expect((await fetch(`${url}/hook`, { method: 'POST', body: 'whole' })).status).toBe(200)
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('survives garbage', async () => {
    const { port, url } = await start()
    const client = await tcp(port)
    client.write('\u0000\u0001garbage\r\n\r\n')
    expect(await text(client)).toMatch(/^HTTP\/1\.1 400 /)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })
})

describe('WebSockets', () => {
  interface Accepted {
    socket: ServerSocket
    heard: (string | Buffer)[]
    ends: SocketEnd[]
  }

  async function chat(options: Partial<WebSocketOptions> = {}, serverOptions: Partial<ServerOptions> = {}) {
    const accepted: Accepted[] = []
    const started = await start(serverOptions)
    const dispose = started.server.websocket('/chat', {
      label: 'chat',
      guard: 'none',
      authorize: ({ headers }) => headers.authorization === 'Bearer t' || { status: 401 },
      handler: (socket) => {
        const entry: Accepted = { socket, heard: [], ends: [] }
        accepted.push(entry)
        return { message: (data) => entry.heard.push(data), close: (end) => entry.ends.push(end) }
      },
      ...options,
    })
    const join = (path = '/chat') => dial(started.port, path, { authorization: 'Bearer t' })
    const newest = async (count = 1): Promise<Accepted> => {
      await vi.waitFor(() => expect(accepted).toHaveLength(count))
      return accepted[count - 1]!
    }
    return { ...started, accepted, dispose, join, newest }
  }

  it('exchanges text and binary frames, also right after the upgrade', async () => {
    const { join, newest } = await chat()
    const client = join('/chat/?x=1')
    client.on('open', () => {
      client.send('text')
      client.send(Buffer.from([1, 2]))
    })
    const peer = await newest()
    await vi.waitFor(() => expect(peer.heard).toEqual(['text', Buffer.from([1, 2])]))
    const answer = once(client, 'message')
    expect(peer.socket.send('back')).toBe(true)
    expect(String((await answer)[0])).toBe('back')
    client.close(4321, 'bye')
    await vi.waitFor(() => expect(peer.ends).toEqual([{ code: 4321, reason: 'bye' }]))
    expect(peer.socket.send('late')).toBe(false)
  })

  it('decides before the upgrade and refuses with the status it was given', async () => {
    const { port, accepted } = await chat({
      authorize: ({ headers, query }) =>
        (headers.authorization ?? query.get('access_token')) === null
          ? { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: 'Send a token.' }
          : { status: 403 },
    })
    expect(await refusal(dial(port, '/chat'))).toMatchObject({
      status: 401,
      body: 'Send a token.',
      headers: { 'www-authenticate': 'Bearer', connection: 'close' },
    })
    expect(await refusal(dial(port, '/chat?access_token=wrong'))).toMatchObject({ status: 403, body: '' })
    expect(accepted).toEqual([])
  })

  it('reads no frame before a slow authorization is done, and loses none', async () => {
    let accept = (): void => {}
    const { port, newest, accepted } = await chat({
      authorize: () => new Promise((resolve) => (accept = () => resolve(true))),
    })
    const client = await tcp(port)
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
    client.write(
      'GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    )
    client.write(frame)
    client.write(frame)
    await vi.waitFor(() => {
      accept()
      expect(accepted).toHaveLength(1)
    })
    const peer = await newest()
    await vi.waitFor(() => expect(peer.heard).toEqual(['hi', 'hi']))
  })

  it('answers 500 when authorization throws and 503 when it takes too long', async () => {
    const { port, server } = await chat(
      { authorize: () => Promise.reject(new Error('database is gone')) },
      { requestTimeoutMs: 40 },
    )
    server.websocket('/slow', {
      label: 'slow',
      guard: 'none',
      authorize: () => new Promise(() => {}),
      handler: () => ({ message: () => {} }),
    })
    expect(await refusal(dial(port, '/chat'))).toMatchObject({ status: 500, body: '' })
    expect(linesAt('error')).toHaveLength(1)
    expect(await refusal(dial(port, '/slow'))).toMatchObject({ status: 503 })
  })

  it('bounds the upgrades that wait for their authorization', async () => {
    const { port } = await chat({ authorize: () => new Promise(() => {}) }, { maxPending: 1 })
    const first = await tcp(port)
    first.write('GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await vi.waitFor(async () => {
      const outcome = await Promise.race([
        refusal(dial(port, '/chat')),
        once(first, 'never-happens', { signal: AbortSignal.timeout(500) }).catch(() => undefined),
      ])
      expect(outcome).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    })
  })

  it('answers 404 for another path, 426 without an upgrade, 400 for another protocol', async () => {
    const { port, url } = await chat()
    expect(await refusal(dial(port, '/other'))).toMatchObject({ status: 404 })
    expect((await fetch(`${url}/chat`)).status).toBe(426)
    const client = await tcp(port)
    client.write('GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
    expect(await text(client)).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('lets an HTTP route and a WebSocket live on one path, but not two WebSockets', async () => {
    const { server, url, join, newest } = await chat()
    server.route('POST', '/chat', () => ({ body: 'posted' }), { label: 'other', guard: 'none' })
    expect(await (await fetch(`${url}/chat`, { method: 'POST' })).text()).toBe('posted')
    join()
    await newest()
    const options = {
      label: 'other',
      guard: 'none' as const,
      authorize: () => true as const,
      handler: () => ({ message: () => {} }),
    }
    expect(() => server.websocket('/chat/', options)).toThrow(/other wants WebSocket \/chat, which chat has/)
  })

  it('closes a connection whose message is over the limit', async () => {
    const { join, newest } = await chat({ maxPayload: 8 })
    const client = join()
    client.on('open', () => client.send('123456789'))
    const [code] = await once(client, 'close')
    expect(code).toBe(1009)
    const peer = await newest()
    await vi.waitFor(() => expect(peer.ends).toHaveLength(1))
    expect(peer.heard).toEqual([])
  })

  it('tells the listener once that our side closed, and nothing after it', async () => {
    const { join, newest } = await chat()
    const client = join()
    await once(client, 'open')
    const peer = await newest()
    const closed = once(client, 'close')
    client.send('in flight')
    peer.socket.close(1008, 'replaced')
    expect(peer.ends).toEqual([{ code: 1008, reason: 'replaced' }])
    expect((await closed)[0]).toBe(1008)
    peer.socket.close()
    peer.socket.terminate()
    expect(peer.ends).toHaveLength(1)
    expect(peer.heard).toEqual([])
  })

  it('isolates a handler or listener that throws', async () => {
    const { join, server, port } = await chat({
      handler: () => ({
        message: () => {
          throw new Error('no')
        },
      }),
    })
    server.websocket('/broken', {
      label: 'broken',
      guard: 'none',
      authorize: () => true,
      handler: () => {
        throw new Error('no')
      },
    })
    const client = join()
    client.on('open', () => client.send('1'))
    await vi.waitFor(() => expect(linesAt('error')).toHaveLength(1))
    expect(client.readyState).toBe(WebSocket.OPEN)
    expect((await once(dial(port, '/broken'), 'close'))[0]).toBe(1011)
    expect(linesAt('error')[1]).toMatchObject({ fields: { owner: 'broken', path: '/broken' } })
  })

  it('tells a listener about a close that happened inside the handler', async () => {
    const ends: SocketEnd[] = []
    const { join } = await chat({
      handler: (socket) => {
        socket.close(1008, 'not you')
        return { message: () => {}, close: (end) => ends.push(end) }
      },
    })
    expect((await once(join(), 'close'))[0]).toBe(1008)
    expect(ends).toEqual([{ code: 1008, reason: 'not you' }])
  })

  it('cuts a connection that does not answer pings, and keeps one that does', async () => {
    const { join, newest, accepted } = await chat({}, { pingIntervalMs: 15, maxMissedPongs: 2 })
    const dead = new WebSocket(join().url, { autoPong: false, headers: { authorization: 'Bearer t' } })
    clients.push(dead)
    expect((await once(dead, 'close'))[0]).toBe(1006)
    await newest(2)
    await vi.waitFor(() => expect(accepted.flatMap(({ ends }) => ends)).toEqual([{ code: 1006, reason: '' }]))
  })

  it('holds frames back while it is paused', async () => {
    const { join, newest } = await chat()
    const client = join()
    await once(client, 'open')
    const peer = await newest()
    peer.socket.pause()
    client.send('held')
    const answer = once(client, 'message')
    peer.socket.send('x')
    await answer
    expect(peer.heard).toEqual([])
    peer.socket.resume()
    await vi.waitFor(() => expect(peer.heard).toEqual(['held']))
  })

  it('closes the connections of a route that goes away, and frees its path', async () => {
    const { join, newest, dispose, port } = await chat()
    const client = join()
    const peer = await newest()
    dispose()
    expect((await once(client, 'close'))[0]).toBe(1001)
    expect(peer.ends).toEqual([{ code: 1001, reason: 'The route is gone.' }])
    expect(await refusal(dial(port, '/chat'))).toMatchObject({ status: 404 })
  })
})

describe('closing', () => {
  it('refuses new connections, finishes running requests and says good-bye to WebSockets', async () => {
    const { server, url, port } = await start()
    let answer = (): void => {}
    server.route('GET', '/slow', () => new Promise((done) => (answer = () => done({ body: 'done' }))), {
      label: 'a',
      guard: 'none',
    })
    server.websocket('/ws', {
      label: 'a',
      guard: 'none',
      authorize: () => true,
      handler: () => ({ message: () => {} }),
    })
    const client = dial(port, '/ws')
    await once(client, 'open')
    const closeCode = once(client, 'close')
    const response = fetch(`${url}/slow`)
    await vi.waitFor(() => expect(String(answer)).toContain('done'))
    const closed = server.close()
    expect(server.close()).toBe(closed)
    expect((await closeCode)[0]).toBe(1001)
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
    answer()
    const { status, headers } = await response
    expect([status, headers.get('connection')]).toEqual([200, 'close'])
    expect(await (await response).text()).toBe('done')
    await closed
    expect(server.address).toBeUndefined()
  })

  it('cuts what does not end within the limit', async () => {
    const { server, url, port } = await start({ closeTimeoutMs: 30 })
    server.route('GET', '/never', () => new Promise(() => {}), { label: 'a', guard: 'none' })
    let asked = false
    server.websocket('/never', {
      label: 'a',
      guard: 'none',
      authorize: () => {
        asked = true
        return new Promise(() => {})
      },
      handler: () => ({ message: () => {} }),
    })
    server.websocket('/mute', {
      label: 'a',
      guard: 'none',
      authorize: () => true,
      handler: () => ({ message: () => {} }),
    })
    const request = fetch(`${url}/never`).catch(() => 'cut')
    const upgrade = dial(port, '/never')
    const mute = dial(port, '/mute')
    await once(mute, 'open')
    mute.pause()
    await vi.waitFor(() => expect(asked).toBe(true))
    await server.close()
    expect(await request).toBe('cut')
    expect(upgrade.readyState).not.toBe(WebSocket.OPEN)
  })

  it('wins over a listen that is still looking up its host', async () => {
    const server = new Server({ logger: log })
    const listening = server.listen({ host: 'localhost', port: 0 })
    await server.close()
    await expect(listening).rejects.toMatchObject({ code: 'SERVER_LISTEN_FAILED' })
    expect(server.address).toBeUndefined()
  })

  it('does nothing for a server that never listened', async () => {
    await expect(new Server({ logger: log }).close()).resolves.toBeUndefined()
  })
})
