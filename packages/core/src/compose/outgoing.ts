import type { Bot } from '../bot/bot.ts'
import type { DurableTerms, OutgoingMessage } from '../bot/hatches.ts'
import { MynahError } from '../errors/mynah-error.ts'
import type { Filter } from '../filter/combine.ts'
import type { Element } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import { failedReceipt, type Receipt } from '../model/receipt.ts'

/** A message that plugins may still change. */
export interface OutgoingDraft {
  /** Whether it is new, replaces another, or goes with the answer to a platform's request. */
  readonly kind: OutgoingMessage['kind']
  /** The account that sends. */
  readonly bot: Bot
  /** Where it goes. */
  readonly channelId: string
  /** What it is made of; set it to change the message. */
  elements: readonly Element[]
  /** The event it answers. */
  readonly event: ChatEvent | undefined
  /** The message that is edited. */
  readonly messageId: string | undefined
  /** By what it can be cancelled; the same for a message that grows and for its edits. */
  readonly key: string | undefined
  /** Set for a message that is stored before it is tried. */
  readonly durable: DurableTerms | undefined
}

/**
 * Sees every message and every edit before it is sent. Return what `next()` gives, or a receipt of your own
 * ({@link suppress}) to stop the message. One that throws stops the message, too: what it should have taken out must
 * not get out.
 */
export type OutgoingMiddleware = (message: OutgoingDraft, next: () => Promise<Receipt>) => Promise<Receipt>

/** How an outgoing middleware is registered. */
export interface OutgoingOptions {
  /** Name in traces and reports. @defaultValue the name of the function */
  readonly name?: string
  /**
   * Only for messages that fit, besides the filter of the plugin. Both are asked about the event that is answered, in
   * the place where the message goes; about the place alone where nothing is answered.
   */
  readonly when?: Filter
}

/** The receipt of a message that an outgoing middleware stopped. */
export function suppress(reason: string): Receipt {
  return failedReceipt(new MynahError('SEND_SUPPRESSED', reason))
}
