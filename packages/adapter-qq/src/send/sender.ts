import type { LoadedMedia } from '@mynah/adapter-kit'
import { MynahError, type Receipt } from '@mynah/core'
import type { MessageApi, SendOutcome } from '../api/messages.ts'
import type { CallFailure } from '../http.ts'
import { auditIn, type QQApiError } from '../errors.ts'
import type { SendRequest } from '../encode/encode.ts'
import type { QQReferrer } from '../decode/referrer.ts'
import type { ReplyManager, RouteSearch, SendRoute } from './reply-manager.ts'
import type { ReplyClaim } from './reply-windows.ts'
import { isGuildKind, type Target } from '../encode/target.ts'
import type { ChatMessageBody, GuildMessageBody } from '../wire/send.ts'
import type { AuditBook } from './audit-book.ts'
import { loadFile, type MediaLibrary } from './media-library.ts'
import type { MessageIndex } from './message-index.ts'

/** What a {@link Sender} works with. */
export interface SenderParts {
  readonly messages: MessageApi
  readonly media: MediaLibrary
  readonly replies: ReplyManager
  readonly audits: AuditBook
  readonly index: MessageIndex
}

/** A message on its way: its body without what makes it an answer, and a picture to attach. */
interface Prepared {
  readonly target: Target
  readonly body: ChatMessageBody | GuildMessageBody
  readonly file: LoadedMedia | undefined
}

/** Refusals of messages that answer nothing; answers may still get through. */
const proactiveRefusals = new Set([40034102, 40034105, 40054013])
/** Used up for now, for messages that answer nothing. */
const proactiveLimits = new Set([304045, 304047, 304049, 304050, 40034100])

/** Sends one request: uploads what it needs, finds a way to send it, and goes the next way when one is closed. */
export class Sender {
  readonly #parts: SenderParts

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /** @throws MynahError when no way leads there, or the platform refuses the content. */
  async send(
    target: Target,
    request: SendRequest,
    referrer: QQReferrer | undefined,
    signal?: AbortSignal,
  ): Promise<Receipt> {
    const prepared = await this.#prepare(target, request, signal)
    if ('is_wakeup' in request.body && request.body.is_wakeup) {
      return this.#receipt(await this.#post(prepared, undefined, signal))
    }
    return this.#searchWay(prepared, this.#parts.replies.search(target, referrer), signal)
  }

  async #prepare(target: Target, request: SendRequest, signal: AbortSignal | undefined): Promise<Prepared> {
    const { body, media } = request
    if (media === undefined) return { target, body, file: undefined }
    if (request.kind === 'guild') {
      const { source, name } = media
      const file = 'address' in source ? undefined : await loadFile(source, name, signal)
      return { target, body, file }
    }
    const info = await this.#parts.media.upload(target, media)
    return { target, body: { ...request.body, media: { file_info: info } }, file: undefined }
  }

  async #searchWay(
    prepared: Prepared,
    search: RouteSearch,
    signal: AbortSignal | undefined,
  ): Promise<Receipt> {
    const { target } = prepared
    for (let route = search.next(); route !== undefined; route = search.next()) {
      const outcome = await this.#go(prepared, route, signal)
      if (!('error' in outcome)) return this.#receipt(outcome)
      if (isDelivered(outcome, route)) return { status: 'delivered', messageIds: [] }
      this.#close(target, route, outcome, search)
    }
    throw search.error(target)
  }

  /** Sends on one way; a number that the platform had seen before is replaced once. */
  async #go(prepared: Prepared, route: SendRoute, signal: AbortSignal | undefined): Promise<SendOutcome> {
    try {
      const outcome = await this.#post(prepared, route.claim, signal)
      const isSeen = 'error' in outcome && outcome.error.action === 'duplicate' && !outcome.mayHaveArrived
      if (!isSeen || route.claim === undefined) return outcome
      return await this.#post(prepared, this.#parts.replies.windows.renumber(route.claim), signal)
    } catch (error) {
      // Stopped or aborted before anything was sent, or while it was: what was taken stays taken.
      if (MynahError.is(error) && error.code === 'RATE_LIMITED') route.release()
      throw error
    }
  }

  #post(
    { target, body, file }: Prepared,
    claim: ReplyClaim | undefined,
    signal: AbortSignal | undefined,
  ): Promise<SendOutcome> {
    const full = claim === undefined ? body : { ...body, ...claim.passive, ...sequence(target, claim) }
    if (file === undefined) return this.#parts.messages.send(target, full, signal)
    return this.#parts.messages.sendWithFile(target, full, file, signal)
  }

  /** Learns from a refusal. @throws the refusal itself when another way would not help. */
  #close(
    target: Target,
    route: SendRoute,
    { error, mayHaveArrived }: CallFailure,
    search: RouteSearch,
  ): void {
    if (!mayHaveArrived) route.release()
    const { windows, quota } = this.#parts.replies
    const code = error.platformCode ?? 0
    if (route.claim !== undefined && error.action === 'drop-id') windows.drop(route.claim.source)
    else if (route.claim === undefined && proactiveRefusals.has(code)) quota.deny(target, error.message)
    else if (route.claim !== undefined || !proactiveLimits.has(code)) throw error
    search.refused(error.message)
  }

  #receipt(outcome: SendOutcome): Receipt {
    if ('error' in outcome) throw outcome.error
    const { data } = outcome
    const auditId = auditIn(data)
    if (auditId !== undefined) return this.#parts.audits.pending(auditId)
    const id = data?.id
    if (id === undefined || id === '') return { status: 'delivered', messageIds: [] }
    this.#parts.index.set(id, data.ext_info?.ref_idx)
    return { status: 'delivered', messageIds: [id] }
  }
}

/** A repeated number after an attempt whose answer was lost means that this attempt got through. */
function isDelivered(
  { error, mayHaveArrived }: { error: QQApiError; mayHaveArrived: boolean },
  route: SendRoute,
): boolean {
  return error.action === 'duplicate' && mayHaveArrived && route.claim !== undefined
}

function sequence({ kind }: Target, { msgSeq }: ReplyClaim): { msg_seq?: number } {
  return isGuildKind(kind) || msgSeq === undefined ? {} : { msg_seq: msgSeq }
}
