import { EventBuffer, fingerprint, IntakeProgress, type Passage } from '@mynah/adapter-kit'
import type { Clock, Dispose, Logger, LoginStatus } from '@mynah/core'
import type { KeyValueStore, Settlement } from '@mynah/core/adapter'

import type { PlatformApi } from '../api/platform.ts'
import type { UserApi } from '../api/users.ts'
import type { KookConfig, KookWebhookConfig } from '../config.ts'
import type { KookEventData } from '../wire/events.ts'
import type { EventTaker } from './event-taker.ts'
import { Gateway } from './gateway.ts'
import { Webhook } from './webhook.ts'

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
  readonly sn: number
  /** Whose number it is, where that is stored. */
  readonly session?: string | undefined
}

/** Events that may wait until the app takes them. */
const maxWaiting = 1000
/** After so long without a connection the platform has forgotten a session, in ms. */
const sessionLifeMs = 5 * 60_000
const stoppedBefore = 'the bot stopped before they were taken'

/** How events come to one account, by the gateway or by the webhook: they wait here until the app takes them. */
export class Intake {
  readonly #options: IntakeOptions
  readonly #events: EventBuffer<Arrival>
  readonly #stopping = new AbortController()
  #gateway: Gateway | undefined
  #progress: IntakeProgress | undefined
  #stopTelling: Dispose | undefined

  constructor(options: IntakeOptions) {
    this.#options = options
    const { bot, logger, receive } = options
    this.#events = new EventBuffer({
      maxWaiting,
      take: ({ data, sn, session }, signal) => {
        const progress = this.#progress
        if (session === undefined || progress?.session !== session) return receive(data, signal)
        return progress.pass(sn, (passage) => receive(data, signal, passage))
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
      onEvent: (data, sn) => this.#take({ data, sn, session: progress?.session }),
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

  /** What answers the requests of the webhook. */
  webhook({ verifyToken, encryptKey }: KookWebhookConfig): Webhook {
    return new Webhook({
      ...this.#taker,
      onEvent: (data, sn) => this.#take({ data, sn }),
      verifyToken,
      encryptKey,
      signal: this.#stopping.signal,
    })
  }

  /** Takes nothing more in. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#gateway?.stop()
    const left = await this.#events.stop()
    if (left > 0) this.#options.bot.refused(stoppedBefore, left)
    await this.#progress?.stop()
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
      room: () => maxWaiting - this.#events.size,
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
