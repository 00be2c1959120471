import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { RawEvent } from '../wire/wire.ts'
import { checkToken, urlOf } from '../http/auth.ts'
import { Connection, type ConnectionHost } from './connection.ts'
import type { Transport } from './host.ts'
import { listenOnLoopback } from '../http/listen.ts'

const maxFrameBytes = 64 * 1024 * 1024

/** The forward WebSocket: it listens, frameworks dial. */
export class ForwardServer implements Transport {
  readonly #host: ConnectionHost
  readonly #connections = new Set<Connection>()
  #http: Server | undefined
  #sockets: WebSocketServer | undefined
  #port: number
  #refusing: number | undefined

  constructor(host: ConnectionHost, port: number) {
    this.#host = host
    this.#port = port
  }

  /** `ws://127.0.0.1:<port>`, without a path. */
  get url(): string {
    return `ws://127.0.0.1:${this.#port}`
  }

  get connections(): readonly Connection[] {
    return [...this.#connections]
  }

  get takesEvents(): boolean {
    return this.connections.some((connection) => connection.use.events)
  }

  get takesCalls(): boolean {
    return this.connections.some((connection) => connection.use.calls)
  }

  /** Refuses upgrades with this HTTP status from now on; undefined lets them in again. */
  refuseUpgrades(status: number | undefined): void {
    this.#refusing = status
  }

  async start(): Promise<void> {
    const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes })
    const http = createServer((_request, response) => response.writeHead(426).end())
    http.on('upgrade', (request, socket: Duplex, head) => this.#upgrade(request, socket, head))
    this.#port = await listenOnLoopback(http, this.#port)
    this.#http = http
    this.#sockets = sockets
  }

  async stop(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.terminate()))
    for (const socket of this.#sockets?.clients ?? []) socket.terminate()
    this.#sockets?.close()
    this.#http?.closeAllConnections()
    const http = this.#http
    if (http !== undefined) await new Promise((resolve) => http.close(resolve))
    this.#http = undefined
  }

  deliver(_event: RawEvent, text: string): Promise<void> | undefined {
    let last: Promise<void> | undefined
    for (const connection of this.#connections) {
      if (!connection.use.events) continue
      const sent = connection.send(text)
      last = last === undefined ? sent : Promise.all([last, sent]).then(() => {})
    }
    return last
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { profile, accessToken } = this.#host
    const { refusal } = profile.forward
    const check = checkToken(request, accessToken, profile)
    const status =
      this.#refusing ??
      (check === 'ok' || refusal.kind === 'frame'
        ? undefined
        : check === 'missing'
          ? refusal.missing
          : refusal.wrong)
    if (status !== undefined) {
      socket.end(
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      )
      return
    }
    this.#sockets?.handleUpgrade(request, socket, head, (client) => {
      if (check !== 'ok') {
        client.on('error', () => {})
        client.send(JSON.stringify(this.#host.refusal(1403, 'token验证失败')))
        if (refusal.kind === 'frame') client.close(refusal.closeCode)
        return
      }
      const path = urlOf(request).pathname
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
      const use = profile.forward.use(path)
      const connection = new Connection(client, this.#host, { kind: 'forward', path, headers, use })
      this.#connections.add(connection)
      client.once('close', () => this.#connections.delete(connection))
      connection.open()
    })
  }
}
