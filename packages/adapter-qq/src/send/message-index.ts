/** Remembers by which index each C2C or group message is quoted; the oldest goes first. */
export class MessageIndex {
  readonly #indexes = new Map<string, string>()
  readonly #messages = new Map<string, string>()
  readonly #maxMessages: number

  constructor(maxMessages = 10_000) {
    this.#maxMessages = maxMessages
  }

  /** Takes note of the index of a message. */
  set(messageId: string, index: string | undefined): void {
    if (index === undefined || index === '') return
    this.#indexes.set(messageId, index)
    this.#messages.set(index, messageId)
    for (const known of [this.#indexes, this.#messages]) {
      const [oldest] = known.keys()
      if (known.size > this.#maxMessages && oldest !== undefined) known.delete(oldest)
    }
  }

  /** The message behind an index, while it is remembered. */
  messageOf(index: string): string | undefined {
    return this.#messages.get(index)
  }

  /** The index of a message; an index stands for itself. */
  get(messageId: string): string | undefined {
    if (/^(REFIDX|TMP)_/.test(messageId)) return messageId
    return this.#indexes.get(messageId)
  }
}
