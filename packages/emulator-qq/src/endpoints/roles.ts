import { ApiRefusal } from '../calls/refusal.ts'
import { empty, guildAdmin, ok, type ApiReply, type ApiRequest, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import { builtInRoles } from '../world/guilds.ts'
import type { Platform } from '../world/platform.ts'
import { roleView } from '../world/views.ts'
import type { GuildState, RoleState } from '../world/world.ts'
import { Places } from './places.ts'

const roleLimit = 30
const isBuiltIn = (id: string): boolean => Object.values(builtInRoles).some((builtIn) => builtIn === id)

/** Roles of guilds and who has them. */
export const roleEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [guildAdmin()]
  const assign = ({ param, fields }: ApiRequest, isGiven: boolean): ApiReply => {
    const guild = places.guild(param('guild_id'))
    const member = places.member(guild, param('user_id'))
    const role = find(guild, param('role_id'))
    if (role.id === builtInRoles.channelAdmin) {
      const channel = places.channel(fields.object('channel').string('id'))
      if (isGiven) member.channelAdminOf.add(channel.id)
      else member.channelAdminOf.delete(channel.id)
    }
    if (isGiven) member.roles.add(role.id)
    else if (role.id !== builtInRoles.channelAdmin || member.channelAdminOf.size === 0)
      member.roles.delete(role.id)
    return empty
  }
  return {
    'GET /guilds/{guild_id}/roles': {
      handle({ param }) {
        const guild = places.guild(param('guild_id'))
        const roles = [...guild.roles.values()].map((role) => roleView(role, guild))
        return ok({ guild_id: guild.id, roles, role_num_limit: String(roleLimit) })
      },
    },
    'POST /guilds/{guild_id}/roles': {
      needs,
      handle({ param, fields }) {
        const guild = places.guild(param('guild_id'))
        const change = readChange(fields)
        if (guild.roles.size >= roleLimit) throw fields.fault('roles', `are ${roleLimit} already`)
        const id = platform.ids.channel()
        const role: RoleState = {
          id,
          name: 'role',
          color: 4_278_245_297,
          hoist: 0,
          memberLimit: 2000,
          ...change,
        }
        guild.roles.set(id, role)
        return ok({ role_id: id, role: roleView(role, guild) })
      },
    },
    'PATCH /guilds/{guild_id}/roles/{role_id}': {
      needs,
      handle({ param, fields }) {
        const guild = places.guild(param('guild_id'))
        const role = Object.assign(find(guild, param('role_id')), readChange(fields))
        return ok({ guild_id: guild.id, role_id: role.id, role: roleView(role, guild) })
      },
    },
    'DELETE /guilds/{guild_id}/roles/{role_id}': {
      needs,
      handle({ param }) {
        const guild = places.guild(param('guild_id'))
        const { id } = find(guild, param('role_id'))
        if (isBuiltIn(id)) throw new ApiRefusal(10000, { message: 'built-in roles stay' })
        guild.roles.delete(id)
        for (const { roles } of guild.members.values()) roles.delete(id)
        return empty
      },
    },
    'PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}': {
      needs,
      handle: (request) => assign(request, true),
    },
    'DELETE /guilds/{guild_id}/members/{user_id}/roles/{role_id}': {
      needs,
      handle: (request) => assign(request, false),
    },
  }
}

function find(guild: GuildState, id: string): RoleState {
  const role = guild.roles.get(id)
  if (role === undefined) throw new ApiRefusal(10000, { message: 'role_id is unknown' })
  return role
}

/** Reads name, color and hoist; one of them has to be there. */
function readChange(fields: Fields): Partial<Pick<RoleState, 'name' | 'color' | 'hoist'>> {
  const name = fields.id('name')
  const color = fields.optionalInt('color')
  const hoist = fields.has('hoist') ? fields.intOf('hoist', [0, 1]) : undefined
  if (name === undefined && color === undefined && hoist === undefined) throw fields.fault('name')
  return {
    ...(name === undefined ? {} : { name }),
    ...(color === undefined ? {} : { color }),
    ...(hoist === undefined ? {} : { hoist }),
  }
}
