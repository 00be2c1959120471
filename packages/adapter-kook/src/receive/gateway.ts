import {
  type ConnectMode,
  type FailureWords,
  type InboxGap,
  OrderedInbox,
  ReconnectingSocket,
  type SocketAttempt,
  type SocketClose,
} from '@mynah/adapter-kit'
import { type Clock, type LoginStatus, systemClock, type Logger } from '@mynah/core'

import { isTokenRefused } from '../errors.ts'

import { dropSecret, isEventFrame, readFrame } from './frame.ts'
import { GatewayState, type GatewayStep, type Replacement } from './gateway-state.ts'
import type { KookEventData } from '../wire/events.ts'
import { type KookFrame, signals } from '../wire/frames.ts'
import { filled, isRecord } from '../wire/read.ts'

/** What a gateway connection needs. */
export interface GatewayOptions {
  /** Asks for the URL of a gateway, which bears a short-lived secret. */
  readonly lookUp: (signal: AbortSignal) => Promise<string>
  /** Takes each event once, in order. */
  readonly onEvent: (data: KookEventData) => void
  /** An event could not be taken; why, in words for an operator. */
  readonly onRefused?: ((reason: string) => void) | undefined
  /** The gateway does not take the token; it is tried again all the same. */
  readonly onTokenRefused?: ((reason: string) => void) | undefined
  /** Hears whether the connection is there. */
  readonly onStatus: (status: LoginStatus) => void
  /** Hears about the connection. */
  readonly logger: Logger
  /** Renew a connection after so many ms; never when absent. */
  readonly maxAgeMs?: number | undefined
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined
  /** A number in [0, 1). @defaultValue Math.random */
  readonly random?: (() => number) | undefined
}

/** Events that may wait for a missing one. */
const maxHeld = 1000
/** How long they may wait, in ms. */
const maxGapMs = 90_000

