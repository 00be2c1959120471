import { EventBuffer, EventJournal, fingerprint, IntakeProgress, type Passage } from '@mynah/adapter-kit'
import type { Clock, Dispose, Logger, LoginStatus } from '@mynah/core'
import { type KeyValueStore, settlesWithin, type Settlement } from '@mynah/core/adapter'

import type { PlatformApi } from '../api/platform.ts'
import type { UserApi } from '../api/users.ts'
import type { KookConfig, KookWebhookConfig } from '../config.ts'
import type { KookEventData } from '../wire/events.ts'
import type { EventTaker } from './event-taker.ts'
import { Gateway } from './gateway.ts'
import { isPushedEvent, type PushedEvent, Webhook } from './webhook.ts'

/** The account as its way in sees it. */
export interface IntakeBot {
  readonly key: string
  /** What outlives the process; nothing where nobody keeps it. */
  readonly keys: KeyValueStore | undefined
  /** Tells how each event ends. @returns Stops telling. */
  onSettled(listener: (settlement: Settlement) => void): Dispose
  /** Events could not be taken; why, in words for an operator. */
  refused(reason: string, count?: number): void
  setStatus(status: LoginStatus): void
}

/** What an {@link Intake} needs. */
export interface IntakeOptions {
  readonly bot: IntakeBot
  readonly config: KookConfig
  readonly calls: { readonly platform: PlatformApi; readonly users: UserApi }
  /** Takes what came: resolves when the next may follow. Never rejects. */
  readonly receive: (data: KookEventData, signal: AbortSignal, passage?: Passage) => Promise<void>
  /** The gateway does not take the token; it is tried again all the same. */
  readonly onTokenRefused: () => void
  readonly logger: Logger
  readonly clock: Clock
}

/** An event that waits, and by what it is known whether it is settled. */
interface Arrival {
  readonly data: KookEventData
  /** Its number among those of `progress`. */
  readonly number: number
  readonly progress?: IntakeProgress | undefined
  /** Whose number it is. */
  readonly session?: string | undefined
}

/** Events that may wait until the app takes them. */
const maxWaiting = 1000
/** After so long without a connection the platform has forgotten a session, in ms. */
const sessionLifeMs = 5 * 60_000
/** KOOK wants the answer to a request within a second. */
const storeLimitMs = 700
const stoppedBefore = 'the bot stopped before they were taken'

/** How events come to one account, by the gateway or by the webhook: they wait here until the app takes them. */
export class Intake {
  readonly #options: IntakeOptions
  readonly #events: EventBuffer<Arrival>
  readonly #stopping = new AbortController()
  #gateway: Gateway | undefined
  #progress: IntakeProgress | undefined
  #journal: EventJournal | undefined
  #isReplaying = false
  #stopTelling: Dispose | undefined

