import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Answers, Authorization, Authorize, Refusal } from './answers.ts'
import { addressKey, doorRefusal, type Guard } from './door.ts'
import type { Gate } from './gate.ts'
import { describeRequest, type ServerRequest } from './http-message.ts'
import { notServed } from './http-routes.ts'
import type { Logger } from '@mynah/core'
import type { RefusalLog } from './refusals.ts'
import { RouteTable } from './route-table.ts'
import { ServerSocket, type ServerSocketListener } from './server-socket.ts'

/** Options of one WebSocket route. */
export interface WebSocketOptions {
  /** Who owns the route, for logs and conflicts. */
  label: string
  /**
   * What the owner asks of a request. With `none` the route serves only programs on this machine, and a line
   * says so.
   */
  guard: Guard
  /** Decides before the upgrade, from the head of the request alone; throwing refuses with 500. */
  authorize: Authorize
  /** Takes an accepted connection and says who listens to it. No frame was delivered before. */
  handler: (socket: ServerSocket, request: ServerRequest) => ServerSocketListener
  /** Largest message taken, in bytes; beyond it the connection closes with 1009. @defaultValue 67108864 (64 MiB) */
  maxPayload?: number
}

interface WebSocketRoute extends WebSocketOptions {
  readonly upgrader: WebSocketServer
  readonly sockets: Set<ServerSocket>
}

/** What the routes need of the server they belong to. */
export interface UpgradeHost {
  readonly logger: Logger
  readonly answers: Answers
  readonly gate: Gate
  readonly refusals: RefusalLog
  readonly requestTimeoutMs: number
  readonly isClosing: () => boolean
  /** The connection is no plain HTTP connection any more. */
  readonly onUpgraded: (connection: Duplex) => void
  /** All paths that are served, to tell who asks for another one. */
  readonly paths: () => string[]
}

const kind = 'WebSocket'

/** The WebSocket half of a server. */
export class WebSocketRoutes {
  readonly #host: UpgradeHost
  readonly #routes = new RouteTable<WebSocketRoute>()
  readonly #sockets = new Set<ServerSocket>()

  constructor(host: UpgradeHost) {
    this.#host = host
  }

  add(path: string, options: WebSocketOptions): () => void {
    const maxPayload = options.maxPayload ?? 64 * 1024 * 1024
    const upgrader = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload })
    const sockets = new Set<ServerSocket>()
    const remove = this.#routes.add(kind, path, options.label, { ...options, upgrader, sockets })
    return () => {
      remove()
      for (const socket of sockets) socket.close(1001, 'The route is gone.')
    }
  }

  /** The paths that are served. */
  get paths(): string[] {
    return this.#routes.paths
  }

  has(path: string): boolean {
    return this.#routes.find(kind, path) !== undefined
  }

  keepAlive(maxMissedPongs: number): void {
    for (const socket of this.#sockets) socket.keepAlive(maxMissedPongs)
  }

  closeAll(): void {
    for (const socket of this.#sockets) socket.close(1001, 'The server is closing.')
  }

  terminateAll(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  async upgrade(message: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const { logger, onUpgraded } = this.#host
    stream.on('error', (err) => logger.debug({ err }, 'A connection failed while it was upgraded.'))
    const request = describeRequest(message)
    const decision = await this.#decide(message, request)
    if (stream.destroyed) return
    if ('status' in decision) return this.#refuse(message, request, decision)
    onUpgraded(stream)
    decision.upgrader.handleUpgrade(message, stream, head, (ws) => {
      const socket: ServerSocket = new ServerSocket(ws, stream, logger, () => {
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
    const { answers, isClosing, paths } = this.#host
    const route = this.#routes.find(kind, request.path)?.value
    if (route === undefined) return notServed(paths())
    if (message.headers.upgrade?.toLowerCase() !== 'websocket') return { status: 400 }
    const reason = doorRefusal(request, route.guard)
    if (reason !== undefined) return { status: 403, reason }
    const verdict = await this.#authorize(route, request)
    // The route or the server may have gone meanwhile.
    if (isClosing()) return answers.busy('the server is closing')
    if (verdict !== true) return verdict
    return this.#routes.find(kind, request.path)?.value === route ? route : notServed(paths())
  }

  async #authorize(route: WebSocketRoute, request: ServerRequest): Promise<Authorization> {
    const { answers, gate, requestTimeoutMs } = this.#host
    const place = gate.enter(route, addressKey(request.remoteAddress))
    if (place === undefined) return answers.busy('too many upgrades are under way')
    const verdict = await Promise.race([
      answers.authorize(request, route.label, route.authorize, requestTimeoutMs),
      place.evicted,
    ])
    place.leave()
    return verdict === 'evicted' ? answers.busy('others needed its place') : verdict
  }

  #begin(socket: ServerSocket, route: WebSocketRoute, request: ServerRequest): void {
    try {
      socket.attach(route.handler(socket, request))
    } catch (err) {
      const { path } = request
      this.#host.logger.error({ err, path, owner: route.label }, 'A WebSocket handler threw.')
      socket.attach({ message: () => {} })
      socket.close(1011, 'The handler failed.')
    }
  }

  #refuse(message: IncomingMessage, request: ServerRequest, refusal: Refusal): void {
    const owner = this.#routes.find(kind, request.path)?.value.label
    if (!this.#host.isClosing()) this.#host.refusals.note(request, owner, refusal)
    const response = new ServerResponse(message)
    response.shouldKeepAlive = false
    response.assignSocket(message.socket)
    response.once('finish', () => message.socket.destroySoon())
    this.#host.answers.send(response, refusal)
  }
}
