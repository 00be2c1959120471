import type { BotCall, Outbox, OutgoingMessage } from '../../bot/hatches.ts'
import type { StoredMessages } from '../../bot/stored-messages.ts'
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
import type { MessageJournal } from '../../bot/message-journal.ts'
import { StoredDelivery, type StoredDeliveryParts } from './stored-delivery.ts'

/** How many messages of one conversation may wait. */
const maxWaiting = 1000

/** What a {@link Delivery} works with. */
export interface DeliveryParts extends Pick<StoredDeliveryParts, 'readDuration' | 'onDelivered' | 'warn'> {
  readonly clock: Clock
  /** The accounts that are signed in, by their keys. */
  readonly bots: ReadonlyMap<string, LocalBot>
}

/**
 * The accounts' half of the way out, in memory: degradation, splitting, order within a conversation, repetition,
 * receipts. It alone sends messages again.
 */
export class Delivery implements Outbox {
  readonly #parts: DeliveryParts
  readonly #attempts: Attempts
  /** Messages of one conversation leave one after the other, in the order in which they were sent. */
  readonly #turns = new WeakMap<LocalBot, Turns>()
  /** Messages that can be cancelled. */
  readonly #cancels = new Map<string, AbortController>()

  /** Keeps durable messages, where there is a journal. */
  #stored: StoredDelivery | undefined

  constructor(parts: DeliveryParts) {
    this.#parts = parts
    this.#attempts = new Attempts(parts.clock)
  }

  /** A bot was added, connected, or lost its connection. */
  statusChanged(bot: LocalBot): void {
    this.#attempts.statusChanged(bot)
    if (bot.status === 'online') this.#stored?.online(bot)
  }

  /** A bot is about to be stopped. Resolves when the stored message that it sends is out, or has taken long. */
  async leaving(bot: LocalBot): Promise<void> {
    await this.#stored?.leaving(bot)
  }

  /** A bot is no longer among those of the app. */
  async left(bot: LocalBot): Promise<void> {
    await this.#stored?.left(bot)
  }

  /** Stops to send stored messages. Resolves when what has begun is over. */
  async close(): Promise<void> {
    await this.#stored?.stop()
  }

  /**
   * Durable messages are kept in a journal from now on.
   *
   * @returns What there is to do with them, and what gives the journal back.
   * @throws MynahError `SERVICE_CONFLICT` when there is one already.
   */
  keep(journal: MessageJournal): { readonly messages: StoredMessages; readonly end: () => Promise<void> } {
    if (this.#stored !== undefined) {
      throw new MynahError(
        'SERVICE_CONFLICT',
        'Durable messages have a journal already; remove one of the two.',
      )
    }
    const { bots, ...parts } = this.#parts
    const stored = new StoredDelivery(
      {
        ...parts,
        attempts: this.#attempts,
        turnsOf: (bot) => this.#turnsOf(bot),
        botOf: (key) => bots.get(key),
      },
      journal,
    )
    this.#stored = stored
    for (const bot of bots.values()) if (bot.status === 'online') stored.online(bot)
    const end = async (): Promise<void> => {
      this.#stored = undefined
      await stored.stop()
    }
    return { messages: stored, end }
  }

  async send(message: OutgoingMessage): Promise<Receipt> {
    if (message.durable !== undefined && this.#stored === undefined) return failedReceipt(noJournal())
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
      if (message.durable !== undefined) return await this.#storedOrThrow().store(bot, message, parts)
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

  #storedOrThrow(): StoredDelivery {
    if (this.#stored === undefined) throw noJournal()
    return this.#stored
  }

  #requireBot(key: string): LocalBot {
    const bot = this.#parts.bots.get(key)
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

function noJournal(): MynahError {
  return new MynahError(
    'OUTBOX_MISSING',
    'A durable message needs a database: install @mynah/database and add "database" to the config.',
  )
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
