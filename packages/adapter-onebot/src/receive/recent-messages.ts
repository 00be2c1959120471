import type { ChatEvent, Element, Message, User } from '@mynah/core'
import { RecentMap } from '@mynah/core/adapter'

/** So many are remembered at least. */
const atLeast = 1000

const nothing: readonly Element[] = []

/** What is remembered of a message; its id is the key, which an account uses once. */
interface Said {
  readonly channelId: string
  readonly content: readonly Element[]
  readonly user: User | undefined
}

/** The latest messages of one account: what is quoted comes with nothing but its id. */
export class RecentMessages {
  readonly #messages = new RecentMap<Said>(atLeast)
  readonly #self: User

  /** @param selfId - The account. */
  constructor(selfId: string) {
    this.#self = { id: selfId }
  }

  /** Remembers that a message is the account's own. */
  noteOwn(channelId: string, messageId: string): void {
    this.#messages.set(messageId, { channelId, content: nothing, user: this.#self })
  }

  /** Remembers the message of an event. @returns The event, which tells what is quoted where that is remembered. */
  complete(event: ChatEvent): ChatEvent {
    const { message, channel, user } = event
    if (message === undefined || channel === undefined) return event
    const { id, content, quote } = message
    if (id !== '') this.#messages.set(id, { channelId: channel.id, content, user })
    const quoted = quote && this.#find(channel.id, quote.id)
    return quoted === undefined ? event : { ...event, message: { ...message, quote: quoted } }
  }

  #find(channel: string, id: string): Message | undefined {
    const { channelId, content, user } = this.#messages.get(id) ?? {}
    if (channelId !== channel || content === undefined) return undefined
    return user === undefined ? { id, content } : { id, content, user }
  }
}
