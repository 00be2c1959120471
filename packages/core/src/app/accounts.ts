import type { BotHost } from '../adapter/bot-host.ts'
import { Delivery } from '../adapter/delivery/delivery.ts'
import type { MessageJournal } from '../bot/message-journal.ts'
import { LocalBot } from '../adapter/local-bot.ts'
import type { Bot } from '../bot/bot.ts'
import { BotRegistry } from '../bot/bot-registry.ts'
import type { Inbox, Outbox } from '../bot/hatches.ts'
import type { EditOptions, SendOptions } from '../bot/send-options.ts'
import type { StoredMessages } from '../bot/stored-messages.ts'
import { readDuration } from '../command/time.ts'
import type { Composer } from '../compose/composer.ts'
import type { ListenerTable } from '../dispatch/listeners.ts'
import { MynahError } from '../errors/mynah-error.ts'
import type { Dispose, Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { Receipt } from '../model/receipt.ts'
import type { Clock } from '../shared/clock.ts'
import type { KeyValueStore } from '../storage/key-value-store.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import type { Logger } from '../shared/logger.ts'
import { connectHatches, type Hatches } from './connect-hatches.ts'
import type { Reports } from './reports.ts'

/** What {@link Accounts} work with. */
export interface AccountParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly listeners: ListenerTable
  readonly reports: Reports
  readonly memory: MemorySource
  /** The plugins' end of the way in. */
  readonly inbox: Inbox
  /** A part of a stored message is out. */
  readonly onDelivered: (bot: Bot, channelId: string, receipt: Receipt) => void
  /** Who composes what adapters and plugins send by their bots. */
  readonly composer: () => Composer
}

/** The accounts' side of the wall: those that are signed in, and the way of their messages to them. */
export class Accounts implements BotHost {
  /** The accounts as plugins see them. */
  readonly bots: BotRegistry = new BotRegistry()
  readonly #parts: AccountParts
  readonly #local = new Map<string, LocalBot>()
  readonly #delivery: Delivery
  readonly #hatches: Hatches

  constructor(parts: AccountParts) {
    this.#parts = parts
    this.#delivery = new Delivery({
      clock: parts.clock,
      bots: this.#local,
      readDuration,
      onDelivered: parts.onDelivered,
      warn: (bot, text) => parts.logger.warn({ bot }, text),
    })
    this.#hatches = connectHatches(parts.inbox, this.#delivery)
  }

  get inbox(): Inbox {
    return this.#hatches.inbox
  }

  /** Where composed messages go. */
  get outbox(): Outbox {
    return this.#hatches.outbox
  }

  /**
   * Signs an account in. @returns Signs it off.
   *
   * @throws MynahError `PLUGIN_INVALID` for what is no account; `SERVICE_CONFLICT` when it is there already.
   */
  add(account: Bot, scope: Scope): Dispose {
    if (!LocalBot.is(account)) {
      throw new MynahError(
        'PLUGIN_INVALID',
        `${account.key} does not extend LocalBot of '@mynah/core/adapter'.`,
      )
    }
    const { listeners } = this.#parts
    const bot = this.#hatches.botOf(account, this)
    const forget = this.bots.add(bot)
    this.#local.set(account.key, account)
    account.attach(this)
    listeners.tell('bot-added', { bot })
    this.#delivery.statusChanged(account)
    return scope.own('bot', account.key, async () => {
      await this.#delivery.leaving(account)
      await account.stop()
      account.setStatus('offline')
      await this.#delivery.left(account)
      forget()
      this.#local.delete(account.key)
      listeners.tell('bot-removed', { bot })
    })
  }

  /** Durable messages are kept in a journal for as long as its provider runs. @throws MynahError `SERVICE_CONFLICT` */
  keepMessages(journal: MessageJournal, scope: Scope): StoredMessages {
    const { messages, end } = this.#delivery.keep(journal)
    scope.own('effect', 'journal of messages', end)
    return messages
  }

  /** Stops to send stored messages. Resolves when what has begun is over. */
  close(): Promise<void> {
    return this.#delivery.close()
  }

  get keys(): KeyValueStore | undefined {
    const { memory } = this.#parts
    return memory.isLasting ? memory.of('accounts') : undefined
  }

  now(): number {
    return this.#parts.clock.now()
  }

  send(bot: Bot, channelId: string, content: Content, options: SendOptions | undefined): Promise<Receipt> {
    return this.#parts.composer().send(bot, channelId, content, options)
  }

  edit(
    bot: Bot,
    channelId: string,
    messageId: string,
    content: Content,
    options: EditOptions | undefined,
  ): Promise<void> {
    return this.#parts.composer().edit(bot, channelId, messageId, content, options)
  }

  statusChanged({ key, status }: Bot): void {
    const { logger, listeners } = this.#parts
    const account = this.#local.get(key)
    if (account !== undefined) this.#delivery.statusChanged(account)
    logger.info({ bot: key }, `${key} is ${status}`)
    const bot = this.bots.get(key)
    if (bot !== undefined) listeners.tell('bot-status', { bot })
  }

  eventsRefused({ key }: Bot, reason: string, count: number): void {
    this.#parts.reports.refused(key, reason, count)
  }
}
