import type { ChatEvent, Message } from '@mynah/core'
import { BoundedMap } from '@mynah/core/adapter'

/** How many are remembered. */
const maxMessages = 2000

/** The latest messages of one account: what is quoted comes with nothing but its id. */
export class RecentMessages {
  readonly #messages = new BoundedMap<string, Message>({ maxEntries: maxMessages })

  /** Remembers a message. */
  note(channelId: string, message: Message): void {
    if (message.id !== '') this.#messages.set(keyOf(channelId, message.id), message)
  }

  /** Remembers the message of an event. @returns The event, which tells what is quoted where that is remembered. */
  complete(event: ChatEvent): ChatEvent {
    const { message, channel, user } = event
    if (message === undefined || channel === undefined) return event
    const { quote, ...said } = message
    this.note(channel.id, user === undefined ? said : { ...said, user })
    const quoted = quote && this.#messages.get(keyOf(channel.id, quote.id))
    return quoted === undefined ? event : { ...event, message: { ...message, quote: quoted } }
  }
}

function keyOf(channelId: string, messageId: string): string {
  return `${channelId}\n${messageId}`
}
