import type { Bot } from '../bot/bot.ts'
import type { Outbox, OutgoingMessage } from '../bot/hatches.ts'
import { type FailedReceipt, failedReceipt, type Receipt } from '../model/receipt.ts'
import type { SendOptions } from '../bot/send-options.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { checkElements, type Content, type Element, toElements } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import { List } from '../shared/list.ts'
import { ComponentTable } from './components.ts'
import { UnreadReceipts } from './unread-receipts.ts'

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
  /** By what it can be cancelled. */
  readonly key: string | undefined
}

/**
 * Sees every message before it is sent. Return what `next()` gives, or a receipt of your own
 * ({@link suppress}) to stop the message.
 */
export type OutgoingMiddleware = (message: OutgoingDraft, next: () => Promise<Receipt>) => Promise<Receipt>

/** The receipt of a message that an outgoing middleware stopped. */
export function suppress(reason: string): Receipt {
  return failedReceipt(new MynahError('SEND_SUPPRESSED', reason))
}

/** A message that has gone the whole way, or failed to. */
export interface Sent {
  readonly kind: OutgoingMessage['kind']
  readonly bot: Bot
  readonly channelId: string
  /** As it was given, before anything was changed for the platform. */
  readonly content: Content
  readonly messageId: string | undefined
  readonly options: SendOptions
}

/** What a {@link Composer} works with. */
export interface ComposerOptions {
  readonly clock: Clock
  readonly outbox: Outbox
  /** A message was sent, or was not. */
  readonly onSent: (sent: Sent, receipt: Receipt) => void
  /** A message did not get out, and nobody looks at its receipt. */
  readonly onUnread: (sent: Sent, receipt: FailedReceipt) => void
}

const noOptions: SendOptions = {}

/** The plugins' half of the way out: components, outgoing middleware, and what is told about the outcome. */
export class Composer {
  /** Elements that plugins make; they are resolved before the middlewares see a message. */
  readonly components: ComponentTable = new ComponentTable()
  readonly #options: ComposerOptions
  readonly #unread: UnreadReceipts
  readonly #middleware = new List<OutgoingMiddleware>()
  #keys = 0

  constructor(options: ComposerOptions) {
    this.#options = options
    this.#unread = new UnreadReceipts(options.clock)
  }

  /** Adds a middleware behind the others; the result removes it. */
  use(middleware: OutgoingMiddleware): () => void {
    return this.#middleware.add(middleware)
  }

  /** Sends; never rejects. */
  send(bot: Bot, channelId: string, content: Content, options: SendOptions = noOptions): Promise<Receipt> {
    const kind = options.quick === true ? 'quick' : 'create'
    return this.#send({ kind, bot, channelId, content, messageId: undefined, options })
  }

  /** Edits. @throws MynahError why it could not. */
  async edit(bot: Bot, channelId: string, messageId: string, content: Content): Promise<void> {
    const receipt = await this.#send({ kind: 'edit', bot, channelId, content, messageId, options: noOptions })
    if (receipt.status === 'failed') throw MynahError.from(receipt.error, 'SEND_FAILED')
  }

  /** Nobody is going to look at a receipt. */
  ignored(receipt: Receipt): void {
    this.#unread.ignored(receipt)
  }

  /** Tells of failures that nobody has looked at yet, and leaves no timer. */
  stop(): void {
    this.#unread.stop()
  }

  #send(sent: Sent): Promise<Receipt> {
    return this.#compose(sent).then((receipt) => {
      const { trace } = sent.options
      if (trace !== undefined) noteOutcome(receipt, sent.options)
      this.#options.onSent(sent, receipt)
      if (receipt.status !== 'failed' || receipt.error.code === 'SEND_SUPPRESSED') return receipt
      return this.#unread.watch(receipt, () => this.#options.onUnread(sent, receipt))
    })
  }

  #compose({ kind, bot, channelId, content, messageId, options }: Sent): Promise<Receipt> {
    let elements: Element[]
    try {
      elements = toElements(content)
      checkElements(elements)
    } catch (error) {
      return Promise.resolve(failedReceipt(error))
    }
    const { event, signal } = options
    if (signal !== undefined) {
      const draft = { kind, bot, channelId, elements, event, messageId, key: this.#newKey() }
      return this.#sendUnlessAborted(draft, signal)
    }
    if (this.#middleware.items.length === 0 && !this.components.isIn(elements)) {
      return this.#options.outbox.send({ kind, bot: bot.key, channelId, elements, event, messageId })
    }
    return this.#sendThrough({ kind, bot, channelId, elements, event, messageId, key: undefined })
  }

  #newKey(): string {
    this.#keys += 1
    return `send-${this.#keys}`
  }

  async #sendUnlessAborted(draft: OutgoingDraft & { key: string }, signal: AbortSignal): Promise<Receipt> {
    if (signal.aborted) return failedReceipt(signal.reason)
    const cancel = (): void => void this.#options.outbox.cancel(draft.key)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const receipt = await this.#sendThrough(draft)
      return signal.aborted && receipt.status === 'failed' ? failedReceipt(signal.reason) : receipt
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  async #sendThrough(draft: OutgoingDraft): Promise<Receipt> {
    try {
      await this.#resolve(draft)
      return await this.#run(draft, this.#middleware.items, 0)
    } catch (error) {
      return failedReceipt(error)
    }
  }

  async #resolve(draft: OutgoingDraft): Promise<void> {
    if (this.components.isIn(draft.elements)) {
      draft.elements = await this.components.resolve(draft.elements, draft)
    }
  }

  async #run(draft: OutgoingDraft, chain: readonly OutgoingMiddleware[], index: number): Promise<Receipt> {
    const middleware = chain[index]
    if (middleware !== undefined) return middleware(draft, () => this.#run(draft, chain, index + 1))
    // Those that the middlewares put in.
    await this.#resolve(draft)
    return this.#options.outbox.send({ ...draft, bot: draft.bot.key })
  }
}

function noteOutcome({ steps = [], ...receipt }: Receipt, { trace, sender }: SendOptions): void {
  for (const { kind, label, detail } of steps) trace?.add(kind, label, detail)
  if (sender === undefined) return
  if (receipt.status !== 'failed') trace?.add('sent', sender.name, receipt.messageIds.join(' '))
  else if (receipt.error.code === 'SEND_SUPPRESSED')
    trace?.add('suppressed', 'outgoing middleware', receipt.error.message)
  else trace?.add('send-failed', sender.name, receipt.error.message)
}
