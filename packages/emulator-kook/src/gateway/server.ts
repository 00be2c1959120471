import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { deferred } from '@mynah/core/adapter'
import { Timers, type KookClock } from '../world/clock.ts'
import { isJsonObject, parseJson, type JsonObject } from '@mynah/emulator-kit'
import { encodeFrame, signals, type EventFrame, type KookFrameForm } from './frames.ts'
import type { KookGatewayFaults } from '../faults/gateway-faults.ts'
import type { GatewayLog } from './activity-log.ts'
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
export class GatewayServer {
  readonly #faults: KookGatewayFaults
  readonly #log: GatewayLog
  readonly #clock: KookClock
  readonly #timers: Timers
  readonly #options: Required<KookGatewayOptions>
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #origin: string
  readonly #frameExtra: JsonObject
  readonly #tokens = new Map<string, number>()
  readonly #links = new Set<Link>()
  readonly #sessions = new Map<string, GatewaySession>()
  readonly #waiting = new Set<() => void>()
  /** The session events are written to; it may be without a connection for a while. */
  #current: GatewaySession | undefined
  #cancelExpiry: () => void = () => undefined
  /** Events waiting for their release. */
  #held: EventFrame[] | undefined

  /**
   * @param origin - Where gateway URLs point.
   * @param frameExtra - What each event frame shows beside the event; secrets, as on the platform.
   */
  constructor(setup: {
    clock: KookClock
    origin: string
    frameExtra: JsonObject
    faults: KookGatewayFaults
    log: GatewayLog
    options: KookGatewayOptions
  }) {
    this.#clock = setup.clock
    this.#timers = new Timers(setup.clock)
    this.#origin = setup.origin
    this.#frameExtra = setup.frameExtra
    this.#faults = setup.faults
    this.#log = setup.log
    this.#options = {
      tokenLifeMs: 300_000,
      sessionLifeMs: 300_000,
      idleTimeoutMs: 120_000,
      backlog: 1000,
      firstSn: 1,
      sessionIdKey: 'both',
      ...setup.options,
    }
  }

  /** Every open connection. */
  get links(): ReadonlySet<Link> {
    return this.#links
  }

  /** The session that gets the events. */
  get session(): GatewaySession | undefined {
    return this.#current
  }

  /** The connection that gets the events. */
  get live(): Link | undefined {
    return [...this.#links].find((link) => link.live && link.session === this.#current)
  }

  /** Resolves as soon as there is a connection that gets the events. */
  ready(): Promise<void> {
    if (this.live !== undefined) return Promise.resolve()
    const { promise, resolve } = deferred()
    this.#waiting.add(resolve)
    return promise
  }

  holdEvents(): void {
    this.#held ??= []
  }

  releaseEvents(order: (events: readonly EventFrame[]) => readonly EventFrame[]): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const frame of order(held)) this.#write(frame)
  }

  reconnect(code: number | null, err: string): void {
    if (this.live !== undefined) this.#sendReconnect(this.live, code, err)
  }

  expireSession(): void {
    if (this.#current !== undefined) this.#sessions.delete(this.#current.id)
    this.#current = undefined
  }

  expireTokens(): void {
    for (const token of this.#tokens.keys()) this.#tokens.set(token, -Infinity)
  }

  /** A gateway URL with a fresh token. */
  issueUrl(compress: boolean): string {
    const token = randomBytes(24).toString('base64url')
    this.#tokens.set(token, this.#clock.now() + this.#options.tokenLifeMs)
    return `${this.#origin}/gateway?compress=${Number(compress)}&token=${token}`
  }

  /** Numbers an event and sends it; without a session there is nobody to keep it for. */
  deliver(d: JsonObject): void {
    const frame = this.#current?.append(d, this.#frameExtra)
    if (frame === undefined) return
    const mishap = this.#faults.takeMishap()
    if (mishap === 'lose') return
    if (this.#held !== undefined) this.#held.push(frame)
    else this.#write(frame)
    if (mishap === 'duplicate') this.#write(frame)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#faults.take('refuse-connection')) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const { searchParams } = new URL(request.url ?? '/', 'ws://127.0.0.1')
    this.#server.handleUpgrade(request, socket, head, (client) => this.#accept(client, searchParams))
  }

  /** Takes the bot offline: its connections end and the session is forgotten. */
  evict(): void {
    this.expireSession()
    for (const link of this.#links) link.socket.close(1000)
  }

  async close(): Promise<void> {
    this.#timers.close()
    for (const link of this.#links) link.socket.terminate()
    const { promise, resolve } = deferred()
    this.#server.close(() => resolve())
    await promise
  }

  #accept(socket: WebSocket, query: URLSearchParams): void {
    const compress = query.get('compress') !== '0'
    const resume = query.get('resume') === '1'
    const sessionId = query.get('session_id') ?? query.get('sessionId')
    const opened = { kind: 'open', resume, sn: query.get('sn'), sessionId, compress } as const
    this.#log.push(opened)
    const form = compress ? 'zlib' : 'text'
    // A broken client is no error of the server; its close is all that matters.
    socket.on('error', () => undefined)
    if (this.#faults.take('withhold-hello')) {
      this.#hold(socket, form, this.#newSession(), false)
      return
    }
    const refusal = this.#faults.takeHelloCode() ?? this.#tokenRefusal(query.get('token'))
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
    return expiresAt <= this.#clock.now() ? 40103 : undefined
  }

  /** A fresh session; when the bot is connected already, the newcomer is greeted but gets no events. */
  #start(socket: WebSocket, form: KookFrameForm): void {
    const live = this.live === undefined
    if (live) this.expireSession()
    const session = this.#newSession()
    if (live) {
      this.#current = session
      this.#cancelExpiry()
      this.#sessions.set(session.id, session)
    }
    const link = this.#hold(socket, form, session, live)
    this.#greet(link)
    this.#wake()
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
    if (this.#faults.take('reconnect-after-resume')) this.#sendReconnect(link, 40107, 'session expired')
    this.#wake()
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
    if (link.session === this.#current && this.live === undefined) {
      this.#cancelExpiry = this.#timers.after(this.#options.sessionLifeMs, () => this.expireSession())
    }
  }

  #cut(link: Link): void {
    this.#links.delete(link)
    link.socket.terminate()
  }

  #watchIdle(link: Link): void {
    link.cancelIdle()
    link.cancelIdle = this.#timers.after(this.#options.idleTimeoutMs, () => link.socket.terminate())
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
    if (this.#faults.take('withhold-pong')) return
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
    const send = (): void => {
      const link = this.live
      if (link !== undefined) this.#sendTo(link, frame)
    }
    if (this.#faults.delayMs > 0) this.#timers.after(this.#faults.delayMs, send)
    else send()
  }

  #sendTo(link: Link, frame: unknown): void {
    if (link.socket.readyState === link.socket.OPEN) link.socket.send(encodeFrame(frame, link.form))
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
