import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { type Clock, MynahError, systemClock, type Logger } from '@mynah/core'
import { Answers } from './answers.ts'
import { Connections } from './connections.ts'
import type { Guard } from './door.ts'
import { Gate } from './gate.ts'
import { type HttpHandler, HttpRoutes, type RouteOptions } from './http-routes.ts'
import { listenError, type ListenOptions } from './listen-error.ts'
import { RefusalLog } from './refusals.ts'
import { WebSocketRoutes, type WebSocketOptions } from './web-socket-routes.ts'

/** Options of a {@link Server}. */
export interface ServerOptions {
  /** Gets a line about what is refused, and about what fails. */
  logger: Logger
  /** Connections open at a time; beyond it the oldest silent one makes room for a new one. @defaultValue 1024 */
  maxConnections?: number
  /** Silent connections of one address; beyond it its oldest one is cut. @defaultValue 128 */
  maxSilentPerAddress?: number
  /**
   * Bodies being read and upgrades being authorized at a time, for each route. Beyond it the one that was slow
   * for longest makes room, or the new one gets 503. @defaultValue 128
   */
  maxPending?: number
  /** The same for each address. @defaultValue 64 */
  maxPendingPerAddress?: number
  /** How long a head, then a body, then an authorization may take, in ms each. @defaultValue 10000 */
  requestTimeoutMs?: number
  /** How long the first byte of a connection, and that of a body, may take, in ms. @defaultValue 3000 */
  firstByteTimeoutMs?: number
  /** Send a ping on each WebSocket so often, in ms; 0 is off. @defaultValue 20000 */
  pingIntervalMs?: number
  /** Cut a WebSocket after so many pings without any answer. @defaultValue 2 */
  maxMissedPongs?: number
  /** How long `close` waits for running requests and closing handshakes, in ms. @defaultValue 5000 */
  closeTimeoutMs?: number
  /** @defaultValue the clock of the machine */
  clock?: Clock
}

/** Where a server listens. */
export interface ServerAddress {
  /** The address that it listens on. */
  readonly host: string
  /** The port; the one the system chose where 0 was asked for. */
  readonly port: number
}

const healthPath = '/healthz'

/**
 * One HTTP and WebSocket server that any number of owners share. Paths are compared without their trailing
 * slashes and nothing is ever redirected. `GET /healthz` answers 200 to everybody. Who may use a route, its
 * `guard` says.
 *
 * @example
 * ```ts
 * const server = new Server({ logger })
 * server.route('POST', '/hook', async ({ body }) => ({ body: { length: body.length } }), {
 *   label: 'hook',
 *   guard: 'token',
 *   authorize: ({ headers }) => headers['x-token'] === token || { status: 401 },
 * })
 * server.websocket('/chat', {
 *   label: 'chat',
 *   guard: 'token',
 *   authorize: ({ headers }) => headers.authorization === `Bearer ${token}` || { status: 401 },
 *   handler: (socket) => ({ message: (data) => socket.send(data) }),
 * })
 * const { port } = await server.listen({ port: 0 })
 * ```
 */
export class Server implements AsyncDisposable {
  readonly #options: ServerOptions
  readonly #logger: Logger
  readonly #http: HttpServer
  readonly #clock: Clock
  readonly #httpRoutes: HttpRoutes
  readonly #webSockets: WebSocketRoutes
  readonly #answers: Answers
  readonly #connections: Connections
  /** Owners who were told that routes of theirs have no guard. */
  readonly #warned = new Set<string>()
  #cancelPings: (() => void) | undefined
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined

