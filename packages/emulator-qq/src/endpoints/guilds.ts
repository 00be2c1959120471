import { ok, type Endpoints } from '../calls/endpoint.ts'
import type { Platform } from '../world/platform.ts'
import { channelView, guildView } from '../world/views.ts'
import { Places } from './places.ts'

const demandsPerDay = 3
const permissions = [
  { path: '/guilds/{guild_id}/members/{user_id}', method: 'GET', desc: 'Get a member' },
  { path: '/channels/{channel_id}/messages', method: 'POST', desc: 'Send messages' },
  { path: '/guilds/{guild_id}/mute', method: 'PATCH', desc: 'Mute the guild' },
]

/** Guilds and what the bot may do in them. */
export const guildEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  return {
    'GET /guilds/{guild_id}': { handle: ({ param }) => ok(guildView(places.guild(param('guild_id')))) },
    'GET /guilds/{guild_id}/channels': {
      handle: ({ param }) => ok([...places.guild(param('guild_id')).channels.values()].map(channelView)),
    },
    'GET /guilds/{guild_id}/message/setting': {
      handle({ param }) {
        const guild = places.guild(param('guild_id'))
        return ok({
          disable_create_dm: guild.dmDisabled,
          disable_push_msg: guild.pushDisabled,
          channel_ids: guild.pushChannels,
          channel_push_max_num: guild.pushMaximum,
        })
      },
    },
    'GET /guilds/{guild_id}/api_permission': {
      handle({ param }) {
        places.guild(param('guild_id'))
        const status = platform.grants.guildAdmin ? 1 : 0
        return ok({ apis: permissions.map((permission) => ({ ...permission, auth_status: status })) })
      },
    },
    'POST /guilds/{guild_id}/api_permission/demand': {
      handle({ param, fields }) {
        const { id } = places.guild(param('guild_id'))
        const channel = places.channel(fields.string('channel_id'))
        const identify = fields.object('api_identify')
        identify.string('path')
        identify.string('method')
        const desc = fields.string('desc')
        platform.limits.checkDay(`demand:${id}`, demandsPerDay, 610012)
        platform.limits.hitDay(`demand:${id}`)
        return ok({
          guild_id: id,
          channel_id: channel.id,
          api_identify: identify.raw,
          title: 'Permission request',
          desc,
        })
      },
    },
  }
}
