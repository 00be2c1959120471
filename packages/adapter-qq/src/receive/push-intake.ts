import { EventBuffer, EventJournal, fingerprint, type Passage } from '@mynah/adapter-kit'
import type { Clock, Dispose, Logger } from '@mynah/core'
import { type KeyValueStore, settlesWithin, type Settlement } from '@mynah/core/adapter'
import { type Dispatch, isDispatch, isEnvelope } from '../wire/envelope.ts'

/** The bot as its pushes see it. */
export interface PushedBot {
  readonly key: string
  /** What outlives the process; nothing where nobody keeps it. */
  readonly keys: KeyValueStore | undefined
  /** Takes an event; resolves when it was taken, rejects when it was not. */
  receive(envelope: Dispatch, signal: AbortSignal, passage?: Passage): Promise<void>
  /** Tells how each event ends. @returns Stops telling. */
  onSettled(listener: (settlement: Settlement) => void): Dispose
  /** Events were lost. @param reason - In words for an operator. */
  refused(reason: string, count?: number): void
}

/** What a {@link PushIntake} needs. */
export interface PushIntakeOptions {
  readonly bot: PushedBot
  readonly clock: Clock
  readonly logger: Pick<Logger, 'debug' | 'warn'>
}

/** A push that waits, and its number where it is stored. */
interface Arrival {
  readonly envelope: Dispatch
  readonly number: number | undefined
}

/** Pushes that may wait until the app takes them. */
const maxWaiting = 1000
/** The platform waits about 3 s for an answer. */
const storeLimitMs = 2000

/**
 * Pushes on their way to the app. Where the bot has a database, each is stored before it is acknowledged, and handed on
 * by the next run if this one does not settle it.
 */
export class PushIntake {
  readonly #options: PushIntakeOptions
  readonly #events: EventBuffer<Arrival>
  readonly #journal: EventJournal | undefined
  readonly #stopTelling: Dispose | undefined
  #isReplaying = false

  constructor(options: PushIntakeOptions) {
    this.#options = options
    const { bot, clock, logger } = options
    this.#events = new EventBuffer({
      maxWaiting,
      take: ({ envelope, number }, signal) =>
        this.#journal === undefined || number === undefined
          ? bot.receive(envelope, signal)
          : this.#journal.progress.pass(number, (passage) => bot.receive(envelope, signal, passage)),
      onError: (err) => logger.debug({ err }, 'An event was not taken'),
    })
    if (bot.keys === undefined) return
    const journal = new EventJournal({ store: () => bot.keys, key: `${bot.key}:pushes`, clock, logger })
    this.#journal = journal
    this.#stopTelling = bot.onSettled((settlement) => journal.settled(settlement))
  }

  /** Hands on what the run before this one has left. Never rejects. */
  async open(): Promise<void> {
    const left = (await this.#journal?.open()) ?? []
    const arrivals = left.flatMap(({ number, event }) =>
      isEnvelope(event) && isDispatch(event) ? [{ envelope: event, number }] : [],
    )
    this.#isReplaying = true
    void this.#events.offerAll(arrivals).then(() => (this.#isReplaying = false))
  }

  /**
   * Takes a push. Never rejects.
   *
   * @returns `late` for one that is not stored in time, and is handled all the same; `full` when there is no room.
   */
  async take(envelope: Dispatch): Promise<'taken' | 'late' | 'full'> {
    const waiting = this.#events.size + (this.#journal?.waiting ?? 0)
    if (this.#isReplaying || waiting >= maxWaiting) return 'full'
    const isInTime = await settlesWithin(this.#options.clock, this.#keep(envelope), storeLimitMs)
    return isInTime ? 'taken' : 'late'
  }

  async #keep(envelope: Dispatch): Promise<void> {
    const { id, t, d } = envelope
    const number = await this.#journal?.add(id || fingerprint(t, d), envelope)
    if (number === 'known' || this.#events.offer({ envelope, number })) return
    if (number === undefined) this.#options.bot.refused('the bot stopped before they were handled')
  }

  /** Takes nothing more; what is stored is for the next run. */
  async stop(): Promise<void> {
    const left = await this.#events.stop()
    if (left > 0 && this.#journal === undefined)
      this.#options.bot.refused('the bot stopped before they were handled', left)
    await this.#journal?.stop()
    await this.#stopTelling?.()
  }
}
