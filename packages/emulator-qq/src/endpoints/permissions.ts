import { ApiRefusal } from '../calls/refusal.ts'
import { empty, guildAdmin, ok, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import type { Platform } from '../world/platform.ts'
import { Places } from './places.ts'

/** Bits: 1 view, 2 manage, 4 speak, 8 live. */
const manage = 2n
const settable = 1n | 4n | 8n

/** Channel permissions of users and roles. */
export const permissionEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [guildAdmin(301006)]
  return {
    'GET /channels/{channel_id}/members/{user_id}/permissions': {
      needs,
      handle({ param }) {
        const { id, guild, userPermissions } = places.channel(param('channel_id'))
        const { user } = places.member(guild, param('user_id'))
        return ok({
          channel_id: id,
          user_id: user.id,
          permissions: String(userPermissions.get(user.id) ?? 0n),
        })
      },
    },
    'PUT /channels/{channel_id}/members/{user_id}/permissions': {
      needs,
      handle({ param, fields }) {
        const { guild, userPermissions } = places.channel(param('channel_id'))
        const { user } = places.member(guild, param('user_id'))
        change(userPermissions, user.id, fields)
        return empty
      },
    },
    'GET /channels/{channel_id}/roles/{role_id}/permissions': {
      needs,
      handle({ param }) {
        const { id, rolePermissions } = places.channel(param('channel_id'))
        const roleId = param('role_id')
        return ok({ channel_id: id, role_id: roleId, permissions: String(rolePermissions.get(roleId) ?? 0n) })
      },
    },
    'PUT /channels/{channel_id}/roles/{role_id}/permissions': {
      needs,
      handle({ param, fields }) {
        const { guild, rolePermissions } = places.channel(param('channel_id'))
        if (!guild.roles.has(param('role_id'))) throw new ApiRefusal(301001)
        change(rolePermissions, param('role_id'), fields)
        return empty
      },
    },
  }
}

/** Adds and removes bits; what is in both is removed. */
function change(permissions: Map<string, bigint>, id: string, fields: Fields): void {
  const add = BigInt(fields.optionalDecimal('add') ?? '0')
  const remove = BigInt(fields.optionalDecimal('remove') ?? '0')
  const bits = add | remove
  if (bits === 0n || (bits & ~settable) !== 0n || (bits & manage) !== 0n) throw new ApiRefusal(301001)
  permissions.set(id, ((permissions.get(id) ?? 0n) | add) & ~remove)
}
