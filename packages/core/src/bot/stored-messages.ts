import type { SendFailure } from '../model/receipt.ts'

/** Where a stored message stands; see `DurableOptions` for what a crash does to each. */
export type StoredState = 'stored' | 'trying' | 'delivered' | 'in-doubt' | 'failed' | 'expired'

/** A stored message that came to its end without being delivered. */
export interface DeadLetter {
  /** Names it. */
  readonly key: string
  /** `platform:selfId` of the account. */
  readonly bot: string
  /** Where it was to go. */
  readonly channelId: string
  /** How it ended. */
  readonly state: 'in-doubt' | 'failed' | 'expired'
  /** Why. */
  readonly error: SendFailure
  /** Its first words. */
  readonly text: string
  /** How many messages it is on the platform. */
  readonly parts: number
  /** How many of them are out for certain. */
  readonly delivered: number
  /** Ids of those. */
  readonly messageIds: readonly string[]
  /** When it was sent by its plugin, in ms since 1970. */
  readonly storedAt: number
  /** When it ended, in ms since 1970. */
  readonly settledAt: number
}

/** What an operator may do with stored messages that were not delivered. They are kept for 7 days. */
export interface StoredMessages {
  /** The dead letters, newest first. @param options - `limit`: how many at most, 100 by default. */
  list(options?: { readonly limit?: number }): Promise<DeadLetter[]>
  /**
   * Sends a dead letter again, from the first part on that is not out for certain. Its end is told once more.
   *
   * @param options - `expiresIn`: how long it may wait now, as `'10m'` or in ms; 10 minutes by default.
   * @returns Whether there was one of this key.
   * @throws MynahError `SEND_EXPIRED` when its platform takes no more answers there; `DURABLE_INVALID`.
   */
  again(key: string, options?: { readonly expiresIn?: number | string }): Promise<boolean>
  /** Forgets a dead letter. @returns Whether there was one of this key. */
  drop(key: string): Promise<boolean>
}
