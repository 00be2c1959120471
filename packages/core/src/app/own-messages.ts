import type { Bot } from '../bot/bot.ts'
import type { ChatEvent, ChatEvents } from '../model/event.ts'
import type { Receipt } from '../model/receipt.ts'
import { RecentMap } from '../shared/recent-map.ts'

/** So many are remembered of each account at least. */
const atLeast = 5000
const maxPending = 500

/** Remembers which messages are the bot's, for platforms that do not tell who wrote what is quoted or edited. */
export class OwnMessages {
  /** By account: where the messages of an id are. Hardly any platform counts anew in each channel. */
  readonly #channels = new Map<string, RecentMap<string>>()

  /** Where messages go that platforms still look at, by account and check. */
  readonly #pending = new RecentMap<string>(maxPending)

  /** The bot has sent a message. */
  add({ key }: Pick<Bot, 'key'>, channelId: string, receipt: Receipt): void {
    if (receipt.status === 'pending') this.#pending.set(nameOf(key, receipt.auditId), channelId)
    this.#remember(key, channelId, receipt)
  }

  /** A platform has looked at a message of the bot. */
  settled({ platform, selfId, settled: { auditId, receipt } }: ChatEvents['message-settled']): void {
    const key = `${platform}:${selfId}`
    const channelId = auditId === undefined ? undefined : this.#pending.get(nameOf(key, auditId))
    if (channelId !== undefined) this.#remember(key, channelId, receipt)
  }

  #remember(key: string, channelId: string, { messageIds }: Receipt): void {
    let channels = this.#channels.get(key)
    if (channels === undefined) this.#channels.set(key, (channels = new RecentMap(atLeast)))
    for (const id of messageIds) {
      const isElsewhere = (channels.get(id) ?? channelId) !== channelId
      channels.set(isElsewhere ? nameOf(channelId, id) : id, channelId)
    }
  }

  /** Whether a message of the place where an event happened is one of the bot's. */
  has(
    { platform, selfId, channel }: Pick<ChatEvent, 'platform' | 'selfId' | 'channel'>,
    messageId: string,
  ): boolean {
    const channels = this.#channels.get(`${platform}:${selfId}`)
    const channelId = channel?.id ?? ''
    return (
      channels !== undefined &&
      (channels.get(messageId) === channelId || channels.has(nameOf(channelId, messageId)))
    )
  }
}

function nameOf(place: string, id: string): string {
  return `${place}\n${id}`
}
