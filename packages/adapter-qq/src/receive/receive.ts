import { isRecord } from '@mynah/adapter-kit'
import type { ChatEvent, Logger } from '@mynah/core'
import { decodeEvent } from '../decode/decode.ts'
import type { DecodeContext } from '../decode/context.ts'
import { type QQReferrer, referrerOf, targetIn } from '../decode/referrer.ts'
import type { ReplyManager } from '../send/reply-manager.ts'
import type { AuditBook } from '../send/audit-book.ts'
import type { MessageIndex } from '../send/message-index.ts'
import type { Target } from '../encode/target.ts'
import type { Dispatch } from '../wire/envelope.ts'

/** What a {@link Receiver} teaches. */
export interface ReceiverParts {
  /** Knows what can be answered. */
  readonly replies: ReplyManager
  /** Knows which messages are looked at. */
  readonly audits: AuditBook
  /** Knows by which index a message is quoted. */
  readonly index: MessageIndex
  /** Where an operator reads. */
  readonly logger: Pick<Logger, 'debug' | 'warn'>
}

/** An event, and what its answer needs. */
export interface Received {
  /** What plugins get. */
  readonly event: ChatEvent
  /** What its answer needs. */
  readonly referrer: QQReferrer | undefined
}

const closed: ReadonlySet<string> = new Set(['friend-removed', 'guild-removed'])
const opened: ReadonlySet<string> = new Set(['friend-added', 'guild-added', 'proactive-message-allowed'])

/** The one way in of gateway and webhook: reads, and remembers what sending needs. */
export class Receiver {
  readonly #parts: ReceiverParts

  constructor(parts: ReceiverParts) {
    this.#parts = parts
  }

  /** Reads a frame. */
  receive(envelope: Dispatch, context: DecodeContext): Received {
    const { event: decoded, error } = decodeEvent(envelope, context)
    const event = this.#withQuotedId(decoded)
    const { logger } = this.#parts
    if (error !== undefined) {
      logger.warn({ event: envelope.t }, 'An event is not what its name says; it goes out as it came')
      logger.debug({ err: error, event: envelope.t }, 'Why an event could not be read')
    } else if (event.type === event.platformType) {
      logger.debug({ event: event.type }, 'An event without a common name')
    }
    const referrer = referrerOf(event)
    this.#learn(envelope, event, referrer)
    return { event, referrer }
  }

  /** Groups and one-to-one chats tell the index of what is quoted; plugins know the message by its id. */
  #withQuotedId(event: ChatEvent): ChatEvent {
    const { message } = event
    const id = this.#parts.index.messageOf(message?.quote?.id ?? '')
    if (message === undefined || id === undefined) return event
    return { ...event, message: { ...message, quote: { content: [], ...message.quote, id } } }
  }

  #learn({ t, d }: Dispatch, event: ChatEvent, referrer: QQReferrer | undefined): void {
    if (t === 'MESSAGE_AUDIT_PASS' || t === 'MESSAGE_AUDIT_REJECT') this.#learnAudit(t, d)
    if (referrer === undefined) return
    const { replies, index } = this.#parts
    if (referrer.msgId !== undefined) index.set(referrer.msgId, referrer.refIdx)
    const target = targetIn(referrer)
    if (target !== undefined) this.#learnPermission(target, event)
    // After the permission: what is closed for good takes what can be answered along.
    if (!closed.has(event.type)) replies.windows.note(referrer, event.redelivered)
  }

  #learnPermission(target: Target, { type, platformType }: ChatEvent): void {
    const { windows, quota } = this.#parts.replies
    if (opened.has(type)) quota.allow(target)
    if (type === 'proactive-message-denied')
      quota.deny(target, `proactive messages were switched off (${platformType})`)
    if (!closed.has(type)) return
    windows.dropPlace(target)
    quota.deny(target, `the bot was removed (${platformType})`)
  }

  #learnAudit(name: string, d: unknown): void {
    if (!isRecord(d) || typeof d['audit_id'] !== 'string') return
    const { audits } = this.#parts
    const id = d['message_id']
    if (name === 'MESSAGE_AUDIT_REJECT') audits.reject(d['audit_id'])
    else audits.pass(d['audit_id'], typeof id === 'string' && id !== '' ? id : undefined)
  }
}
