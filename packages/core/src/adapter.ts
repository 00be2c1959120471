/**
 * What authors of adapters need besides what authors of plugins use.
 *
 * @packageDocumentation
 */
export type { KeyValueStore } from './storage/key-value-store.ts'
export type { BotHost } from './adapter/bot-host.ts'
export { LocalBot } from './adapter/local-bot.ts'
export type {
  JournalEntry,
  JournalMessage,
  JournalProgress,
  JournalRecord,
  JournalTotals,
  MessageJournal,
} from './bot/message-journal.ts'
export type { DurableTerms } from './bot/hatches.ts'
export type { Acceptance, BotCall, Inbox, Outbox, OutgoingMessage, Settlement } from './bot/hatches.ts'
export { failedReceipt } from './model/receipt.ts'
export { cutMessage } from './message/cut.ts'
export { abortReason, onAbort, sleep, unlessAborted } from './shared/abort.ts'
export { backoffDelay, type BackoffOptions } from './shared/backoff.ts'
export { BoundedMap, type BoundedOptions, RecentSet } from './shared/bounded-map.ts'
export { RecentMap } from './shared/recent-map.ts'
export { type Clock, settlesWithin, systemClock } from './shared/clock.ts'
export { deferred, type Deferred } from './shared/deferred.ts'
export { Remembered } from './shared/remembered.ts'
export { type Corkable, WriteBatch } from './shared/write-batch.ts'
