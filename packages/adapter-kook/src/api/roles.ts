import type { Call } from '@mynah/adapter-kit'
import { type PermissionSet, toWirePermissions } from '../wire/permissions.ts'
import type { KookRole } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

/** What of a role changes; what is left out stays. */
export interface RoleChanges {
  /** Its name. */
  readonly name?: string
  /** `0xRRGGBB`. */
  readonly color?: number
  /** Whether its members stand apart in the list. */
  readonly hoist?: 0 | 1
  /** 1: everybody may mention it. */
  readonly mentionable?: 0 | 1
  /** What it may do. */
  readonly permissions?: PermissionSet
}

/** The roles of a member after a change. */
export interface GrantedRoles {
  /** The member. */
  readonly user_id: string
  /** The guild. */
  readonly guild_id: string
  /** Ids of the roles. */
  readonly roles: readonly number[]
}

/** The documentation has an object in its table and an array in its sample. */
type OneOrMany = KookRole | readonly [KookRole]

function one(answer: OneOrMany): KookRole {
  return 'role_id' in answer ? answer : answer[0]
}

/** Roles of guilds. @see https://developer.kookapp.cn/doc/http/guild-role */
export class RoleApi extends Resource {
  /** Roles of a guild. `GET guild-role/list` */
  readonly list: Listing<[guildId: string], KookRole> = this.lists('/guild-role/list(guild_id)')

  /** Makes a role. `POST guild-role/create` */
  async create(guildId: string, name?: string): Promise<KookRole> {
    return one(await this.http.post<OneOrMany>('/guild-role/create', { guild_id: guildId, name }))
  }

  /** Changes a role. `POST guild-role/update` */
  async update(guildId: string, roleId: number, changes: RoleChanges): Promise<KookRole> {
    const { permissions, ...others } = changes
    return one(
      await this.http.post<OneOrMany>('/guild-role/update', {
        guild_id: guildId,
        role_id: roleId,
        ...others,
        permissions: permissions === undefined ? undefined : toWirePermissions(permissions),
      }),
    )
  }

  /** Deletes a role. `POST guild-role/delete` */
  readonly delete: Call<[guildId: string, roleId: number]> = this.does(
    '/guild-role/delete(guild_id, role_id)',
  )

  /** Gives a member a role. `POST guild-role/grant` */
  readonly grant: Call<[guildId: string, userId: string, roleId: number], GrantedRoles> = this.does(
    '/guild-role/grant(guild_id, user_id, role_id)',
  )

  /** Takes a role from a member. `POST guild-role/revoke` */
  readonly revoke: Call<[guildId: string, userId: string, roleId: number], GrantedRoles> = this.does(
    '/guild-role/revoke(guild_id, user_id, role_id)',
  )
}
