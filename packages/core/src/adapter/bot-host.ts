import type { Bot } from '../bot/bot.ts'
import type { Inbox } from '../bot/hatches.ts'
import type { Receipt } from '../model/receipt.ts'
import type { KeyValueStore } from '../storage/key-value-store.ts'
import type { EditOptions, SendOptions } from '../bot/send-options.ts'
import type { Content } from '../message/element.ts'

/** What an account needs of the app it is in. */
export interface BotHost {
  /** Where its events go. */
  readonly inbox: Inbox
  /** Keys of accounts that outlive the process; `undefined` while nobody keeps any. */
  readonly keys: KeyValueStore | undefined
  /** Ms since 1970. */
  now(): number
  /** Sends a message the way that those of plugins go. */
  send(bot: Bot, channelId: string, content: Content, options: SendOptions | undefined): Promise<Receipt>
  /** Edits a message the way that edits of plugins go. */
  edit(
    bot: Bot,
    channelId: string,
    messageId: string,
    content: Content,
    options: EditOptions | undefined,
  ): Promise<void>
  /** Its connection changed. */
  statusChanged(bot: Bot): void
  /** Events were lost on their way in. */
  eventsRefused(bot: Bot, reason: string, count: number): void
}
