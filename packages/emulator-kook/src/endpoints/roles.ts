import { nothing, page, type ApiCall, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import { badParameter, forbidden } from '../calls/refusal.ts'
import { addRole, announceRole } from '../world/guilds.ts'
import type { GuildState, MemberState, RoleState } from '../world/model.ts'
import { permissionsOf } from '../world/permissions.ts'
import { roleView } from '../world/views.ts'
import { demand, demandAboveRole, guildOf, memberOf, roleOf } from './lookup.ts'

/** The name of a role nobody named. */
const defaultName = '新角色'

/** Roles of guilds. */
export const roleEndpoints: Endpoints = {
  'GET guild-role/list': (call) => page(call, [...guildOf(call).roles.values()], roleView),

  'POST guild-role/create': (call) => {
    const guild = guildOf(call)
    demand(call, guild, 'manageRoles')
    const name = call.params.optionalString('name') ?? defaultName
    const role = addRole(call.world, guild, { name, permissions: 0n })
    announceRole(call.world, guild, 'added_role', role)
    return roleView(role)
  },

  'POST guild-role/update': (call) => {
    const { params } = call
    const { guild, role } = manageable(call)
    const color = params.optionalInt('color', { min: 0, max: 0xff_ff_ff })
    const hoist = params.boolean('hoist', role.hoist)
    const mentionable = params.boolean('mentionable', role.mentionable)
    const permissions = params.bits('permissions') ?? role.permissions
    const beyond = permissions & ~role.permissions & ~permissionsOf(guild, call.caller.id)
    if (beyond !== 0n) throw forbidden('grant what the bot may not do itself')
    role.name = params.optionalString('name') ?? role.name
    role.color = color ?? role.color
    role.hoist = hoist
    role.mentionable = mentionable
    role.permissions = permissions
    announceRole(call.world, guild, 'updated_role', role)
    return roleView(role)
  },

  'POST guild-role/delete': (call) => {
    const { guild, role } = manageable(call)
    demandNotEveryone(role)
    guild.roles.delete(role.id)
    for (const member of guild.members.values()) member.roles.delete(role.id)
    announceRole(call.world, guild, 'deleted_role', role)
    return nothing
  },

  'POST guild-role/grant': (call) => {
    const { guild, role } = manageable(call)
    demandNotEveryone(role)
    const member = memberOf(call, guild)
    member.roles.add(role.id)
    return rolesView(guild, member)
  },

  'POST guild-role/revoke': (call) => {
    const { guild, role } = manageable(call)
    const member = memberOf(call, guild)
    if (!member.roles.delete(role.id)) throw badParameter('role_id', 'is no role of the member')
    return rolesView(guild, member)
  },
}

/** A role the bot may manage. */
function manageable(call: ApiCall): { guild: GuildState; role: RoleState } {
  const guild = guildOf(call)
  const role = roleOf(call, guild)
  demand(call, guild, 'manageRoles')
  demandAboveRole(call, guild, role)
  return { guild, role }
}

function demandNotEveryone(role: RoleState): void {
  if (role.id === 0) throw badParameter('role_id', 'is the everyone role')
}

const rolesView = (guild: GuildState, member: MemberState): JsonObject => ({
  user_id: member.userId,
  guild_id: guild.id,
  roles: [...member.roles],
})
