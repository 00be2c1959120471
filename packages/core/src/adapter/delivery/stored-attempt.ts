import type { OutgoingMessage } from '../../bot/hatches.ts'
import type { StoredState } from '../../bot/stored-messages.ts'
import { MynahError } from '../../errors/mynah-error.ts'
import type { Receipt, SendFailure } from '../../model/receipt.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Turns } from '../../shared/turns.ts'
import type { LocalBot } from '../local-bot.ts'
import type { Attempts } from './attempts.ts'
import { verdictOf } from './doubt.ts'
import type { JournalProgress, JournalRecord, MessageJournal } from '../../bot/message-journal.ts'
import type { TryOutcome, Waiting } from './stored-backlog.ts'

/** What a {@link StoredAttempt} works with. */
export interface StoredAttemptParts {
  readonly clock: Clock
  readonly journal: MessageJournal
  readonly attempts: Attempts
  readonly turnsOf: (bot: LocalBot) => Turns
  /** A part is out. */
  readonly onDelivered: (bot: LocalBot, channelId: string, receipt: Receipt) => void
  /** A message has come to its end, which is on disk. */
  readonly onSettled: (bot: LocalBot, record: JournalRecord) => void
}

const atOnce: TryOutcome = { retryAfterMs: undefined }

/** Tries stored messages, and notes on disk what is about to happen before, and what has happened after each part. */
export class StoredAttempt {
  readonly #parts: StoredAttemptParts

  constructor(parts: StoredAttemptParts) {
    this.#parts = parts
  }

  /** Tries the rest of a message. Never rejects: where the disk fails, it goes on there later. */
  async run(bot: LocalBot, entry: Waiting): Promise<TryOutcome> {
    try {
      if (entry.record === undefined) {
        entry.record = await this.#parts.journal.find(entry.key)
        if (entry.record === undefined) return 'over'
        if (entry.record.progress.state === 'trying') resume(entry, entry.record, this.#parts.clock.now())
      }
      if (!entry.isSaved) await this.#save(entry, entry.record)
      return await this.#go(bot, entry, entry.record)
    } catch {
      return atOnce
    }
  }

  async #go(bot: LocalBot, entry: Waiting, { message, progress }: JournalRecord): Promise<TryOutcome> {
    if (isOver(progress)) return this.#end(bot, entry)
    if (this.#isExpired(progress)) return this.#expire(bot, entry)
    if (bot.status !== 'online') return 'offline'
    const turns = this.#parts.turnsOf(bot)
    const turn = turns.enter(message.channelId)
    if (turn === false) return atOnce
    await turn
    let outcome: TryOutcome | undefined
    try {
      while (outcome === undefined) outcome = await this.#tryPart(bot, entry)
    } finally {
      turns.leave(message.channelId)
    }
    return outcome === 'over' ? this.#end(bot, entry) : outcome
  }

  /** @returns Nothing when there is another part to try. */
  async #tryPart(bot: LocalBot, entry: Waiting): Promise<TryOutcome | undefined> {
    const { record } = entry
    if (record === undefined) return 'over'
    const { message, progress } = record
    const elements = message.parts[progress.delivered]
    if (elements === undefined) return this.#finish(entry, 'delivered')
    if (this.#isExpired(progress)) return this.#finish(entry, 'expired', expired(progress))
    if (bot.status !== 'online') {
      await this.#change(entry, { state: 'stored' })
      return 'offline'
    }
    if (progress.state !== 'trying') await this.#change(entry, { state: 'trying' })
    const { channelId, event, key } = message
    const part: OutgoingMessage = { kind: 'create', bot: bot.key, channelId, elements, event, key }
    // One try: what comes next is decided here, and noted first.
    const receipt = await this.#parts.attempts.deliver(
      bot,
      part,
      elements,
      undefined,
      this.#parts.clock.monotonic(),
    )
    if (receipt.status === 'failed') return this.#failed(bot, entry, record, receipt.error)
    this.#parts.onDelivered(bot, channelId, receipt)
    const delivered = progress.delivered + 1
    const isLast = delivered === message.parts.length
    await this.#change(entry, {
      delivered,
      messageIds: [...progress.messageIds, ...receipt.messageIds],
      ...(isLast && { state: 'delivered', settledAt: this.#parts.clock.now() }),
    })
    return isLast ? 'over' : undefined
  }

  async #failed(
    bot: LocalBot,
    entry: Waiting,
    record: JournalRecord,
    error: SendFailure,
  ): Promise<TryOutcome> {
    const verdict = verdictOf(error)
    if (verdict === 'hopeless') return this.#finish(entry, 'failed', error)
    if (verdict === 'doubt' && record.message.onDoubt === 'stop') {
      return this.#finish(entry, 'in-doubt', inDoubt(record.progress, error.message))
    }
    await this.#change(entry, { state: 'stored' })
    if (bot.status !== 'online') return 'offline'
    return { retryAfterMs: MynahError.is(error) ? error.retryAfterMs : undefined }
  }

  async #expire(bot: LocalBot, entry: Waiting): Promise<TryOutcome> {
    const { record } = entry
    if (record !== undefined) await this.#finish(entry, 'expired', expired(record.progress))
    return this.#end(bot, entry)
  }

  async #finish(entry: Waiting, state: StoredState, error?: SendFailure): Promise<'over'> {
    await this.#change(entry, { state, error: error && plain(error), settledAt: this.#parts.clock.now() })
    return 'over'
  }

  #end(bot: LocalBot, { record }: Waiting): 'over' {
    if (record !== undefined) this.#parts.onSettled(bot, record)
    return 'over'
  }

  #isExpired({ expiresAt }: JournalProgress): boolean {
    return this.#parts.clock.now() >= expiresAt
  }

  async #change(entry: Waiting, changes: Partial<JournalProgress>): Promise<void> {
    const { record } = entry
    if (record === undefined) return
    // What has happened holds in memory, too, where the disk does not take it yet.
    entry.record = { message: record.message, progress: { ...record.progress, ...changes } }
    await this.#save(entry, entry.record)
  }

  async #save(entry: Waiting, { message, progress }: JournalRecord): Promise<void> {
    entry.isSaved = false
    await this.#parts.journal.save(message.key, progress)
    entry.isSaved = true
  }
}

/** Whether a message has come to its end. */
export function isOver({ state }: JournalProgress): boolean {
  return state !== 'stored' && state !== 'trying'
}

/** An earlier run of the program began a part and never said how that went. */
function resume(entry: Waiting, { message, progress }: JournalRecord, now: number): void {
  const error = plain(inDoubt(progress, 'The bot ended while it was being sent.'))
  entry.isSaved = false
  entry.record = {
    message,
    progress:
      message.onDoubt === 'again'
        ? { ...progress, state: 'stored' }
        : { ...progress, state: 'in-doubt', error, settledAt: now },
  }
}

function inDoubt({ delivered }: JournalProgress, why: string): MynahError {
  return new MynahError('SEND_IN_DOUBT', `Part ${delivered + 1}: ${why} Look into the chat first.`)
}

function expired({ expiresAt }: JournalProgress): MynahError {
  return new MynahError('SEND_EXPIRED', `Its time was over at ${new Date(expiresAt).toISOString()}.`)
}

function plain({ code, message, retriable }: SendFailure): SendFailure {
  return { code, message, retriable }
}
