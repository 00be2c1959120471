import { backoffDelay, type BackoffOptions, type Clock, MynahError, systemClock } from '@mynah/core'
import type { KitLogger } from '../shared/logger.ts'
import {
  defaultReconnectPolicy,
  type ConnectMode,
  type ReconnectPolicy,
  type SocketClose,
} from './socket-close.ts'
import { SocketLink, type LinkSettings, type SocketTarget } from './socket-link.ts'

/**
 * `idle` before the start; `connecting` while the target is looked up and the upgrade runs; `open`;
 * `waiting` for the next try; `failed` when the policy said `fatal`; `stopped`.
 */
export type SocketStatus = 'idle' | 'connecting' | 'open' | 'waiting' | 'failed' | 'stopped'

/** What is known when a connection is about to be made. */
export interface SocketAttempt {
  readonly mode: ConnectMode
  /** Failures since the last healthy connection; 0 for the first try. */
  readonly failures: number
  /** Aborts when the socket is stopped. */
  readonly signal: AbortSignal
}

/** What happens after a connection ended. */
export type SocketOutcome =
  | { readonly next: 'stopped' }
  | { readonly next: 'failed' }
  | { readonly next: 'waiting'; readonly mode: ConnectMode; readonly delayMs: number }

/**
 * Who listens. Every `open` is followed by exactly one `close`, and nothing of a connection comes after its
 * `close`. A listener that throws is logged and does not harm the connection.
 */
export interface SocketListener {
  open?(attempt: SocketAttempt): void
  /** A text frame as a string, a binary frame as a Buffer which the listener may keep. */
  message(data: string | Buffer): void
  /** A connection or an attempt ended; also called by `stop` and `reconnect`. */
  close?(close: SocketClose, outcome: SocketOutcome): void
  status?(status: SocketStatus): void
}

/** Options of a {@link ReconnectingSocket}. */
export interface ReconnectingSocketOptions {
  /**
   * Asked before every attempt, so that tokens and addresses are never stale. A rejection counts as a failed
   * attempt. It has no time limit but its `signal`.
   */
  target: (attempt: SocketAttempt) => SocketTarget | Promise<SocketTarget>
  listener: SocketListener
  logger: KitLogger
  /** How the delay grows. @defaultValue 1 s up to 30 s, full jitter */
  backoff?: BackoffOptions
  /** Decides from the close code. @defaultValue {@link defaultReconnectPolicy} */
  policy?: (close: SocketClose) => ReconnectPolicy
  /** Delay in ms under the policy `slow`. @defaultValue 60000 */
  slowDelayMs?: number
  /** After so many ms open the failures count from zero again; `Infinity` leaves it to `markHealthy`. @defaultValue 60000 */
  healthyAfterMs?: number
  /** Limit for DNS, TCP, TLS and upgrade together, in ms. @defaultValue 10000 */
  connectTimeoutMs?: number
  /** Drop a connection on which no data frame came for so many ms; 0 is off. @defaultValue 0 */
  idleTimeoutMs?: number
  /** Send a ping so often, in ms; 0 is off. @defaultValue 20000 */
  pingIntervalMs?: number
  /** Drop a connection after so many pings without any answer. @defaultValue 2 */
  maxMissedPongs?: number
  /** How long a closing handshake may take, in ms. @defaultValue 2000 */
  closeTimeoutMs?: number
  /** Largest message taken, in bytes. @defaultValue 67108864 (64 MiB) */
  maxPayload?: number
  /** Stops the socket when it aborts. */
  signal?: AbortSignal
  clock?: Clock
}

