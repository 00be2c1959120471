import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Clock } from '@mynah/core'
import {
  ActivityLog,
  type ActivityOf,
  type ConnectionFaults,
  type EventFaults,
  isJsonObject,
  type JsonObject,
  parseJson,
  type Plan,
  SocketHost,
  type Timers,
} from '@mynah/emulator-kit'
import type { WebSocket } from 'ws'

import { encodeFrame, signals, type EventFrame, type KookFrameForm } from './frames.ts'
import { GatewaySession } from './session.ts'

/** Settings of the gateway. */
export interface KookGatewayOptions {
  /** Life of the token in a gateway URL, in ms. @defaultValue 300000 */
  tokenLifeMs?: number
  /** How long a session without a connection can be resumed, in ms. @defaultValue 300000 */
  sessionLifeMs?: number
  /** Silence after which the server drops a connection, in ms. @defaultValue 120000 */
  idleTimeoutMs?: number
  /** How many events a session keeps for replays. @defaultValue 1000 */
  backlog?: number
  /** Number of the first event of a session. @defaultValue 1 */
  firstSn?: number
  /** Under which name a HELLO carries the session id. @defaultValue 'both' */
  sessionIdKey?: 'session_id' | 'sessionId' | 'both'
}

/** Something a client of the gateway did. */
export type KookGatewayActivity =
  /** A client connected; `resume` tells whether it asked to resume, with its parameters. */
  | { kind: 'open'; resume: boolean; sn: string | null; sessionId: string | null; compress: boolean }
  /** A client pinged with the number of the last event it handled. */
  | { kind: 'ping'; sn: number }
  /** A client asked on an open connection for what it missed. */
  | { kind: 'resume'; sn: number }
  /** A client sent something else. */
  | { kind: 'frame'; text: string }
  /** A connection ended; 1006 when it broke. */
  | { kind: 'close'; code: number }

/** What tests look at: who is connected, and what clients did. */
export type KookGatewayView = Pick<
  Gateway,
  'isOnline' | 'connectionCount' | 'opened' | 'lastSn' | 'sessionId' | 'expect'
>

type Opened = ActivityOf<KookGatewayActivity, 'open'>

/** What the gateway is made of. */
export interface GatewayParts {
  readonly clock: Clock
  readonly timers: Timers
  /** Where gateway URLs point. */
  readonly origin: () => string
  /** What each event frame shows beside the event; secrets, as on the platform. */
  readonly frameExtra: JsonObject
  /** A login is refused by the code of its HELLO. */
  readonly connections: ConnectionFaults<number>
  readonly reconnectsAfterResume: Plan<true>
  readonly events: EventFaults<EventFrame>
  readonly options: KookGatewayOptions
  /** Called when a client gets events, or none does any more. */
  readonly onlineChanged: () => void
}

/** One connection of a client. */
export interface Link {
  readonly socket: WebSocket
  readonly form: KookFrameForm
  readonly session: GatewaySession
  /** Whether it is the one connection of the bot that gets events. */
  readonly live: boolean
  cancelIdle: () => void
}

/**
 * The gateway's protocol: tokens, greetings, numbered events, heartbeats, resumes.
 *
 * @see KOOK developer documentation, "Websocket".
 */
export class Gateway {
  readonly #parts: GatewayParts
  readonly #options: Required<KookGatewayOptions>
  readonly #host: SocketHost
  readonly #log = new ActivityLog<KookGatewayActivity>()
  readonly #opened: Opened[] = []
  readonly #tokens = new Map<string, number>()
  readonly #links = new Set<Link>()
  readonly #sessions = new Map<string, GatewaySession>()
  /** The session events are written to; it may be without a connection for a while. */
  #current: GatewaySession | undefined
  #cancelExpiry: () => void = () => undefined

