import { ApiRefusal } from '../calls/refusal.ts'
import type { Platform } from '../world/platform.ts'
import type { ChannelState, DirectState } from '../world/world.ts'

const channelsPerGuild = 2
const directsPerUser = 2
const directsPerBot = 200

/** Checks a proactive message to a channel against the guild's settings and the daily quotas. */
export function admitToChannel({ limits }: Platform, channel: ChannelState): () => void {
  const { guild } = channel
  const isListed = guild.pushChannels.length === 0 || guild.pushChannels.includes(channel.id)
  if (guild.pushDisabled || !isListed) throw new ApiRefusal(304046)
  const key = (id: string): string => `push:channel:${id}`
  const used = [...guild.channels.keys()].filter((id) => limits.today(key(id)) > 0)
  if (used.length >= channelsPerGuild && !used.includes(channel.id)) throw new ApiRefusal(304047)
  limits.checkDay(key(channel.id), guild.pushMaximum, 304045)
  return () => limits.hitDay(key(channel.id))
}

/** Checks a proactive direct message against the daily quotas of user and bot. */
export function admitToDirect({ limits }: Platform, { user }: DirectState): () => void {
  const perUser = `push:dm:${user.id}`
  limits.checkDay(perUser, directsPerUser, 304049)
  limits.checkDay('push:dm', directsPerBot, 304050)
  return () => {
    limits.hitDay(perUser)
    limits.hitDay('push:dm')
  }
}
