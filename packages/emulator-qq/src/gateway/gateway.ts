import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { Mailbox } from '@mynah/core/testing'
import { isJsonObject, type JsonObject, parseJson } from '@mynah/emulator-kit'
import { ApiRefusal } from '../calls/refusal.ts'
import { GatewaySession, isFor } from './session.ts'
import { isSequence, readIdentify, type Shard } from './identify.ts'
import { intentOf } from './intents.ts'
import type { Platform, QQEnvelope } from '../world/platform.ts'

/** Settings of {@link Gateway}. */
export interface GatewayOptions {
  heartbeatIntervalMs: number
  /** How long a session without a socket can be resumed, in ms. */
  resumeWindowMs: number
  /** Sessions that may start per 24 hours. */
  sessionStarts: number
  /** Identifies per 5 seconds that `/gateway/bot` announces. */
  maxConcurrency: number
  /** Whether more Identifies than announced are refused with close code 4008. */
  enforceConcurrency: boolean
  /** Guilds one shard may carry before an Identify is refused with close code 4011. */
  guildsPerShard: number
  /** Whether this is the sandbox, which lets offline bots in. */
  sandbox: boolean
}

/** What tests look at: who is online, and what was tried. */
export type QQGatewayView = Pick<
  Gateway,
  'isOnline' | 'connectionCount' | 'nextLogin' | 'nextOnline' | 'nextHeartbeat'
>

/** How the gateway answers a login attempt instead of letting it in. */
export type QQLoginRefusal =
  | { readonly close: number; readonly reason?: string }
  /** Op 9, and behind it the close frame with this code where one is given. */
  | { readonly invalidSession: boolean; readonly closeAfter?: number }

/** A login attempt as the gateway saw it. */
export interface QQLogin {
  readonly kind: 'identify' | 'resume'
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly data: JsonObject
}

const dayMs = 86_400_000
const receiveOnly = new Set([0, 7, 9, 10, 11, 12, 13])

interface Connection {
  readonly socket: WebSocket
  session: GatewaySession | undefined
  cancelWatchdog: () => void
}

/** The WebSocket gateway: Hello, Identify, Resume, heartbeats, dispatch, and every way it goes wrong. */
export class Gateway {
  readonly #platform: Platform
  readonly #options: GatewayOptions
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #connections = new Set<Connection>()
  readonly #sessions = new Map<string, GatewaySession>()
  readonly #identifiedAt: number[] = []
  readonly #refusals: QQLoginRefusal[] = []
  readonly #logins = new Mailbox<QQLogin>()
  readonly #online = new Mailbox<GatewaySession>(({ id }) => id)
  readonly #beats = new Mailbox<number | null>()
  #withheldAcks = 0
  #withheldHellos = 0
  #refusedUpgrades: number[] = []

  constructor(platform: Platform, options: GatewayOptions) {
    this.#platform = platform
    this.#options = options
  }