  constructor(parts: GatewayParts) {
    this.#parts = parts
    this.#host = new SocketHost(parts.connections.refusals)
    this.#options = {
      tokenLifeMs: 300_000,
      sessionLifeMs: 300_000,
      idleTimeoutMs: 120_000,
      backlog: 1000,
      firstSn: 1,
      sessionIdKey: 'both',
      ...parts.options,
    }
  }

  // ---- what tests look at

  /** Whether a connection gets events right now. */
  get isOnline(): boolean {
    return this.#live !== undefined
  }

  /** How many connections are open, silent ones included. */
  get connectionCount(): number {
    return this.#links.size
  }

  /** How clients connected, oldest first. */
  get opened(): readonly Opened[] {
    return this.#opened
  }

  /** The number of the newest event of the current session; 0 before the first. */
  get lastSn(): number {
    return this.#current?.lastSn ?? 0
  }

  /** The id of the session that gets the events. */
  get sessionId(): string | undefined {
    return this.#current?.id
  }

  /**
   * Waits for something a client does that was not waited for before.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when it does not happen in time.
   */
  expect<K extends KookGatewayActivity['kind']>(
    kind: K,
    accepts?: (activity: ActivityOf<KookGatewayActivity, K>) => boolean,
    timeoutMs?: number,
  ): Promise<ActivityOf<KookGatewayActivity, K>> {
    return this.#log.expect(kind, accepts, timeoutMs)
  }

  // ---- what the platform does

  /** Every open connection. */
  get links(): ReadonlySet<Link> {
    return this.#links
  }

  /** The connection that gets the events. */
  get #live(): Link | undefined {
    return [...this.#links].find((link) => link.live && link.session === this.#current)
  }

  /** Sends RECONNECT to the connection that gets events, and forgets its session. */
  reconnect(code: number | null, err: string): void {
    if (this.#live !== undefined) this.#sendReconnect(this.#live, code, err)
  }

  /** Forgets the current session. */
  expireSession(): void {
    if (this.#current !== undefined) this.#sessions.delete(this.#current.id)
    this.#current = undefined
  }

  /** Ends the life of every gateway URL given out so far. */
  expireTokens(): void {
    for (const token of this.#tokens.keys()) this.#tokens.set(token, -Infinity)
  }

  /** A gateway URL with a fresh token. */
  issueUrl(compress: boolean): string {
    const token = randomBytes(24).toString('base64url')
    this.#tokens.set(token, this.#parts.clock.now() + this.#options.tokenLifeMs)
    return `${this.#parts.origin()}/gateway?compress=${Number(compress)}&token=${token}`
  }

  /** Numbers an event and sends it; without a session there is nobody to keep it for. */
  deliver(d: JsonObject): void {
    const frame = this.#current?.append(d, this.#parts.frameExtra)
    if (frame !== undefined) void this.#parts.events.pass(frame, () => this.#write(frame))
  }

  /** Takes over an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? '/', 'ws://127.0.0.1')
    this.#host.upgrade(request, socket, head, (client) => this.#accept(client, searchParams))
  }

  /** Takes the bot offline: its connections end and the session is forgotten. */
  evict(): void {
    this.expireSession()
    this.#host.drop(1000)
  }

  /** Closes every connection with a code, or breaks them; the session can be resumed. */
  drop(code?: number, reason?: string): void {
    this.#host.drop(code, reason)
  }

  close(): Promise<void> {
    return this.#host.close()
  }

  #accept(socket: WebSocket, query: URLSearchParams): void {
    const compress = query.get('compress') !== '0'
    const resume = query.get('resume') === '1'
    const sessionId = query.get('session_id') ?? query.get('sessionId')
    const opened = { kind: 'open', resume, sn: query.get('sn'), sessionId, compress } as const
    this.#opened.push(opened)
    this.#log.push(opened)
    const form = compress ? 'zlib' : 'text'
    if (this.#parts.connections.hellos.take() !== undefined) {
      this.#hold(socket, form, this.#newSession(), false)
      return
    }
    const refusal = this.#parts.connections.logins.take() ?? this.#tokenRefusal(query.get('token'))
    if (refusal !== undefined) {
      this.#hold(socket, form, this.#newSession(), false)
      socket.send(encodeFrame({ s: signals.hello, d: { code: refusal } }, form))
      return
    }
    if (resume) this.#resume(socket, form, query.get('sn'), sessionId)
    else this.#start(socket, form)
  }

  #tokenRefusal(token: string | null): number | undefined {
    if (token === null || token === '') return 40100
    const expiresAt = this.#tokens.get(token)
    if (expiresAt === undefined) return 40101
    return expiresAt <= this.#parts.clock.now() ? 40103 : undefined
  }

  /** A fresh session; when the bot is connected already, the newcomer is greeted but gets no events. */
  #start(socket: WebSocket, form: KookFrameForm): void {
    const live = this.#live === undefined
    if (live) this.expireSession()
    const session = this.#newSession()
    if (live) {
      this.#current = session
      this.#cancelExpiry()
      this.#sessions.set(session.id, session)
    }
    const link = this.#hold(socket, form, session, live)
    this.#greet(link)
    this.#parts.onlineChanged()
  }

  #resume(socket: WebSocket, form: KookFrameForm, snText: string | null, id: string | null): void {
    const session = this.#sessions.get(id ?? '')
    const sn = Number(snText)
    if (session === undefined || snText === null || !/^\d+$/.test(snText) || !session.canReplayAfter(sn)) {
      const code = snText === null || id === null ? 40106 : session === undefined ? 40107 : 40108
      this.#sendReconnect(this.#hold(socket, form, this.#newSession(), false), code, 'resume failed')
      return
    }
    // The connection that had the session is dead, whether its end was noticed or not.
    for (const link of this.#links) if (link.session === session) this.#cut(link)
    this.#cancelExpiry()
    this.#current = session
    const link = this.#hold(socket, form, session, true)
    this.#greet(link)
    this.#replay(link, sn)
    if (this.#parts.reconnectsAfterResume.take() !== undefined)
      this.#sendReconnect(link, 40107, 'session expired')
    this.#parts.onlineChanged()
  }

  #newSession(): GatewaySession {
    return new GatewaySession(randomUUID(), this.#options.firstSn, this.#options.backlog)
  }

  /** Registers a connection until it ends. */
  #hold(socket: WebSocket, form: KookFrameForm, session: GatewaySession, live: boolean): Link {
    const link: Link = { socket, form, session, live, cancelIdle: () => undefined }
    this.#links.add(link)
    this.#watchIdle(link)
    socket.on('message', (data: Buffer) => this.#receive(link, data.toString('utf8')))
    socket.on('close', (code) => this.#release(link, code))
    return link
  }

  #release(link: Link, code: number): void {
    link.cancelIdle()
    this.#links.delete(link)
    this.#log.push({ kind: 'close', code })
    if (link.session === this.#current && this.#live === undefined) {
      this.#cancelExpiry = this.#parts.timers.after(this.#options.sessionLifeMs, () => this.expireSession())
    }
  }

  #cut(link: Link): void {
    this.#links.delete(link)
    link.socket.terminate()
  }

  #watchIdle(link: Link): void {
    link.cancelIdle()
    link.cancelIdle = this.#parts.timers.after(this.#options.idleTimeoutMs, () => link.socket.terminate())
  }

  #receive(link: Link, text: string): void {
    this.#watchIdle(link)
    const frame = parseJson(text)
    if (!isJsonObject(frame)) {
      this.#log.push({ kind: 'frame', text })
      return
    }
    const sn = typeof frame.sn === 'number' ? frame.sn : Number.NaN
    // A ping with a `d` key, even an empty one, is not recognised as a ping.
    if (frame.s === signals.ping && !('d' in frame)) this.#receivePing(link, sn)
    else if (frame.s === signals.resume) this.#receiveResume(link, sn)
    else this.#log.push({ kind: 'frame', text })
  }

  #receivePing(link: Link, sn: number): void {
    this.#log.push({ kind: 'ping', sn })
    if (!link.session.canReplayAfter(sn)) {
      this.#sendReconnect(link, 40108, 'Invalid SN')
      return
    }
    if (this.#parts.connections.heartbeatAcks.take() !== undefined) return
    this.#sendTo(link, { s: signals.pong })
    if (link.live) for (const frame of link.session.after(sn)) this.#sendTo(link, frame)
  }

  #receiveResume(link: Link, sn: number): void {
    this.#log.push({ kind: 'resume', sn })
    if (link.session.canReplayAfter(sn)) this.#replay(link, sn)
    else this.#sendReconnect(link, 40108, 'Invalid SN')
  }

  #greet(link: Link): void {
    this.#sendTo(link, { s: signals.hello, d: { code: 0, ...this.#sessionIdOf(link.session) } })
  }

  #sessionIdOf({ id }: GatewaySession): JsonObject {
    const key = this.#options.sessionIdKey
    return {
      ...(key !== 'session_id' && { sessionId: id }),
      ...(key !== 'sessionId' && { session_id: id }),
    }
  }

  #replay(link: Link, sn: number): void {
    for (const frame of link.session.after(sn)) this.#sendTo(link, frame)
    this.#sendTo(link, { s: signals.resumeAck, d: { ...this.#sessionIdOf(link.session) } })
  }

  #sendReconnect(link: Link, code: number | null, err: string): void {
    this.#sessions.delete(link.session.id)
    if (link.session === this.#current) this.#current = undefined
    this.#sendTo(link, { s: signals.reconnect, d: code === null ? {} : { code, err } })
  }

  #write(frame: EventFrame): void {
    const link = this.#live
    if (link !== undefined) this.#sendTo(link, frame)
  }

  #sendTo(link: Link, frame: unknown): void {
    if (link.socket.readyState === link.socket.OPEN) link.socket.send(encodeFrame(frame, link.form))
  }
}
