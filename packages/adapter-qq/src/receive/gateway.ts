import {
  type FailureWords,
  ReconnectingSocket,
  type SocketClose,
  type SocketOutcome,
  type SocketTarget,
} from '@mynah/adapter-kit'
import { type Clock, type Logger, MynahError } from '@mynah/core'
import type { Credentials } from '../api/token-source.ts'
import { tooManyGuilds } from './close-codes.ts'
import { intentBits } from './intents.ts'
import { type Dispatch, opcodes, readEnvelope } from '../wire/envelope.ts'
import {
  type GatewayAction,
  type GatewaySession,
  GatewayState,
  type GatewayStateOptions,
} from './gateway-state.ts'
import type { SessionStarts } from './session-starts.ts'

/** Where one connection stands. */
export type GatewayStatus = 'connecting' | 'online' | 'reconnecting' | 'stopped'

/** Who hears of a connection. */
export interface GatewayListener {
  /** An event came in. */
  event(envelope: Dispatch): void
  status(status: GatewayStatus): void
  /** A frame could not be read. */
  refused(reason: string): void
  /** The platform refuses the credentials; they are tried again all the same. */
  credentialsRefused(reason: string): void
  /** One connection cannot carry all guilds. */
  tooManyGuilds(): void
  /** The session changed: it began, advanced or ended. */
  session(session: GatewaySession | undefined): void
}

/** What a {@link Gateway} needs. */
export interface GatewayOptions {
  readonly shard: readonly [number, number]
  readonly state: GatewayStateOptions
  readonly credentials: Credentials
  readonly starts: SessionStarts
  /** Asked before every attempt. */
  readonly url: (failures: number) => Promise<string>
  readonly listener: GatewayListener
  readonly logger: Logger
  readonly clock: Clock
}

const helloTimeoutMs = 30_000
/** Neither 1000 nor 1001, which end the session on the platform's side. */
const resumableClose = 3000