  /** Whether a logged-in socket is there. */
  get isOnline(): boolean {
    return [...this.#connections].some(({ session }) => session !== undefined)
  }

  /** How many sockets are open, logged in or not. */
  get connectionCount(): number {
    return this.#connections.size
  }

  /** Waits for the next login attempt, oldest first. */
  nextLogin(): Promise<QQLogin> {
    return this.#logins.take(() => true, 'an Identify or a Resume')
  }

  /** Waits for the next READY or RESUMED, oldest first, and gives the session id. */
  async nextOnline(): Promise<string> {
    return (await this.#online.take(() => true, 'a bot that logs in at the gateway')).id
  }

  /** Waits for the next heartbeat, oldest first, and gives its sequence. */
  nextHeartbeat(): Promise<number | null> {
    return this.#beats.take(() => true, 'a heartbeat')
  }

  /** The answer of `GET /gateway/bot`, without the address. */
  limits(): JsonObject {
    const now = this.#platform.clock.now()
    const [first] = this.#recentStarts(now)
    return {
      shards: Math.max(1, Math.ceil(this.#platform.world.guilds.size / this.#options.guildsPerShard)),
      session_start_limit: {
        total: this.#options.sessionStarts,
        remaining: this.#options.sessionStarts - this.#recentStarts(now).length,
        reset_after: first === undefined ? dayMs : first + dayMs - now,
        max_concurrency: this.#options.maxConcurrency,
      },
    }
  }

  #recentStarts(now: number): number[] {
    return this.#identifiedAt.filter((time) => time > now - dayMs)
  }

  /** Takes over an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const status = this.#refusedUpgrades.shift()
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#welcome(client))
  }

  #welcome(socket: WebSocket): void {
    const connection: Connection = { socket, session: undefined, cancelWatchdog: () => {} }
    this.#connections.add(connection)
    socket.on('message', (data, isBinary) => this.#receive(connection, data, isBinary))
    // A reset by the peer ends in `close` as well; without a listener it would end the process.
    socket.on('error', () => {})
    socket.on('close', () => this.#leave(connection))
    if (this.#withheldHellos > 0) {
      this.#withheldHellos -= 1
      return
    }
    send(socket, { op: 10, d: { heartbeat_interval: this.#options.heartbeatIntervalMs } })
    this.#watch(connection)
  }

  #leave(connection: Connection): void {
    connection.cancelWatchdog()
    this.#connections.delete(connection)
    if (connection.session !== undefined) connection.session.detachedAt = this.#platform.clock.now()
  }

  #watch(connection: Connection): void {
    connection.cancelWatchdog()
    const patienceMs = this.#options.heartbeatIntervalMs * 2
    connection.cancelWatchdog = this.#platform.clock.after(patienceMs, () =>
      connection.socket.close(4009, 'heartbeat missed'),
    )
  }

  #receive(connection: Connection, data: RawData, isBinary: boolean): void {
    const frame = isBinary || !Buffer.isBuffer(data) ? undefined : parseJson(data.toString())
    if (!isJsonObject(frame) || typeof frame['op'] !== 'number')
      return connection.socket.close(4002, 'bad payload')
    switch (frame['op']) {
      case 1:
        return this.#heartbeat(connection, frame)
      case 2:
        return this.#identify(connection, frame['d'])
      case 6:
        return this.#resume(connection, frame['d'])
      default: {
        const early = connection.session === undefined && receiveOnly.has(frame['op'])
        return early
          ? connection.socket.close(4003, 'not identified')
          : connection.socket.close(4001, 'bad opcode')
      }
    }
  }

  #heartbeat(connection: Connection, frame: JsonObject): void {
    // One SDK writes the number under `s`, which the platform tolerates.
    const sequence = frame['d'] ?? frame['s'] ?? null
    if (sequence !== null && !isSequence(sequence)) return connection.socket.close(4002, 'bad payload')
    if (sequence !== null && sequence > (connection.session?.sequence ?? 0)) {
      return connection.socket.close(4007, 'seq wrong')
    }
    this.#watch(connection)
    this.#beats.push(sequence)
    if (this.#withheldAcks > 0) this.#withheldAcks -= 1
    else send(connection.socket, { op: 11 })
  }

  /** Lets somebody in, or says why not; shared by Identify and Resume. */
  #admit(connection: Connection, kind: QQLogin['kind'], data: unknown): JsonObject | undefined {
    const { socket } = connection
    if (!isJsonObject(data)) {
      socket.close(4002, 'bad payload')
      return undefined
    }
    this.#logins.push({ kind, at: this.#platform.clock.now(), data })
    const refusal = this.#refusals.shift()
    if (refusal !== undefined) {
      refuse(socket, refusal)
      return undefined
    }
    if (connection.session !== undefined) socket.close(4005, 'identified twice')
    else if (this.#platform.botState === 'banned') socket.close(4915, 'bot banned')
    else if (this.#platform.botState === 'offline' && !this.#options.sandbox)
      socket.close(4914, 'bot offline')
    else if (typeof data['token'] !== 'string') socket.close(4002, 'bad payload')
    else if (!this.#isAuthentic(data['token'])) socket.close(4004, 'authentication failed')
    else return data
    return undefined
  }

  #isAuthentic(token: string): boolean {
    try {
      this.#platform.tokens.verify(token)
      return true
    } catch (error) {
      if (error instanceof ApiRefusal) return false
      throw error
    }
  }

  #identify(connection: Connection, data: unknown): void {
    const admitted = this.#admit(connection, 'identify', data)
    if (admitted === undefined) return
    const identify = readIdentify(admitted, {
      granted: this.#platform.grants.intents,
      guildCount: this.#platform.world.guilds.size,
      guildsPerShard: this.#options.guildsPerShard,
    })
    if ('close' in identify) connection.socket.close(identify.close, identify.reason)
    else this.#start(connection, identify)
  }

  #start(connection: Connection, { intents, shard }: { intents: number; shard: Shard }): void {
    const now = this.#platform.clock.now()
    const recent = this.#identifiedAt.filter((time) => time > now - 5000).length
    if (this.#options.enforceConcurrency && recent >= this.#options.maxConcurrency) {
      return connection.socket.close(4008, 'identifying too fast')
    }
    if (this.#recentStarts(now).length >= this.#options.sessionStarts) {
      return refuse(connection.socket, { invalidSession: false })
    }
    this.#identifiedAt.push(now)
    const session = new GatewaySession({ id: this.#platform.ids.uuid(), intents, shard })
    this.#sessions.set(session.id, session)
    const { id, username } = this.#platform.bot
    const d = { version: 1, session_id: session.id, user: { id, username, bot: true, status: 1 }, shard }
    this.#attach(connection, session)
    send(connection.socket, session.frame({ t: 'READY', d }))
    this.#online.push(session)
  }

  #resume(connection: Connection, data: unknown): void {
    const admitted = this.#admit(connection, 'resume', data)
    if (admitted === undefined) return
    const { socket } = connection
    const { session_id: id, seq } = admitted
    if (typeof id !== 'string' || !isSequence(seq)) return socket.close(4002, 'bad payload')
    const session = this.#sessions.get(id)
    if (session === undefined) return socket.close(4006, 'session id invalid')
    if (seq > session.sequence) return socket.close(4007, 'seq wrong')
    const missed = session.since(seq)
    const detachedAt = session.detachedAt ?? this.#platform.clock.now()
    const isOver = this.#platform.clock.now() - detachedAt > this.#options.resumeWindowMs
    if (missed === undefined || isOver) {
      this.#sessions.delete(id)
      return refuse(socket, { invalidSession: false })
    }
    for (const other of this.#connections)
      if (other.session === session) other.socket.close(4009, 'resumed elsewhere')
    this.#attach(connection, session)
    for (const frame of missed) send(socket, frame)
    send(socket, session.frame({ t: 'RESUMED', d: '' }))
    this.#online.push(session)
  }

  #attach(connection: Connection, session: GatewaySession): void {
    for (const other of this.#connections) if (other.session === session) other.session = undefined
    session.detachedAt = undefined
    connection.session = session
  }

  /** Sends an event to the sessions that asked for its kind, and keeps it for those which may resume. */
  dispatch(envelope: QQEnvelope): void {
    const intent = intentOf(envelope.t)
    const guildId = guildOf(envelope)
    for (const session of this.#sessions.values()) {
      if (!isFor(session, intent, guildId)) continue
      const frame = session.frame(envelope)
      for (const { socket } of this.#of(session)) send(socket, frame)
    }
  }

  #of(session: GatewaySession): Connection[] {
    return [...this.#connections].filter((connection) => connection.session === session)
  }

  /** Closes every socket with a code, or without the closing handshake when none is given. */
  drop(code?: number, reason = ''): void {
    for (const { socket } of this.#connections) {
      if (code === undefined) socket.terminate()
      else socket.close(code, reason)
    }
  }

  /** Sends a frame to every socket; text goes out as it is. */
  broadcast(frame: JsonObject | string | Buffer): void {
    for (const { socket } of this.#connections) {
      socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
    }
  }

  /** Ends sessions on the server's side; a later Resume is answered with 4006. */
  forgetSessions(): void {
    this.#sessions.clear()
  }

  refuseLogins(refusal: QQLoginRefusal, times: number): void {
    for (let time = 0; time < times; time += 1) this.#refusals.push(refusal)
  }

  refuseUpgrades(status: number, times: number): void {
    for (let time = 0; time < times; time += 1) this.#refusedUpgrades.push(status)
  }

  withholdAcks(times: number): void {
    this.#withheldAcks += times
  }

  withholdHellos(times: number): void {
    this.#withheldHellos += times
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#connections].map(async ({ socket }) => {
        const closed = once(socket, 'close')
        socket.terminate()
        await closed
      }),
    )
    this.#server.close()
  }
}

const send = (socket: WebSocket, frame: object): void => {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
}

function refuse(socket: WebSocket, refusal: QQLoginRefusal): void {
  if ('close' in refusal) return socket.close(refusal.close, refusal.reason ?? '')
  send(socket, { op: 9, d: refusal.invalidSession })
  if (refusal.closeAfter !== undefined) socket.close(refusal.closeAfter)
}

/** The guild an event is routed by; direct messages have a session id there, which no shard owns. */
function guildOf({ t, d }: QQEnvelope): string | undefined {
  if (!isJsonObject(d) || t.startsWith('DIRECT_MESSAGE')) return undefined
  const source = t.startsWith('GUILD_') && !t.startsWith('GUILD_MEMBER') ? d['id'] : d['guild_id']
  const nested = isJsonObject(d['message']) ? d['message']['guild_id'] : undefined
  const guildId = source ?? nested
  return typeof guildId === 'string' ? guildId : undefined
}
