import { BoundedMap } from '@mynah/core/adapter'
import type { ChatEvent } from '@mynah/core'

import { targetOf } from '../decode/target.ts'
import type { UserChatApi } from './user-chats.ts'

/** Codes of the chats with users; told by messages, asked for when none came yet. */
export class ChatCodes {
  readonly #api: Pick<UserChatApi, 'create'>
  readonly #codes = new BoundedMap<string, string>({ maxEntries: 10_000 })

  /** @param api - Begins chats. */
  constructor(api: Pick<UserChatApi, 'create'>) {
    this.#api = api
  }

  /** Learns from an event. */
  watch({ type, channel, user }: ChatEvent): void {
    if (type !== 'message-created' || channel?.type !== 'direct' || user === undefined) return
    const isNews = targetOf(channel.id).kind === 'chat' && this.#codes.get(user.id) !== channel.id
    if (isNews) this.#codes.set(user.id, channel.id)
  }

  /** The code of the chat with a user, where it is known. */
  known(userId: string): string | undefined {
    return this.#codes.get(userId)
  }

  /** The code of the chat with a user; begins the chat when there is none. @throws PlatformError when refused. */
  async open(userId: string): Promise<string> {
    const known = this.#codes.get(userId)
    if (known !== undefined) return known
    const { code } = await this.#api.create(userId)
    this.#codes.set(userId, code)
    return code
  }
}
