import { once } from 'node:events'
import { createServer, ServerResponse, type IncomingMessage, type Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { MynahError } from '@mynah/core'
import { WebSocketServer } from 'ws'
import {
  describeRequest,
  sendResult,
  type HttpRequest,
  type HttpResult,
  type ServerRequest,
} from './http-message.ts'
import { listenError, type ListenOptions } from './listen-error.ts'
import type { ServerLogger } from './logger.ts'
import { readBody } from './read-body.ts'
import { RouteTable } from './route-table.ts'
import { ServerSocket, type ServerSocketListener } from './server-socket.ts'

/** Answers one request; nothing means 204. One that throws is logged and answered with 500. */
export type HttpHandler = (request: HttpRequest) => HttpResult | void | Promise<HttpResult | void>

/** Options of one HTTP route. */
export interface RouteOptions {
  /** Who owns the route, for logs and conflicts; a plugin's name for instance. */
  label: string
  /** Largest body taken, in bytes; beyond it the answer is 413. @defaultValue 1048576 (1 MiB) */
  maxBodyBytes?: number
}

/** An answer that says no, such as `{ status: 401 }`. */
export type Refusal = HttpResult & { status: number }

/** What `authorize` says: `true` accepts the upgrade. */
export type Authorization = true | Refusal

/** Options of one WebSocket route. */
export interface WebSocketOptions {
  /** Who owns the route, for logs and conflicts. */
  label: string
  /** Decides before the upgrade, from the head of the request alone; throwing refuses with 500. */
  authorize: (request: ServerRequest) => Authorization | Promise<Authorization>
  /** Takes an accepted connection and says who listens to it. No frame was delivered before. */
  handler: (socket: ServerSocket, request: ServerRequest) => ServerSocketListener
  /** Largest message taken, in bytes; beyond it the connection closes with 1009. @defaultValue 67108864 (64 MiB) */
  maxPayload?: number
}

/** Options of a {@link Server}. */
export interface ServerOptions {
  logger: ServerLogger
  /** Connections open at a time; more are cut. @defaultValue 1024 */
  maxConnections?: number
  /** Requests whose body is being read and upgrades being authorized at a time; more get 503. @defaultValue 128 */
  maxPending?: number
  /** How long a head, then a body, then an authorization may take, in ms each. @defaultValue 10000 */
  requestTimeoutMs?: number
  /** Send a ping on each WebSocket so often, in ms; 0 is off. @defaultValue 20000 */
  pingIntervalMs?: number
  /** Cut a WebSocket after so many pings without any answer. @defaultValue 2 */
  maxMissedPongs?: number
  /** How long `close` waits for running requests and closing handshakes, in ms. @defaultValue 5000 */
  closeTimeoutMs?: number
}

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
}

interface WebSocketRoute extends WebSocketOptions {
  readonly upgrader: WebSocketServer
  readonly sockets: Set<ServerSocket>
}

interface HttpRoute extends RouteOptions {
  readonly handler: HttpHandler
}

const healthPath = '/healthz'

/**
 * One HTTP and WebSocket server that any number of owners share. Paths are compared without their trailing
 * slashes and nothing is ever redirected. `GET /healthz` answers 200.
 *
 * @example
 * ```ts
 * const server = new Server({ logger })
 * server.route('POST', '/hook', async ({ body }) => ({ body: { length: body.length } }), { label: 'hook' })
 * server.websocket('/chat', {
 *   label: 'chat',
 *   authorize: ({ headers }) => headers.authorization === `Bearer ${token}` || { status: 401 },
 *   handler: (socket) => ({ message: (data) => socket.send(data) }),
 * })
 * const { port } = await server.listen({ port: 0 })
 * ```
 */
export class Server implements AsyncDisposable {
  readonly #options: ServerOptions
  readonly #logger: ServerLogger
  readonly #http: HttpServer
  readonly #httpRoutes = new RouteTable<HttpRoute>()
  readonly #webSocketRoutes = new RouteTable<WebSocketRoute>()
  readonly #sockets = new Set<ServerSocket>()
  /** Connections that may be cut at once: no request is running, no upgrade is accepted. */
  readonly #idle = new Set<Duplex>()
  readonly #requestTimeoutMs: number
  #reading = 0
  #pings: NodeJS.Timeout | undefined
  #closed: Promise<void> | undefined

