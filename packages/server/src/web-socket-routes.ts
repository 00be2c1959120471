import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Answers, Refusal } from './answers.ts'
import type { Gate } from './gate.ts'
import { describeRequest, type ServerRequest } from './http-message.ts'
import type { ServerLogger } from './logger.ts'
import { RouteTable } from './route-table.ts'
import { ServerSocket, type ServerSocketListener } from './server-socket.ts'

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

interface WebSocketRoute extends WebSocketOptions {
  readonly upgrader: WebSocketServer
  readonly sockets: Set<ServerSocket>
}

/** What the routes need of the server they belong to. */
export interface UpgradeHost {
  readonly logger: ServerLogger
  readonly answers: Answers
  readonly gate: Gate
  readonly requestTimeoutMs: number
  readonly isClosing: () => boolean
  /** The connection is no plain HTTP connection any more. */
  readonly onUpgraded: (connection: Duplex) => void
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
    if ('status' in decision) return this.#refuse(message, decision)
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
    const { answers, gate, isClosing } = this.#host
    const route = this.#routes.find(kind, request.path)?.value
    if (route === undefined) return answers.notFound(request)
    if (message.headers.upgrade?.toLowerCase() !== 'websocket') return { status: 400 }
    const verdict = await gate.run(() =>
      answers.of(request, route.label, () => this.#authorize(route, request)),
    )
    // The route or the server may have gone meanwhile.
    if (verdict === undefined || isClosing()) return answers.busy()
    if (verdict !== true) return verdict
    return this.#routes.find(kind, request.path)?.value === route ? route : answers.notFound(request)
  }

  async #authorize(route: WebSocketRoute, request: ServerRequest): Promise<Authorization> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Authorization>((resolve) => {
      timer = setTimeout(() => resolve({ status: 503 }), this.#host.requestTimeoutMs)
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
      const { path } = request
      this.#host.logger.error({ err, path, owner: route.label }, 'A WebSocket handler threw.')
      socket.attach({ message: () => {} })
      socket.close(1011, 'The handler failed.')
    }
  }

  #refuse(message: IncomingMessage, refusal: Refusal): void {
    const response = new ServerResponse(message)
    response.shouldKeepAlive = false
    response.assignSocket(message.socket)
    response.once('finish', () => message.socket.destroySoon())
    this.#host.answers.send(response, refusal)
  }
}
