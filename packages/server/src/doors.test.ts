import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { TestClock } from '@mynah/core/testing'
import { RecordingLogger } from '@mynah/core/testing'
import { addressKey, doorRefusal } from './door.ts'
import type { ServerRequest } from './http-message.ts'
import { Server, type ServerOptions } from './server.ts'

let logger: RecordingLogger
let server: Server
let port: number
let sockets: Socket[]

beforeEach(() => {
  logger = new RecordingLogger()
  sockets = []
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await server.close()
})

async function start(options: Partial<ServerOptions> = {}): Promise<void> {
  server = new Server({ logger, ...options })
  ;({ port } = await server.listen({ port: 0 }))
}

async function tcp(localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

interface Ask {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly localAddress?: string
}

async function ask({ method = 'POST', path = '/hook', headers = {}, body, localAddress }: Ask = {}) {
  const host = '127.0.0.1'
  const request = httpRequest({ host, port, method, path, headers, localAddress, agent: false })
  request.on('error', () => {})
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

/** The HTTP status of an upgrade; 101 when it was accepted. */
async function upgrade(path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  ws.on('error', () => {})
  const status = await new Promise<number | undefined>((resolve) => {
    ws.once('open', () => resolve(101))
    ws.once('unexpected-response', (_request, response) => resolve(response.statusCode))
  })
  ws.terminate()
  return status
}

/** A post whose body does not come. */
async function slowPost(headers = '', localAddress?: string): Promise<Socket> {
  const socket = await tcp(localAddress)
  socket.write(`POST /hook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n${headers}\r\n`)
  return socket
}

const authorize = ({ headers }: ServerRequest) => headers['x-token'] === 's3cret' || { status: 401 }
const handler = () => ({ body: 'ok' })

/** What a browser, a proxy or a stranger adds. */
const strangers: [string, Record<string, string>][] = [
  ['a web page', { origin: 'https://evil.example' }],
  ['a page of a file', { origin: 'null' }],
  ['a page of this machine', { origin: 'http://127.0.0.1:3000' }],
  ['a picture in a web page', { 'sec-fetch-site': 'cross-site' }],
  ['a name that was made to point here', { host: 'evil.example' }],
  ['a name with a user', { host: 'evil.example@127.0.0.1' }],
  ['a proxy', { 'x-forwarded-for': '127.0.0.1' }],
  ['another proxy', { forwarded: 'for=127.0.0.1' }],
  ['a third proxy', { 'x-real-ip': '127.0.0.1' }],
  ['a fourth proxy', { 'x-forwarded-port': '443' }],
  ['a network of proxies', { 'fly-client-ip': '127.0.0.1' }],
]

describe('a route without token or signature', () => {
  beforeEach(async () => {
    await start()
    server.route('POST', '/hook', handler, { label: 'onebot', guard: 'none' })
    server.websocket('/chat', {
      label: 'onebot',
      guard: 'none',
      authorize: () => true,
      handler: () => ({ message: () => {} }),
    })
  })

  it('warns once for its owner what to do', () => {
    expect(logger.shown).toEqual([
      'warn onebot: POST /hook has no token or signature, so it serves only programs on this machine; set one to let others in',
    ])
  })

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST.', '[::1]', '127.0.0.1:1234', '127.1.2.3'])(
    'serves programs on this machine that call it %s',
    async (host) => {
      expect(await ask({ headers: { host }, body: 'x' })).toEqual({ status: 200, body: 'ok' })
      expect(await upgrade('/chat', { host })).toBe(101)
    },
  )

  it.each(strangers)('refuses %s', async (_name, headers) => {
    const handled = vi.fn(handler)
    server.route('PUT', '/hook', handled, { label: 'onebot', guard: 'none' })
    expect((await ask({ method: 'PUT', headers, body: 'x' })).status).toBe(403)
    expect(await upgrade('/chat', headers)).toBe(403)
    expect(handled).not.toHaveBeenCalled()
  })

  it('refuses a request without a host', async () => {
    const socket = await tcp()
    socket.write('POST /hook HTTP/1.0\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /)
  })

  it.each(['192.168.1.5', '8.8.8.8', '::ffff:10.0.0.1', 'fe80::1', ''])(
    'refuses a peer at %j',
    (remoteAddress) => {
      const request = { headers: { host: 'localhost' }, remoteAddress }
      expect(doorRefusal(request, 'none')).toContain('serves only this machine; set one to let others in')
      expect(doorRefusal({ ...request, remoteAddress: '::ffff:127.0.0.1' }, 'none')).toBeUndefined()
      expect(doorRefusal({ ...request, remoteAddress: '::1' }, 'none')).toBeUndefined()
    },
  )
})

describe('a route with a token', () => {
  beforeEach(async () => {
    await start()
    server.route('POST', '/hook', handler, { label: 'qq', guard: 'token', authorize })
    server.websocket('/chat', {
      label: 'qq',
      guard: 'token',
      authorize,
      handler: () => ({ message: () => {} }),
    })
  })

  const good = { 'x-token': 's3cret' }

  it('does not warn', () => expect(logger.shown).toEqual([]))

  it.each<[string, Record<string, string>]>([
    ['under any name', { host: 'bot.example' }],
    ['behind a proxy', { host: 'bot.example', 'x-forwarded-for': '8.8.8.8' }],
    ['from a page of the same site', { host: 'bot.example', origin: 'https://bot.example' }],
    [
      'from a page of the same site and port',
      { host: 'bot.example:8443', origin: 'https://bot.example:8443' },
    ],
  ])('serves %s', async (_name, headers) => {
    expect((await ask({ headers: { ...good, ...headers } })).status).toBe(200)
    expect(await upgrade('/chat', { ...good, ...headers })).toBe(101)
  })

  it.each(['https://evil.example', 'null', 'https://bot.example:444', 'https://bot.example.evil.example'])(
    'refuses a page of %s even with the token',
    async (origin) => {
      const headers = { ...good, host: 'bot.example', origin }
      expect((await ask({ headers })).status).toBe(403)
      expect(await upgrade('/chat', headers)).toBe(403)
    },
  )

  it('refuses without the token before anything of the body came', async () => {
    const handled = vi.fn(handler)
    server.route('PUT', '/hook', handled, {
      label: 'qq',
      guard: 'token',
      authorize,
      maxBodyBytes: 64 * 1024 ** 2,
    })
    const socket = await tcp()
    socket.write(`PUT /hook HTTP/1.1\r\nHost: x\r\nContent-Length: ${60 * 1024 ** 2}\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 /)
    expect(handled).not.toHaveBeenCalled()
  })

  it('tells a client to send its body only when the head is good', async () => {
    const head = (token: string): string =>
      `POST /hook HTTP/1.1\r\nHost: x\r\nX-Token: ${token}\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n`
    const bad = await tcp()
    bad.write(head('wrong'))
    expect(await text(bad)).toMatch(/^HTTP\/1\.1 401 /)
    const socket = await tcp()
    socket.write(head('s3cret'))
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 100 Continue/)
    socket.write('x')
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('slow clients', () => {
  const guarded = { label: 'a', guard: 'signature' as const }

  it('give their places to quick ones, and shut nobody out', async () => {
    const clock = new TestClock()
    await start({ clock, maxPending: 8, maxPendingPerAddress: 100 })
    server.route('POST', '/hook', handler, guarded)
    const slow = await Promise.all(Array.from({ length: 8 }, () => slowPost('', '127.0.0.9')))
    await vi.waitFor(async () => expect((await ask({ body: 'x' })).status).toBe(503))
    await clock.advance(1000)
    expect((await ask({ body: 'x' })).status).toBe(200)
    expect(await text(slow[0] ?? (await tcp()))).toMatch(/^HTTP\/1\.1 503 /)
  })

  it('take no more than the places of their address and of their route', async () => {
    await start({ maxPending: 100, maxPendingPerAddress: 4 })
    server.route('POST', '/hook', handler, guarded)
    server.route('POST', '/other', handler, guarded)
    server.websocket('/chat', { ...guarded, authorize: () => true, handler: () => ({ message: () => {} }) })
    await Promise.all(Array.from({ length: 4 }, () => slowPost('', '127.0.0.9')))
    await vi.waitFor(async () =>
      expect((await ask({ body: 'x', localAddress: '127.0.0.9' })).status).toBe(503),
    )
    expect((await ask({ body: 'x' })).status).toBe(200)
    expect((await ask({ method: 'GET', path: '/healthz', localAddress: '127.0.0.9' })).status).toBe(200)
    expect(await upgrade('/chat')).toBe(101)
  })

  it('leave the other routes alone', async () => {
    await start({ maxPending: 2, maxPendingPerAddress: 100 })
    server.route('POST', '/hook', handler, guarded)
    server.route('POST', '/other', handler, guarded)
    server.websocket('/chat', { ...guarded, authorize: () => true, handler: () => ({ message: () => {} }) })
    await Promise.all([slowPost(), slowPost()])
    await vi.waitFor(async () => expect((await ask({ body: 'x' })).status).toBe(503))
    expect((await ask()).status).toBe(200)
    expect((await ask({ path: '/other', body: 'x' })).status).toBe(200)
    expect((await ask({ method: 'GET', path: '/healthz' })).status).toBe(200)
    expect(await upgrade('/chat')).toBe(101)
  })

  it('have less time for the first byte than for the rest', async () => {
    const clock = new TestClock()
    await start({ clock })
    server.route('POST', '/hook', handler, guarded)
    const none = await slowPost()
    const some = await slowPost()
    some.write('x')
    await vi.waitFor(() => expect(clock.delays.filter((ms) => ms === 10_000)).toHaveLength(2))
    await vi.waitFor(() => expect(clock.delays.filter((ms) => ms === 3000)).toHaveLength(3))
    await clock.advance(3000)
    expect(await text(none)).toMatch(/^HTTP\/1\.1 408 /)
    const answer = text(some)
    await clock.advance(6999)
    expect(some.readableEnded).toBe(false)
    await clock.advance(1)
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
  })
})

describe('silent connections', () => {
  it('are cut when no byte came', async () => {
    const clock = new TestClock()
    await start({ clock })
    const silent = await tcp()
    await vi.waitFor(() => expect(clock.delays).toContain(3000))
    await clock.advance(3000)
    expect(await text(silent)).toBe('')
  })

  it('make room for new ones, the oldest first', async () => {
    await start({ maxConnections: 4 })
    server.route('POST', '/hook', handler, { label: 'a', guard: 'none' })
    const silent: Socket[] = []
    for (let count = 0; count < 4; count += 1) silent.push(await tcp(`127.0.0.${10 + count}`))
    expect((await ask({ body: 'x' })).status).toBe(200)
    await vi.waitFor(() =>
      expect(silent.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false]),
    )
    for (let count = 0; count < 20; count += 1) await tcp()
    expect((await ask({ body: 'x' })).status).toBe(200)
    await vi.waitFor(() => expect(silent.every(({ destroyed }) => destroyed)).toBe(true))
  })

  it('of one address leave those of others alone', async () => {
    await start({ maxSilentPerAddress: 3 })
    const other = await tcp('127.0.0.8')
    const crowd: Socket[] = []
    for (let count = 0; count < 6; count += 1) crowd.push(await tcp('127.0.0.9'))
    await vi.waitFor(() =>
      expect(crowd.map(({ destroyed }) => destroyed)).toEqual([true, true, true, false, false, false]),
    )
    expect(other.destroyed).toBe(false)
  })

  it('never make a running request or a WebSocket give way', async () => {
    await start({ maxConnections: 2 })
    let answer = (): void => {}
    server.route('GET', '/slow', () => new Promise((done) => (answer = () => done({ body: 'done' }))), {
      label: 'a',
      guard: 'none',
    })
    server.websocket('/chat', {
      label: 'a',
      guard: 'none',
      authorize: () => true,
      handler: (socket) => ({ message: (data) => void socket.send(data) }),
    })
    const ws = new WebSocket(`ws://127.0.0.1:${port}/chat`)
    await once(ws, 'open')
    const slow = ask({ method: 'GET', path: '/slow' })
    const begun = answer
    await vi.waitFor(() => expect(answer).not.toBe(begun))
    for (let count = 0; count < 5; count += 1) await tcp()
    answer()
    expect(await slow).toEqual({ status: 200, body: 'done' })
    const echo = once(ws, 'message')
    ws.send('still here')
    expect(String((await echo)[0])).toBe('still here')
    ws.terminate()
  })
})

describe('who is refused', () => {
  it('leaves a line with the reason, once a minute, and without secrets', async () => {
    const clock = new TestClock()
    await start({ clock })
    server.route('POST', '/hook', handler, { label: 'qq', guard: 'token', authorize })
    const query = '?access_token=s3cret'
    for (let count = 0; count < 5; count += 1)
      await ask({ path: `/hook${query}`, headers: { 'x-token': 's3cret!' } })
    expect(logger.shown).toEqual([
      'warn Refused POST /hook from 127.0.0.1 (HTTP 401, qq): its token or signature is missing',
    ])
    await clock.advance(60_000)
    await ask({ path: `/hook${query}` })
    expect(logger.shown.at(-1)).toBe(
      'warn Refused POST /hook from 127.0.0.1 (HTTP 401, qq): its token or signature is missing; 4 more since the last line',
    )
    expect(JSON.stringify(logger.lines)).not.toContain('s3cret')
  })

  it('is told for each reason, over HTTP and WebSockets', async () => {
    await start()
    server.route('POST', '/hook', () => ({ status: 403, reason: 'the signature is wrong' }), {
      label: 'qq',
      guard: 'signature',
      maxBodyBytes: 2,
    })
    await ask({ headers: { origin: 'https://evil.example' } })
    await ask({ body: 'x' })
    await ask({ body: 'xxx' })
    await ask({ method: 'GET' })
    await ask({ path: `/onebot/v11?access_token=s3cret` })
    await upgrade('/onebot/v11/ws')
    expect(logger.shown).toEqual([
      'warn Refused POST /hook from 127.0.0.1 (HTTP 403, qq): it comes from a web page of another site',
      'warn Refused POST /hook from 127.0.0.1 (HTTP 403, qq): the signature is wrong',
      'warn Refused POST /hook from 127.0.0.1 (HTTP 413, qq): its body is larger than 2 bytes',
      'warn Refused GET /hook from 127.0.0.1 (HTTP 405): the path takes other methods',
      'warn Refused POST /onebot/v11 from 127.0.0.1 (HTTP 404): nobody serves this path; served are /hook',
    ])
  })

  it('cannot fill the log with made-up paths', async () => {
    await start()
    for (let count = 0; count < 30; count += 1) await ask({ path: `/${'x'.repeat(500)}${count}` })
    expect(logger.shown).toHaveLength(1)
    expect(logger.shown[0]?.length).toBeLessThan(250)
  })
})

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('counts %s as %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})
