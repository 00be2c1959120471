import { type Clock, type Logger, MynahError, systemClock } from '@mynah/core'
import { sleep, type BackoffOptions } from '@mynah/core/adapter'
import { retry, type RetryDecision } from '../retry/retry.ts'
import { ConnectionReporter } from '../shared/connection-reporter.ts'
import { describeError } from '../shared/network-failure.ts'

/** Something that was asked for, and where to go on when it is taken. */
export interface Polled<Item, Cursor> {
  /** What `take` gets. */
  readonly item: Item
  /** What the next question begins with once this item is taken. */
  readonly cursor: Cursor
}

/** Options of a {@link Poller}. */
export interface PollerOptions<Item, Cursor> {
  /** What is asked, in an operator's words: `the updates of Telegram`. */
  readonly name: string
  /** Where to begin: what was stored by `onCursor` in an earlier run. */
  readonly cursor: Cursor
  /** Asks for what came after the cursor, oldest first. A long poll hangs here until there is something. */
  readonly ask: (cursor: Cursor, signal: AbortSignal) => Promise<readonly Polled<Item, Cursor>[]>
  /** Takes an item, as `bot.emit` does. Nothing is asked for meanwhile: a full inbox makes the platform wait. */
  readonly take: (item: Item, signal: AbortSignal) => Promise<unknown>
  /** Everything before this cursor is taken. */
  readonly onCursor?: (cursor: Cursor) => void
  /** An item could not be taken; it is left out. */
  readonly onError: (error: unknown, item: Item) => void
  /** `true` when questions are answered, `false` when they are not. */
  readonly onWorking?: (isWorking: boolean) => void
  /** What helps against an error; nothing is asked any more when that is nothing. @defaultValue everything is repeated */
  readonly decide?: (error: unknown, failures: number) => RetryDecision
  /** How the delay grows where a decision names none. @defaultValue 1 s up to 30 s, full jitter */
  readonly backoff?: BackoffOptions
  /** The pause after an answer without items, in ms; a long poll needs none. @defaultValue 0 */
  readonly intervalMs?: number
  /** Gets a line when questions fail, when the reason changes and when they are answered again. */
  readonly logger: Logger
  /** Runs the pauses. @defaultValue the clock of the machine */
  readonly clock?: Clock
}

/**
 * Asks a platform again and again for what is new. The cursor advances with each item that is taken, so what was not
 * comes again, also in the next run.
 *
 * @example
 * ```ts
 * const poller = new Poller({
 *   name: 'the updates',
 *   cursor: await storage.get('offset') ?? 0,
 *   ask: async (offset, signal) =>
 *     (await api.updates({ offset, timeout: 50 }, signal)).map((item) => ({ item, cursor: item.update_id + 1 })),
 *   take: (update, signal) => bot.emit(decodeEvent(update), signal),
 *   onError: (err) => logger.error({ err }, 'An update could not be taken.'),
 *   logger,
 * })
 * poller.start()
 * ```
 */
export class Poller<Item, Cursor> {
  readonly #options: PollerOptions<Item, Cursor>
  readonly #clock: Clock
  readonly #reporter: ConnectionReporter
  readonly #stopping = new AbortController()
  #cursor: Cursor
  #running: Promise<void> | undefined

  constructor(options: PollerOptions<Item, Cursor>) {
    this.#options = options
    this.#cursor = options.cursor
    this.#clock = options.clock ?? systemClock
    this.#reporter = new ConnectionReporter({
      logger: options.logger,
      name: options.name,
      clock: this.#clock,
    })
  }

  /** What the next question begins with. */
  get cursor(): Cursor {
    return this.#cursor
  }

  /** Begins to ask. Does nothing the second time, and nothing after {@link stop}. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** Ends the question or item that is under way; resolves when nothing is left. */
  async stop(): Promise<void> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    const { intervalMs = 0, onWorking } = this.#options
    while (!signal.aborted) {
      const answer = await this.#ask().catch(() => undefined)
      if (answer === undefined) return
      this.#reporter.working()
      onWorking?.(true)
      for (const polled of answer) if (!signal.aborted) await this.#take(polled)
      if (answer.length === 0 && intervalMs > 0) await sleep(this.#clock, intervalMs, signal).catch(() => {})
    }
  }

  /** @throws what no question helps against any more, and that was told. */
  #ask(): Promise<readonly Polled<Item, Cursor>[]> {
    const { ask, decide = always, backoff = {} } = this.#options
    const { signal } = this.#stopping
    const onFailure = (error: unknown, afterMs?: number): void => this.#failed(error, afterMs)
    const policy = { decide, maxAttempts: Infinity, backoff, signal, clock: this.#clock, onFailure }
    return retry(policy, () => ask(this.#cursor, signal))
  }

  async #take({ item, cursor }: Polled<Item, Cursor>): Promise<void> {
    const { take, onCursor, onError } = this.#options
    const { signal } = this.#stopping
    try {
      await take(item, signal)
    } catch (error) {
      // It is not taken, so it comes again.
      if (signal.aborted) return
      onError(error, item)
    }
    this.#cursor = cursor
    onCursor?.(cursor)
  }

  #failed(error: unknown, retryInMs: number | undefined): void {
    if (this.#stopping.signal.aborted) return
    this.#options.onWorking?.(false)
    const reason = describeError(error)
    const fields = { err: error }
    if (retryInMs !== undefined) this.#reporter.failed({ reason, retryInMs, fields })
    else this.#reporter.failed({ reason: `${reason}; it is not tried again`, fields })
  }
}

const always = (): RetryDecision => ({ repeat: true })
