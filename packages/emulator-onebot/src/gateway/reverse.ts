import type { RawEvent } from '../wire/wire.ts'
import { WebSocket } from 'ws'
import type { ReverseRole } from '../wire/profile.ts'
import { Connection, type ConnectionHost } from './connection.ts'
import type { Transport } from './host.ts'

/** How a reverse connection behaves. */
export interface ReverseOptions {
  /** @defaultValue 'Universal' */
  role?: ReverseRole
  /** Pause before dialling again, in ms. @defaultValue that of the implementation, 3000 or 5000 */
  reconnectMs?: number
  /** More headers, or others: a value of undefined leaves the header out. */
  headers?: Readonly<Record<string, string | undefined>>
}

/** A reverse WebSocket: it dials the framework, and again whenever the socket is gone. */
export class ReverseClient implements Transport {
  readonly url: string
  readonly #host: ConnectionHost
  readonly #role: ReverseRole
  readonly #reconnectMs: number
  readonly #headers: Record<string, string>
  #connection: Connection | undefined
  #dialling: WebSocket | undefined
  #cancelDial: () => void = () => {}
  #running = false

  constructor(host: ConnectionHost, url: string, options: ReverseOptions = {}) {
    const { reverse } = host.profile
    this.#host = host
    this.url = url
    this.#role = options.role ?? 'Universal'
    this.#reconnectMs = options.reconnectMs ?? reverse.reconnectMs
    const all: Record<string, string | undefined> = {
      'User-Agent': reverse.userAgent,
      'X-Self-ID': String(host.selfId),
      [reverse.roleHeader]: this.#role === 'API' ? reverse.apiRoleName : this.#role,
      Authorization: reverse.authorization(host.accessToken),
      ...options.headers,
    }
    this.#headers = {}
    for (const [name, value] of Object.entries(all)) if (value !== undefined) this.#headers[name] = value
  }

  /** The open connection, if there is one. */
  get connection(): Connection | undefined {
    return this.#connection
  }

  get takesEvents(): boolean {
    return this.#connection?.use.events ?? false
  }

  get takesCalls(): boolean {
    return this.#connection?.use.calls ?? false
  }

  start(): Promise<void> {
    this.#running = true
    this.#dial()
    return Promise.resolve()
  }

  async stop(): Promise<void> {
    this.#running = false
    this.#cancelDial()
    this.#dialling?.terminate()
    await this.#connection?.terminate()
  }

  deliver(_event: RawEvent, text: string): Promise<void> | undefined {
    return this.#connection?.use.events === true ? this.#connection.send(text) : undefined
  }

  #dial(): void {
    const { handshakeMs } = this.#host.profile.reverse
    const socket = new WebSocket(this.url, { headers: this.#headers, handshakeTimeout: handshakeMs })
    this.#dialling = socket
    socket.on('error', () => {})
    socket.once('open', () => this.#onOpen(socket))
    socket.once('close', () => {
      // A socket that closes late must not start a second loop.
      if (socket !== this.#dialling) return
      this.#connection = undefined
      if (this.#running) this.#cancelDial = this.#host.timers.after(this.#reconnectMs, () => this.#dial())
    })
  }

  #onOpen(socket: WebSocket): void {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(this.#headers)) headers[name.toLowerCase()] = value
    const use = { events: this.#role !== 'API', calls: this.#role !== 'Event' }
    const path = new URL(this.url).pathname
    this.#connection = new Connection(socket, this.#host, { kind: 'reverse', path, headers, use })
    this.#connection.open()
  }
}
