import type { OutgoingMessage } from '../../bot/hatches.ts'
import type { DeadLetter, StoredMessages } from '../../bot/stored-messages.ts'
import { MynahError } from '../../errors/mynah-error.ts'
import type { Element } from '../../message/element.ts'
import type { ChatEvent } from '../../model/event.ts'
import type { Receipt } from '../../model/receipt.ts'
import { settlesWithin } from '../../shared/clock.ts'
import { deferred } from '../../shared/deferred.ts'
import type { LocalBot } from '../local-bot.ts'
import { hasFiles, inlineFiles, tooLarge } from './inline-files.ts'
import type { JournalRecord, MessageJournal } from '../../bot/message-journal.ts'
import { StoredAttempt, type StoredAttemptParts } from './stored-attempt.ts'
import { StoredBacklog, type Waiting } from './stored-backlog.ts'
import { letterOf, receiptOfEarlier, StoredEnds } from './stored-ends.ts'
import { StoredRoom } from './stored-room.ts'

/** Largest message, in bytes of its JSON. */
const maxMessageBytes = 16 * 1024 * 1024

/** How long a message may wait that says nothing about it, in ms. */
const defaultMs = 10 * 60_000

/** How long the recovery waits after the disk or the server failed, in ms. */
const recoverAgainMs = 5000

/** How long a bot that goes waits for the part that is on its way, in ms. */
const leaveMs = 5000

/** What a {@link StoredDelivery} works with. */
export interface StoredDeliveryParts extends Omit<StoredAttemptParts, 'journal' | 'onSettled'> {
  readonly botOf: (key: string) => LocalBot | undefined
  /** Reads a length of time in words. @returns Ms; `undefined` for what is none. */
  readonly readDuration: (written: string) => number | undefined
  /** Tells an operator. */
  readonly warn: (bot: string, text: string) => void
}

interface Account {
  readonly backlog: StoredBacklog
  /** Settles when what an earlier run left is in the backlog; rejects where the disk fails. */
  recovered: Promise<void> | undefined
}

/** Durable messages: stores them, sends them when their bot can, and keeps what could not be delivered. */
export class StoredDelivery implements StoredMessages {
  readonly #parts: StoredDeliveryParts
  readonly #journal: MessageJournal
  readonly #attempt: StoredAttempt
  readonly #accounts = new Map<LocalBot, Account>()
  readonly #room: StoredRoom
  readonly #ends: StoredEnds
  #isStopped = false

