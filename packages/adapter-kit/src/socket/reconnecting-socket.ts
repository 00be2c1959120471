import { type Clock, MynahError, systemClock } from '@mynah/core'
import { backoffDelay, sleep, unlessAborted } from '@mynah/core/adapter'
import { ConnectionReporter } from '../shared/connection-reporter.ts'
import type { FailureWords } from '../shared/network-failure.ts'
import { shownAddress } from '../shared/shown-address.ts'
import { describeClose } from './describe-close.ts'
import {
  defaultReconnectPolicy,
  type ConnectMode,
  type ReconnectPolicy,
  type SocketClose,
} from './socket-close.ts'
import { SocketLink, type LinkSettings, type SocketTarget } from './socket-link.ts'
import type {
  ReconnectingSocketOptions,
  SocketAttempt,
  SocketOutcome,
  SocketStatus,
} from './socket-options.ts'

/** How long is waited under the policy `slow`, in ms. */
const slowDelayMs = 60_000
/** How long a connection has to stay open to work, in ms, where the adapter does not say so itself. */
const settleMs = 5000

interface Desired {
  readonly policy: ReconnectPolicy
  readonly failure: FailureWords | undefined
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
 *   name: 'the gateway',
 *   listener: { message: (data) => inbox(data), close: ({ code }) => calls.rejectAll(`Close code ${code}.`) },
 *   policy: ({ code }) => (code === 4004 ? 'fatal' : 'resume'),
 *   logger,
 * })
 * socket.start()
 * // later
 * await socket.stop()
 * ```
 */
export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions
  readonly #clock: Clock
  readonly #settings: LinkSettings
  readonly #stopping = new AbortController()
  #status: SocketStatus = 'idle'
  #failures = 0
  #link: SocketLink | undefined
  #open = false
  #paused = false
  #running: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  /** What `reconnect` asked for; it goes before the policy. */
  #desired: Desired | undefined
  readonly #reporter: ConnectionReporter
  #cancelSettling: (() => void) | undefined

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#reporter = new ConnectionReporter({
      logger: options.logger,
      clock: this.#clock,
      name: options.name,
    })
    this.#settings = {
      clock: this.#clock,
      pingIntervalMs: options.pingIntervalMs ?? 20_000,
      maxPayload: options.maxPayload ?? 64 * 1024 * 1024,
    }
  }

  /** What it does now. */
  get status(): SocketStatus {
    return this.#status
  }

  /** Begins to connect. Does nothing the second time, and nothing after {@link stop}. */
  start(): void {
    if (this.#status !== 'idle') return
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

  /**
   * The application's own hand-shake succeeded (READY, RESUMED): count failures from zero again, and tell that
   * the connection works. Without it a connection works once it has stayed open for 5 s.
   */
  markHealthy(): void {
    this.#failures = 0
    this.#reporter.working()
  }

  /**
   * Replaces the connection, because the platform asked for it or the session is not good any more.
   * The old one says nothing any more from here on. Does nothing while there is no connection.
   *
   * @param delayMs - Wait before the next attempt; without it the back-off decides, as after a failure.
   * @param code - The close code to send: 1000 or 3000 to 4999. @defaultValue 1000
   * @param reason - Sent to the platform.
   * @param failure - What was wrong, told to the operator; nothing is told without it.
   */
  reconnect(
    mode: ConnectMode,
    options: { delayMs?: number; code?: number; reason?: string; failure?: FailureWords } = {},
  ): void {
    if (this.#link === undefined) return
    const policy = options.delayMs === undefined ? mode : { mode, delayMs: options.delayMs }
    this.#desired = { policy, failure: options.failure }
    this.#link.close(options.code ?? 1000, options.reason ?? '')
  }

  /**
   * Stops reading, so that the platform has to wait, also over a reconnect. Frames that had already been read
   * may still come. Pings rest meanwhile.
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

  async #stop(code: number, reason: string): Promise<void> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The socket was stopped.'))
    this.#link?.close(code, reason)
    await this.#running
    this.#status = 'stopped'
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    let mode: ConnectMode = 'fresh'
    while (!signal.aborted) {
      this.#status = 'connecting'
      const outcome = await this.#connectOnce({ mode, failures: this.#failures, signal })
      if (outcome.next !== 'waiting') {
        if (outcome.next === 'failed') this.#status = 'failed'
        return
      }
      this.#status = 'waiting'
      mode = outcome.mode
      await sleep(this.#clock, outcome.delayMs, signal).catch(() => {})
    }
  }

  async #connectOnce(attempt: SocketAttempt): Promise<SocketOutcome> {
    let outcome: SocketOutcome = { next: 'stopped' }
    let address: string | undefined
    const end = (close: SocketClose): void => {
      this.#open = false
      this.#link = undefined
      this.#cancelSettling?.()
      const desired = this.#desired
      this.#desired = undefined
      outcome = this.#decide(close, desired)
      this.#report(close, outcome, desired, address)
      this.#tell(() => this.#options.listener.close?.(close, outcome))
    }
    try {
      const target = await unlessAborted(this.#target(attempt), attempt.signal)
      if (attempt.signal.aborted) return outcome
      address = shownAddress(target.url)
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

  async #target(attempt: SocketAttempt): Promise<SocketTarget> {
    return this.#options.target(attempt)
  }

  #opened(attempt: SocketAttempt): void {
    this.#open = true
    this.#settle()
    if (this.#paused) this.#link?.pause()
    this.#status = 'open'
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

  /** A platform may take the connection only to close it: it works when it stayed for a while. */
  #settle(): void {
    const { healthyAfterMs = 60_000 } = this.#options
    if (healthyAfterMs === Infinity || !this.#reporter.isFailing) return
    this.#cancelSettling = this.#clock.setTimeout(
      () => this.#reporter.working(),
      Math.min(settleMs, healthyAfterMs),
    )
  }

  #report(
    close: SocketClose,
    outcome: SocketOutcome,
    desired: Desired | undefined,
    address: string | undefined,
  ): void {
    const { logger, explain } = this.#options
    if (outcome.next === 'stopped') return
    const retryInMs = outcome.next === 'waiting' ? outcome.delayMs : undefined
    const fields = { code: close.code, ...(close.error === undefined ? {} : { err: close.error }) }
    if (desired !== undefined && desired.failure === undefined) {
      return logger.debug({ ...fields, retryInMs }, `${this.#options.name}: the connection is replaced.`)
    }
    let own: Partial<FailureWords> | undefined
    this.#tell(() => (own = desired?.failure ?? explain?.(close)))
    const words = { ...describeClose(close, address), ...own }
    if (retryInMs !== undefined) return this.#reporter.failed({ ...words, retryInMs, fields })
    this.#reporter.failed({ ...words, reason: `${words.reason}; it is not tried again`, fields })
  }

  #decide(close: SocketClose, desired: Desired | undefined): SocketOutcome {
    if (this.#stopping.signal.aborted) return { next: 'stopped' }
    if (close.openMs >= (this.#options.healthyAfterMs ?? 60_000)) this.#failures = 0
    const policy = desired?.policy ?? this.#askPolicy(close)
    if (policy === 'fatal') return { next: 'failed' }
    if (typeof policy === 'object') return this.#retry(policy.mode, policy.delayMs)
    if (policy === 'slow') return this.#retry('fresh', slowDelayMs)
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
