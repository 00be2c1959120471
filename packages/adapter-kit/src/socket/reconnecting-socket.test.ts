import { once } from 'node:events'
import { createServer, type Server as TcpServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { MynahError } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { TestClock } from '@mynah/core/testing'
import { RecordingLogger } from '@mynah/core/testing'
import { ReconnectingSocket } from './reconnecting-socket.ts'
import type { SocketClose } from './socket-close.ts'
import type { ReconnectingSocketOptions, SocketAttempt, SocketOutcome } from './socket-options.ts'

let server: WebSocketServer
let peers: WebSocket[]
let url: string
let sockets: ReconnectingSocket[]
let clock: TestClock
let logger: RecordingLogger

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

async function listen(port = 0): Promise<void> {
  server = new WebSocketServer({ host: '127.0.0.1', port })
  server.on('connection', (peer) => peers.push(peer))
  await once(server, 'listening')
  url = `ws://127.0.0.1:${portOf(server)}`
}

async function shut(): Promise<void> {
  for (const peer of server.clients) peer.terminate()
  await new Promise((resolve) => server.close(resolve))
}

beforeEach(async () => {
  peers = []
  sockets = []
  clock = new TestClock()
  logger = new RecordingLogger()
  await listen()
})

afterEach(async () => {
  await Promise.all(sockets.map((socket) => socket.stop()))
  await shut()
})

type Entry = ['open', SocketAttempt] | ['message', string | Buffer] | ['close', SocketClose, SocketOutcome]

function build(options: Partial<ReconnectingSocketOptions> = {}) {
  const log: Entry[] = []
  const socket = new ReconnectingSocket({
    name: 'the gateway',
    target: () => ({ url }),
    listener: {
      open: (attempt) => log.push(['open', attempt]),
      message: (data) => log.push(['message', data]),
      close: (close, outcome) => log.push(['close', close, outcome]),
    },
    logger,
    clock,
    backoff: { random: () => 0.5 },
    ...options,
  })
  sockets.push(socket)
  const closes = () => log.flatMap((entry) => (entry[0] === 'close' ? [{ ...entry[1], ...entry[2] }] : []))
  return { socket, log, closes }
}

const opened = (socket: ReconnectingSocket) => vi.waitFor(() => expect(socket.status).toBe('open'))
const waiting = (socket: ReconnectingSocket) => vi.waitFor(() => expect(socket.status).toBe('waiting'))

/** The peer of the newest connection. */
async function peer(count = 1): Promise<WebSocket> {
  await vi.waitFor(() => expect(peers).toHaveLength(count))
  return peers[count - 1]!
}

describe('connecting', () => {
  it('sends the headers of the target and exchanges text and binary frames', async () => {
    const upgrade = once(server, 'connection')
    const { socket, log } = build({ target: async () => ({ url, headers: { authorization: 'Bearer t' } }) })
    socket.start()
    const [, request] = await upgrade
    expect(request.headers.authorization).toBe('Bearer t')
    await opened(socket)
    const received = once(peers[0]!, 'message')
    expect(socket.send('hello')).toBe(true)
    expect(String((await received)[0])).toBe('hello')
    peers[0]!.send('text')
    peers[0]!.send(Buffer.from([1, 2]))
    await vi.waitFor(() => expect(log).toHaveLength(3))
    expect(log[1]).toEqual(['message', 'text'])
    expect(log[2]).toEqual(['message', Buffer.from([1, 2])])
  })

  it('asks for the target before every attempt and says whether the session goes on', async () => {
    const attempts: Pick<SocketAttempt, 'mode' | 'failures'>[] = []
    const { socket } = build({
      target: ({ mode, failures }) => {
        attempts.push({ mode, failures })
        return { url }
      },
      policy: ({ code }) => (code === 4009 ? 'resume' : 'fresh'),
    })
    socket.start()
    ;(await peer(1)).close(4009)
    await waiting(socket)
    await clock.advance(1000)
    ;(await peer(2)).close(4006)
    await waiting(socket)
    await clock.advance(2000)
    await peer(3)
    expect(attempts).toEqual([
      { mode: 'fresh', failures: 0 },
      { mode: 'resume', failures: 1 },
      { mode: 'fresh', failures: 2 },
    ])
  })

  it('treats a rejected target as a failed attempt', async () => {
    let calls = 0
    const { socket, closes } = build({
      target: () => {
        calls += 1
        if (calls === 1) throw new Error('the gateway is asleep')
        return { url }
      },
    })
    socket.start()
    await waiting(socket)
    expect(closes()[0]).toMatchObject({ code: 1006, opened: false, next: 'waiting', delayMs: 500 })
    await clock.advance(500)
    await opened(socket)
  })

  it('reports a refused connection and tries again until somebody listens', async () => {
    const port = portOf(server)
    await shut()
    const { socket, closes } = build()
    socket.start()
    await waiting(socket)
    expect(closes()[0]).toMatchObject({ opened: false, error: { code: 'API_UNREACHABLE', retriable: true } })
    await listen(port)
    await clock.advance(500)
    await opened(socket)
  })

  it.each([401, 403])('slows down when the upgrade is refused with HTTP %i', async (status) => {
    const http = createServer((tcp) => tcp.once('data', () => tcp.end(`HTTP/1.1 ${status} No\r\n\r\n`)))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { socket, closes } = build({ target: () => ({ url: `ws://127.0.0.1:${portOf(http)}` }) })
    socket.start()
    await waiting(socket)
    expect(closes()[0]).toMatchObject({ status, opened: false, mode: 'fresh', delayMs: 60_000 })
    await socket.stop()
    await new Promise((resolve) => http.close(resolve))
  })

  it.each(['http//nowhere?token=s3cret', 'ftp://host/?token=s3cret', 'ws://h/?token=s3cret#x'])(
    'fails for good on the address %s without repeating it',
    async (bad) => {
      const { socket, closes } = build({ target: () => ({ url: bad }) })
      socket.start()
      await vi.waitFor(() => expect(socket.status).toBe('failed'))
      const error = closes()[0]?.error
      expect(error?.code).toBe('CONFIG_INVALID')
      expect(`${error?.stack} ${String(error?.cause)}`).not.toContain('s3cret')
    },
  )
})

describe('a server that does not speak WebSocket', () => {
  let tcp: TcpServer
  let accepted: Socket[]

  beforeEach(async () => {
    accepted = []
    tcp = createServer((client) => accepted.push(client.on('error', () => {}).resume()))
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
  })

  afterEach(async () => {
    for (const client of accepted) client.destroy()
    await new Promise((resolve) => tcp.close(resolve))
  })

  it('is given up after the connect time-out when it says nothing', async () => {
    const { socket, closes } = build({
      target: () => ({ url: `ws://127.0.0.1:${portOf(tcp)}` }),
    })
    socket.start()
    await vi.waitFor(() => expect(accepted).toHaveLength(1))
    expect(clock.delays).toEqual([10_000])
    await clock.advance(10_000)
    await waiting(socket)
    expect(closes()[0]).toMatchObject({ opened: false, error: { code: 'API_UNREACHABLE' } })
    await vi.waitFor(() => expect(accepted[0]!.destroyed).toBe(true))
  })

  it('is left when it answers with garbage', async () => {
    tcp.on('connection', (client) => client.end('garbage\r\n\r\n'))
    const { socket, closes } = build({ target: () => ({ url: `ws://127.0.0.1:${portOf(tcp)}` }) })
    socket.start()
    await waiting(socket)
    expect(closes()[0]).toMatchObject({ code: 1006, opened: false, error: { code: 'API_UNREACHABLE' } })
  })
})

describe('a lost connection', () => {
  it('grows the delay with full jitter up to the bound, and starts over after a healthy stretch', async () => {
    const { socket, closes } = build({ backoff: { baseMs: 100, maxMs: 300, random: () => 0.999 } })
    socket.start()
    for (let count = 1; count <= 4; count += 1) {
      const current = await peer(count)
      await opened(socket)
      if (count === 4) await clock.advance(60_000)
      current.terminate()
      await waiting(socket)
      await clock.advance(300)
    }
    expect(closes().map((close) => 'delayMs' in close && close.delayMs)).toEqual([100, 200, 300, 100])
  })

  it('counts failures from zero once the adapter says the session works', async () => {
    const { socket, closes } = build()
    socket.start()
    ;(await peer(1)).terminate()
    await waiting(socket)
    await clock.advance(1000)
    const second = await peer(2)
    await opened(socket)
    socket.markHealthy()
    second.terminate()
    await waiting(socket)
    expect(closes().map((close) => 'delayMs' in close && close.delayMs)).toEqual([500, 500])
  })

  it.each<[number, ReturnType<NonNullable<ReconnectingSocketOptions['policy']>>, object]>([
    [4009, 'resume', { next: 'waiting', mode: 'resume', delayMs: 500 }],
    [4006, 'fresh', { next: 'waiting', mode: 'fresh', delayMs: 500 }],
    [4008, { mode: 'resume', delayMs: 60_000 }, { next: 'waiting', mode: 'resume', delayMs: 60_000 }],
    [1008, 'slow', { next: 'waiting', mode: 'fresh', delayMs: 60_000 }],
    [4915, 'fatal', { next: 'failed' }],
  ])('follows the policy for close code %i: %s', async (code, policy, outcome) => {
    const { socket, closes } = build({ policy: () => policy })
    socket.start()
    ;(await peer()).close(code, 'because')
    await vi.waitFor(() => expect(closes()).toHaveLength(1))
    expect(closes()[0]).toMatchObject({ code, reason: 'because', opened: true, ...outcome })
  })

  it('tells the reason of a fatal close and never connects again', async () => {
    const { socket } = build({ policy: () => 'fatal' })
    socket.start()
    ;(await peer()).close(4914, 'sandbox only')
    await vi.waitFor(() => expect(socket.status).toBe('failed'))
    expect(logger.text).toMatch(/closed the connection \(4914: sandbox only\); it is not tried again/)
    expect(clock.delays).toEqual([])
  })

  it('refuses frames over the limit', async () => {
    const { socket, closes } = build({ maxPayload: 10 })
    socket.start()
    const remote = await peer()
    const closed = once(remote, 'close')
    remote.send('x'.repeat(11))
    await waiting(socket)
    expect(closes()[0]).toMatchObject({ opened: true, error: { code: 'FRAME_INVALID' } })
    expect((await closed)[0]).toBe(1009)
  })

  it('says false for a frame that could not be sent', async () => {
    const { socket } = build()
    expect(socket.send('early')).toBe(false)
    socket.start()
    ;(await peer()).terminate()
    await waiting(socket)
    expect(socket.send('late')).toBe(false)
  })
})

describe('watching a silent connection', () => {
  it('drops it when pings stay unanswered', async () => {
    const { socket, closes } = build({ pingIntervalMs: 1000 })
    server.options.autoPong = false
    socket.start()
    const remote = await peer()
    await opened(socket)
    for (let ping = 0; ping < 2; ping += 1) {
      const pinged = once(remote, 'ping')
      await clock.advance(1000)
      await pinged
    }
    expect(socket.status).toBe('open')
    await clock.advance(1000)
    expect(closes()[0]).toMatchObject({ code: 1006, error: { code: 'API_TIMEOUT' }, next: 'waiting' })
  })

  it('keeps it while pongs or frames come', async () => {
    const { socket, closes, log } = build({ pingIntervalMs: 1000 })
    socket.start()
    const remote = await peer()
    await opened(socket)
    const frames = () => log.filter((entry) => entry[0] === 'message')
    for (let round = 1; round <= 5; round += 1) {
      await clock.advance(1000)
      remote.send('x')
      await vi.waitFor(() => expect(frames()).toHaveLength(round))
    }
    expect(closes()).toEqual([])
  })

  it('lets pings rest while reading is paused', async () => {
    const { socket, closes, log } = build({ pingIntervalMs: 1000 })
    socket.start()
    const remote = await peer()
    await opened(socket)
    socket.pause()
    remote.send('held back')
    await clock.advance(20_000)
    expect(closes()).toEqual([])
    expect(log.some((entry) => entry[0] === 'message')).toBe(false)
    socket.resume()
    await vi.waitFor(() => expect(log.at(-1)).toEqual(['message', 'held back']))
  })

  it('stays paused over a reconnect', async () => {
    const { socket, log } = build()
    socket.start()
    ;(await peer(1)).terminate()
    await waiting(socket)
    socket.pause()
    await clock.advance(500)
    const remote = await peer(2)
    await opened(socket)
    const flushed = new Promise((resolve) => remote.send('later', resolve))
    await flushed
    const pinged = once(remote, 'message')
    socket.send('still writes')
    await pinged
    expect(log.some((entry) => entry[0] === 'message')).toBe(false)
    socket.resume()
    await vi.waitFor(() => expect(log.at(-1)).toEqual(['message', 'later']))
  })
})

describe('what an operator is told', () => {
  const told = () =>
    logger.lines.flatMap(({ level, message }) => (level === 'debug' ? [] : [`${level} ${message}`]))
  const address = () => url.replace('127.0.0.1', 'user:s3cret@127.0.0.1').concat('/ws?access_token=s3cret')
  const shown = () => `${url}/ws`

  it('is the first refusal, and that it works again once the connection stayed', async () => {
    const port = portOf(server)
    await shut()
    const { socket } = build({ target: () => ({ url: address() }) })
    socket.start()
    await waiting(socket)
    expect(told()).toEqual([
      `warn the gateway: nobody listens at ${shown()} (ECONNREFUSED); start it, or check host and port; next try in 1 s`,
    ])
    await clock.advance(500)
    await vi.waitFor(() => expect(clock.delays).toEqual([1000]))
    await listen(port)
    await clock.advance(1000)
    await opened(socket)
    expect(told()).toHaveLength(1)
    await clock.advance(5000)
    expect(told().slice(1)).toEqual(['info the gateway works again after 7 s'])
    expect(logger.text).not.toContain('s3cret')
  })

  it('is each reason once while a peer takes the connection only to close it', async () => {
    const { socket } = build({ policy: () => ({ mode: 'fresh', delayMs: 1000 }) })
    socket.start()
    for (let count = 1; count <= 20; count += 1) {
      ;(await peer(count)).close(1008, `no access_token=s3cret`)
      await waiting(socket)
      await clock.advance(1000)
    }
    await peer(21)
    expect(told()).toEqual([
      `warn the gateway: ${url} closed the connection (1008: no access_token=<redacted>); check the token; next try in 1 s`,
    ])
  })

  it('is a change of the reason', async () => {
    const port = portOf(server)
    const { socket } = build()
    socket.start()
    ;(await peer()).terminate()
    await waiting(socket)
    await shut()
    await clock.advance(1000)
    await vi.waitFor(() => expect(told()).toHaveLength(2))
    expect(told()[0]).toContain(`${url} cut the connection; next try in`)
    expect(told()[1]).toContain(`nobody listens at ${url}`)
    await listen(port)
  })

  it.each([
    [401, 'refuses the credentials (HTTP 401); check the token'],
    [404, 'answers HTTP 404; check the path'],
    [302, 'answers HTTP 302; set the address that it leads to'],
    [502, 'answers HTTP 502'],
  ])('is what a refusal with HTTP %i means', async (status, words) => {
    const http = createServer((tcp) => tcp.once('data', () => tcp.end(`HTTP/1.1 ${status} No\r\n\r\n`)))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { socket } = build({ target: () => ({ url: `ws://127.0.0.1:${portOf(http)}/` }) })
    socket.start()
    await waiting(socket)
    expect(told()[0]).toContain(`127.0.0.1:${portOf(http)} ${words}; next try in`)
    await socket.stop()
    await new Promise((resolve) => http.close(resolve))
  })

  it('is why nobody knows where to connect', async () => {
    const { socket } = build({
      target: () => Promise.reject(new MynahError('API_REJECTED', 'GET /gateway: no such bot.')),
    })
    socket.start()
    await waiting(socket)
    expect(told()[0]).toMatch(
      /^warn the gateway: where to connect is not known: GET \/gateway: no such bot; next try in/,
    )
  })

  it('is what the adapter knows better, and that nobody tries again', async () => {
    const { socket } = build({
      policy: () => 'fatal',
      explain: ({ code }) => (code === 4004 ? { reason: 'the token expired', hint: 'renew it' } : {}),
    })
    socket.start()
    ;(await peer()).close(4004)
    await vi.waitFor(() => expect(socket.status).toBe('failed'))
    expect(told()).toEqual(['warn the gateway: the token expired; it is not tried again; renew it'])
  })

  it('is what the adapter replaces a connection for, if that is a failure', async () => {
    const { socket } = build()
    socket.start()
    await peer(1)
    await opened(socket)
    socket.reconnect('resume', { delayMs: 0 })
    await waiting(socket)
    expect(told()).toEqual([])
    await clock.advance(0)
    await peer(2)
    await opened(socket)
    socket.reconnect('resume', { delayMs: 2000, failure: { reason: 'no heartbeat was answered' } })
    await waiting(socket)
    expect(told()).toEqual(['warn the gateway: no heartbeat was answered; next try in 2 s'])
    await clock.advance(2000)
    await peer(3)
    await opened(socket)
    socket.markHealthy()
    expect(told().slice(1)).toEqual(['info the gateway works again after 2 s'])
  })

  it('is nothing when the socket is stopped', async () => {
    const { socket } = build()
    socket.start()
    await opened(socket)
    await socket.stop()
    expect(logger.lines).toEqual([])
  })
})

describe('replacing the connection', () => {
  it('closes the old one with the code, reports it once, and hears nothing of it any more', async () => {
    const { socket, log, closes } = build()
    socket.start()
    const old = await peer(1)
    await opened(socket)
    const closed = once(old, 'close')
    old.send('in flight')
    socket.reconnect('resume', { delayMs: 0, code: 4000, reason: 'asked to' })
    expect(closes()).toHaveLength(1)
    expect(closes()[0]).toMatchObject({ code: 4000, next: 'waiting', mode: 'resume', delayMs: 0 })
    expect((await closed)[0]).toBe(4000)
    await waiting(socket)
    await clock.advance(0)
    await peer(2)
    await opened(socket)
    expect(log.map((entry) => entry[0])).toEqual(['open', 'close', 'open'])
  })

  it('backs off when no delay is given, so that a platform which always asks is not stormed', async () => {
    const { socket, closes } = build()
    socket.start()
    for (const count of [1, 2]) {
      await peer(count)
      await opened(socket)
      socket.reconnect('fresh')
      await waiting(socket)
      await clock.advance(1000)
    }
    expect(closes().map((close) => 'delayMs' in close && close.delayMs)).toEqual([500, 1000])
  })

  it('does not connect before the old connection is gone, and cuts it when it does not answer', async () => {
    const { socket } = build()
    socket.start()
    const old = await peer(1)
    await opened(socket)
    old.pause()
    socket.reconnect('fresh', { delayMs: 0 })
    expect(socket.status).toBe('open')
    expect(socket.send('x')).toBe(false)
    await clock.advance(1999)
    expect(peers).toHaveLength(1)
    await clock.advance(1)
    await vi.waitFor(async () => {
      await clock.advance(0)
      expect(peers).toHaveLength(2)
    })
  })
})

describe('stopping', () => {
  it('does not wait for a lookup that never ends', async () => {
    const { socket } = build({ target: () => new Promise(() => {}) })
    socket.start()
    await socket.stop()
    expect(socket.status).toBe('stopped')
  })

  it('closes with 1000, ends the life of the connection at once and leaves no timer', async () => {
    const { socket, closes } = build()
    socket.start()
    const remote = await peer()
    await opened(socket)
    const closed = once(remote, 'close')
    const stopped = socket.stop()
    expect(closes()[0]).toMatchObject({ code: 1000, next: 'stopped' })
    expect(socket.stop()).toBe(stopped)
    await stopped
    expect((await closed)[0]).toBe(1000)
    expect(socket.status).toBe('stopped')
    expect(clock.delays).toEqual([])
    socket.start()
    expect(socket.status).toBe('stopped')
  })

  it('ends the wait between two attempts', async () => {
    const { socket } = build({ policy: () => 'slow' })
    socket.start()
    ;(await peer()).terminate()
    await waiting(socket)
    await socket.stop()
    expect(clock.delays).toEqual([])
  })

  it('ends a lookup of the target through its signal', async () => {
    const { socket, closes } = build({
      target: ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    })
    socket.start()
    await socket.stop()
    expect(socket.status).toBe('stopped')
    expect(closes()).toEqual([])
  })

  it('ends an upgrade that is under way', async () => {
    const tcp = createServer()
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const accepted = once(tcp, 'connection')
    const { socket } = build({ target: () => ({ url: `ws://127.0.0.1:${portOf(tcp)}` }) })
    socket.start()
    await accepted
    await socket.stop()
    await new Promise((resolve) => tcp.close(resolve))
    expect(clock.delays).toEqual([])
  })

  it('works before the start', async () => {
    const before = build().socket
    await before.stop()
    before.start()
    expect(before.status).toBe('stopped')
  })

  it('may be called by a listener', async () => {
    const { socket, log } = build()
    const stopping = build({ listener: { open: () => void stopping.socket.stop(), message: () => {} } })
    stopping.socket.start()
    await vi.waitFor(() => expect(stopping.socket.status).toBe('stopped'))
    expect(socket.status).toBe('idle')
    expect(log).toEqual([])
  })
})

it('logs a listener or policy that throws, and goes on', async () => {
  const seen: string[] = []
  const { socket } = build({
    listener: {
      message: (data) => {
        seen.push(String(data))
        throw new MynahError('FRAME_INVALID')
      },
      close: () => {
        throw new Error('no')
      },
      open: () => {
        throw new Error('no')
      },
    },
    policy: () => {
      throw new Error('no')
    },
  })
  socket.start()
  const remote = await peer()
  remote.send('1')
  remote.send('2')
  await vi.waitFor(() => expect(seen).toEqual(['1', '2']))
  remote.terminate()
  await waiting(socket)
  expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(5)
})