  constructor(parts: StoredDeliveryParts, journal: MessageJournal) {
    this.#parts = parts
    this.#journal = journal
    this.#room = new StoredRoom({ ...parts, journal })
    this.#ends = new StoredEnds({ ...parts, journal })
    this.#attempt = new StoredAttempt({
      ...parts,
      journal,
      onSettled: (bot, record) => this.#settled(bot, record),
    })
  }

  /** A bot connected: what waits for it goes on. */
  online(bot: LocalBot): void {
    if (this.#isStopped) return
    const account = this.#accountOf(bot)
    if (account.recovered === undefined) void this.#recoverUntilDone(bot, account)
    else account.backlog.resume()
  }

  /** A bot is about to go: begins nothing any more, and gives the part that is on its way some time to end. */
  async leaving(bot: LocalBot): Promise<void> {
    const stopped = this.#accounts.get(bot)?.backlog.stop()
    if (stopped !== undefined) await settlesWithin(this.#parts.clock, stopped, leaveMs)
  }

  /** A bot is no longer part of the app. */
  async left(bot: LocalBot): Promise<void> {
    const account = this.#accounts.get(bot)
    this.#accounts.delete(bot)
    await account?.backlog.stop()
  }

  /** Begins nothing any more. Resolves when what has begun is over and noted. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(Array.from(this.#accounts.values(), ({ backlog }) => backlog.stop()))
    await this.#ends.told()
  }

  /**
   * Stores a message that is ready for its platform.
   *
   * @throws MynahError why it could not; what the journal throws.
   */
  async store(bot: LocalBot, message: OutgoingMessage, parts: Element[][]): Promise<Receipt> {
    const { key = '', channelId, durable } = message
    const { onDoubt = 'stop', isNamed = false, expiresInMs } = durable ?? {}
    const expiresAt = await this.#expiryOf(bot, message.event, expiresInMs)
    const small = await this.#inline(parts)
    const bytes = Buffer.byteLength(JSON.stringify(small))
    if (bytes > maxMessageBytes) throw tooLarge()
    const account = this.#accountOf(bot)
    await (account.recovered ?? this.#recover(bot, account))
    this.#room.check(bot.key, bytes)
    const event = message.event && { ...message.event, raw: undefined }
    const storedAt = this.#parts.clock.now()
    const { key: botKey } = bot
    const record: JournalRecord = {
      message: { key, bot: botKey, channelId, event, parts: small, onDoubt, isNamed, storedAt, bytes },
      progress: { ...fresh, order: this.#room.nextOrder(), expiresAt },
    }
    return this.#add(account, record)
  }

  async #add({ backlog }: Account, record: JournalRecord): Promise<Receipt> {
    const { message, progress } = record
    const { key, channelId, bytes } = message
    this.#room.take(bytes)
    const stored = deferred<boolean>()
    // Its place is taken now: later ones may be on disk sooner.
    const { expiresAt } = progress
    backlog.push({ key, channelId, expiresAt, stored: stored.promise, isSaved: true })
    let isNew = false
    try {
      const earlier = await this.#journal.add(record)
      if (earlier !== undefined) return receiptOfEarlier(message, earlier)
      isNew = true
      return { status: 'stored', key, messageIds: [] }
    } finally {
      stored.resolve(isNew)
      if (!isNew) this.#room.free(bytes)
    }
  }

  async list({ limit = 100 }: { readonly limit?: number } = {}): Promise<DeadLetter[]> {
    const letters = (await this.#journal.dead(limit)).map(letterOf)
    return letters.filter((letter) => letter !== undefined)
  }

  async again(
    key: string,
    { expiresIn = defaultMs }: { readonly expiresIn?: number | string } = {},
  ): Promise<boolean> {
    const record = await this.#journal.find(key)
    if (record === undefined || letterOf(record) === undefined) return false
    const { message, progress } = record
    const bot = this.#parts.botOf(message.bot)
    if (bot === undefined) {
      throw new MynahError(
        'BOT_OFFLINE',
        `${message.bot} is not signed in; look at the accounts in the config.`,
      )
    }
    const ms = typeof expiresIn === 'number' ? expiresIn : this.#parts.readDuration(expiresIn)
    if (ms === undefined) throw new MynahError('DURABLE_INVALID', `"${expiresIn}" is no length of time.`)
    const expiresAt = await this.#expiryOf(bot, message.event, ms)
    const account = this.#accountOf(bot)
    await (account.recovered ?? this.#recover(bot, account))
    this.#room.check(bot.key, message.bytes)
    const { delivered, messageIds } = progress
    await this.#journal.save(key, {
      ...fresh,
      order: this.#room.nextOrder(),
      expiresAt,
      delivered,
      messageIds,
    })
    this.#room.take(message.bytes)
    const { channelId } = message
    account.backlog.push({ key, channelId, expiresAt, stored: Promise.resolve(true), isSaved: true })
    return true
  }

  async drop(key: string): Promise<boolean> {
    const record = await this.#journal.find(key)
    if (record === undefined || letterOf(record) === undefined) return false
    await this.#journal.remove(key)
    return true
  }

  #accountOf(bot: LocalBot): Account {
    let account = this.#accounts.get(bot)
    if (account === undefined) {
      const { clock } = this.#parts
      const attempt = (by: LocalBot, entry: Waiting) => this.#attempt.run(by, entry)
      account = { backlog: new StoredBacklog({ clock, bot, attempt }), recovered: undefined }
      this.#accounts.set(bot, account)
    }
    return account
  }

  async #recoverUntilDone(bot: LocalBot, account: Account): Promise<void> {
    try {
      await this.#recover(bot, account)
    } catch (error) {
      if (this.#isStopped || this.#accounts.get(bot) !== account) return
      const { message } = MynahError.from(error, 'SEND_FAILED')
      this.#parts.warn(bot.key, `Stored messages cannot be read, and are tried again: ${message}`)
      this.#parts.clock.setTimeout(() => this.online(bot), recoverAgainMs)
    }
  }

  /** Takes up what an earlier run left. */
  #recover(bot: LocalBot, account: Account): Promise<void> {
    const recovered = this.#readBacklog(bot, account)
    account.recovered = recovered
    recovered.catch(() => {
      account.recovered = undefined
    })
    return recovered
  }

  async #readBacklog(bot: LocalBot, { backlog }: Account): Promise<void> {
    await this.#room.count()
    const [waiting, untold] = await Promise.all([
      this.#journal.waiting(bot.key),
      this.#journal.untold(bot.key),
    ])
    for (const entry of waiting) backlog.push({ ...entry, stored: Promise.resolve(true), isSaved: true })
    for (const key of untold) {
      const record = await this.#journal.find(key)
      if (record !== undefined) this.#ends.tell(bot, record)
    }
  }

  async #inline(parts: Element[][]): Promise<Element[][]> {
    if (!parts.some(hasFiles)) return parts
    return Promise.all(parts.map((elements) => inlineFiles(elements, maxMessageBytes)))
  }

  /** @throws MynahError `DURABLE_INVALID` where nothing says how long it may wait; `SEND_EXPIRED` where it is too late. */
  async #expiryOf(bot: LocalBot, event: ChatEvent | undefined, ms: number | undefined): Promise<number> {
    const now = this.#parts.clock.now()
    if (event === undefined) {
      if (ms !== undefined) return now + ms
      throw new MynahError(
        'DURABLE_INVALID',
        `It answers nothing, so say how long it may wait: { durable: true, expiresIn: '10m' }.`,
      )
    }
    const budget = await bot.replyBudget(event)
    const endsAt = budget?.expiresAt ?? Number.POSITIVE_INFINITY
    const isCounted = Number.isFinite(endsAt)
    if (isCounted && endsAt <= now) {
      throw new MynahError(
        'SEND_EXPIRED',
        'The platform takes no more answers to this event. Answer sooner, or send it without the event.',
      )
    }
    if (ms !== undefined) return Math.min(now + ms, endsAt)
    return isCounted ? endsAt : now + defaultMs
  }

  #settled(bot: LocalBot, record: JournalRecord): void {
    const { bytes, channelId, key } = record.message
    this.#room.free(bytes)
    const { error } = record.progress
    if (error !== undefined) {
      const what = `A stored message to ${channelId} was not delivered`
      this.#parts.warn(bot.key, `${what}: ${error.message} It is kept in ctx.outbox as ${key}.`)
    }
    this.#ends.tell(bot, record)
  }
}

const fresh = { state: 'stored', delivered: 0, messageIds: [], isTold: false } as const
