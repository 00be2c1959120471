import type { BotCall, Outbox, OutgoingMessage } from '../../bot/hatches.ts'
import { failedReceipt, type Receipt } from '../../model/receipt.ts'
import { MynahError } from '../../errors/mynah-error.ts'
import { cutMessage } from '../../message/cut.ts'
import type { Element } from '../../message/element.ts'
import { maxParts } from '../../message/support.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LocalBot } from '../local-bot.ts'
import { Attempts } from './attempts.ts'
import { callBot } from './call-bot.ts'
import { ChannelOrder } from './channel-order.ts'

/**
 * The accounts' half of the way out, in memory: degradation, splitting, order within a conversation, repetition,
 * receipts. It alone sends messages again.
 */
export class Delivery implements Outbox {
  readonly #botOf: (key: string) => LocalBot | undefined
  readonly #attempts: Attempts
  readonly #order = new ChannelOrder()
  /** Messages that can be cancelled. */
  readonly #cancels = new Map<string, AbortController>()

  constructor(clock: Clock, botOf: (key: string) => LocalBot | undefined) {
    this.#botOf = botOf
    this.#attempts = new Attempts(clock)
  }

  /** A bot connected, or lost its connection. */
  statusChanged(bot: LocalBot): void {
    this.#attempts.statusChanged(bot)
  }

  async send(message: OutgoingMessage): Promise<Receipt> {
    const signal = message.key === undefined ? undefined : this.#cancellable(message.key)
    try {
      const bot = this.#requireBot(message.bot)
      const prepared = prepare(bot, message)
      const parts = prepared instanceof Promise ? await prepared : prepared
      const [first, ...others] = parts
      if (first === undefined) {
        throw new MynahError('SEND_EMPTY', 'The content has no text and no elements.')
      }
      const most = message.kind === 'edit' ? 1 : maxParts
      if (parts.length > most) throw tooLong(parts.length, most)
      // The wait for the turn counts, too.
      const giveUpAt = this.#order.isFree(bot, message.channelId) ? undefined : this.#attempts.giveUpAt()
      if (giveUpAt === undefined) this.#order.begin(bot, message.channelId)
      else await this.#order.wait(bot, message.channelId, signal)
      try {
        return others.length > 0
          ? await this.#attempts.deliverAll(bot, message, parts, signal, giveUpAt)
          : await this.#attempts.deliver(bot, message, first, signal, giveUpAt)
      } finally {
        this.#order.end(bot, message.channelId)
      }
    } catch (error) {
      return failedReceipt(error)
    } finally {
      if (message.key !== undefined) this.#cancels.delete(message.key)
    }
  }

  call({ bot, path, args }: BotCall): Promise<unknown> {
    return callBot(this.#requireBot(bot), path, args)
  }

  cancel(key: string): Promise<void> {
    this.#cancels.get(key)?.abort(new MynahError('SEND_FAILED', 'It was cancelled.'))
    return Promise.resolve()
  }

  #requireBot(key: string): LocalBot {
    const bot = this.#botOf(key)
    if (bot !== undefined) return bot
    throw new MynahError('BOT_OFFLINE', `${key} is not signed in; look at the accounts in the config.`)
  }

  #cancellable(key: string): AbortSignal {
    const cancel = new AbortController()
    this.#cancels.set(key, cancel)
    return cancel.signal
  }
}

function prepare(bot: LocalBot, message: OutgoingMessage): Element[][] | Promise<Element[][]> {
  const parts = cutMessage(message.elements, bot.support)
  return message.kind === 'edit' ? parts : bot.prepare(parts, message)
}

function tooLong(parts: number, most: number): MynahError {
  return new MynahError(
    'SEND_TOO_LONG',
    `It would be ${parts} messages, and ${most} are the most that it may be; limit what people can ask for, or send a file.`,
  )
}
