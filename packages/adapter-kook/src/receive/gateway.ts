import {
  GatewayDriver,
  type GatewayConnection,
  type GatewayStatus,
  type IntakeProgress,
  type LeftProgress,
  OrderedInbox,
} from '@mynah/adapter-kit'
import { systemClock } from '@mynah/core'

import { isTokenRefused } from '../errors.ts'
import type { KookEventData } from '../wire/events.ts'
import { type KookFrame, signals } from '../wire/frames.ts'
import { dropSecret, isEventFrame, readFrame } from './frame.ts'
import type { EventTaker } from './event-taker.ts'
import {
  gatewayMachine,
  type GatewayMachineOptions,
  type GatewayNote,
  type GatewayState,
  type GatewayTask,
} from './gateway-state.ts'

/** What a gateway connection needs. */
export interface GatewayOptions extends EventTaker, Omit<GatewayMachineOptions, 'sessionId'> {
  /** Asks for the URL of a gateway, which bears a short-lived secret. */
  readonly lookUp: (signal: AbortSignal) => Promise<string>
  /** Resolves when no event waits any more; rejects when it is too late. */
  readonly drained?: (() => Promise<void>) | undefined
  /** The API or the gateway does not take the token; it is tried again all the same. */
  readonly onTokenRefused?: (() => void) | undefined
  /** Knows how far events are settled over a restart, where that is stored. */
  readonly progress?: IntakeProgress | undefined
  /** What a run before this one has left: the session that goes on. */
  readonly left?: LeftProgress | undefined
  /** Hears whether the connection is there. */
  readonly onStatus: (status: Exclude<GatewayStatus, 'failed'>) => void
}

/** An event by its number; one that could not be read has nothing else. */
interface Numbered {
  readonly sn: number
  readonly data: KookEventData | undefined
}

const nothing = (): void => {}

/** Events that may wait for a missing one. */
const maxHeld = 1000
/** How long they may wait, in ms. */
const maxGapMs = 90_000

