import type { Bot } from '../bot/bot.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Receipt } from '../model/receipt.ts'

/** So many ids are remembered at least, and never more than twice as many. */
const atLeast = 5000

/**
 * Remembers which messages are the bot's, for platforms that do not tell who wrote what is quoted: in two generations,
 * of which the older one is forgotten as a whole.
 */
export class OwnMessages {
  #younger = new Set<string>()
  #older: ReadonlySet<string> = new Set()

  /** The bot has sent a message. */
  add({ key }: Bot, channelId: string, { messageIds }: Receipt): void {
    for (const id of messageIds) {
      if (this.#younger.size >= atLeast) {
        this.#older = this.#younger
        this.#younger = new Set()
      }
      this.#younger.add(nameOf(key, channelId, id))
    }
  }

  /** Whether a message of the place where an event happened is one of the bot's. */
  has({ platform, selfId, channel }: ChatEvent, messageId: string): boolean {
    const name = nameOf(`${platform}:${selfId}`, channel?.id ?? '', messageId)
    return this.#younger.has(name) || this.#older.has(name)
  }
}

function nameOf(account: string, channelId: string, messageId: string): string {
  return `${account}\n${channelId}\n${messageId}`
}
