import type { LoadedMedia } from '@mynah/adapter-kit'
import { MynahError, type Receipt } from '@mynah/core'
import type { MessageApi, SendResult } from '../api/messages.ts'
import { auditIn, QQApiError } from '../errors.ts'
import type { SendRequest } from '../encode/encode.ts'
import type { QQReferrer } from '../decode/referrer.ts'
import type { ReplyManager, SendRoute } from './reply-manager.ts'
import { isAnsweredAlready, type ReplyClaim } from './reply-windows.ts'
import { isGuildKind, type Target } from '../encode/target.ts'
import type { ChatMessageBody, GuildMessageBody } from '../wire/send.ts'
import type { AuditBook } from './audit-book.ts'
import { loadFile, type MediaLibrary } from './media-library.ts'
import type { MessageIndex } from './message-index.ts'

/** What a {@link Sender} works with. */
export interface SenderParts {
  /** Sends the messages. */
  readonly messages: MessageApi
  /** Uploads the files. */
  readonly media: MediaLibrary
  /** Knows what can be answered. */
  readonly replies: ReplyManager
  /** Knows which messages are looked at. */
  readonly audits: AuditBook
  /** Knows by which index a message is quoted. */
  readonly index: MessageIndex
}

/** A message that is to be sent. */
export interface SendOrder {
  /** The same for each try of one message. */
  readonly key: object
  /** Where it goes. */
  readonly target: Target
  /** What is sent. */
  readonly request: SendRequest
  /** The event it answers. */
  readonly referrer: QQReferrer | undefined
  /** Aborts what is under way. */
  readonly signal?: AbortSignal | undefined
}

/** A message on its way: its body without what makes it an answer, and a picture to attach. */
interface Prepared extends Pick<SendOrder, 'target' | 'signal'> {
  readonly body: ChatMessageBody | GuildMessageBody
  readonly file?: LoadedMedia | undefined
}

/** Refusals of messages that answer nothing; answers may still get through. */
const proactiveRefusals = new Set([40034102, 40034105, 40054013])
/** Used up for now, for messages that answer nothing. */
const proactiveLimits = new Set([304045, 304047, 304049, 304050, 40034100])

/** Sends one request: uploads what it needs, finds a way to send it, and goes the next way when one is closed. */
export class Sender {
  readonly #parts: SenderParts
  /** Claims of messages whose last try may have arrived: the next one carries the same number. */
  readonly #unsure = new WeakMap<object, ReplyClaim>()

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /**
   * Tries to send a message; another try of the same one is safe where the error is `retriable`.
   *
   * @throws MynahError when no way leads there, or the platform refuses the content.
   */
  async send(order: SendOrder): Promise<Receipt> {
    const { key, target, request, referrer } = order
    const prepared = await this.#prepare(order)
    if ('is_wakeup' in request.body && request.body.is_wakeup) {
      return this.#receipt(await this.#post(prepared, undefined))
    }
    const unsure = this.#unsure.get(key)
    if (unsure !== undefined) return this.#sendAgain(prepared, unsure)
    const search = this.#parts.replies.search(target, referrer)
    for (let route = search.next(); route !== undefined; route = search.next()) {
      try {
        return this.#receipt(await this.#go(prepared, route))
      } catch (error) {
        if (!(error instanceof QQApiError)) {
          // Stopped or aborted before anything was sent, or while it was: what was taken stays taken.
          if (MynahError.is(error) && error.code === 'RATE_LIMITED') route.release()
          throw error
        }
        if (!error.mayHaveArrived) route.release()
        else if (route.claim !== undefined) this.#unsure.set(key, route.claim)
        this.#close(target, route, error)
        search.refused(error.message)
      }
    }
    throw search.error(target)
  }

  async #prepare({ target, request, signal }: SendOrder): Promise<Prepared> {
    const { body, media } = request
    if (media === undefined) return { target, body, signal }
    if (request.kind === 'guild') {
      const { source, name } = media
      const file = 'address' in source ? undefined : await loadFile(source, name, signal)
      return { target, body, file, signal }
    }
    const info = await this.#parts.media.upload(target, media)
    return { target, body: { ...request.body, media: { file_info: info } }, signal }
  }

  /** A number that the platform knows means that an earlier try got through, and only its answer was lost. */
  async #sendAgain(prepared: Prepared, claim: ReplyClaim): Promise<Receipt> {
    try {
      return this.#receipt(await this.#post(prepared, claim))
    } catch (error) {
      if (error instanceof QQApiError && error.action === 'duplicate') return deliveredSomehow
      throw error
    }
  }

  /**
   * Sends on one way. A number that the platform had seen before is replaced once; where an earlier run may have answered
   * the same event, it was this message.
   */
  async #go(prepared: Prepared, { claim }: SendRoute): Promise<SendResult> {
    try {
      return await this.#post(prepared, claim)
    } catch (error) {
      const isSeen = error instanceof QQApiError && error.action === 'duplicate'
      if (!isSeen || claim === undefined) throw error
      if (isAnsweredAlready(claim, error)) return undefined
      return this.#post(prepared, this.#parts.replies.windows.renumber(claim))
    }
  }

  #post({ target, body, file, signal }: Prepared, claim: ReplyClaim | undefined): Promise<SendResult> {
    const full = claim === undefined ? body : { ...body, ...claim.passive, ...sequence(target, claim) }
    if (file === undefined) return this.#parts.messages.send(target, full, signal)
    return this.#parts.messages.sendWithFile(target, full, file, signal)
  }

  /** Learns from a refusal. @throws the refusal itself when another way would not help. */
  #close(target: Target, { claim }: SendRoute, error: QQApiError): void {
    const { windows, quota } = this.#parts.replies
    const code = error.platformCode ?? 0
    if (claim !== undefined && error.action === 'drop-id') windows.drop(claim.source)
    else if (claim === undefined && proactiveRefusals.has(code)) quota.deny(target, error.message)
    else if (claim !== undefined || !proactiveLimits.has(code)) throw error
  }

  #receipt(result: SendResult): Receipt {
    const auditId = auditIn(result)
    if (auditId !== undefined) return this.#parts.audits.receiptOf(auditId)
    const id = result?.id
    if (id === undefined || id === '') return deliveredSomehow
    this.#parts.index.set(id, result?.ext_info?.ref_idx)
    return { status: 'delivered', messageIds: [id] }
  }
}

/** The platform has the message and does not tell its id. */
const deliveredSomehow: Receipt = { status: 'delivered', messageIds: [] }

function sequence({ kind }: Target, { msgSeq }: ReplyClaim): { msg_seq?: number } {
  return isGuildKind(kind) || msgSeq === undefined ? {} : { msg_seq: msgSeq }
}
