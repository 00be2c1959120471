import { systemClock, type Clock, type Logger } from '@mynah/core'
import { shortDuration } from './short-duration.ts'

/** Options of a {@link ConnectionReporter}. */
export interface ConnectionReporterOptions {
  /** Gets the lines. */
  logger: Logger
  /** What is connected, in an operator's words: `OneBot at ws://127.0.0.1:3001`. */
  name: string
  /** Tells how long a failure has lasted. @defaultValue the clock of the machine */
  clock?: Clock
}

/** Why a connection does not work. */
export interface ConnectionFailure {
  /** In an operator's words, without secrets. What changes with every attempt belongs into `fields`. */
  reason: string
  /** When it is tried again, in ms; left out when nobody tries. */
  retryInMs?: number
  /** What to do about it. */
  hint?: string
  /** More for the line; an `err` is shown at debug only. */
  fields?: Readonly<Record<string, unknown>>
}

/** The same reason is told no more often than this, in ms. */
const repeatMs = 60_000
/** So many different reasons are told within that time; a peer that makes up new ones cannot fill the log. */
const maxReasons = 10

/**
 * Tells an operator about a connection: a `warn` line at the first failure and whenever the reason changes,
 * an `info` line when it works again. Everything else is at debug, and so is a reason that was told less
 * than a minute ago.
 *
 * @example
 * ```ts
 * const connection = new ConnectionReporter({ logger, name: 'OneBot at ws://127.0.0.1:3001' })
 * connection.failed({ reason: 'nobody listens there', hint: 'start the OneBot implementation', retryInMs: 5000 })
 * connection.working()
 * ```
 */
export class ConnectionReporter {
  readonly #logger: Logger
  readonly #name: string
  readonly #clock: Clock
  /** When each reason was last told. */
  readonly #toldAt = new Map<string, number>()
  #failedSince: number | undefined
  /** The last reason that was told of this failure. */
  #told: string | undefined

  constructor({ logger, name, clock = systemClock }: ConnectionReporterOptions) {
    this.#logger = logger
    this.#name = name
    this.#clock = clock
  }

  /** Whether the last thing that was heard is a failure. */
  get isFailing(): boolean {
    return this.#failedSince !== undefined
  }

  /** An attempt failed, or the connection was lost. */
  failed(failure: ConnectionFailure): void {
    const now = this.#clock.monotonic()
    this.#failedSince ??= now
    const { err, ...fields } = failure.fields ?? {}
    const line = this.#line(failure)
    if (!this.#isNews(failure.reason, now)) return this.#logger.debug({ ...failure.fields }, line)
    this.#told = failure.reason
    this.#toldAt.set(failure.reason, now)
    this.#logger.warn(fields, line)
    if (err !== undefined) this.#logger.debug({ err }, `${this.#name}: the error behind it`)
  }

  /** The connection works; may be called as often as one likes. */
  working(): void {
    if (this.#failedSince === undefined) return
    const line = `${this.#name} works again after ${shortDuration(this.#clock.monotonic() - this.#failedSince)}`
    if (this.#told === undefined) this.#logger.debug({}, line)
    else this.#logger.info({}, line)
    this.#failedSince = undefined
    this.#told = undefined
  }

  #isNews(reason: string, now: number): boolean {
    for (const [known, toldAt] of this.#toldAt) {
      if (now - toldAt >= repeatMs) this.#toldAt.delete(known)
    }
    return reason !== this.#told && !this.#toldAt.has(reason) && this.#toldAt.size < maxReasons
  }

  #line({ reason, hint, retryInMs }: ConnectionFailure): string {
    const parts = [
      `${this.#name}: ${reason.replace(/\.$/, '')}`,
      hint,
      retryInMs === undefined ? undefined : `next try in ${shortDuration(retryInMs)}`,
    ]
    return parts.filter((part) => part !== undefined).join('; ')
  }
}
