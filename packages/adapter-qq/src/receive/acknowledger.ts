import { Deduper } from '@mynah/adapter-kit'
import type { Clock, Logger } from '@mynah/core'
import { settlesWithin } from '@mynah/core/adapter'
import type { AckCode, InteractionApi } from '../api/interactions.ts'
import { clickTypes } from '../decode/chat-events.ts'
import { isRecord } from '../wire/read.ts'

/** How long handlers have before a click is acknowledged for them, in ms; the platform waits about 3 s. */
const patienceMs = 2000

/** Acknowledges clicks, each once. */
export class Acknowledger {
  readonly #api: Pick<InteractionApi, 'acknowledge'>
  readonly #clock: Clock
  readonly #logger: Pick<Logger, 'warn'>
  readonly #done = new Deduper({ maxKeys: 5000 })

  constructor(api: Pick<InteractionApi, 'acknowledge'>, clock: Clock, logger: Pick<Logger, 'warn'>) {
    this.#api = api
    this.#clock = clock
    this.#logger = logger
  }

  /** Acknowledges, unless that was done. @throws QQApiError when the platform refuses. */
  async acknowledge(interactionId: string, code: AckCode): Promise<void> {
    if (this.#done.seen(interactionId)) return
    try {
      await this.#api.acknowledge(interactionId, code)
    } catch (error) {
      this.#done.forget(interactionId)
      throw error
    }
  }

  /** Acknowledges when the handlers are done or their time is up. Never rejects. */
  async follow(interactionId: string, handlers: Promise<unknown>): Promise<void> {
    await settlesWithin(this.#clock, handlers, patienceMs)
    try {
      await this.acknowledge(interactionId, 0)
    } catch (err) {
      this.#logger.warn({ err }, 'A click could not be acknowledged')
    }
  }
}

/** Whether the platform waits for an acknowledgement of an interaction. */
export function needsAck(raw: unknown): boolean {
  const type = isRecord(raw) ? raw['type'] : undefined
  return type === clickTypes.button || type === clickTypes.menu
}
