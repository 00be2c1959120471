import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import {
  ActivityLog,
  type ActivityOf,
  type ConnectionFaults,
  isJsonObject,
  type JsonObject,
  parseJson,
  SocketHost,
  type Timers,
} from '@mynah/emulator-kit'
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

/** Something a client of the gateway did. */
export type QQGatewayActivity =
  /** A client tried to log in. */
  | {
      readonly kind: 'login'
      readonly way: 'identify' | 'resume'
      /** Milliseconds since the epoch, by the emulator's clock. */
      readonly at: number
      /** The `d` of the frame. */
      readonly data: JsonObject
    }
  /** A client was let in: READY or RESUMED. */
  | { readonly kind: 'online'; readonly sessionId: string }
  /** A client sent a heartbeat with the number of the last event it got. */
  | { readonly kind: 'heartbeat'; readonly sequence: number | null }

/** What tests look at: who is online, and what clients did. */
export type QQGatewayView = Pick<Gateway, 'isOnline' | 'connectionCount' | 'expect'>

/** How the gateway answers a login attempt instead of letting it in. */
export type QQLoginRefusal =
  /** A close frame with this code. */
  | { readonly close: number; readonly reason?: string }
  /** Op 9, and behind it the close frame with this code where one is given. */
  | { readonly invalidSession: boolean; readonly closeAfter?: number }

const dayMs = 86_400_000
/** A client that says goodbye with one of these does not come back. */
const goodbyes = new Set([1000, 1001])
const receiveOnly = new Set([0, 7, 9, 10, 11, 12, 13])

interface Connection {
  readonly socket: WebSocket
  session: GatewaySession | undefined
  /** The server has begun to close it. */
  isDropped: boolean
  cancelWatchdog: () => void
}

/** What the gateway is made of. */
export interface GatewayParts {
  readonly platform: Platform
  readonly options: GatewayOptions
  readonly timers: Timers
  readonly faults: ConnectionFaults<QQLoginRefusal>
}

/** The WebSocket gateway: Hello, Identify, Resume, heartbeats, dispatch, and every way it goes wrong. */
export class Gateway {
  readonly #platform: Platform
  readonly #options: GatewayOptions
  readonly #timers: Timers
  readonly #faults: ConnectionFaults<QQLoginRefusal>
  readonly #host: SocketHost
  readonly #connections = new Set<Connection>()
  readonly #sessions = new Map<string, GatewaySession>()
  readonly #identifiedAt: number[] = []
  readonly #log = new ActivityLog<QQGatewayActivity>()

  constructor(parts: GatewayParts) {
    this.#platform = parts.platform
    this.#options = parts.options
    this.#timers = parts.timers
    this.#faults = parts.faults
    this.#host = new SocketHost(parts.faults.refusals)
  }

  /** Whether a logged-in socket is there. */
  get isOnline(): boolean {
    return [...this.#connections].some(({ session }) => session !== undefined)
  }

  /** How many sockets are open, logged in or not. */
  get connectionCount(): number {
    return this.#connections.size
  }

  /**
   * Waits for something a client does that was not waited for before.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when it does not happen in time.
   */
  expect<K extends QQGatewayActivity['kind']>(
    kind: K,
    accepts?: (activity: ActivityOf<QQGatewayActivity, K>) => boolean,
    timeoutMs?: number,
  ): Promise<ActivityOf<QQGatewayActivity, K>> {
    return this.#log.expect(kind, accepts, timeoutMs)
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
    this.#host.upgrade(request, socket, head, (client) => this.#welcome(client))
  }

  #welcome(socket: WebSocket): void {
    const connection: Connection = {
      socket,
      session: undefined,
      isDropped: false,
      cancelWatchdog: () => {},
    }
    this.#connections.add(connection)
    socket.on('message', (data, isBinary) => this.#receive(connection, data, isBinary))
    socket.on('close', (code) => this.#leave(connection, code))
    if (this.#faults.hellos.take() !== undefined) return
    send(socket, { op: 10, d: { heartbeat_interval: this.#options.heartbeatIntervalMs } })
    this.#watch(connection)
  }

  #leave(connection: Connection, code: number): void {
    const { session, isDropped } = connection
    connection.cancelWatchdog()
    this.#connections.delete(connection)
    if (session === undefined) return
    session.detachedAt = this.#platform.clock.now()
    if (goodbyes.has(code) && !isDropped) this.#sessions.delete(session.id)
  }

  #watch(connection: Connection): void {
    connection.cancelWatchdog()
    connection.cancelWatchdog = this.#timers.after(this.#options.heartbeatIntervalMs * 2, () =>
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
    this.#log.push({ kind: 'heartbeat', sequence })
    if (this.#faults.heartbeatAcks.take() === undefined) send(connection.socket, { op: 11 })
  }

  /** Lets somebody in, or says why not; shared by Identify and Resume. */
  #admit(connection: Connection, way: 'identify' | 'resume', data: unknown): JsonObject | undefined {
    const { socket } = connection
    if (!isJsonObject(data)) {
      socket.close(4002, 'bad payload')
      return undefined
    }
    this.#log.push({ kind: 'login', way, at: this.#platform.clock.now(), data })
    const refusal = this.#faults.logins.take()
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
    send(connection.socket, session.notice('READY', d))
    this.#log.push({ kind: 'online', sessionId: session.id })
    this.#platform.onlineChanged()
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
    send(socket, session.notice('RESUMED', ''))
    this.#log.push({ kind: 'online', sessionId: session.id })
    this.#platform.onlineChanged()
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
  drop(code?: number, reason?: string): void {
    for (const connection of this.#connections) connection.isDropped = true
    this.#host.drop(code, reason)
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

  close(): Promise<void> {
    return this.#host.close()
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