  constructor(options: IntakeOptions) {
    this.#options = options
    const { bot, logger, receive } = options
    this.#events = new EventBuffer({
      maxWaiting,
      take: ({ data, number, progress, session }, signal) => {
        if (progress === undefined || progress.session !== session) return receive(data, signal)
        return progress.pass(number, (passage) => receive(data, signal, passage))
      },
      onError: (err, { data: { msg_id: id } }) => {
        logger.error({ err }, `The event ${id} could not be handled and is left out.`)
        bot.refused('an event could not be handled')
      },
    })
  }

  /** Connects to the gateway, and stays connected until it is stopped. */
  async connect(): Promise<void> {
    const { bot, config, calls, onTokenRefused } = this.#options
    const progress = this.#makeProgress()
    this.#progress = progress
    const left = await progress?.load()
    if (progress !== undefined)
      this.#stopTelling = bot.onSettled((settlement) => progress.settled(settlement))
    const gateway = new Gateway({
      lookUp: async (signal) => (await calls.platform.gateway(config.compress, signal)).url,
      ...this.#taker,
      onEvent: (data, number) => this.#take({ data, number, progress, session: progress?.session }),
      drained: () => this.#events.drained(),
      onTokenRefused,
      onStatus: (status) => bot.setStatus(status),
      maxAgeMs: config.maxConnectionAge,
      progress,
      left,
    })
    this.#gateway = gateway
    // Whoever is online elsewhere is the run before this one.
    if (config.signOffFirst && left === undefined) await this.#signOff()
    if (!this.#stopping.signal.aborted) gateway.start()
  }

  /** What answers the requests of the webhook, once what the run before this one has left was handed on. */
  async webhook({ verifyToken, encryptKey }: KookWebhookConfig): Promise<Webhook> {
    const { bot, logger, clock } = this.#options
    if (bot.keys !== undefined) {
      const journal = new EventJournal({ store: () => bot.keys, key: `${bot.key}:pushes`, clock, logger })
      this.#journal = journal
      this.#stopTelling = bot.onSettled((settlement) => journal.settled(settlement))
      await this.#replay(journal)
    }
    const journal = this.#journal
    return new Webhook({
      ...this.#taker,
      onEvent: (data, number) => this.#take({ data, number }),
      store: journal && ((id, event) => settlesWithin(clock, this.#store(journal, id, event), storeLimitMs)),
      verifyToken,
      encryptKey,
      signal: this.#stopping.signal,
    })
  }

  async #replay(journal: EventJournal): Promise<void> {
    const { progress } = journal
    const left = await journal.open()
    const { session } = progress
    const arrivals = left.flatMap(({ number, event }) =>
      isPushedEvent(event) ? [{ data: event.d, number, progress, session }] : [],
    )
    this.#isReplaying = true
    void this.#events.offerAll(arrivals).then(() => (this.#isReplaying = false))
  }

  async #store(journal: EventJournal, id: string, event: PushedEvent): Promise<void> {
    const number = await journal.add(id, event)
    if (number === undefined) return this.#take({ data: event.d, number: event.sn })
    const { progress } = journal
    // Once the bot has stopped, what is stored is for the next run.
    if (number !== 'known') this.#events.offer({ data: event.d, number, progress, session: progress.session })
  }

  /** Takes nothing more in. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#gateway?.stop()
    const left = await this.#events.stop()
    const isStored = this.#progress !== undefined || this.#journal !== undefined
    if (left > 0 && !isStored) this.#options.bot.refused(stoppedBefore, left)
    await this.#progress?.stop()
    await this.#journal?.stop()
    await this.#stopTelling?.()
  }

  #makeProgress(): IntakeProgress | undefined {
    const { bot, config, logger, clock } = this.#options
    if (bot.keys === undefined) return undefined
    return new IntakeProgress({
      store: () => bot.keys,
      key: `${bot.key}:gateway`,
      binding: fingerprint(config.token, config.baseUrl),
      lifeMs: sessionLifeMs,
      maxHeldMs: sessionLifeMs,
      clock,
      logger,
    })
  }

  get #taker(): Omit<EventTaker, 'onEvent'> {
    const { bot, logger, clock } = this.#options
    return {
      room: () => (this.#isReplaying ? 0 : maxWaiting - this.#events.size - (this.#journal?.waiting ?? 0)),
      onRefused: (reason, count) => bot.refused(reason, count),
      logger,
      clock,
    }
  }

  #take(arrival: Arrival): void {
    if (this.#events.offer(arrival)) return
    const isStopped = this.#stopping.signal.aborted
    this.#options.bot.refused(isStopped ? stoppedBefore : 'more events came than handlers take')
  }

  /** Ends another connection of the bot, which would keep the events to itself. */
  async #signOff(): Promise<void> {
    const { calls, logger } = this.#options
    try {
      const { online } = await calls.users.onlineStatus()
      if (online) await calls.users.offline()
    } catch (err) {
      logger.warn({ err }, 'The bot could not be signed off; it connects all the same.')
    }
  }
}