  constructor(options: ServerOptions) {
    this.#options = options
    this.#logger = options.logger
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 10_000
    this.#http = createServer({
      headersTimeout: this.#requestTimeoutMs,
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(5000, this.#requestTimeoutMs),
    })
    this.#http.maxConnections = options.maxConnections ?? 1024
    this.#http.on('error', (err) => this.#onError(err))
    this.#http.on('connection', (connection) => this.#watchIdle(connection))
    this.#http.on('request', (message, response) => void this.#answer(message, response))
    this.#http.on('upgrade', (message, stream, head) => void this.#upgrade(message, stream, head))
    this.route('GET', healthPath, () => ({ body: { status: 'ok' } }), { label: 'the server' })
  }

  /** Where the server listens; `undefined` when it does not. */
  get address(): ServerAddress | undefined {
    const address = this.#http.address()
    return address === null || typeof address === 'string'
      ? undefined
      : { host: address.address, port: address.port }
  }

  /** The base URL by which this machine reaches the server, without a trailing slash. */
  get url(): string | undefined {
    const { address } = this
    if (address === undefined) return undefined
    if (address.host === '0.0.0.0') return `http://127.0.0.1:${address.port}`
    if (address.host === '::') return `http://[::1]:${address.port}`
    return `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
  }

  /**
   * Begins to listen. May be called again when it failed.
   *
   * @throws MynahError `SERVER_LISTEN_FAILED`, with what to do about it.
   */
  async listen(options: ListenOptions): Promise<ServerAddress> {
    if (this.#closed !== undefined)
      throw new MynahError('SERVER_LISTEN_FAILED', 'It was closed; make a new one.')
    if (this.#http.listening)
      throw new MynahError('SERVER_LISTEN_FAILED', `It listens on ${this.url} already.`)
    try {
      this.#http.listen({ host: options.host ?? '127.0.0.1', port: options.port })
      await once(this.#http, 'listening')
    } catch (cause) {
      throw listenError(options, cause)
    }
    this.#startPings()
    const { address } = this
    if (address === undefined) throw new MynahError('SERVER_LISTEN_FAILED', 'It was closed meanwhile.')
    return address
  }

  /**
   * Answers requests of one method and path. `GET` also answers `HEAD`.
   *
   * @returns takes the route away; running requests still get their answers.
   * @throws MynahError `ROUTE_CONFLICT` naming both owners, `CONFIG_INVALID` for a bad path.
   */
  route(method: string, path: string, handler: HttpHandler, options: RouteOptions): () => void {
    return this.#httpRoutes.add(method.toUpperCase(), path, options.label, { ...options, handler })
  }

  /**
   * Takes WebSocket connections on a path.
   *
   * @returns takes the route away and closes its connections with 1001.
   * @throws MynahError `ROUTE_CONFLICT` naming both owners, `CONFIG_INVALID` for a bad path.
   */
  websocket(path: string, options: WebSocketOptions): () => void {
    const upgrader = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: options.maxPayload ?? 64 * 1024 * 1024,
    })
    const sockets = new Set<ServerSocket>()
    const remove = this.#webSocketRoutes.add('WebSocket', path, options.label, {
      ...options,
      upgrader,
      sockets,
    })
    return () => {
      remove()
      for (const socket of sockets) socket.close(1001, 'The route is gone.')
    }
  }

  /**
   * Stops accepting, lets running requests finish, closes WebSockets with 1001, and cuts whatever is left
   * after `closeTimeoutMs`. Resolves when no connection is left. May be called any number of times.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    clearInterval(this.#pings)
    const closed = new Promise((resolve) => this.#http.close(resolve))
    for (const socket of this.#sockets) socket.close(1001, 'The server is closing.')
    for (const connection of this.#idle) connection.destroy()
    const limit = setTimeout(() => {
      for (const socket of this.#sockets) socket.terminate()
      this.#http.closeAllConnections()
    }, this.#options.closeTimeoutMs ?? 5000)
    await closed
    clearTimeout(limit)
  }

  // Node's own `closeIdleConnections` leaves out those that never sent a request.
  #watchIdle(connection: Duplex): void {
    this.#idle.add(connection)
    connection.once('close', () => this.#idle.delete(connection))
  }

  // What `listen` fails with is thrown there; this is about connections that could not be accepted later.
  #onError(err: Error): void {
    if (this.#http.listening) this.#logger.error({ err }, 'A connection could not be accepted.')
  }

  #startPings(): void {
    const { pingIntervalMs = 20_000, maxMissedPongs = 2 } = this.#options
    if (pingIntervalMs <= 0) return
    this.#pings = setInterval(() => {
      for (const socket of this.#sockets) socket.keepAlive(maxMissedPongs)
    }, pingIntervalMs)
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = message
    this.#idle.delete(socket)
    response.once('close', () => {
      if (!socket.destroyed) this.#idle.add(socket)
    })
    const result = await this.#handle(message, response)
    if (this.#closed !== undefined || !message.complete) response.shouldKeepAlive = false
    this.#send(response, result)
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<HttpResult> {
    const request = describeRequest(message)
    const route = this.#findHttp(request)
    if ('status' in route) return route
    if (this.#isFull()) return busy()
    this.#reading += 1
    const body = await readBody(message, route.maxBodyBytes ?? 1024 * 1024, this.#requestTimeoutMs)
    this.#reading -= 1
    if (!Buffer.isBuffer(body)) return { status: body === 'gone' ? 400 : body }
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    return this.#guard(request, route.label, async () => {
      return (await route.handler({ ...request, body, signal: gone.signal })) ?? {}
    })
  }

  #findHttp(request: ServerRequest): HttpRoute | Refusal {
    const { method, path } = request
    const found =
      this.#httpRoutes.find(method, path) ??
      (method === 'HEAD' ? this.#httpRoutes.find('GET', path) : undefined)
    if (found !== undefined) return found.value
    const methods = this.#httpRoutes.kinds(path)
    if (methods.length > 0) return { status: 405, headers: { allow: methods.join(', ') } }
    if (this.#webSocketRoutes.kinds(path).length > 0)
      return { status: 426, headers: { upgrade: 'websocket' } }
    return this.#notFound(request)
  }

  async #upgrade(message: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    stream.on('error', (err) => this.#logger.debug({ err }, 'A connection failed while it was upgraded.'))
    const request = describeRequest(message)
    const decision = await this.#decide(message, request)
    if (stream.destroyed) return
    this.#idle.delete(stream)
    if ('status' in decision) return this.#refuse(message, decision)
    decision.upgrader.handleUpgrade(message, stream, head, (ws) => {
      const socket: ServerSocket = new ServerSocket(ws, this.#logger, () => {
        this.#sockets.delete(socket)
        decision.sockets.delete(socket)
      })
      this.#sockets.add(socket)
      decision.sockets.add(socket)
      this.#begin(socket, decision, request)
    })
  }

  /** The route that takes the upgrade, or the refusal. */
  async #decide(message: IncomingMessage, request: ServerRequest): Promise<WebSocketRoute | Refusal> {
    const found = this.#webSocketRoutes.find('WebSocket', request.path)
    if (found === undefined) return this.#notFound(request)
    if (message.headers.upgrade?.toLowerCase() !== 'websocket') return { status: 400 }
    if (this.#isFull()) return busy()
    const { value: route, label } = found
    this.#reading += 1
    const verdict = await this.#guard(request, label, () => this.#authorize(route, request))
    this.#reading -= 1
    if (verdict !== true) return verdict
    // The route or the server may have gone meanwhile.
    if (this.#closed !== undefined) return busy()
    return this.#webSocketRoutes.find('WebSocket', request.path)?.value === route
      ? route
      : this.#notFound(request)
  }

  async #authorize(route: WebSocketRoute, request: ServerRequest): Promise<Authorization> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Authorization>((resolve) => {
      timer = setTimeout(() => resolve({ status: 503 }), this.#requestTimeoutMs)
    })
    try {
      return await Promise.race([route.authorize(request), late])
    } finally {
      clearTimeout(timer)
    }
  }

  #begin(socket: ServerSocket, route: WebSocketRoute, request: ServerRequest): void {
    try {
      socket.attach(route.handler(socket, request))
    } catch (err) {
      this.#logger.error({ err, path: request.path, owner: route.label }, 'A WebSocket handler threw.')
      socket.attach({ message: () => {} })
      socket.close(1011, 'The handler failed.')
    }
  }

  #refuse(message: IncomingMessage, result: HttpResult): void {
    const response = new ServerResponse(message)
    response.shouldKeepAlive = false
    response.assignSocket(message.socket)
    response.once('finish', () => message.socket.destroySoon())
    this.#send(response, result)
  }

  #send(response: ServerResponse, result: HttpResult): void {
    try {
      sendResult(response, result)
    } catch (err) {
      this.#logger.error({ err }, 'An answer could not be sent: it has a bad status, header or body.')
      for (const name of response.getHeaderNames()) response.removeHeader(name)
      sendResult(response, { status: 500 })
    }
  }

  async #guard<T>(request: ServerRequest, owner: string, run: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await run()
    } catch (err) {
      this.#logger.error({ err, path: request.path, owner }, 'A request handler threw; the answer is 500.')
      return { status: 500 }
    }
  }

  #notFound({ method, path }: ServerRequest): Refusal {
    this.#logger.debug({ method, path }, 'Nobody serves the requested path.')
    return { status: 404 }
  }

  #isFull(): boolean {
    return this.#reading >= (this.#options.maxPending ?? 128)
  }
}

function busy(): Refusal {
  return { status: 503, headers: { 'retry-after': '1' } }
}
