import { MynahError } from '../../errors/mynah-error.ts'
import type { MessageJournal } from '../../bot/message-journal.ts'
import type { Clock } from '../../shared/clock.ts'

/** How many messages may wait, and their bytes together. */
const maxCount = 10_000
const maxBytes = 100 * 1024 * 1024

/** What a {@link StoredRoom} works with. */
export interface StoredRoomParts {
  readonly clock: Clock
  readonly journal: MessageJournal
  /** Tells an operator. */
  readonly warn: (bot: string, text: string) => void
}

/** How much waits, how much more may, and in which order. */
export class StoredRoom {
  readonly #parts: StoredRoomParts
  #counted: Promise<void> | undefined
  #count = 0
  #bytes = 0
  #lastOrder = 0
  #isFullTold = false

  constructor(parts: StoredRoomParts) {
    this.#parts = parts
  }

  /** Counts what earlier runs left, once. @throws What the journal throws */
  count(): Promise<void> {
    this.#counted ??= this.#readTotals()
    return this.#counted
  }

  /** @throws MynahError `OUTBOX_FULL` */
  check(bot: string, bytes: number): void {
    if (this.#count < maxCount && this.#bytes + bytes <= maxBytes) return
    const detail = `${this.#count} messages with ${this.#bytes} bytes wait already. See why they do not get out.`
    if (!this.#isFullTold) this.#parts.warn(bot, `No more messages can be stored: ${detail}`)
    this.#isFullTold = true
    throw new MynahError('OUTBOX_FULL', detail, { retriable: true })
  }

  /** A message waits from now on. */
  take(bytes: number): void {
    this.#count += 1
    this.#bytes += bytes
  }

  /** A message waits no more. */
  free(bytes: number): void {
    this.#count -= 1
    this.#bytes -= bytes
    if (this.#count < maxCount * 0.9 && this.#bytes < maxBytes * 0.9) this.#isFullTold = false
  }

  /** The place of the next message, behind all that were ever stored. */
  nextOrder(): number {
    this.#lastOrder = Math.max(this.#lastOrder + 1, this.#parts.clock.now())
    return this.#lastOrder
  }

  async #readTotals(): Promise<void> {
    try {
      const { count, bytes, lastOrder } = await this.#parts.journal.totals()
      this.#count += count
      this.#bytes += bytes
      this.#lastOrder = Math.max(this.#lastOrder, lastOrder)
    } catch (error) {
      this.#counted = undefined
      throw error
    }
  }
}
