import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { MynahError } from '@mynah/core'
import { Answers, type Refusal } from './answers.ts'
import { Gate } from './gate.ts'
import { describeRequest, type HttpRequest, type HttpResult, type ServerRequest } from './http-message.ts'
import { listenError, type ListenOptions } from './listen-error.ts'
import type { ServerLogger } from './logger.ts'
import { readBody } from './read-body.ts'
import { RouteTable } from './route-table.ts'
import { WebSocketRoutes, type WebSocketOptions } from './web-socket-routes.ts'

/** Answers one request; nothing means 204. One that throws is logged and answered with 500. */
export type HttpHandler = (request: HttpRequest) => HttpResult | void | Promise<HttpResult | void>

/** Options of one HTTP route. */
export interface RouteOptions {
  /** Who owns the route, for logs and conflicts; a plugin's name for instance. */
  label: string
  /** Largest body taken, in bytes; beyond it the answer is 413. @defaultValue 1048576 (1 MiB) */
  maxBodyBytes?: number
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
  readonly #webSockets: WebSocketRoutes
  readonly #answers: Answers
  readonly #gate: Gate
  /** Connections that may be cut at once: no request is running, no upgrade is accepted. */
  readonly #idle = new Set<Duplex>()
  readonly #requestTimeoutMs: number
  #pings: NodeJS.Timeout | undefined
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined

  constructor(options: ServerOptions) {
    this.#options = options
    this.#logger = options.logger
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 10_000
    this.#answers = new Answers(options.logger)
    this.#gate = new Gate(options.maxPending ?? 128)
    this.#webSockets = new WebSocketRoutes({
      logger: options.logger,
      answers: this.#answers,
      gate: this.#gate,
      requestTimeoutMs: this.#requestTimeoutMs,
      isClosing: () => this.#closing.signal.aborted,
      onUpgraded: (connection) => this.#idle.delete(connection),
    })
    this.#http = createServer({
      headersTimeout: this.#requestTimeoutMs,
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(5000, this.#requestTimeoutMs),
    })
    this.#http.maxConnections = options.maxConnections ?? 1024
    this.#http.on('error', (err) => this.#onError(err))
    this.#http.on('connection', (connection) => this.#watchIdle(connection))
    this.#http.on('request', (message, response) => void this.#answer(message, response))
    this.#http.on('upgrade', (message, stream, head) => {
      void this.#webSockets.upgrade(message, stream, head)
    })
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
    if (this.#closing.signal.aborted) throw cannotListen('It was closed; make a new one.')
    if (this.#http.listening) throw cannotListen(`It listens on ${this.url} already.`)
    try {
      this.#http.listen({ host: options.host ?? '127.0.0.1', port: options.port })
      await once(this.#http, 'listening', { signal: this.#closing.signal })
    } catch (cause) {
      if (this.#closing.signal.aborted) throw cannotListen('It was closed meanwhile.')
      throw listenError(options, cause)
    }
    const { address } = this
    if (address === undefined) throw cannotListen('It was closed meanwhile.')
    this.#startPings()
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
    return this.#webSockets.add(path, options)
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
    this.#closing.abort()
    clearInterval(this.#pings)
    const closed = new Promise((resolve) => this.#http.close(resolve))
    this.#webSockets.closeAll()
    for (const connection of this.#idle) connection.destroy()
    const limit = setTimeout(() => {
      this.#webSockets.terminateAll()
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
    this.#pings = setInterval(() => this.#webSockets.keepAlive(maxMissedPongs), pingIntervalMs)
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = message
    this.#idle.delete(socket)
    response.once('close', () => {
      if (!socket.destroyed) this.#idle.add(socket)
    })
    const result = await this.#handle(message, response)
    if (this.#closing.signal.aborted || !message.complete) response.shouldKeepAlive = false
    this.#answers.send(response, result)
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<HttpResult> {
    const request = describeRequest(message)
    const route = this.#findHttp(request)
    if ('status' in route) return route
    const { maxBodyBytes = 1024 * 1024 } = route
    const body = await this.#gate.run(() => readBody(message, maxBodyBytes, this.#requestTimeoutMs))
    if (body === undefined) return this.#answers.busy()
    if (!Buffer.isBuffer(body)) return { status: body === 'gone' ? 400 : body }
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    return this.#answers.of(request, route.label, async () => {
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
    if (this.#webSockets.has(path)) return { status: 426, headers: { upgrade: 'websocket' } }
    return this.#answers.notFound(request)
  }
}

function cannotListen(detail: string): MynahError {
  return new MynahError('SERVER_LISTEN_FAILED', detail)
}
