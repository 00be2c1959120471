import { ApiFault } from '../api-fault.ts'
import { empty, guildAdmin, ok, pageSize, privateDomain, type Endpoints } from '../endpoint.ts'
import type { JsonObject } from '../fields.ts'
import { builtInRoles } from '../guild-world.ts'
import type { Platform } from '../platform.ts'
import { memberView } from '../views.ts'
import type { GuildMemberState, GuildState } from '../world.ts'
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
        const after = BigInt(query.get('after') || '0')
        const size = pageSize(query, 'limit', 1, 400)
        // Pages overlap by one member, as they may on the platform.
        const start = Math.max(
          0,
          members.findIndex(({ user }) => BigInt(user.id) > after),
        )
        const isPast = members.every(({ user }) => BigInt(user.id) <= after)
        const overlap = after > 0n && size > 1 ? 1 : 0
        return ok(isPast ? [] : members.slice(Math.max(0, start - overlap), start + size).map(memberView))
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
        if (isAdmin) throw new ApiFault(11282, { message: 'administrators cannot be removed' })
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

const byId = ({ members }: GuildState): GuildMemberState[] =>
  [...members.values()].sort((a, b) => (BigInt(a.user.id) < BigInt(b.user.id) ? -1 : 1))

const detailed = (member: GuildMemberState): JsonObject => {
  const { id, username, avatar, bot, unionOpenid } = member.user
  const user = { id, username, avatar, bot, union_openid: unionOpenid, union_user_account: '' }
  return { ...memberView(member), user }
}
