import type { StoredState } from './stored-messages.ts'
import type { Element } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { SendFailure } from '../model/receipt.ts'

/** What never changes about a stored message. Plain data. */
export interface JournalMessage {
  /** Names it, among those of all bots. */
  readonly key: string
  /** `platform:selfId` of the account. */
  readonly bot: string
  /** Where it goes. */
  readonly channelId: string
  /** The event it answers, without what the platform sent. */
  readonly event: ChatEvent | undefined
  /** The messages that it is on the platform, in order. */
  readonly parts: readonly (readonly Element[])[]
  /** What happens to a part of which nobody can know whether it is out. */
  readonly onDoubt: 'stop' | 'again'
  /** Whether a second one of the same key may come: it is remembered after its delivery then. */
  readonly isNamed: boolean
  /** When it was stored, in ms since 1970. */
  readonly storedAt: number
  /** Length of its parts as JSON, in bytes. */
  readonly bytes: number
}

/** What changes about a stored message. Plain data. */
export interface JournalProgress {
  /** Where it stands; `trying` means that the part behind the {@link delivered} ones has begun. */
  readonly state: StoredState
  /** Its place among those of one bot: smaller ones go first. Never the same twice. */
  readonly order: number
  /** When it is not sent any more, in ms since 1970. */
  readonly expiresAt: number
  /** How many of its parts are out. */
  readonly delivered: number
  /** Ids of those. */
  readonly messageIds: readonly string[]
  /** Why it ended, where that is not its delivery. */
  readonly error?: SendFailure | undefined
  /** When it ended, in ms since 1970. */
  readonly settledAt?: number | undefined
  /** Whether the bot's plugins have been told of its end. */
  readonly isTold: boolean
}

/** A stored message as it stands. */
export interface JournalRecord {
  /** What never changes. */
  readonly message: JournalMessage
  /** What does. */
  readonly progress: JournalProgress
}

/** What is kept in memory of a message that waits. */
export interface JournalEntry {
  /** Names it. */
  readonly key: string
  /** Where it goes. */
  readonly channelId: string
  /** When it is not sent any more, in ms since 1970. */
  readonly expiresAt: number
}

/** How much there is. */
export interface JournalTotals {
  /** How many messages wait: those that are `stored` or `trying`. */
  readonly count: number
  /** Their bytes together. */
  readonly bytes: number
  /** The highest order of all messages, 0 when there is none. */
  readonly lastOrder: number
}

/**
 * Keeps durable messages on disk for the delivery. Whatever resolves is on disk. Who provides one hands it to
 * `ctx.keepMessages`; all of its methods reject when the disk or the server fails, and are asked again later.
 */
export interface MessageJournal {
  /** Adds a message. @returns `undefined`, or the message of the same key that is there already: nothing is added then. */
  add(record: JournalRecord): Promise<JournalRecord | undefined>
  /** Finds a message. */
  find(key: string): Promise<JournalRecord | undefined>
  /** Messages of a bot that wait, in their order. */
  waiting(bot: string): Promise<readonly JournalEntry[]>
  /** Keys of those of a bot that have ended, of which nobody has been told. */
  untold(bot: string): Promise<readonly string[]>
  /** Those that ended without being delivered, newest first. */
  dead(limit: number): Promise<readonly JournalRecord[]>
  /** How much there is. */
  totals(): Promise<JournalTotals>
  /** Puts the progress of a message in place of what was known. The parts of a delivered one may be forgotten. */
  save(key: string, progress: JournalProgress): Promise<void>
  /** Takes a message away. */
  remove(key: string): Promise<void>
}
