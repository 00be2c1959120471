import { isRecord } from '@mynah/adapter-kit'
import type { ChatEvent, Logger } from '@mynah/core'

import type { OneBotApi } from '../api/onebot-api.ts'
import { targetOf } from '../decode/resources.ts'
import { decodeMessageEvent } from '../decode/message.ts'

/** What fetching missed messages needs of a bot. */
export interface CatchUpHost {
  readonly selfId: string
  readonly api: OneBotApi
  readonly logger: Logger
  /** Waits while the app is full. */
  emit(event: ChatEvent): Promise<unknown>
}

/** How many messages of a conversation are looked through. */
const historyLength = 50

/** Remembers the latest conversations and, after a gap, hands on what was said in them meanwhile. */
export class CatchUp {
  readonly #host: CatchUpHost
  readonly #size: number
  /** Time of the last message of each conversation, in ms since 1970; the latest conversation is last. */
  readonly #conversations = new Map<string, number>()
  #running: Promise<void> | undefined

  /** @param size - How many conversations are remembered. */
  constructor(host: CatchUpHost, size: number) {
    this.#host = host
    this.#size = size
  }

  /** Notes a message that came. */
  note({ channel, time }: ChatEvent): void {
    if (channel === undefined) return
    this.#conversations.delete(channel.id)
    this.#conversations.set(channel.id, time)
    const [oldest] = this.#conversations.keys()
    if (oldest !== undefined && this.#conversations.size > this.#size) this.#conversations.delete(oldest)
  }

  /** Fetches what was missed; runs once at a time. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<void> {
    for (const [channelId, since] of Array.from(this.#conversations)) {
      try {
        for (const event of await this.#missed(channelId, since)) {
          this.note(event)
          await this.#host.emit({ ...event, late: true })
        }
      } catch (err) {
        this.#host.logger.debug(
          { err, channelId },
          'The messages missed in a conversation could not be fetched',
        )
      }
    }
  }

  /** Messages of others since then, oldest first. The same second counts: what came already is known by its id. */
  async #missed(channelId: string, since: number): Promise<ChatEvent[]> {
    const { api, selfId } = this.#host
    const target = targetOf(channelId)
    if (target.kind === 'guild') return []
    const query = { count: historyLength }
    const found: readonly unknown[] =
      target.kind === 'group'
        ? await api.messages.listGroup(target.groupId, query)
        : await api.messages.listPrivate(target.userId, query)
    return found
      .filter(isRecord)
      .map((raw) => decodeMessageEvent(raw, selfId))
      .filter(({ type, time }) => type === 'message-created' && time >= since)
      .sort((one, other) => one.time - other.time)
  }
}
