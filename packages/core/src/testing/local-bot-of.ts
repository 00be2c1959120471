import { LocalBot } from '../adapter/local-bot.ts'
import type { Bot } from '../bot/bot.ts'

/** Where a bot that stands for an account behind a wall keeps the account, for tests of adapters. */
export const localBot: unique symbol = Symbol.for('mynah.test.local-bot')

/** The account itself: tests of an adapter look at it also where plugins hold something that stands for it. */
export function localBotOf(bot: Bot | undefined): LocalBot | undefined {
  if (bot === undefined || LocalBot.is(bot)) return bot
  const account: unknown = Reflect.get(bot, localBot)
  return LocalBot.is(account) ? account : undefined
}
