import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket, WebSocketServer, type ClientOptions } from 'ws'
import { Mailbox } from '@mynah/core/testing'
import { isJsonObject } from '@mynah/emulator-kit'
import { textOfFrame, type RawEvent } from '../src/wire/wire.ts'

/** The other side of a WebSocket: a framework that does nothing by itself. */
export class Framework {
  readonly socket: WebSocket
  readonly #frames = new Mailbox<RawEvent>()
  readonly #texts: string[] = []
  #echo = 0

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      const text = textOfFrame(data)
      this.#texts.push(text)
      const frame: unknown = JSON.parse(text)
      if (isJsonObject(frame)) this.#frames.push(frame)
    })
  }

  /** Every frame so far, as it came. */
  get texts(): readonly string[] {
    return this.#texts
  }

  event(accepts: (frame: RawEvent) => boolean = () => true): Promise<RawEvent> {
    return this.#frames.take((frame) => 'post_type' in frame && accepts(frame), 'an event')
  }

  answer(echo: unknown): Promise<RawEvent> {
    return this.#frames.take((frame) => frame['echo'] === echo, `the answer of ${String(echo)}`)
  }

  frame(): Promise<RawEvent> {
    return this.#frames.take(() => true, 'a frame')
  }

  call(action: string, params: Record<string, unknown> = {}): Promise<RawEvent> {
    this.#echo += 1
    const echo = `c-${this.#echo}`
    this.socket.send(JSON.stringify({ action, params, echo }))
    return this.answer(echo)
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    const gone = once(this.socket, 'close')
    this.socket.terminate()
    await gone
  }
}

/** Dials a forward WebSocket. */
export async function dial(url: string, options: ClientOptions = {}): Promise<Framework> {
  const socket = new WebSocket(url, options)
  const framework = new Framework(socket)
  await once(socket, 'open')
  return framework
}

/** A server for reverse WebSockets. */
export class FrameworkServer {
  readonly #sockets: WebSocketServer
  readonly #clients = new Mailbox<{ framework: Framework; headers: IncomingHttpHeaders; path: string }>()

  constructor(sockets: WebSocketServer) {
    this.#sockets = sockets
    sockets.on('connection', (socket, request) => {
      this.#clients.push({
        framework: new Framework(socket),
        headers: request.headers,
        path: request.url ?? '',
      })
    })
  }

  get url(): string {
    const address = this.#sockets.address()
    if (address === null || typeof address === 'string') throw new TypeError('the server does not listen')
    return `ws://127.0.0.1:${address.port}`
  }

  /** The next connection that nobody took yet. */
  client(): Promise<{ framework: Framework; headers: IncomingHttpHeaders; path: string }> {
    return this.#clients.take(() => true, 'a connection')
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    await new Promise((resolve) => this.#sockets.close(resolve))
  }
}

/** Waits for reverse WebSockets on 127.0.0.1. */
export async function serve(port = 0): Promise<FrameworkServer> {
  const sockets = new WebSocketServer({ host: '127.0.0.1', port })
  const server = new FrameworkServer(sockets)
  await once(sockets, 'listening')
  return server
}

/** A request that a webhook receiver got. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly event: RawEvent
}

/** A receiver of webhooks that answers what it is told to. */
export class WebhookReceiver {
  readonly #server: Server
  readonly #received = new Mailbox<Received>()
  /** Answer to the next requests: a status, or a body with status 200. */
  answer: (event: RawEvent) => number | object = () => 204

  constructor(server: Server) {
    this.#server = server
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.#take(request, response)
    })
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('the server does not listen')
    return `http://127.0.0.1:${address.port}/onebot`
  }

  event(accepts: (event: RawEvent) => boolean = () => true): Promise<Received> {
    return this.#received.take(({ event }) => accepts(event), 'a webhook')
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const event: unknown = JSON.parse(body)
    const answer = isJsonObject(event) ? this.answer(event) : 400
    if (typeof answer === 'number') response.writeHead(answer).end()
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    if (isJsonObject(event)) this.#received.push({ headers: request.headers, body, event })
  }
}

/** Waits for webhooks on 127.0.0.1. */
export async function receiveWebhooks(): Promise<WebhookReceiver> {
  const server = createServer()
  const receiver = new WebhookReceiver(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return receiver
}
