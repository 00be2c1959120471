import { type Clock, type Logger, systemClock } from '@mynah/core'
import type { FailureWords } from '../shared/network-failure.ts'
import { ReconnectingSocket } from '../socket/reconnecting-socket.ts'
import type { ReconnectPolicy, SocketClose } from '../socket/socket-close.ts'
import type { SocketTarget } from '../socket/socket-link.ts'
import type { SocketAttempt } from '../socket/socket-options.ts'
import type { GatewayAction, GatewayInput, GatewayMachine } from './gateway-machine.ts'

/** Where a gateway stands; `failed` when its machine said `stop`. */
export type GatewayStatus = 'connecting' | 'online' | 'reconnecting' | 'failed'

/** One connection, as what was begun for it sees it. */
export interface GatewayConnection<Note> {
  /** Aborts when this connection ends. */
  readonly signal: AbortSignal
  /** Sends a text. @returns `false` when this connection has ended, so that nothing was sent. */
  send(data: string): boolean
  /** Tells the machine something; when this connection has ended it is too late, and nobody hears it. */
  note(note: Note): void
}

/** Options of a {@link GatewayDriver}. */
export interface GatewayDriverOptions<State, Frame, Note, Own> {
  /** What is connected, in an operator's words: `QQ gateway`. */
  readonly name: string
  /** The rules of the gateway. */
  readonly machine: GatewayMachine<State, Frame, Note, Own>
  /**
   * Asked before every attempt, with the state of the machine. May wait for as long as it likes: for credentials, for
   * room where events are stored. A rejection counts as a failed attempt.
   */
  readonly target: (attempt: SocketAttempt, state: State) => SocketTarget | Promise<SocketTarget>
  /** Reads a message. What it throws goes to `onUnreadable`; `undefined` leaves the message out. */
  readonly read: (data: string | Buffer) => Frame | undefined
  /** A message could not be read. */
  readonly onUnreadable: (error: unknown) => void
  /** Does what only the adapter can. */
  readonly perform: (action: Own, connection: GatewayConnection<Note>) => void
  /** Hears how the connection stands; nothing is tried any more after `failed`. */
  readonly onStatus: (status: GatewayStatus) => void
  /** The code with which connections are closed: 1000 or 3000 to 4999. @defaultValue 1000 */
  readonly closeCode?: number
  /** Gets a line when the connection fails, when the reason changes and when it works again. */
  readonly logger: Logger
  /** Runs the timers and the back-off. @defaultValue the clock of the machine */
  readonly clock?: Clock
}

/**
 * Keeps a connection to a gateway as a {@link GatewayMachine} says: it owns the socket, the timers and the
 * credentials' way onto the wire, and the machine decides.
 *
 * @example
 * ```ts
 * const gateway = new GatewayDriver({
 *   name: 'the gateway',
 *   machine,
 *   target: async ({ signal }) => ({ url: await api.gateway(signal) }),
 *   read: (data) => JSON.parse(String(data)),
 *   onUnreadable: () => bot.refused('a frame could not be read', 1),
 *   perform: (action, connection) => void logIn(action, connection),
 *   onStatus: (status) => bot.setStatus(status === 'failed' ? 'offline' : status),
 *   logger,
 * })
 * gateway.start()
 * ```
 */
export class GatewayDriver<State, Frame, Note = never, Own = never> {
  readonly #options: GatewayDriverOptions<State, Frame, Note, Own>
  readonly #clock: Clock
  readonly #socket: ReconnectingSocket
  readonly #timers = new Map<string, () => void>()
  #state: State
  #connection = new AbortController()
  /** The machine is being asked what comes after a connection. */
  #isAsked = false
  #wasOnline = false
  /** What the machine answered to the end of a connection. */
  #next: ReconnectPolicy | undefined
  #failure: FailureWords | undefined

