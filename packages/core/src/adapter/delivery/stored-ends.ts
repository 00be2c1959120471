import type {
  JournalMessage,
  JournalProgress,
  JournalRecord,
  MessageJournal,
} from '../../bot/message-journal.ts'
import type { DeadLetter } from '../../bot/stored-messages.ts'
import { MynahError } from '../../errors/mynah-error.ts'
import { plainText } from '../../message/element.ts'
import { failedReceipt, type Receipt, type SettledReceipt } from '../../model/receipt.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LocalBot } from '../local-bot.ts'
import { isOver } from './stored-attempt.ts'

/** Longest text of a dead letter that is listed, in characters. */
const maxText = 100

/** What {@link StoredEnds} work with. */
export interface StoredEndsParts {
  readonly clock: Clock
  readonly journal: MessageJournal
}

/** Tells plugins how messages ended; what they cannot be told is told after the next start. */
export class StoredEnds {
  readonly #parts: StoredEndsParts
  readonly #telling = new Set<Promise<void>>()

  constructor(parts: StoredEndsParts) {
    this.#parts = parts
  }

  /** Begins to tell how a message ended. */
  tell(bot: LocalBot, record: JournalRecord): void {
    const telling = this.#tell(bot, record).finally(() => this.#telling.delete(telling))
    this.#telling.add(telling)
  }

  /** Resolves when everybody has been told. */
  async told(): Promise<void> {
    await Promise.all(this.#telling)
  }

  async #tell(bot: LocalBot, { message, progress }: JournalRecord): Promise<void> {
    const { clock, journal } = this.#parts
    const { key, isNamed } = message
    const { platform, selfId } = bot
    const accepted = await bot.emit({
      id: `settled:${key}:${progress.order}`,
      type: 'message-settled',
      platformType: `${platform}/message-settled`,
      platform,
      selfId,
      time: clock.now(),
      settled: { key, receipt: endOf(progress) },
      raw: undefined,
    })
    if (accepted === 'refused') return
    try {
      if (progress.state === 'delivered' && !isNamed) await journal.remove(key)
      else await journal.save(key, { ...progress, isTold: true })
    } catch {
      // It is told once more after the next start.
    }
  }
}

/** What the second message of a key gets. @throws MynahError `DURABLE_INVALID` where the key names another message */
export function receiptOfEarlier({ key, bot, channelId }: JournalMessage, earlier: JournalRecord): Receipt {
  const { message, progress } = earlier
  if (message.bot !== bot || message.channelId !== channelId) {
    throw new MynahError(
      'DURABLE_INVALID',
      `The key ${key} names a message of ${message.bot} to ${message.channelId} already; give each message its own.`,
    )
  }
  return isOver(progress) ? endOf(progress) : { status: 'stored', key, messageIds: progress.messageIds }
}

function endOf({ state, messageIds, error }: JournalProgress): SettledReceipt {
  return state === 'delivered' ? { status: 'delivered', messageIds } : failedReceipt(error, messageIds)
}

/** A message as a dead letter; `undefined` for one that is none. */
export function letterOf({ message, progress }: JournalRecord): DeadLetter | undefined {
  const { key, bot, channelId, parts, storedAt } = message
  const { state, error, delivered, messageIds, settledAt = storedAt } = progress
  if (state === 'stored' || state === 'trying' || state === 'delivered' || error === undefined)
    return undefined
  const text = plainText(parts.flat()).slice(0, maxText)
  return {
    key,
    bot,
    channelId,
    state,
    error,
    text,
    parts: parts.length,
    delivered,
    messageIds,
    storedAt,
    settledAt,
  }
}