/**
 * Receives events from the gateway: it connects, does what {@link GatewayState} says, and puts events in order.
 *
 * @see KOOK developer documentation, "Websocket".
 */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #clock: Clock
  readonly #state: GatewayState
  readonly #socket: ReconnectingSocket
  /** An event that cannot be read keeps its place, so that nobody waits for it. */
  readonly #inbox: OrderedInbox<KookEventData | undefined>
  #url = ''
  #openedAt = 0
  #cancelTimer: (() => void) | undefined
  /** The first events of a session were missing when the last ping went out. */
  #lacksBaseline = false

  /** @param options - Where to connect, and who takes the events. */
  constructor(options: GatewayOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#state = new GatewayState(options.random)
    this.#inbox = new OrderedInbox<KookEventData | undefined>({
      deliver: (data) => this.#deliver(data),
      onError: (err) => this.#onError(err),
      onStuck: (gap) => this.#onStuck(gap),
      maxHeld,
      maxGapMs,
      clock: this.#clock,
    })
    this.#socket = new ReconnectingSocket({
      name: 'KOOK gateway',
      target: (attempt) => this.#target(attempt),
      listener: {
        open: () => this.#onOpen(),
        message: (data) => this.#onMessage(data),
        close: (close) => this.#onClose(close),
      },
      policy: (close) => this.#decide(close),
      logger: options.logger,
      clock: this.#clock,
      // The platform has a heartbeat of its own.
      pingIntervalMs: 0,
      healthyAfterMs: Infinity,
    })
  }

  /** Begins to connect, and stays connected until {@link stop}. */
  start(): void {
    this.#socket.start()
  }

  /** Ends everything; no socket and no timer stays behind. */
  async stop(): Promise<void> {
    this.#setTimer(undefined)
    this.#inbox.stop()
    await this.#socket.stop()
  }

  async #target({ mode, signal }: SocketAttempt): Promise<{ url: string }> {
    const { needsGateway } = this.#state.connecting(mode)
    if (needsGateway) this.#url = await this.#lookUp(signal)
    this.#state.found()
    return { url: this.#state.isResume ? this.#resumeUrl() : this.#url }
  }

  async #lookUp(signal: AbortSignal): Promise<string> {
    try {
      return await this.#options.lookUp(signal)
    } catch (error) {
      if (isTokenRefused(error)) this.#options.onTokenRefused?.('the API refuses the token')
      throw error
    }
  }

  #resumeUrl(): string {
    const separator = this.#url.includes('?') ? '&' : '?'
    const session = encodeURIComponent(this.#state.sessionId ?? '')
    return `${this.#url}${separator}resume=1&sn=${this.#lastSn}&session_id=${session}`
  }

  get #lastSn(): number {
    return this.#inbox.last ?? 0
  }

  #onOpen(): void {
    this.#openedAt = this.#clock.monotonic()
    this.#apply(this.#state.opened())
  }

  #onMessage(data: string | Buffer): void {
    let frame: KookFrame
    try {
      frame = readFrame(data)
    } catch (err) {
      this.#options.logger.debug({ err }, 'A frame of the gateway could not be read and is left out.')
      this.#options.onRefused?.('a frame of the gateway could not be read')
      return
    }
    if (frame.s === signals.event) this.#onEvent(frame)
    else this.#onSignal(frame)
  }

  #onEvent(frame: KookFrame): void {
    if (isEventFrame(frame)) dropSecret(frame.d)
    const data = isEventFrame(frame) ? frame.d : undefined
    if (data === undefined) this.#options.onRefused?.('an event of the gateway has no number or no body')
    if (typeof frame.sn === 'number') this.#inbox.push(frame.sn, data)
  }

  #deliver(data: KookEventData | undefined): void {
    if (data === undefined) return
    try {
      this.#options.onEvent(data)
    } catch (err) {
      this.#options.logger.error({ err }, `The event ${data.msg_id} could not be handled and is left out.`)
      this.#options.onRefused?.('an event could not be handled')
    }
  }

  #onError(err: unknown): void {
    this.#options.logger.error({ err }, 'A gap in the events of the gateway could not be dealt with.')
  }

  #onSignal(frame: KookFrame): void {
    const data = isRecord(frame.d) ? frame.d : {}
    const react = this.#signals[frame.s]
    if (react === undefined) {
      this.#options.logger.warn({ signal: frame.s }, 'The gateway sent a signal that is not known.')
      return
    }
    this.#apply(react(data))
  }

  readonly #signals: Readonly<Record<number, (data: Readonly<Record<string, unknown>>) => GatewayStep>> = {
    [signals.hello]: (data) =>
      this.#state.hello(typeof data['code'] === 'number' ? data['code'] : 0, sessionIdIn(data)),
    [signals.pong]: () => this.#state.pong(),
    [signals.reconnect]: ({ code }) =>
      this.#state.restart(`the server asked for it${typeof code === 'number' ? ` (${code})` : ''}`),
    [signals.resumeAck]: (data) => this.#state.resumed(sessionIdIn(data)),
  }

  #onClose({ opened, code, error }: SocketClose): void {
    this.#setTimer(undefined)
    this.#options.onStatus('reconnecting')
    const fields = { code, phase: this.#state.phase, ...(error === undefined ? {} : { err: error }) }
    this.#options.logger.debug(fields, opened ? 'The gateway connection ended.' : 'No gateway connection.')
  }

  /** Answers for connections that ended by themselves; those we close have their answer already. */
  #decide({ opened }: SocketClose): { mode: ConnectMode; delayMs: number } {
    const { mode, delayMs, forget } = this.#state.closed(opened)
    if (forget === true) this.#forget()
    return { mode, delayMs }
  }

  #onTimeUp(): void {
    const { maxAgeMs } = this.#options
    const isOld = maxAgeMs !== undefined && this.#clock.monotonic() - this.#openedAt >= maxAgeMs
    if (isOld && this.#state.phase === 'connected') this.#apply(this.#state.renew('it is old enough'))
    else this.#apply(this.#state.timeUp())
  }

  #apply(step: GatewayStep): void {
    if (step.forget === true) this.#forget()
    if (step.timerMs !== undefined) this.#setTimer(step.timerMs)
    if (step.greeted === true) {
      this.#socket.markHealthy()
      this.#options.onStatus('online')
    }
    if (step.ping === true) this.#ping()
    if (step.close !== undefined) this.#replace(step.close, step.refused)
  }

  /** Makes another connection; an operator is told unless it was planned. */
  #replace({ mode, delayMs, why, isPlanned }: Replacement, refused: number | undefined): void {
    const failure: FailureWords =
      refused === undefined
        ? { reason: why }
        : {
            reason: `the gateway refused the token (code ${refused})`,
            hint: 'check "token" against the developer console',
          }
    this.#socket.reconnect(mode, { delayMs, code: 1000, ...(isPlanned === true ? {} : { failure }) })
    if (refused !== undefined) this.#options.onTokenRefused?.(failure.reason)
  }

  #ping(): void {
    this.#findBaseline()
    this.#socket.send(`{"s":${signals.ping},"sn":${this.#lastSn}}`)
  }

  /**
   * A fresh session may begin above 1. When the missing events did not come within a heartbeat, there are none.
   */
  #findBaseline(): void {
    const lacks = this.#lastSn === 0 && this.#inbox.held > 0
    if (lacks && this.#lacksBaseline) {
      this.#inbox.skip()
    }
    this.#lacksBaseline = lacks && this.#lastSn === 0
  }

  #onStuck({ expected, held }: InboxGap): void {
    this.#options.logger.debug({ expected, held }, 'The gateway did not send an event that others wait for.')
    this.#options.onRefused?.('an event never came')
    this.#apply(this.#state.restart(`event ${expected} is missing`))
  }

  /** A new session does not bring what waits for an event that is missing; it has waited in vain. */
  #forget(): void {
    while (this.#inbox.held > 0) this.#inbox.skip()
    this.#inbox.reset()
    this.#lacksBaseline = false
  }

  #setTimer(delayMs: number | undefined): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (delayMs !== undefined) this.#cancelTimer = this.#clock.setTimeout(() => this.#onTimeUp(), delayMs)
  }
}

/** Real frames bear both names. */
function sessionIdIn(data: Readonly<Record<string, unknown>>): string | undefined {
  const id = data['session_id'] ?? data['sessionId']
  return typeof id === 'string' ? filled(id) : undefined
}
