import { isRecord } from '@mynah/adapter-kit'
import type { Clock, Logger } from '@mynah/core'
import { RecentSet } from '@mynah/core/adapter'
import type { AckCode, InteractionApi } from '../api/interactions.ts'
import { clickTypes } from '../decode/chat-events.ts'

/** How long handlers have before a click is acknowledged for them, in ms; the platform waits about 3 s. */
const timeoutMs = 2000

interface Followed {
  readonly interactionId: string
  readonly cancel: () => void
}

/** Acknowledges clicks, each once. */
export class Acknowledger {
  readonly #api: Pick<InteractionApi, 'acknowledge'>
  readonly #clock: Clock
  readonly #logger: Pick<Logger, 'warn'>
  readonly #done = new RecentSet<string>({ maxEntries: 5000 })
  /** Clicks whose handlers still run, by event. */
  readonly #followed = new Map<string, Followed>()

  constructor(api: Pick<InteractionApi, 'acknowledge'>, clock: Clock, logger: Pick<Logger, 'warn'>) {
    this.#api = api
    this.#clock = clock
    this.#logger = logger
  }

  /** Acknowledges, unless that was done. @throws QQApiError when the platform refuses. */
  async acknowledge(interactionId: string, code: AckCode): Promise<void> {
    if (!this.#done.add(interactionId)) return
    try {
      await this.#api.acknowledge(interactionId, code)
    } catch (error) {
      this.#done.delete(interactionId)
      throw error
    }
  }

  /** Acknowledges when {@link settled} tells that the handlers of an event are done, or their time is up. */
  follow(eventId: string, interactionId: string): void {
    if (this.#followed.has(eventId)) return
    const cancel = this.#clock.setTimeout(() => this.settled(eventId), timeoutMs)
    this.#followed.set(eventId, { interactionId, cancel })
  }

  /** The handlers of an event are done, or wait for a person. */
  settled(eventId: string): void {
    const followed = this.#followed.get(eventId)
    if (followed === undefined) return
    this.#followed.delete(eventId)
    followed.cancel()
    this.acknowledge(followed.interactionId, 0).catch((err: unknown) =>
      this.#logger.warn({ err }, 'A click could not be acknowledged'),
    )
  }

  /** Acknowledges nothing more. */
  stop(): void {
    for (const { cancel } of this.#followed.values()) cancel()
    this.#followed.clear()
  }
}

/** Whether the platform waits for an acknowledgement of an interaction. */
export function needsAck(raw: unknown): boolean {
  const type = isRecord(raw) ? raw['type'] : undefined
  return type === clickTypes.button || type === clickTypes.menu
}
