import { MynahError } from '../errors/mynah-error.ts'
import { degrade } from '../message/degrade.ts'
import { type Element, toElements } from '../message/element.ts'
import type { Content } from '../message/element.ts'
import { split } from '../message/split.ts'
import type { ChatEvent } from '../model/event.ts'
import { backoffDelay } from '../shared/backoff.ts'
import type { Clock } from '../shared/clock.ts'
import { deferred } from '../shared/deferred.ts'
import type { Bot } from './bot.ts'
import { failedReceipt, type Receipt } from './receipt.ts'

/** How a message is sent. */
export interface SendOptions {
  /** The event it answers; platforms that allow only answers need it. */
  readonly event?: ChatEvent | undefined
  /** Gives up when it aborts, as long as nothing has been sent. */
  readonly signal?: AbortSignal | undefined
}

/** A message on its way out. Outgoing middleware may change `elements`. */
export interface OutgoingMessage extends SendOptions {
  readonly bot: Bot
  readonly channelId: string
  elements: readonly Element[]
}

/**
 * Sees every message before it is sent. Return what `next()` gives, or a receipt of your own
 * ({@link suppress}) to stop the message.
 */
export type OutgoingMiddleware = (message: OutgoingMessage, next: () => Promise<Receipt>) => Promise<Receipt>

/** The receipt of a message that an outgoing middleware stopped. */
export function suppress(reason: string): Receipt {
  return failedReceipt(new MynahError('SEND_SUPPRESSED', reason))
}

const noOptions: SendOptions = {}
const nobodyWaits: readonly (() => void)[] = []

/** The way out: middleware, degradation, splitting, order within a conversation, retries, receipts. */
export class Outgoing {
  readonly #clock: Clock
  readonly #maxTries: number
  /** Conversations in which a message is being sent, and who waits for its end. */
  readonly #busy = new Map<Bot, Map<string, readonly (() => void)[]>>()
  #middleware: readonly OutgoingMiddleware[] = []

  /** @param maxTries - How often a message is tried when failing did no harm. */
  constructor(clock: Clock, maxTries = 3) {
    this.#clock = clock
    this.#maxTries = maxTries
  }

  /** Adds a middleware behind the others; the result removes it. */
  use(middleware: OutgoingMiddleware): () => void {
    this.#middleware = [...this.#middleware, middleware]
    return () => {
      this.#middleware = this.#middleware.filter((other) => other !== middleware)
    }
  }

  /** Sends; never rejects. */
  async send(
    bot: Bot,
    channelId: string,
    content: Content,
    options: SendOptions = noOptions,
  ): Promise<Receipt> {
    try {
      const message = makeMessage(bot, channelId, toElements(content), options)
      if (this.#middleware.length === 0) return await this.#transmit(message)
      return await this.#run(message, this.#middleware, 0)
    } catch (error) {
      return failedReceipt(error)
    }
  }

  #run(message: OutgoingMessage, chain: readonly OutgoingMiddleware[], index: number): Promise<Receipt> {
    const middleware = chain[index]
    if (middleware === undefined) return this.#transmit(message)
    return middleware(message, () => this.#run(message, chain, index + 1))
  }

  /** Messages of one conversation leave one after the other, in the order in which they were sent. */
  async #transmit(message: OutgoingMessage): Promise<Receipt> {
    const arranged = message.bot.arrange(cut(message.elements, message.bot), message)
    const parts = arranged instanceof Promise ? await arranged : arranged
    if (parts.length === 0) {
      return failedReceipt(new MynahError('SEND_EMPTY', 'The content has no text and no elements.'))
    }
    const turn = this.#takeTurn(message)
    if (turn !== undefined) await turn
    try {
      return await this.#deliverAll(parts, message)
    } finally {
      this.#endTurn(message)
    }
  }

  #takeTurn({ bot, channelId }: OutgoingMessage): Promise<void> | undefined {
    let channels = this.#busy.get(bot)
    if (channels === undefined) this.#busy.set(bot, (channels = new Map()))
    const waiting = channels.get(channelId)
    if (waiting === undefined) {
      channels.set(channelId, nobodyWaits)
      return undefined
    }
    const turn = deferred()
    channels.set(channelId, [...waiting, turn.resolve])
    return turn.promise
  }

  #endTurn({ bot, channelId }: OutgoingMessage): void {
    const channels = this.#busy.get(bot)
    const [next, ...rest] = channels?.get(channelId) ?? nobodyWaits
    if (next !== undefined) {
      channels?.set(channelId, rest)
      next()
      return
    }
    channels?.delete(channelId)
    if (channels?.size === 0) this.#busy.delete(bot)
  }

  async #deliverAll(parts: readonly (readonly Element[])[], message: OutgoingMessage): Promise<Receipt> {
    const [only] = parts
    if (parts.length === 1 && only !== undefined) return this.#deliver(message, only)
    const messageIds: string[] = []
    let last: Receipt = { status: 'delivered', messageIds }
    for (const elements of parts) {
      const receipt = await this.#deliver(message, elements)
      messageIds.push(...receipt.messageIds)
      last = { ...receipt, messageIds }
      if (receipt.status === 'failed') break
    }
    return last
  }

  async #deliver(message: OutgoingMessage, elements: readonly Element[]): Promise<Receipt> {
    const { bot, channelId } = message
    for (let attempt = 0; ; attempt += 1) {
      try {
        message.signal?.throwIfAborted()
        return await bot.deliver(makeMessage(bot, channelId, elements, message))
      } catch (error) {
        const isSafe = MynahError.is(error) && error.retriable && attempt + 1 < this.#maxTries
        if (!isSafe) return failedReceipt(error)
        await this.#pause(backoffDelay(attempt))
      }
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimeout(resolve, delayMs)
    })
  }
}

function makeMessage(
  bot: Bot,
  channelId: string,
  elements: readonly Element[],
  { event, signal }: SendOptions,
): OutgoingMessage {
  return { bot, channelId, elements, event, signal }
}

/** Breaks a message at top-level `message` elements and at the platform's limit, degraded to what it shows. */
function cut(elements: readonly Element[], { support }: Bot): Element[][] {
  const limit = support.maxTextLength ?? Number.POSITIVE_INFINITY
  if (elements.some(isBreak))
    return messagesOf(elements).flatMap((part) => split(degrade(part, support), limit))
  return split(degrade(elements, support), limit)
}

function isBreak({ type, attrs }: Element): boolean {
  return type === 'message' && attrs['forward'] !== true
}

function messagesOf(elements: readonly Element[]): Element[][] {
  const messages: Element[][] = [[]]
  for (const node of elements) {
    if (isBreak(node)) messages.push([...node.children], [])
    else messages.at(-1)?.push(node)
  }
  return messages.filter((part) => part.length > 0)
}
