import type { BotHost } from '../adapter/bot-host.ts'
import type { LocalBot } from '../adapter/local-bot.ts'
import type { Bot } from '../bot/bot.ts'
import type { Inbox, Outbox } from '../bot/hatches.ts'

/** The two ways through the wall between accounts and plugins, and what stands for an account on the plugins' side. */
export interface Hatches {
  readonly inbox: Inbox
  readonly outbox: Outbox
  botOf(account: LocalBot, host: BotHost): Bot
}

/** In one process both sides hold the same objects, and nothing is copied. */
export function connectHatches(inbox: Inbox, outbox: Outbox): Hatches {
  return { inbox, outbox, botOf: (account) => account }
}
