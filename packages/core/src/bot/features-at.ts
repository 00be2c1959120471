import type { Bot, BotFeature } from './bot.ts'

/** What an account can do in a channel; without one, anywhere. */
export function featuresAt(bot: Bot, channelId: string | undefined): Promise<readonly BotFeature[]> {
  return channelId === undefined ? Promise.resolve(bot.features) : bot.featuresIn(channelId)
}
