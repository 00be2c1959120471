import { MynahError } from '../errors/mynah-error.ts'
import { degrade } from '../message/degrade.ts'
import { type Element, toElements } from '../message/element.ts'
import type { Content } from '../message/element.ts'
import { split } from '../message/split.ts'
import type { ChatEvent } from '../model/event.ts'
import { backoffDelay } from '../shared/backoff.ts'
import type { Clock } from '../shared/clock.ts'
import type { Bot } from './bot.ts'
import { failedReceipt, type Receipt } from './receipt.ts'

/** How a message is sent. */
export interface SendOptions {
  /** The event it answers; platforms that allow only answers need it. */
  readonly event?: ChatEvent
  /** Gives up when it aborts, as long as nothing has been sent. */
  readonly signal?: AbortSignal
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

/** The way out: middleware, degradation, splitting, order within a conversation, retries, receipts. */
export class Outgoing {
  readonly #clock: Clock
  readonly #maxTries: number
  readonly #tails = new Map<string, Promise<unknown>>()
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
  async send(bot: Bot, channelId: string, content: Content, options: SendOptions = {}): Promise<Receipt> {
    const message: OutgoingMessage = { ...options, bot, channelId, elements: toElements(content) }
    try {
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

  async #transmit(message: OutgoingMessage): Promise<Receipt> {
    const parts = await message.bot.arrange(cut(message.elements, message.bot), message)
    if (parts.length === 0)
      return failedReceipt(new MynahError('SEND_EMPTY', 'The content has no text and no elements.'))
    return this.#inOrder(`${message.bot.key}:${message.channelId}`, () => this.#deliverAll(parts, message))
  }

  /** Messages of one conversation leave one after the other, in the order in which they were sent. */
  #inOrder(key: string, task: () => Promise<Receipt>): Promise<Receipt> {
    const before = this.#tails.get(key)
    const result = before === undefined ? task() : before.then(task)
    const tail: Promise<void> = result.then(
      () => this.#forget(key, tail),
      () => this.#forget(key, tail),
    )
    this.#tails.set(key, tail)
    return result
  }

  #forget(key: string, tail: Promise<unknown>): void {
    if (this.#tails.get(key) === tail) this.#tails.delete(key)
  }

  async #deliverAll(parts: readonly (readonly Element[])[], message: OutgoingMessage): Promise<Receipt> {
    const messageIds: string[] = []
    let last: Receipt = { status: 'delivered', messageIds }
    for (const elements of parts) {
      const receipt = await this.#deliver({ ...message, elements })
      messageIds.push(...receipt.messageIds)
      last = { ...receipt, messageIds }
      if (receipt.status === 'failed') break
    }
    return last
  }

  async #deliver(message: OutgoingMessage): Promise<Receipt> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        message.signal?.throwIfAborted()
        return await message.bot.deliver(message)
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

/** Breaks a message at top-level `message` elements and at the platform's limit, degraded to what it shows. */
function cut(elements: readonly Element[], bot: Bot): Element[][] {
  const { support } = bot
  const limit = support.maxTextLength ?? Number.POSITIVE_INFINITY
  const messages: Element[][] = [[]]
  for (const node of elements) {
    if (node.type === 'message' && node.attrs['forward'] !== true) messages.push([...node.children], [])
    else messages.at(-1)?.push(node)
  }
  return messages.filter((part) => part.length > 0).flatMap((part) => split(degrade(part, support), limit))
}
