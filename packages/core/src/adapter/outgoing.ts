import { MynahError } from '../errors/mynah-error.ts'
import { cutMessage } from '../message/cut.ts'
import { checkElements, type Content, type Element, toElements } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import { unlessAborted } from '../shared/abort.ts'
import { backoffDelay } from '../shared/backoff.ts'
import { type Clock, settlesWithin } from '../shared/clock.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import type { Bot } from './bot.ts'
import { ComponentTable } from '../compose/components.ts'
import { type FailedReceipt, failedReceipt, type Receipt } from '../bot/receipt.ts'
import { SendPacer } from './send-rate.ts'

/** How a message is sent. */
export interface SendOptions {
  /** The event it answers; platforms that allow only answers need it. */
  readonly event?: ChatEvent | undefined
  /** Gives up when it aborts, as long as nothing has been sent. */
  readonly signal?: AbortSignal | undefined
  /** Where waiting, trying again and the outcome are noted. */
  readonly trace?: SendTrace | undefined
  /** Who sends: hears of a failure that nobody looks at. */
  readonly sender?: MessageSender | undefined
}

/** Somebody in whose name a message is sent; a plugin's scope is one. */
export interface MessageSender {
  readonly name: string
  fail(error: unknown, where: string): void
}

/** Keeps a record of what happens on the way out. */
export interface SendTrace {
  add(kind: 'waiting' | 'retry' | 'sent' | 'send-failed' | 'suppressed', label: string, detail: string): void
}

/** Limits of the way out. */
export interface OutgoingLimits {
  /** How often a message is tried when failing did no harm. @defaultValue 3 */
  readonly maxTries?: number
  /** How long a message waits for its turn, a rate limit or a lost connection, in ms. @defaultValue 30000 */
  readonly maxWaitMs?: number
  /** How many messages of one conversation may wait. @defaultValue 1000 */
  readonly maxWaiting?: number
  /** How many messages one answer may become; a longer one is not sent at all. @defaultValue 20 */
  readonly maxParts?: number
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

/** How many messages one answer may become where nothing else is said. */
export const defaultMaxParts = 20

const noOptions: SendOptions = {}
const nobodyWaits: readonly (() => void)[] = []

/** The way out: middleware, degradation, splitting, order within a conversation, pace, retries, receipts. */
export class Outgoing {
  readonly #clock: Clock
  readonly #maxTries: number
  readonly #maxWaitMs: number
  readonly #maxWaiting: number
  readonly #maxParts: number
  /** Elements that plugins make; they are resolved before the middlewares see a message. */
  readonly components: ComponentTable = new ComponentTable()
  readonly #pacer = new SendPacer()
  /** Conversations in which a message is being sent, and who waits for its end. */
  readonly #busy = new WeakMap<Bot, Map<string, readonly (() => void)[]>>()
  /** Who waits until a bot is connected again, or is not going to be. */
  readonly #returns = new Map<Bot, Deferred>()
  #middleware: readonly OutgoingMiddleware[] = []

  constructor(clock: Clock, limits: OutgoingLimits = {}) {
    this.#clock = clock
    this.#maxTries = limits.maxTries ?? 3
    this.#maxWaitMs = limits.maxWaitMs ?? 30_000
    this.#maxWaiting = limits.maxWaiting ?? 1000
    this.#maxParts = limits.maxParts ?? defaultMaxParts
  }

  /** Adds a middleware behind the others; the result removes it. */
  use(middleware: OutgoingMiddleware): () => void {
    this.#middleware = [...this.#middleware, middleware]
    return () => {
      this.#middleware = this.#middleware.filter((other) => other !== middleware)
    }
  }

  /** Sends; never rejects. */
  send(bot: Bot, channelId: string, content: Content, options: SendOptions = noOptions): Promise<Receipt> {
    let elements: Element[]
    try {
      elements = toElements(content)
      checkElements(elements)
    } catch (error) {
      return Promise.resolve(failedReceipt(error))
    }
    const message = makeMessage(bot, channelId, elements, options)
    const isPlain = this.#middleware.length === 0 && !this.#hasComponents(message)
    return isPlain ? this.#transmit(message) : this.#sendThrough(message)
  }

  /** A bot connected, or lost its connection. */
  statusChanged(bot: Bot): void {
    if (isReturning(bot)) return
    this.#returns.get(bot)?.resolve()
    this.#returns.delete(bot)
  }

