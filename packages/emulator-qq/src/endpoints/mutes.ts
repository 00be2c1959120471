import { ApiRefusal } from '../calls/refusal.ts'
import { empty, guildAdmin, ok, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import type { Platform } from '../world/platform.ts'
import { Places } from './places.ts'

/** Muting a guild, some members, or one. */
export const muteEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [guildAdmin()]
  return {
    'PATCH /guilds/{guild_id}/mute': {
      needs,
      handle({ param, fields }) {
        const guild = places.guild(param('guild_id'))
        const until = readEnd(platform, fields)
        if (!fields.has('user_ids')) {
          guild.mutedUntil = until
          return empty
        }
        const present = fields.strings('user_ids').filter((id) => guild.members.has(id))
        for (const id of present) places.member(guild, id).mutedUntil = until
        return ok({ user_ids: present })
      },
    },
    'PATCH /guilds/{guild_id}/members/{user_id}/mute': {
      needs,
      handle({ param, fields }) {
        places.member(places.guild(param('guild_id')), param('user_id')).mutedUntil = readEnd(
          platform,
          fields,
        )
        return empty
      },
    },
  }
}

/** When a mute ends, in ms since the epoch; 0 lifts it. The timestamp wins over the seconds. */
function readEnd(platform: Platform, fields: Fields): number {
  const timestamp = fields.optionalDecimal('mute_end_timestamp')
  const seconds = fields.optionalDecimal('mute_seconds')
  if (timestamp !== undefined) return Number(timestamp) * 1000
  if (seconds === undefined) throw new ApiRefusal(502001)
  return seconds === '0' ? 0 : platform.clock.now() + Number(seconds) * 1000
}