  constructor(options: GatewayDriverOptions<State, Frame, Note, Own>) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#state = options.machine.initial
    this.#socket = new ReconnectingSocket({
      name: options.name,
      target: async (attempt) => {
        this.#step({ on: 'connecting', mode: attempt.mode })
        return options.target(attempt, this.#state)
      },
      listener: {
        open: () => this.#step({ on: 'opened' }),
        message: (data) => this.#message(data),
        close: (_close, outcome) => {
          this.#ended()
          if (outcome.next === 'failed') options.onStatus('failed')
          else if (outcome.next === 'waiting')
            options.onStatus(this.#wasOnline ? 'reconnecting' : 'connecting')
        },
      },
      policy: (close) => this.#closed(close),
      explain: () => this.#failure ?? {},
      logger: options.logger,
      clock: this.#clock,
      // The platform has a heartbeat of its own.
      pingIntervalMs: 0,
      healthyAfterMs: Infinity,
    })
  }

  /** The machine's state. */
  get state(): State {
    return this.#state
  }

  /** Begins to connect, and stays connected until {@link stop}. */
  start(): void {
    this.#options.onStatus('connecting')
    this.#socket.start()
  }

  /** Tells the machine something that belongs to no connection. */
  note(note: Note): void {
    this.#step({ on: 'note', note })
  }

  /** Closes for good; no socket and no timer stays behind. */
  async stop(): Promise<void> {
    this.#ended()
    await this.#socket.stop(this.#options.closeCode)
  }

  #message(data: string | Buffer): void {
    let frame: Frame | undefined
    try {
      frame = this.#options.read(data)
    } catch (error) {
      return this.#options.onUnreadable(error)
    }
    if (frame !== undefined) this.#step({ on: 'frame', frame })
  }

  #closed(close: SocketClose): ReconnectPolicy {
    this.#ended()
    this.#next = undefined
    this.#failure = undefined
    this.#isAsked = true
    this.#step({ on: 'closed', close })
    this.#isAsked = false
    return this.#next ?? 'resume'
  }

  #ended(): void {
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    this.#connection.abort()
    this.#connection = new AbortController()
  }

  #step(input: GatewayInput<Frame, Note>): void {
    const { state, actions } = this.#options.machine.step(this.#state, input)
    this.#state = state
    for (const action of actions) this.#do(action)
  }

  #do(action: GatewayAction<Own>): void {
    switch (action.do) {
      case 'send':
        return void this.#socket.send(action.data)
      case 'wait':
        return this.#wait(action.timer, action.delayMs)
      case 'cancel':
        return this.#cancel(action.timer)
      case 'online':
        this.#wasOnline = true
        this.#socket.markHealthy()
        return this.#options.onStatus('online')
      case 'connect':
        return this.#connect(action)
      case 'stop':
        this.#failure = action.failure
        this.#next = 'fatal'
        return
      case 'perform':
        return this.#options.perform(action.action, this.#current())
    }
  }

  #connect({ mode, delayMs, failure }: Extract<GatewayAction<Own>, { readonly do: 'connect' }>): void {
    if (this.#isAsked) {
      this.#failure = failure
      this.#next = { mode, delayMs }
      return
    }
    const code = this.#options.closeCode ?? 1000
    this.#socket.reconnect(mode, { delayMs, code, ...(failure === undefined ? {} : { failure }) })
  }

  #wait(timer: string, delayMs: number): void {
    this.#cancel(timer)
    const cancel = this.#clock.setTimeout(() => {
      this.#timers.delete(timer)
      this.#step({ on: 'timer', timer })
    }, delayMs)
    this.#timers.set(timer, cancel)
  }

  #cancel(timer: string): void {
    this.#timers.get(timer)?.()
    this.#timers.delete(timer)
  }

  #current(): GatewayConnection<Note> {
    const { signal } = this.#connection
    return {
      signal,
      send: (data) => !signal.aborted && this.#socket.send(data),
      note: (note) => {
        if (!signal.aborted) this.note(note)
      },
    }
  }
}