  async #sendThrough(message: OutgoingMessage): Promise<Receipt> {
    try {
      if (this.#hasComponents(message)) await this.#resolve(message)
      return await this.#run(message, this.#middleware, 0)
    } catch (error) {
      return failedReceipt(error)
    }
  }

  #hasComponents({ elements }: OutgoingMessage): boolean {
    return this.components.size > 0 && this.components.isIn(elements)
  }

  async #resolve(message: OutgoingMessage): Promise<void> {
    message.elements = await this.components.resolve(message.elements, message)
  }

  #run(message: OutgoingMessage, chain: readonly OutgoingMiddleware[], index: number): Promise<Receipt> {
    const middleware = chain[index]
    if (middleware === undefined) {
      if (!this.#hasComponents(message)) return this.#transmit(message)
      return this.#resolve(message).then(() => this.#transmit(message))
    }
    return middleware(message, () => this.#run(message, chain, index + 1))
  }

  /** Messages of one conversation leave one after the other, in the order in which they were sent. */
  async #transmit(message: OutgoingMessage): Promise<Receipt> {
    const { bot } = message
    try {
      const arranged = bot.arrange(cutMessage(message.elements, bot.support), message)
      const parts = arranged instanceof Promise ? await arranged : arranged
      const [first] = parts
      if (first === undefined) {
        return failedReceipt(new MynahError('SEND_EMPTY', 'The content has no text and no elements.'))
      }
      if (parts.length > this.#maxParts) throw tooLong(parts.length, this.#maxParts)
      const channels = this.#channels(bot)
      const waiting = channels.get(message.channelId)
      let giveUpAt: number | undefined
      if (waiting === undefined) channels.set(message.channelId, nobodyWaits)
      else {
        giveUpAt = this.#clock.monotonic() + this.#maxWaitMs
        await this.#waitTurn(message, waiting, channels)
      }
      try {
        if (parts.length > 1 || message.signal !== undefined || bot.support.rateLimit !== undefined) {
          return await this.#deliverAll(parts, message, giveUpAt ?? this.#clock.monotonic() + this.#maxWaitMs)
        }
        // The usual case: one part, no limits, and it works.
        try {
          return await bot.deliver(makeMessage(bot, message.channelId, first, message))
        } catch (error) {
          return await this.#deliverAgain(error, message, first, giveUpAt)
        }
      } finally {
        this.#endTurn(message, channels)
      }
    } catch (error) {
      return failedReceipt(error)
    }
  }

  #channels(bot: Bot): Map<string, readonly (() => void)[]> {
    let channels = this.#busy.get(bot)
    if (channels === undefined) this.#busy.set(bot, (channels = new Map()))
    return channels
  }

  async #waitTurn(
    message: OutgoingMessage,
    waiting: readonly (() => void)[],
    channels: Map<string, readonly (() => void)[]>,
  ): Promise<void> {
    const { bot, channelId, signal } = message
    if (waiting.length >= this.#maxWaiting) throw tooFast(`${waiting.length} messages wait here already.`)
    if (bot.support.rateLimit !== undefined) {
      const waitMs = this.#pacer.estimate(bot, channelId, this.#clock.monotonic(), waiting.length)
      if (waitMs > this.#maxWaitMs) throw tooFast(`It would have to wait for ${waitMs} ms.`)
    }
    const turn = deferred()
    channels.set(channelId, [...waiting, turn.resolve])
    try {
      await unlessAborted(turn.promise, signal)
    } catch (error) {
      void turn.promise.then(() => this.#endTurn(message, channels))
      throw error
    }
  }

  #endTurn({ channelId }: OutgoingMessage, channels: Map<string, readonly (() => void)[]>): void {
    const waiting = channels.get(channelId) ?? nobodyWaits
    if (waiting.length === 0) {
      channels.delete(channelId)
      return
    }
    const [next, ...rest] = waiting
    channels.set(channelId, rest)
    next?.()
  }

  async #deliverAll(
    parts: readonly (readonly Element[])[],
    message: OutgoingMessage,
    giveUpAt: number,
  ): Promise<Receipt> {
    const messageIds: string[] = []
    let last: Receipt = { status: 'delivered', messageIds }
    for (const elements of parts) {
      // Once a part is out, the rest follows it.
      const signal = messageIds.length === 0 ? message.signal : undefined
      const receipt = await this.#deliver({ ...message, signal }, elements, giveUpAt)
      messageIds.push(...receipt.messageIds)
      last = { ...receipt, messageIds }
      if (receipt.status === 'failed') break
    }
    return last
  }

  /** A first try has failed. */
  async #deliverAgain(
    error: unknown,
    message: OutgoingMessage,
    elements: readonly Element[],
    giveUpAt: number = this.#clock.monotonic() + this.#maxWaitMs,
  ): Promise<Receipt> {
    const problem = await this.#recover(error, message, 1, giveUpAt)
    return problem ?? this.#deliver(message, elements, giveUpAt, 1)
  }

  async #deliver(
    message: OutgoingMessage,
    elements: readonly Element[],
    giveUpAt: number,
    failures = 0,
  ): Promise<Receipt> {
    const { bot, channelId } = message
    for (let failed = failures; ;) {
      try {
        message.signal?.throwIfAborted()
        if (bot.support.rateLimit !== undefined) await this.#keepPace(message, giveUpAt)
        return await bot.deliver(makeMessage(bot, channelId, elements, message))
      } catch (error) {
        failed += 1
        const problem = await this.#recover(error, message, failed, giveUpAt)
        if (problem !== undefined) return problem
      }
    }
  }

  /** Waits until it makes sense to try again. @returns Why that is not so. */
  async #recover(
    error: unknown,
    message: OutgoingMessage,
    failures: number,
    giveUpAt: number,
  ): Promise<FailedReceipt | undefined> {
    const { bot, signal, trace } = message
    if (!MynahError.is(error) || !error.retriable) return failedReceipt(error)
    try {
      if (error.code === 'BOT_OFFLINE' && isReturning(bot)) {
        const start = this.#clock.monotonic()
        const isBack = await this.#waitForReturn(bot, giveUpAt, signal)
        trace?.add('waiting', bot.key, `${this.#clock.monotonic() - start} ms for the connection`)
        return isBack ? undefined : failedReceipt(error)
      }
      const delayMs = backoffDelay(failures - 1)
      const isOver = failures >= this.#maxTries || this.#clock.monotonic() + delayMs > giveUpAt
      if (isOver || error.code === 'RATE_LIMITED') return failedReceipt(error)
      trace?.add('retry', bot.key, `in ${delayMs} ms: ${error.message}`)
      await this.#sleep(delayMs, signal)
      return undefined
    } catch (abort) {
      return failedReceipt(abort)
    }
  }

  async #waitForReturn(bot: Bot, giveUpAt: number, signal: AbortSignal | undefined): Promise<boolean> {
    let back = this.#returns.get(bot)
    if (back === undefined) this.#returns.set(bot, (back = deferred()))
    const leftMs = giveUpAt - this.#clock.monotonic()
    if (leftMs <= 0) return false
    await unlessAborted(settlesWithin(this.#clock, back.promise, leftMs), signal)
    return bot.status === 'online'
  }

  async #keepPace({ bot, channelId, signal, trace }: OutgoingMessage, giveUpAt: number): Promise<void> {
    const start = this.#clock.monotonic()
    const inChannel = this.#pacer.takeChannel(bot, channelId, start, giveUpAt)
    if (inChannel === undefined) throw tooFast('The limit of this conversation is used up for too long.')
    if (inChannel > start) await this.#sleep(inChannel - start, signal)
    const now = this.#clock.monotonic()
    const inTotal = this.#pacer.takeTotal(bot, now, giveUpAt)
    if (inTotal === undefined) throw tooFast('The limit of the account is used up for too long.')
    if (inTotal > now) await this.#sleep(inTotal - now, signal)
    const waitedMs = this.#clock.monotonic() - start
    if (waitedMs > 0) trace?.add('waiting', bot.key, `${waitedMs} ms for the rate limit`)
  }

  #sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = deferred()
    const cancel = this.#clock.setTimeout(resolve, delayMs)
    return signal === undefined ? promise : unlessAborted(promise, signal).finally(cancel)
  }
}

function isReturning({ status }: Bot): boolean {
  return status === 'connecting' || status === 'reconnecting'
}

function tooFast(why: string): MynahError {
  return new MynahError('RATE_LIMITED', `${why} Send less, or later.`, { retriable: true })
}

function tooLong(parts: number, maxParts: number): MynahError {
  return new MynahError(
    'SEND_TOO_LONG',
    `It would be ${parts} messages, and ${maxParts} are the most that one answer may be; limit what people can ask for, or send a file.`,
  )
}

function makeMessage(
  bot: Bot,
  channelId: string,
  elements: readonly Element[],
  { event, signal, trace }: SendOptions,
): OutgoingMessage {
  return { bot, channelId, elements, event, signal, trace }
}