/**
 * Receives events from the gateway and puts them in order. Events that there is no room for are left to the
 * platform: a ping names the last one that was taken, and the platform sends what follows it again.
 *
 * @see KOOK developer documentation, "Websocket".
 */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #driver: GatewayDriver<GatewayState, KookFrame, GatewayNote, GatewayTask>
  /** An event that cannot be read keeps its place, so that nobody waits for it. */
  readonly #inbox: OrderedInbox<Numbered>
  #url = ''
  /** The first events of a session were missing when the last ping went out. */
  #lacksBaseline = false
  /** The highest number that there was no room for, while the platform still owes it. */
  #owed: number | undefined

  /** @param options - Where to connect, and who takes the events. */
  constructor(options: GatewayOptions) {
    this.#options = options
    const { logger, clock = systemClock, onStatus, progress, left } = options
    this.#inbox = new OrderedInbox<Numbered>({
      deliver: ({ data, sn }) => {
        if (data !== undefined) options.onEvent(data, sn)
      },
      last: left?.settled ?? 0,
      onError: (err) => {
        logger.error({ err }, 'An event of the gateway could not be handled and is left out.')
        options.onRefused?.('an event could not be handled')
      },
      onStuck: ({ expected, held }) => this.#onStuck(expected, held),
      maxHeld,
      maxGapMs,
      clock,
    })
    this.#driver = new GatewayDriver({
      name: 'KOOK gateway',
      machine: gatewayMachine({ ...options, sessionId: left?.session }),
      target: async ({ signal }, state) => ({ url: await this.#target(signal, state) }),
      read: (data) => this.#read(data),
      onUnreadable: (err) => {
        logger.debug({ err }, 'A frame of the gateway could not be read and is left out.')
        options.onRefused?.('a frame of the gateway could not be read')
      },
      perform: (task, connection) => this.#perform(task, connection),
      onStatus: (status) => {
        if (status === 'failed') return
        progress?.setOnline(status === 'online')
        onStatus(status)
      },
      logger,
      clock,
    })
  }

  /** Begins to connect, and stays connected until {@link stop}. */
  start(): void {
    this.#driver.start()
  }

  /** Ends everything; no socket and no timer stays behind. */
  async stop(): Promise<void> {
    this.#inbox.stop()
    await this.#driver.stop()
  }

  get #lastSn(): number {
    return this.#inbox.last ?? 0
  }

  async #target(signal: AbortSignal, { phase, isResume, sessionId = '' }: GatewayState): Promise<string> {
    if (phase !== 'gateway') this.#url = await this.#lookUp(signal)
    this.#driver.note('found')
    if (!isResume) return this.#url
    const separator = this.#url.includes('?') ? '&' : '?'
    const session = encodeURIComponent(sessionId)
    return `${this.#url}${separator}resume=1&sn=${this.#lastSn}&session_id=${session}`
  }

  async #lookUp(signal: AbortSignal): Promise<string> {
    try {
      return await this.#options.lookUp(signal)
    } catch (error) {
      if (isTokenRefused(error)) this.#options.onTokenRefused?.()
      throw error
    }
  }

  #read(data: string | Buffer): KookFrame {
    const frame = readFrame(data)
    if (!Object.values<number>(signals).includes(frame.s))
      this.#options.logger.warn({ signal: frame.s }, 'The gateway sent a signal that is not known.')
    return frame
  }

  #perform(task: GatewayTask, connection: GatewayConnection<GatewayNote>): void {
    if (typeof task === 'object' && 'session' in task) this.#sessionChanged(task.session)
    else if (task === 'forget') this.#forget()
    else if (task === 'resumed') this.#options.progress?.caughtUp(Math.max(this.#lastSn, this.#owed ?? 0) + 1)
    else if (task === 'refused') this.#options.onTokenRefused?.()
    else if (task === 'ping') {
      this.#findBaseline()
      connection.send(`{"s":${signals.ping},"sn":${this.#lastSn}}`)
    } else this.#onEvent(task.event)
  }

  #onEvent(frame: KookFrame): void {
    if (typeof frame.sn === 'number' && !this.#hasRoomFor(frame.sn)) return this.#leave(frame.sn)
    const data = isEventFrame(frame) ? frame.d : undefined
    if (data === undefined) this.#options.onRefused?.('an event of the gateway has no number or no body')
    else dropSecret(data)
    if (typeof frame.sn === 'number') this.#inbox.push(frame.sn, { data, sn: frame.sn })
  }

  /** An early event takes a place from those before it, which have to come first. */
  #hasRoomFor(sn: number): boolean {
    const room = this.#options.room?.() ?? Infinity
    return sn <= this.#lastSn + 1 ? room > 0 : room > this.#inbox.held + 1
  }

  #leave(sn: number): void {
    if (this.#owed === undefined) {
      this.#options.logger.warn({}, 'KOOK sends more events than handlers take; the rest is asked for later.')
      this.#options.drained?.().then(() => this.#ask(), nothing)
    }
    this.#owed = Math.max(sn, this.#owed ?? 0)
  }

  /** There is room for what was left: a ping brings it. */
  #ask(): void {
    this.#owed = undefined
    this.#driver.note('room')
  }

  /**
   * A fresh session may begin above 1. When the missing events did not come within a heartbeat, there are none.
   */
  #findBaseline(): void {
    const lacks = this.#lastSn === 0 && this.#inbox.held > 0 && this.#owed === undefined
    if (lacks && this.#lacksBaseline) this.#inbox.skip()
    this.#lacksBaseline = lacks && this.#lastSn === 0
  }

  #onStuck(expected: number, held: number): void {
    // It came, and was left until there is room.
    if (this.#owed !== undefined) return
    this.#options.logger.debug({ expected, held }, 'The gateway did not send an event that others wait for.')
    this.#options.onRefused?.('an event never came')
    this.#driver.note({ missing: expected })
  }

  #sessionChanged(id: string | undefined): void {
    const { progress, logger } = this.#options
    if (id !== undefined) return progress?.begin(id)
    progress?.forget()
    logger.warn(
      {},
      'KOOK does not continue the session; what happened since the connection was lost may be missing.',
    )
  }

  /** A new session does not bring what waits for an event that is missing; it has waited in vain. */
  #forget(): void {
    while (this.#inbox.held > 0) this.#inbox.skip()
    const lost = (this.#owed ?? 0) - this.#lastSn
    if (lost > 0) this.#options.onRefused?.('KOOK gave up events that there was no room for', lost)
    this.#inbox.reset()
    this.#owed = undefined
    this.#lacksBaseline = false
  }
}
