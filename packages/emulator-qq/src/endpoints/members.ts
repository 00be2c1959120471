import { ApiRefusal } from '../calls/refusal.ts'
import { empty, guildAdmin, ok, pageSize, privateDomain, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import { builtInRoles } from '../world/guilds.ts'
import type { Platform } from '../world/platform.ts'
import { memberView } from '../world/views.ts'
import type { GuildMemberState, GuildState } from '../world/world.ts'
import { Places } from './places.ts'

const historyDays = [-1, 0, 3, 7, 15, 30]
const memberPath = '/guilds/{guild_id}/members/{user_id}'

/** Members of guilds. */
export const memberEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  return {
    'GET /guilds/{guild_id}/members': {
      needs: [privateDomain],
      handle({ param, query }) {
        const members = byId(places.guild(param('guild_id')))
        const after = query.get('after') || '0'
        if (!/^\d+$/.test(after)) throw new ApiRefusal(10000, { message: 'after must be a user id' })
        const size = pageSize(query, 'limit', 1, 400)
        const start = members.findIndex(({ user }) => compareIds(user.id, after) > 0)
        // Pages overlap by one member, as they may on the platform.
        const overlap = start > 0 && size > 1 ? 1 : 0
        return ok(start < 0 ? [] : members.slice(start - overlap, start + size).map(memberView))
      },
    },
    [`GET ${memberPath}`]: {
      handle({ param }) {
        const member = places.member(places.guild(param('guild_id')), param('user_id'))
        return ok(detailed(member))
      },
    },
    [`DELETE ${memberPath}`]: {
      needs: [privateDomain, guildAdmin()],
      handle({ param, fields }) {
        const guild = places.guild(param('guild_id'))
        const member = places.member(guild, param('user_id'))
        if (fields.has('delete_history_msg_days')) fields.intOf('delete_history_msg_days', historyDays)
        const isAdmin = member.roles.has(builtInRoles.admin) || member.roles.has(builtInRoles.owner)
        if (isAdmin) throw new ApiRefusal(11282, { message: 'administrators cannot be removed' })
        if (fields.boolean('add_blacklist')) guild.blacklist.add(member.user.id)
        guild.members.delete(member.user.id)
        platform.dispatch('GUILD_MEMBER_REMOVE', {
          guild_id: guild.id,
          ...memberView(member),
          op_user_id: platform.bot.id,
        })
        return empty
      },
    },
    'GET /guilds/{guild_id}/roles/{role_id}/members': {
      needs: [privateDomain],
      handle({ param, query }) {
        const holders = byId(places.guild(param('guild_id'))).filter(({ roles }) =>
          roles.has(param('role_id')),
        )
        const start = Number(query.get('start_index') || 0)
        const end = start + pageSize(query, 'limit', 1, 400)
        const next = end < holders.length ? String(end) : '0'
        return ok({ data: holders.slice(start, end).map(memberView), next })
      },
    },
  }
}

/** Orders decimal ids that are too long for numbers. */
const compareIds = (a: string, b: string): number => a.length - b.length || a.localeCompare(b)

const byId = ({ members }: GuildState): GuildMemberState[] =>
  [...members.values()].sort((a, b) => compareIds(a.user.id, b.user.id))

const detailed = (member: GuildMemberState): JsonObject => {
  const { id, username, avatar, bot, unionOpenid } = member.user
  const user = { id, username, avatar, bot, union_openid: unionOpenid, union_user_account: '' }
  return { ...memberView(member), user }
}
