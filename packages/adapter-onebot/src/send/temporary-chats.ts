import { isRecord } from '@mynah/adapter-kit'
import type { ChatEvent } from '@mynah/core'
import { BoundedMap } from '@mynah/core/adapter'

import { isTemporary } from '../decode/message.ts'
import { readString } from '../wire/raw.ts'

/** How many are remembered; the one that was used least lately goes first. */
const maxChats = 5000

/** Through which group people are written to who are no friends: each message to them has to name it. */
export class TemporaryChats {
  readonly #groups = new BoundedMap<string, string>({ maxEntries: maxChats })

  /** From now on messages to this person go through that group. */
  remember(userId: string, groupId: string): void {
    this.#groups.set(userId, groupId)
  }

  /**
   * Learns from a message that came; one that came as from a friend ends what was remembered. A message through
   * a group that the implementation does not know changes nothing.
   */
  note({ channel, referrer, raw }: ChatEvent): void {
    if (channel?.type !== 'direct') return
    const group = isRecord(referrer) ? readString(referrer['group']) : undefined
    const userId = channel.id.slice('private:'.length)
    if (group !== undefined) this.remember(userId, group)
    else if (!(isRecord(raw) && isTemporary(raw))) this.#groups.delete(userId)
  }

  groupOf(userId: string): string | undefined {
    return this.#groups.get(userId)
  }
}
