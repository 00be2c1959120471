import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { LoopbackServer, type Plan, refuseUpgrade, SocketHost } from '@mynah/emulator-kit'

import type { RawEvent } from '../wire/wire.ts'
import { checkToken, urlOf } from '../http/auth.ts'
import { Connection, type ConnectionHost } from './connection.ts'
import type { Transport } from './host.ts'

/** The forward WebSocket: it listens, frameworks dial. */
export class ForwardServer implements Transport {
  readonly #host: ConnectionHost
  readonly #connections = new Set<Connection>()
  readonly #http: LoopbackServer
  readonly #sockets: SocketHost
  readonly #port: number

  /** @param refusals - HTTP statuses that the next upgrades are refused with. */
  constructor(host: ConnectionHost, port: number, refusals: Plan<number>) {
    this.#host = host
    this.#port = port
    this.#sockets = new SocketHost(refusals)
    this.#http = new LoopbackServer({
      request: (_request, response) => void response.writeHead(426).end(),
      upgrade: (request, socket, head) => this.#upgrade(request, socket, head),
    })
  }

  /** `ws://127.0.0.1:<port>`, without a path. */
  get url(): string {
    return `ws://127.0.0.1:${this.#http.port}`
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

  async start(): Promise<void> {
    await this.#http.listen(this.#http.port === 0 ? this.#port : this.#http.port)
  }

  async stop(): Promise<void> {
    await this.#sockets.close()
    await this.#http.close()
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
    if (check !== 'ok' && refusal.kind === 'status') {
      refuseUpgrade(socket, check === 'missing' ? refusal.missing : refusal.wrong)
      return
    }
    this.#sockets.upgrade(request, socket, head, (client) => {
      if (check !== 'ok') {
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
