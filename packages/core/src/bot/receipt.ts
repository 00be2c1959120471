import { MynahError } from '../errors/mynah-error.ts'

/** The platform has the message. */
export interface DeliveredReceipt {
  readonly status: 'delivered'
  /** Ids of the messages it became, in order; empty where the platform gives none. */
  readonly messageIds: readonly string[]
}

/** The platform looks at the message before it shows it. */
export interface PendingReceipt {
  readonly status: 'pending'
  /** Ids of the parts that are out already. */
  readonly messageIds: readonly string[]
  /** The platform's id of the check. */
  readonly auditId: string
  /** How it ends; never rejects. */
  readonly settled: Promise<DeliveredReceipt | FailedReceipt>
}

/** The message, or a part of it, did not get out. */
export interface FailedReceipt {
  readonly status: 'failed'
  /** Ids of the parts that did get out. */
  readonly messageIds: readonly string[]
  /** Why, with a code and whether trying again may work. */
  readonly error: MynahError
}

/** What became of a message that was sent: always a value, never silence. */
export type Receipt = DeliveredReceipt | PendingReceipt | FailedReceipt

/** A receipt for a message that did not get out. */
export function failedReceipt(error: unknown, messageIds: readonly string[] = []): FailedReceipt {
  return { status: 'failed', messageIds, error: MynahError.from(error, 'SEND_FAILED') }
}

/** What may still be said about an event, on platforms that count answers. */
export interface ReplyBudget {
  /** Answers left to this very event; `Infinity` where nobody counts. */
  readonly replies: number
  /** When the event cannot be answered any more, in ms since 1970. */
  readonly expiresAt: number
  /** Answers that other messages of the same place would lend. */
  readonly borrowable: number
  /** Messages that may be sent without an answer right now; 0 when the place or the config forbids them. */
  readonly proactive: number
}