/**
 * A WebSocket client that stays connected: it asks for the target, connects, watches the connection and
 * connects again until it is stopped. At most one connection exists at any time; the next attempt starts only
 * when the operating system's socket of the last one is gone.
 *
 * @example
 * ```ts
 * const socket = new ReconnectingSocket({
 *   target: async ({ signal }) => ({ url: await fetchGateway(signal), headers: { Authorization: token() } }),
 *   listener: { message: (data) => inbox(data), close: ({ code }) => calls.rejectAll(`Close code ${code}.`) },
 *   policy: ({ code }) => (code === 4004 ? 'fatal' : 'resume'),
 *   logger,
 * })
 * socket.start()
 * // later
 * await socket.stop()
 * ```
 */
export class ReconnectingSocket implements AsyncDisposable {
  readonly #options: ReconnectingSocketOptions
  readonly #clock: Clock
  readonly #settings: LinkSettings
  readonly #stopping = new AbortController()
  readonly #onAbort = (): void => void this.stop()
  #status: SocketStatus = 'idle'
  #failure: MynahError | undefined
  #failures = 0
  #link: SocketLink | undefined
  #open = false
  #paused = false
  #running: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  /** What `reconnect` asked for; it goes before the policy. */
  #wish: ReconnectPolicy | undefined

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#settings = {
      clock: this.#clock,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      idleTimeoutMs: options.idleTimeoutMs ?? 0,
      pingIntervalMs: options.pingIntervalMs ?? 20_000,
      maxMissedPongs: options.maxMissedPongs ?? 2,
      closeTimeoutMs: options.closeTimeoutMs ?? 2000,
      maxPayload: options.maxPayload ?? 64 * 1024 * 1024,
    }
  }

  get status(): SocketStatus {
    return this.#status
  }

  /** Why the status is `failed`. */
  get failure(): MynahError | undefined {
    return this.#failure
  }

  /** Bytes accepted by {@link send} which the operating system has not taken yet. */
  get bufferedAmount(): number {
    return this.#link?.bufferedAmount ?? 0
  }

  /** Begins to connect. Does nothing the second time, and nothing after {@link stop}. */
  start(): void {
    if (this.#status !== 'idle') return
    if (this.#options.signal?.aborted === true) return void this.stop()
    this.#options.signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#running = this.#run()
  }

  /**
   * Hands a frame to the open connection.
   *
   * @returns `false` when no connection is open: nothing was sent. `true` means written, not received.
   */
  send(data: string | Uint8Array): boolean {
    return this.#open && this.#link !== undefined && this.#link.send(data)
  }

  /** The application's own hand-shake succeeded (READY, RESUMED): count failures from zero again. */
  markHealthy(): void {
    this.#failures = 0
  }

  /**
   * Replaces the connection, because the platform asked for it or the session is not good any more.
   * The old one says nothing any more from here on. Does nothing while there is no connection.
   *
   * @param delayMs - Wait before the next attempt; without it the back-off decides, as after a failure.
   * @param code - The close code to send: 1000 or 3000 to 4999. @defaultValue 1000
   */
  reconnect(mode: ConnectMode, options: { delayMs?: number; code?: number; reason?: string } = {}): void {
    if (this.#link === undefined) return
    this.#wish = options.delayMs === undefined ? mode : { mode, delayMs: options.delayMs }
    this.#link.close(options.code ?? 1000, options.reason ?? '')
  }

  /** Changes the idle limit of this connection, in ms; the next one begins with the option again. */
  setIdleTimeout(timeoutMs: number): void {
    this.#link?.setIdleTimeout(timeoutMs)
  }

  /**
   * Stops reading, so that the platform has to wait, also over a reconnect. Frames that had already been read
   * may still come. Pings and the idle limit rest meanwhile.
   */
  pause(): void {
    this.#paused = true
    if (this.#open) this.#link?.pause()
  }

  /** Reads on after {@link pause}. */
  resume(): void {
    this.#paused = false
    if (this.#open) this.#link?.resume()
  }

  /**
   * Closes for good; resolves when no timer and no socket is left. May be called at any time and any number
   * of times.
   */
  stop(code = 1000, reason = ''): Promise<void> {
    this.#stopped ??= this.#stop(code, reason)
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #stop(code: number, reason: string): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The socket was stopped.'))
    this.#link?.close(code, reason)
    await this.#running
    this.#setStatus('stopped')
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    let mode: ConnectMode = 'fresh'
    while (!signal.aborted) {
      this.#setStatus('connecting')
      const outcome = await this.#connectOnce({ mode, failures: this.#failures, signal })
      if (outcome.next !== 'waiting') {
        if (outcome.next === 'failed') this.#setStatus('failed')
        return
      }
      this.#setStatus('waiting')
      mode = outcome.mode
      await this.#sleep(outcome.delayMs)
    }
  }

  async #connectOnce(attempt: SocketAttempt): Promise<SocketOutcome> {
    let outcome: SocketOutcome = { next: 'stopped' }
    const end = (close: SocketClose): void => {
      this.#open = false
      this.#link = undefined
      outcome = this.#decide(close)
      this.#tell(() => this.#options.listener.close?.(close, outcome))
    }
    try {
      const target = await this.#options.target(attempt)
      if (attempt.signal.aborted) return outcome
      const link = new SocketLink(target, this.#settings, {
        open: () => this.#opened(attempt),
        message: (data) => this.#message(data),
        end,
      })
      this.#link = link
      await link.gone
    } catch (cause) {
      if (attempt.signal.aborted) return outcome
      end({
        code: 1006,
        reason: '',
        opened: false,
        openMs: 0,
        error: MynahError.from(cause, 'API_UNREACHABLE'),
      })
    }
    return outcome
  }

  #opened(attempt: SocketAttempt): void {
    this.#open = true
    if (this.#paused) this.#link?.pause()
    this.#setStatus('open')
    this.#tell(() => this.#options.listener.open?.(attempt))
  }

  // Not through #tell: this is the hot path.
  #message(data: string | Buffer): void {
    try {
      this.#options.listener.message(data)
    } catch (error) {
      this.#logThrown(error)
    }
  }

  #decide(close: SocketClose): SocketOutcome {
    const wish = this.#wish
    this.#wish = undefined
    if (this.#stopping.signal.aborted) return { next: 'stopped' }
    if (close.openMs >= (this.#options.healthyAfterMs ?? 60_000)) this.#failures = 0
    const policy = wish ?? this.#askPolicy(close)
    if (policy === 'fatal') {
      this.#failure = close.error ?? new MynahError('CONNECTION_CLOSED', describeClose(close))
      return { next: 'failed' }
    }
    if (typeof policy === 'object') return this.#retry(policy.mode, policy.delayMs)
    if (policy === 'slow') return this.#retry('fresh', this.#options.slowDelayMs ?? 60_000)
    return this.#retry(policy, backoffDelay(this.#failures, this.#options.backoff))
  }

  #retry(mode: ConnectMode, delayMs: number): SocketOutcome {
    this.#failures += 1
    return { next: 'waiting', mode, delayMs }
  }

  #askPolicy(close: SocketClose): ReconnectPolicy {
    try {
      return (this.#options.policy ?? defaultReconnectPolicy)(close)
    } catch (error) {
      this.#logThrown(error)
      return 'resume'
    }
  }

  #sleep(delayMs: number): Promise<void> {
    const { signal } = this.#stopping
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const wake = (): void => {
        cancel()
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const cancel = this.#clock.setTimeout(wake, delayMs)
      signal.addEventListener('abort', wake)
    })
  }

  #setStatus(status: SocketStatus): void {
    if (this.#status === status) return
    this.#status = status
    this.#tell(() => this.#options.listener.status?.(status))
  }

  #tell(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#logThrown(error)
    }
  }

  #logThrown(err: unknown): void {
    this.#options.logger.error({ err }, 'A listener of a socket threw; the connection goes on.')
  }
}

function describeClose(close: SocketClose): string {
  return `The platform closed the connection with code ${close.code}${close.reason === '' ? '' : ` (${close.reason})`}.`
}
