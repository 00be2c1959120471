import type { Bot } from '../bot/bot.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Receipt } from '../model/receipt.ts'
import { RecentIds } from '../shared/recent-ids.ts'

/** Remembers which messages are the bot's, for platforms that do not tell who wrote what is quoted or edited. */
export class OwnMessages {
  readonly #names = new RecentIds()

  /** The bot has sent a message. */
  add({ key }: Bot, channelId: string, { messageIds }: Receipt): void {
    for (const id of messageIds) this.#names.add(nameOf(key, channelId, id))
  }

  /** Whether a message of the place where an event happened is one of the bot's. */
  has({ platform, selfId, channel }: ChatEvent, messageId: string): boolean {
    return this.#names.has(nameOf(`${platform}:${selfId}`, channel?.id ?? '', messageId))
  }
}

function nameOf(account: string, channelId: string, messageId: string): string {
  return `${account}\n${channelId}\n${messageId}`
}