/** One connection to the gateway: feeds frames to {@link GatewayState} and does what comes out. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #state: GatewayState
  readonly #socket: ReconnectingSocket
  readonly #stopping = new AbortController()
  #cancelHello: (() => void) | undefined
  #cancelBeat: (() => void) | undefined
  #cancelClose: (() => void) | undefined
  /** Why the last connection ended, where its code does not say it. */
  #failure: FailureWords | undefined
  /** Counts connections, so that what was begun for one is not sent on the next. */
  #connection = 0
  #wasOnline = false

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#state = new GatewayState(options.state)
    this.#socket = new ReconnectingSocket({
      name: 'QQ gateway',
      target: ({ failures }) => this.#target(failures),
      listener: {
        open: () => this.#opened(),
        message: (data) => this.#message(data),
        close: (_close, outcome) => this.#closed(outcome),
      },
      policy: (close) => this.#decide(close),
      explain: () => this.#failure ?? {},
      logger: options.logger,
      // Heartbeats watch the connection.
      pingIntervalMs: 0,
      healthyAfterMs: Infinity,
      clock: options.clock,
    })
  }

  /** The intents that are asked for, as bits. */
  get intents(): number {
    return intentBits(this.#state.intents)
  }

  start(): void {
    this.#options.listener.status('connecting')
    this.#socket.start()
  }

  /** Closes for good; the session stays resumable. Leaves no timer and no socket. */
  async stop(): Promise<void> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The gateway connection was stopped.'))
    this.#cancelTimers()
    await this.#socket.stop(resumableClose)
  }

  async #target(failures: number): Promise<SocketTarget> {
    return { url: await this.#options.url(failures) }
  }

  #opened(): void {
    this.#connection += 1
    this.#state.opened()
    this.#cancelHello = this.#options.clock.setTimeout(
      () => this.#run(this.#state.helloMissed()),
      helloTimeoutMs,
    )
  }

  #message(data: string | Buffer): void {
    const frame = parseFrame(data)
    if (frame === undefined) return this.#options.listener.refused('a frame of the gateway could not be read')
    if (frame.op === opcodes.hello) this.#cancelHello?.()
    this.#run(this.#state.frame(frame))
  }

  #decide(close: SocketClose): 'fatal' | 'slow' | { mode: 'fresh'; delayMs: number } {
    this.#failure = undefined
    const after = this.#state.closed(close)
    this.#failure = after.failure
    this.#options.logger.debug({ code: close.code, reason: close.reason }, 'A gateway connection ended')
    this.#options.listener.session(this.#state.session)
    if (close.code === tooManyGuilds) this.#options.listener.tooManyGuilds()
    if (after.next === 'stop') {
      this.#options.listener.status('stopped')
      return 'fatal'
    }
    this.#run(after.actions)
    // Where to connect is not told to credentials that are refused; they are tried again, but seldom.
    if (close.error?.code === 'AUTH_FAILED' && !close.error.retriable) return 'slow'
    return { mode: 'fresh', delayMs: after.delayMs }
  }

  #closed(outcome: SocketOutcome): void {
    this.#connection += 1
    this.#cancelTimers()
    if (outcome.next === 'waiting' && this.#wasOnline) this.#options.listener.status('reconnecting')
  }

  #run(actions: readonly GatewayAction[]): void {
    for (const action of actions) this.#perform(action)
  }

  #perform(action: GatewayAction): void {
    const { listener, logger } = this.#options
    switch (action.do) {
      case 'event':
        listener.event(action.envelope)
        return listener.session(this.#state.session)
      case 'send':
        return void this.#socket.send(JSON.stringify(action.frame))
      case 'beat':
        return this.#scheduleBeat(action.intervalMs)
      case 'identify':
        return void this.#logIn(undefined)
      case 'resume':
        return void this.#logIn(action.session)
      case 'online':
        this.#wasOnline = true
        this.#socket.markHealthy()
        return listener.status('online')
      case 'reconnect':
        return this.#reconnect(action.delayMs, action.failure)
      case 'await-close':
        this.#cancelClose = this.#options.clock.setTimeout(
          () => this.#run(this.#state.closeMissed()),
          action.limitMs,
        )
        return
      case 'refused':
        return listener.credentialsRefused(action.failure.reason)
      case 'renew':
        return void this.#renew()
      case 'dropped-intent':
        return logger.warn(
          { intent: action.name },
          'The platform refused the login; trying without an intent',
        )
      case 'ignore':
        return logger.debug({ why: action.why }, 'A gateway frame was ignored')
    }
  }

  #reconnect(delayMs: number, failure: FailureWords | undefined): void {
    const words = failure === undefined ? {} : { failure }
    this.#socket.reconnect('resume', { delayMs, code: resumableClose, ...words })
  }

  #scheduleBeat(intervalMs: number): void {
    this.#cancelBeat?.()
    this.#cancelBeat = this.#options.clock.setTimeout(() => {
      this.#scheduleBeat(intervalMs)
      this.#run(this.#state.beat())
    }, intervalMs)
  }

  async #logIn(session: GatewaySession | undefined): Promise<void> {
    const connection = this.#connection
    try {
      if (session === undefined) await this.#options.starts.claim(this.#stopping.signal)
      const token = await this.#options.credentials.authorization()
      if (connection !== this.#connection) return
      this.#socket.send(JSON.stringify(this.#loginFrame(token, session)))
    } catch (err) {
      if (this.#stopping.signal.aborted || connection !== this.#connection) return
      this.#loginFailed(MynahError.from(err, 'AUTH_FAILED'))
    }
  }

  /** Without credentials nothing can be sent; who keeps them has told why. */
  #loginFailed(error: MynahError): void {
    this.#options.logger.debug({ err: error }, 'The login to the gateway could not be sent')
    const reason = `the login could not be sent: ${error.message}`
    this.#run(this.#state.loginFailed(this.#options.credentials.isFailing ? undefined : { reason }))
  }

  #loginFrame(token: string, session: GatewaySession | undefined): object {
    if (session !== undefined) {
      return { op: opcodes.resume, d: { token, session_id: session.sessionId, seq: session.seq } }
    }
    const properties = { $os: process.platform, $browser: 'mynah', $device: 'mynah' }
    const d = { token, intents: this.intents, shard: this.#options.shard, properties }
    return { op: opcodes.identify, d }
  }

  async #renew(): Promise<void> {
    try {
      await this.#options.credentials.renew()
    } catch (err) {
      // Who keeps them tells why, and goes on trying.
      this.#options.logger.debug({ err }, 'New credentials could not be had')
    }
  }

  #cancelTimers(): void {
    this.#cancelHello?.()
    this.#cancelBeat?.()
    this.#cancelClose?.()
    this.#cancelHello = undefined
    this.#cancelBeat = undefined
    this.#cancelClose = undefined
  }
}

function parseFrame(data: string | Buffer): ReturnType<typeof readEnvelope> {
  try {
    return readEnvelope(JSON.parse(data.toString()))
  } catch {
    return undefined
  }
}