  constructor(options: ServerOptions) {
    const { logger, requestTimeoutMs = 10_000, firstByteTimeoutMs = 3000, clock = systemClock } = options
    this.#options = options
    this.#logger = logger
    this.#clock = clock
    this.#answers = new Answers(logger, clock)
    this.#connections = new Connections(
      {
        max: options.maxConnections ?? 1024,
        maxSilentPerAddress: options.maxSilentPerAddress ?? 128,
        firstByteTimeoutMs,
      },
      clock,
    )
    const limits = { perRoute: options.maxPending ?? 128, perAddress: options.maxPendingPerAddress ?? 64 }
    const shared = {
      answers: this.#answers,
      refusals: new RefusalLog(logger, clock),
      gate: new Gate(limits, clock),
      requestTimeoutMs,
      paths: () => this.#paths,
    }
    this.#httpRoutes = new HttpRoutes({
      ...shared,
      clock,
      firstByteTimeoutMs,
      hasWebSocket: (path) => this.#webSockets.has(path),
    })
    this.#webSockets = new WebSocketRoutes({
      ...shared,
      logger,
      isClosing: () => this.#closing.signal.aborted,
      onUpgraded: (connection) => {
        if (connection instanceof Socket) this.#connections.busy(connection)
      },
    })
    this.#http = createServer({
      headersTimeout: requestTimeoutMs,
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(5000, requestTimeoutMs),
    })
    this.#http.on('error', (err) => this.#onError(err))
    this.#http.on('connection', (connection) => this.#connections.add(connection))
    this.#http.on('request', (message, response) => void this.#answer(message, response))
    // A client that asks before it sends its body is told to go on when the head was found good.
    this.#http.on('checkContinue', (message, response) => {
      void this.#answer(message, response, () => response.writeContinue())
    })
    this.#http.on('upgrade', (message, stream, head) => {
      void this.#webSockets.upgrade(message, stream, head)
    })
    this.#httpRoutes.add('GET', healthPath, {
      label: 'the server',
      guard: 'open',
      handler: () => ({ body: { status: 'ok' } }),
    })
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
    const remove = this.#httpRoutes.add(method, path, { ...options, handler })
    this.#warn(options, `${method.toUpperCase()} ${path}`)
    return remove
  }

  /**
   * Takes WebSocket connections on a path.
   *
   * @returns takes the route away and closes its connections with 1001.
   * @throws MynahError `ROUTE_CONFLICT` naming both owners, `CONFIG_INVALID` for a bad path.
   */
  websocket(path: string, options: WebSocketOptions): () => void {
    const remove = this.#webSockets.add(path, options)
    this.#warn(options, `the WebSocket on ${path}`)
    return remove
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
    this.#cancelPings?.()
    const closed = new Promise((resolve) => this.#http.close(resolve))
    this.#webSockets.closeAll()
    // Node's own `closeIdleConnections` leaves out those that never sent a request.
    this.#connections.cutSilent()
    const cancel = this.#clock.setTimeout(() => {
      this.#webSockets.terminateAll()
      this.#http.closeAllConnections()
    }, this.#options.closeTimeoutMs ?? 5000)
    await closed
    cancel()
  }

  get #paths(): string[] {
    const paths = new Set([...this.#httpRoutes.paths, ...this.#webSockets.paths])
    paths.delete(healthPath)
    return [...paths]
  }

  /** Once for each owner: one setting guards all that it has. */
  #warn({ label, guard }: { label: string; guard: Guard }, what: string): void {
    if (guard !== 'none' || this.#warned.has(label)) return
    this.#warned.add(label)
    this.#logger.warn(
      {},
      `${label}: ${what} has no token or signature, so it serves only programs on this machine; set one to let others in`,
    )
  }

  // What `listen` fails with is thrown there; this is about connections that could not be accepted later.
  #onError(err: Error): void {
    if (this.#http.listening) this.#logger.error({ err }, 'A connection could not be accepted.')
  }

  #startPings(): void {
    const { pingIntervalMs = 20_000, maxMissedPongs = 2 } = this.#options
    if (pingIntervalMs <= 0) return
    this.#cancelPings = this.#clock.setInterval(
      () => this.#webSockets.keepAlive(maxMissedPongs),
      pingIntervalMs,
    )
  }

  async #answer(
    message: IncomingMessage,
    response: ServerResponse,
    wantsBody: () => void = () => {},
  ): Promise<void> {
    const { socket } = message
    this.#connections.busy(socket)
    response.once('close', () => this.#connections.quiet(socket))
    const result = await this.#httpRoutes.answer(message, response, wantsBody)
    if (this.#closing.signal.aborted || !message.complete) response.shouldKeepAlive = false
    this.#answers.send(response, result)
  }
}

function cannotListen(detail: string): MynahError {
  return new MynahError('SERVER_LISTEN_FAILED', `The server cannot listen. ${detail}`)
}
