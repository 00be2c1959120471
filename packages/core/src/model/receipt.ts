import type { ErrorCode } from '../errors/codes.ts'
import { MynahError } from '../errors/mynah-error.ts'

/** Something that happened to a message on its way out. */
export interface SendStep {
  /** Whether it waited for the connection, or was sent again. */
  readonly kind: 'waiting' | 'retry'
  /** Which account. */
  readonly label: string
  /** For how long, and why, in words. */
  readonly detail: string
}

/** What all receipts have. */
interface ReceiptBase {
  /** Ids of the messages it became, or of the parts that are out, in order; empty where the platform gives none. */
  readonly messageIds: readonly string[]
  /** Waits and repetitions; absent when it went at once. */
  readonly steps?: readonly SendStep[]
}

/** The platform has the message. */
export interface DeliveredReceipt extends ReceiptBase {
  /** Tells this receipt from the others. */
  readonly status: 'delivered'
}

/** The platform looks at the message before it shows it; the event `message-settled` tells how that ends. */
export interface PendingReceipt extends ReceiptBase {
  /** Tells this receipt from the others. */
  readonly status: 'pending'
  /** The platform's id of the check. */
  readonly auditId: string
}

/** The message is on disk and will be tried; the event `message-settled` tells how that ends. */
export interface StoredReceipt extends ReceiptBase {
  /** Tells this receipt from the others. */
  readonly status: 'stored'
  /** Names the message; the event has it, too. */
  readonly key: string
}

/** Why a message did not get out: plain data, as of a {@link MynahError}. */
export interface SendFailure {
  /** Stable: match on it. */
  readonly code: ErrorCode
  /** What failed and what to do next, for people. */
  readonly message: string
  /** Whether trying the same again later may work. */
  readonly retriable: boolean
}

/** The message, or a part of it, did not get out. */
export interface FailedReceipt extends ReceiptBase {
  /** Tells this receipt from the others. */
  readonly status: 'failed'
  /** Why. */
  readonly error: SendFailure
}

/** What became of a message that was sent: always a value, never silence. Plain data. */
export type Receipt = DeliveredReceipt | PendingReceipt | StoredReceipt | FailedReceipt

/** How a message ended whose receipt was pending or stored. */
export type SettledReceipt = DeliveredReceipt | FailedReceipt

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
