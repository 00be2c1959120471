import { randomUUID } from 'node:crypto'

import type { Bot } from '../bot/bot.ts'
import type { DurableTerms, Outbox, OutgoingMessage } from '../bot/hatches.ts'
import { type FailedReceipt, failedReceipt, type Receipt } from '../model/receipt.ts'
import type { EditOptions, SendOptions, SendTrace } from '../bot/send-options.ts'
import { isKeptBack } from '../errors/kept-back.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { checkElements, type Content, type Element, toElements } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { unlessAborted } from '../shared/abort.ts'
import type { Clock } from '../shared/clock.ts'
import { ComponentTable } from './components.ts'
import { OutgoingChain } from './outgoing-chain.ts'
import type { OutgoingDraft, OutgoingMiddleware, OutgoingOptions } from './outgoing.ts'
import { OutgoingGate } from './outgoing-gate.ts'
import { KnownPlaces } from './places.ts'
import { UnreadReceipts } from './unread-receipts.ts'

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
  /** Reads a length of time in words. @returns Ms; `undefined` for what is none. */
  readonly readDuration: (written: string) => number | undefined
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
  /** Keeps messages waiting while middlewares are swapped. */
  readonly gate: OutgoingGate = new OutgoingGate()
  readonly #options: ComposerOptions
  readonly #unread: UnreadReceipts
  readonly #places: KnownPlaces
  readonly #outgoing: OutgoingChain
  #keys = 0

  constructor(options: ComposerOptions) {
    const { clock, outbox } = options
    this.#options = options
    this.#unread = new UnreadReceipts(clock)
    this.#places = new KnownPlaces(clock)
    this.#outgoing = new OutgoingChain({
      about: ({ bot, channelId, event }) => this.#places.about(bot, channelId, event),
      prepare: (draft) => this.#prepare(draft),
      send: (draft) => outbox.send({ ...draft, bot: draft.bot.key }),
    })
  }

  /** Adds an outgoing middleware in the place of its plugin. @returns Removes it. */
  use(scope: Scope, middleware: OutgoingMiddleware, options: OutgoingOptions): () => void {
    const remove = this.#outgoing.add(scope, middleware, options)
    return () => {
      remove()
      this.gate.left(scope)
    }
  }

  /** Plugins have other places now. */
  arrange(): void {
    this.#outgoing.arrange()
  }

  /** An event came in: filters of outgoing middlewares may ask about its place later. */
  came(event: ChatEvent): void {
    if (this.#outgoing.asksForPlaces) this.#places.learn(event)
  }

  /** Sends; never rejects. */
  send(bot: Bot, channelId: string, content: Content, options: SendOptions = noOptions): Promise<Receipt> {
    const kind = options.quick === true ? 'quick' : 'create'
    return this.#send({ kind, bot, channelId, content, messageId: undefined, options })
  }

  /** Edits. @throws MynahError why it could not. */
  async edit(
    bot: Bot,
    channelId: string,
    messageId: string,
    content: Content,
    options: EditOptions = noOptions,
  ): Promise<void> {
    const receipt = await this.#send({ kind: 'edit', bot, channelId, content, messageId, options })
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
      if (trace !== undefined) noteOutcome(receipt, sent)
      this.#options.onSent(sent, receipt)
      // Who kept it back has said so.
      if (receipt.status !== 'failed' || isKeptBack(receipt.error.code)) return receipt
      return this.#unread.watch(receipt, () => this.#options.onUnread(sent, receipt))
    })
  }

  #compose(sent: Sent): Promise<Receipt> {
    const { opened } = this.gate
    return opened === undefined ? this.#composeNow(sent) : this.#composeLater(sent, opened)
  }

  async #composeLater(sent: Sent, opened: Promise<void>): Promise<Receipt> {
    const { trace, signal } = sent.options
    trace?.add('waiting', 'outgoing middleware', 'plugins are being swapped')
    try {
      await unlessAborted(opened, signal)
    } catch (error) {
      return failedReceipt(error)
    }
    return this.#compose(sent)
  }

  #composeNow({ kind, bot, channelId, content, messageId, options }: Sent): Promise<Receipt> {
    let elements: Element[]
    let durable: DurableTerms | undefined
    try {
      elements = toElements(content)
      checkElements(elements)
      if (options.durable === true) durable = this.#readTerms(options)
    } catch (error) {
      return Promise.resolve(failedReceipt(error))
    }
    const { event, signal, trace } = options
    const key = durable === undefined ? options.key : (options.key ?? randomUUID())
    if (signal !== undefined) {
      const draft = { kind, bot, channelId, elements, event, messageId, key: key ?? this.#newKey(), durable }
      return this.#sendUnlessAborted(draft, signal, trace)
    }
    if (this.#outgoing.isEmpty && !this.components.isIn(elements)) {
      return this.#options.outbox.send({
        kind,
        bot: bot.key,
        channelId,
        elements,
        event,
        messageId,
        key,
        durable,
      })
    }
    return this.#sendThrough({ kind, bot, channelId, elements, event, messageId, key, durable }, trace)
  }

  #readTerms({ expiresIn, onDoubt = 'stop', key }: SendOptions): DurableTerms {
    const expiresInMs = typeof expiresIn === 'string' ? this.#options.readDuration(expiresIn) : expiresIn
    const isTime = expiresInMs !== undefined && Number.isFinite(expiresInMs) && expiresInMs > 0
    if (expiresIn !== undefined && !isTime) {
      throw new MynahError(
        'DURABLE_INVALID',
        `expiresIn is "${expiresIn}", which is no length of time; write for example '10m', or ms.`,
      )
    }
    return { expiresInMs, onDoubt, isNamed: key !== undefined }
  }

  #newKey(): string {
    this.#keys += 1
    return `send-${this.#keys}`
  }

  async #sendUnlessAborted(
    draft: OutgoingDraft & { key: string },
    signal: AbortSignal,
    trace: SendTrace | undefined,
  ): Promise<Receipt> {
    if (signal.aborted) return failedReceipt(signal.reason)
    const cancel = (): void => void this.#options.outbox.cancel(draft.key)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const receipt = await this.#sendThrough(draft, trace)
      return signal.aborted && receipt.status === 'failed' ? failedReceipt(signal.reason) : receipt
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  async #sendThrough(draft: OutgoingDraft, trace: SendTrace | undefined): Promise<Receipt> {
    try {
      await this.#resolve(draft)
      return await this.#outgoing.run(draft, trace)
    } catch (error) {
      return failedReceipt(error)
    }
  }

  /** What a middleware put in: those behind it see what components make of it. */
  async #prepare(draft: OutgoingDraft): Promise<void> {
    checkElements(draft.elements)
    await this.#resolve(draft)
  }

  async #resolve(draft: OutgoingDraft): Promise<void> {
    if (this.components.isIn(draft.elements)) {
      draft.elements = await this.components.resolve(draft.elements, draft)
    }
  }
}

function noteOutcome({ steps = [], ...receipt }: Receipt, { kind, options: { trace, sender } }: Sent): void {
  for (const { kind: step, label, detail } of steps) trace?.add(step, label, detail)
  if (sender === undefined) return
  if (receipt.status === 'stored') trace?.add('sent', sender.name, `stored as ${receipt.key}`)
  else if (receipt.status !== 'failed') {
    const ids = receipt.messageIds.join(' ')
    trace?.add('sent', sender.name, kind === 'edit' ? `${ids} edited` : ids)
  } else if (receipt.error.code === 'SEND_SUPPRESSED')
    trace?.add('suppressed', 'outgoing middleware', receipt.error.message)
  else trace?.add('send-failed', sender.name, receipt.error.message)
}
