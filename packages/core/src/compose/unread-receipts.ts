import type { Clock } from '../shared/clock.ts'
import type { FailedReceipt, Receipt } from '../model/receipt.ts'

/** How long somebody who waits for several messages may take to look at a receipt, in ms. */
const readWithinMs = 1000

interface Unread {
  readonly tell: () => void
  readonly cancel: () => void
}

/**
 * Notices receipts of failed messages that nobody looks at: whoever sends without looking at the receipt would
 * never hear that the message did not get out.
 */
export class UnreadReceipts {
  readonly #clock: Clock
  readonly #unread = new Map<Receipt, Unread>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Gives out a receipt.
   *
   * @param tell - Called when its outcome has not been looked at after a second.
   */
  watch(receipt: FailedReceipt, tell: () => void): FailedReceipt {
    const read = (): void => this.#forget(watched)
    const watched: FailedReceipt = {
      ...receipt,
      get status() {
        read()
        return receipt.status
      },
      get error() {
        read()
        return receipt.error
      },
    }
    const cancel = this.#clock.setTimeout(() => this.ignored(watched), readWithinMs)
    this.#unread.set(watched, { tell, cancel })
    return watched
  }

  /** Nobody is going to look at a receipt. */
  ignored(receipt: Receipt): void {
    const unread = this.#unread.get(receipt)
    if (unread === undefined) return
    this.#forget(receipt)
    unread.tell()
  }

  /** Tells of those that nobody has looked at yet, and leaves no timer. */
  stop(): void {
    for (const receipt of this.#unread.keys()) this.ignored(receipt)
  }

  #forget(receipt: Receipt): void {
    this.#unread.get(receipt)?.cancel()
    this.#unread.delete(receipt)
  }
}
