import type { OutgoingMessage } from '../../bot/hatches.ts'
import { failedReceipt, type Receipt, type SendStep } from '../../model/receipt.ts'
import { MynahError } from '../../errors/mynah-error.ts'
import type { Element } from '../../message/element.ts'
import { sleep, unlessAborted } from '../../shared/abort.ts'
import { backoffDelay } from '../../shared/backoff.ts'
import { type Clock, settlesWithin } from '../../shared/clock.ts'
import { deferred, type Deferred } from '../../shared/deferred.ts'
import type { LocalBot } from '../local-bot.ts'

/** How often a message is tried where failing did no harm. */
const maxTries = 3

/** How long a message waits for its turn or a lost connection, in ms. */
const maxWaitMs = 30_000

/** Puts messages on the wire, again where failing did no harm. */
export class Attempts {
  readonly #clock: Clock
  /** Who waits until a bot is connected again, or is not going to be. */
  readonly #returns = new Map<LocalBot, Deferred>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A bot connected, or lost its connection. */
  statusChanged(bot: LocalBot): void {
    if (isReturning(bot)) return
    this.#returns.get(bot)?.resolve()
    this.#returns.delete(bot)
  }

  /** When a message that begins now is given up, in ms of the monotonic clock. */
  giveUpAt(): number {
    return this.#clock.monotonic() + maxWaitMs
  }

  /** Delivers the parts of a message one after the other; stops at one that fails. */
  async deliverAll(
    bot: LocalBot,
    message: OutgoingMessage,
    parts: readonly (readonly Element[])[],
    signal: AbortSignal | undefined,
    giveUpAt: number = this.giveUpAt(),
  ): Promise<Receipt> {
    const messageIds: string[] = []
    const steps: SendStep[] = []
    let last: Receipt = { status: 'delivered', messageIds }
    for (const elements of parts) {
      // Once a part is out, the rest follows it.
      const stop = messageIds.length === 0 ? signal : undefined
      const receipt = await this.deliver(bot, message, elements, stop, giveUpAt)
      messageIds.push(...receipt.messageIds)
      steps.push(...(receipt.steps ?? []))
      last = { ...receipt, messageIds }
      if (receipt.status === 'failed') break
    }
    return withSteps(last, steps)
  }

  /** Delivers one part. Never rejects. */
  async deliver(
    bot: LocalBot,
    { kind, channelId, event, messageId, key }: OutgoingMessage,
    elements: readonly Element[],
    signal: AbortSignal | undefined,
    giveUpAt?: number,
  ): Promise<Receipt> {
    const part: OutgoingMessage = { kind, bot: bot.key, channelId, elements, event, messageId, key }
    try {
      signal?.throwIfAborted()
      return await deliverOnce(bot, part, signal)
    } catch (error) {
      return this.#deliverAgain(bot, part, error, signal, giveUpAt ?? this.giveUpAt())
    }
  }

  /** A first try has failed. */
  async #deliverAgain(
    bot: LocalBot,
    message: OutgoingMessage,
    firstError: unknown,
    signal: AbortSignal | undefined,
    giveUpAt: number,
  ): Promise<Receipt> {
    const steps: SendStep[] = []
    let error = firstError
    for (let failures = 1; ; failures += 1) {
      try {
        const step = await this.#recover(bot, error, failures, signal, giveUpAt)
        if (step === undefined) return withSteps(failedReceipt(error), steps)
        steps.push(step)
        signal?.throwIfAborted()
      } catch (abort) {
        return withSteps(failedReceipt(abort), steps)
      }
      try {
        return withSteps(await deliverOnce(bot, message, signal), steps)
      } catch (next) {
        error = next
      }
    }
  }

  /** Waits until it makes sense to try again. @returns What was waited for; `undefined` when it makes none. */
  async #recover(
    bot: LocalBot,
    error: unknown,
    failures: number,
    signal: AbortSignal | undefined,
    giveUpAt: number,
  ): Promise<SendStep | undefined> {
    if (!MynahError.is(error) || !error.retriable) return undefined
    if (error.code === 'BOT_OFFLINE' && isReturning(bot)) {
      const start = this.#clock.monotonic()
      if (!(await this.#waitForReturn(bot, giveUpAt, signal))) return undefined
      const waitedMs = this.#clock.monotonic() - start
      return { kind: 'waiting', label: bot.key, detail: `${waitedMs} ms for the connection` }
    }
    // Too many of ours is no failure that passes by itself; too many for the platform passes when it says so.
    if (error.code === 'RATE_LIMITED' && error.retryAfterMs === undefined) return undefined
    const delayMs = error.retryAfterMs ?? backoffDelay(failures - 1)
    if (failures >= maxTries || this.#clock.monotonic() + delayMs > giveUpAt) return undefined
    await sleep(this.#clock, delayMs, signal)
    return { kind: 'retry', label: bot.key, detail: `after ${delayMs} ms: ${error.message}` }
  }

  async #waitForReturn(bot: LocalBot, giveUpAt: number, signal: AbortSignal | undefined): Promise<boolean> {
    let back = this.#returns.get(bot)
    if (back === undefined) this.#returns.set(bot, (back = deferred()))
    const leftMs = giveUpAt - this.#clock.monotonic()
    if (leftMs <= 0) return false
    await unlessAborted(settlesWithin(this.#clock, back.promise, leftMs), signal)
    return bot.status === 'online'
  }
}

function deliverOnce(
  bot: LocalBot,
  message: OutgoingMessage,
  signal: AbortSignal | undefined,
): Promise<Receipt> {
  return message.kind === 'edit' ? bot.edit(message) : bot.deliver(message, signal)
}

function withSteps(receipt: Receipt, steps: readonly SendStep[]): Receipt {
  return steps.length === 0 ? receipt : { ...receipt, steps: [...steps, ...(receipt.steps ?? [])] }
}

function isReturning({ status }: LocalBot): boolean {
  return status === 'connecting' || status === 'reconnecting'
}
