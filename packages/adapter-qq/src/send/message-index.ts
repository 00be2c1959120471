import { BoundedMap } from '@mynah/core/adapter'

/** Remembers by which index each C2C or group message is quoted; the oldest goes first. */
export class MessageIndex {
  readonly #indexes = new BoundedMap<string, string>({ maxEntries: 10_000 })
  readonly #messages = new BoundedMap<string, string>({ maxEntries: 10_000 })

  /** Takes note of the index of a message. */
  set(messageId: string, index: string | undefined): void {
    if (index === undefined || index === '') return
    this.#indexes.set(messageId, index)
    this.#messages.set(index, messageId)
  }

  /** The message behind an index, while it is remembered. */
  messageOf(index: string): string | undefined {
    return this.#messages.get(index)
  }

  /** The index of a message; an index stands for itself. */
  get(messageId: string): string | undefined {
    return /^(REFIDX|TMP)_/.test(messageId) ? messageId : this.#indexes.get(messageId)
  }
}
