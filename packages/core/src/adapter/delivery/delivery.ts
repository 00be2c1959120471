import type { BotCall, Outbox, OutgoingMessage } from '../../bot/hatches.ts'
import { failedReceipt, type Receipt } from '../../model/receipt.ts'
import { MynahError } from '../../errors/mynah-error.ts'
import { cutMessage } from '../../message/cut.ts'
import type { Element } from '../../message/element.ts'
import { maxParts } from '../../message/support.ts'
import { unlessAborted } from '../../shared/abort.ts'
import type { Clock } from '../../shared/clock.ts'
import { Turns } from '../../shared/turns.ts'
import type { LocalBot } from '../local-bot.ts'
import { Attempts } from './attempts.ts'
import { callBot } from './call-bot.ts'

/** How many messages of one conversation may wait. */
const maxWaiting = 1000

/**
 * The accounts' half of the way out, in memory: degradation, splitting, order within a conversation, repetition,
 * receipts. It alone sends messages again.
 */
export class Delivery implements Outbox {
  readonly #botOf: (key: string) => LocalBot | undefined
  readonly #attempts: Attempts
  /** Messages of one conversation leave one after the other, in the order in which they were sent. */
  readonly #turns = new WeakMap<LocalBot, Turns>()
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
      if (message.kind === 'edit' && others.length > 0) throw tooLongForEdit(parts.length)
      if (parts.length > maxParts) throw tooLong(parts.length)
      const turns = this.#turnsOf(bot)
      const turn = turns.enter(message.channelId)
      if (turn === false) throw tooMany()
      // The wait for the turn counts, too.
      const giveUpAt = turn && this.#attempts.giveUpAt()
      if (turn !== undefined) await wait(turn, () => turns.leave(message.channelId), signal)
      try {
        return others.length > 0
          ? await this.#attempts.deliverAll(bot, message, parts, signal, giveUpAt)
          : await this.#attempts.deliver(bot, message, first, signal, giveUpAt)
      } finally {
        turns.leave(message.channelId)
      }
    } catch (error) {
      return failedReceipt(error)
    } finally {
      if (message.key !== undefined && this.#cancels.get(message.key)?.signal === signal)
        this.#cancels.delete(message.key)
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

  #turnsOf(bot: LocalBot): Turns {
    let turns = this.#turns.get(bot)
    if (turns === undefined) this.#turns.set(bot, (turns = new Turns(maxWaiting)))
    return turns
  }

  #cancellable(key: string): AbortSignal {
    const cancel = new AbortController()
    this.#cancels.set(key, cancel)
    return cancel.signal
  }
}

/** Waits for a turn; one that nobody wants any more goes to the next. @throws The reason of `signal`. */
async function wait(turn: Promise<void>, leave: () => void, signal: AbortSignal | undefined): Promise<void> {
  try {
    await unlessAborted(turn, signal)
  } catch (error) {
    void turn.then(leave)
    throw error
  }
}

function tooMany(): MynahError {
  return new MynahError('RATE_LIMITED', `${maxWaiting} messages wait here already. Send less, or later.`, {
    retriable: true,
  })
}

function prepare(bot: LocalBot, message: OutgoingMessage): Element[][] | Promise<Element[][]> {
  const parts = cutMessage(message.elements, bot.support)
  return message.kind === 'edit' ? parts : bot.prepare(parts, message)
}

function tooLong(parts: number): MynahError {
  return new MynahError(
    'SEND_TOO_LONG',
    `It would be ${parts} messages, and ${maxParts} are the most that it may be; limit what people can ask for, or send a file.`,
  )
}

/** A message cannot become several without coming at another place among the others. */
function tooLongForEdit(parts: number): MynahError {
  return new MynahError(
    'SEND_TOO_LONG',
    `An edited message stays one, and this would be ${parts}; send the rest as a message of its own.`,
  )
}
