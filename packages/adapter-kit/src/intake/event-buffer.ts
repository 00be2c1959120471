import { MynahError } from '@mynah/core'
import { unlessAborted, deferred, type Deferred } from '@mynah/core/adapter'

/** Options of an {@link EventBuffer}. */
export interface EventBufferOptions<T> {
  /** So many may wait at most, the one that is being taken included. @defaultValue 1000 */
  maxWaiting?: number
  /** Takes an event, as `bot.emit` does; the next one waits until it has. */
  take: (event: T, signal: AbortSignal) => Promise<unknown>
  /** An event was taken, and so are all before it: what the platform need not send again. */
  onTaken?: (event: T) => void
  /** `take` failed; the event is left out. */
  onError: (error: unknown, event: T) => void
}

/**
 * Stands between a connection that must be read on (it brings answers and heartbeats, too) and an inbox that may be
 * full: keeps events in order up to a bound, and says when one is one too many. What becomes of that one is for the
 * way in to decide.
 *
 * @example
 * ```ts
 * const buffer = new EventBuffer<Numbered>({
 *   take: ({ event }, signal) => bot.emit(event, signal),
 *   onTaken: ({ sn }) => (lastTaken = sn),
 *   onError: (err) => logger.error({ err }, 'An event could not be taken.'),
 * })
 * if (!buffer.offer({ sn, event })) bot.refused('too many events wait', 1)
 * ```
 */
export class EventBuffer<T extends object> {
  readonly #options: EventBufferOptions<T>
  readonly #maxWaiting: number
  readonly #events: T[] = []
  readonly #stopping = new AbortController()
  #draining: Promise<void> | undefined
  #empty: Deferred | undefined

  constructor(options: EventBufferOptions<T>) {
    this.#options = options
    this.#maxWaiting = options.maxWaiting ?? 1000
  }

  /** How many wait, the one that is being taken included. */
  get size(): number {
    return this.#events.length
  }

  /** Puts an event behind those that wait. @returns `false` when there are too many, or after {@link stop}. */
  offer(event: T): boolean {
    if (this.#events.length >= this.#maxWaiting || this.#stopping.signal.aborted) return false
    this.#events.push(event)
    this.#draining ??= this.#drain()
    return true
  }

  /** Puts events behind those that wait, as there is room; stops with the buffer. Never rejects. */
  async offerAll(events: readonly T[]): Promise<void> {
    for (const event of events) {
      while (!this.offer(event) && !this.#stopping.signal.aborted) await this.drained().catch(() => {})
    }
  }

  /**
   * Resolves when nothing waits: what a platform sends again from the last event that was taken comes only once then.
   *
   * @throws MynahError `BOT_OFFLINE` when the buffer is stopped; the reason of the signal when it aborts.
   */
  async drained(signal?: AbortSignal): Promise<void> {
    if (this.#events.length === 0) return
    this.#empty ??= deferred()
    const signals = [this.#stopping.signal, ...(signal === undefined ? [] : [signal])]
    await unlessAborted(this.#empty.promise, AbortSignal.any(signals))
  }

  /**
   * Takes nothing more. @returns how many were left, the platform's to send again or lost.
   */
  async stop(): Promise<number> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    await this.#draining
    return this.#events.length
  }

  async #drain(): Promise<void> {
    const { signal } = this.#stopping
    const { take, onTaken, onError } = this.#options
    for (let [event] = this.#events; event !== undefined && !signal.aborted; [event] = this.#events) {
      try {
        await take(event, signal)
        onTaken?.(event)
      } catch (error) {
        if (signal.aborted) break
        onError(error, event)
      }
      this.#events.shift()
    }
    this.#draining = undefined
    if (this.#events.length > 0) return
    this.#empty?.resolve()
    this.#empty = undefined
  }
}
