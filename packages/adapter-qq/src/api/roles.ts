import type { WireMember } from '../wire/guild.ts'
import { Resource } from './resource.ts'

/** A role of a guild (official docs: "Roles"). */
export interface WireRole {
  /** Its id. */
  readonly id: string
  /** Name that people see. */
  readonly name: string
  /** ARGB as a decimal number. */
  readonly color: number
  /** 1 shown apart. */
  readonly hoist: number
  /** How many members have it. */
  readonly number?: number
  /** How many may have it. */
  readonly member_limit?: number
}

/** What a role is to be; at least one field. */
export interface RoleBody {
  /** Name that people see. */
  readonly name?: string
  /** ARGB as a decimal number. */
  readonly color?: number
  /** 1 shown apart. */
  readonly hoist?: 0 | 1
}

/** Rights in one channel. */
export interface ChannelPermissions {
  /** Id of the channel. */
  readonly channel_id: string
  /** The person who has them. */
  readonly user_id?: string
  /** The role that has them. */
  readonly role_id?: string
  /** Bits as a decimal number: 1 view, 2 manage, 4 speak, 8 live. */
  readonly permissions: string
}

/** Bits to set and to clear, as decimal numbers; clearing wins. */
export interface PermissionChange {
  /** Bits to set. */
  readonly add?: string
  /** Bits to clear. */
  readonly remove?: string
}

/** Roles of guilds, and rights in channels. */
export class RoleApi extends Resource {
  /** @see Official docs: "Roles", list. */
  list(guildId: string): Promise<{
    readonly guild_id: string
    readonly roles: readonly WireRole[]
    readonly role_num_limit: string
  }> {
    return this.call('GET /guilds/{guild_id}/roles', [guildId])
  }

  /** @see Official docs: "Roles", create. */
  create(guildId: string, body: RoleBody): Promise<{ readonly role_id: string; readonly role: WireRole }> {
    return this.call('POST /guilds/{guild_id}/roles', [guildId], { json: body })
  }

  /** @see Official docs: "Roles", change. */
  update(
    guildId: string,
    roleId: string,
    body: RoleBody,
  ): Promise<{ readonly guild_id: string; readonly role_id: string; readonly role: WireRole }> {
    return this.call('PATCH /guilds/{guild_id}/roles/{role_id}', [guildId, roleId], { json: body })
  }

  /** @see Official docs: "Roles", delete. */
  async delete(guildId: string, roleId: string): Promise<void> {
    await this.call('DELETE /guilds/{guild_id}/roles/{role_id}', [guildId, roleId])
  }

  /** One page of who has a role, private-domain bots. @see Official docs: "Roles", members of a role. */
  members(
    guildId: string,
    roleId: string,
    startIndex = '0',
    limit = 400,
  ): Promise<{ readonly data: readonly WireMember[] | null; readonly next: string }> {
    return this.call('GET /guilds/{guild_id}/roles/{role_id}/members', [guildId, roleId], {
      query: { start_index: startIndex, limit },
    })
  }

  /** Everybody who has a role. */
  async *allMembers(guildId: string, roleId: string): AsyncGenerator<WireMember, void, undefined> {
    const seen = new Set<string>()
    for (let index = '0'; !seen.has(index);) {
      seen.add(index)
      const { data, next } = await this.members(guildId, roleId, index)
      yield* data ?? []
      if (next === '0' || next === '' || next === undefined) return
      index = next
    }
  }

  /** Gives a role; role 5, administrator of one channel, needs the channel. @see Official docs: "Roles", add a member. */
  grant(guildId: string, userId: string, roleId: string, channelId?: string): Promise<void> {
    return this.#assign('PUT', guildId, userId, roleId, channelId)
  }

  /** Takes a role away. @see Official docs: "Roles", remove a member. */
  revoke(guildId: string, userId: string, roleId: string, channelId?: string): Promise<void> {
    return this.#assign('DELETE', guildId, userId, roleId, channelId)
  }

  async #assign(
    method: 'PUT' | 'DELETE',
    guildId: string,
    userId: string,
    roleId: string,
    channelId: string | undefined,
  ): Promise<void> {
    await this.call(
      `${method} /guilds/{guild_id}/members/{user_id}/roles/{role_id}`,
      [guildId, userId, roleId],
      channelId === undefined ? {} : { json: { channel: { id: channelId } } },
    )
  }

  /** @see Official docs: "Channel permissions", of a user. */
  userPermissions(channelId: string, userId: string): Promise<ChannelPermissions> {
    return this.call('GET /channels/{channel_id}/members/{user_id}/permissions', [channelId, userId])
  }

  /** @see Official docs: "Channel permissions", change those of a user. */
  async setUserPermissions(channelId: string, userId: string, change: PermissionChange): Promise<void> {
    await this.call('PUT /channels/{channel_id}/members/{user_id}/permissions', [channelId, userId], {
      json: change,
    })
  }

  /** @see Official docs: "Channel permissions", of a role. */
  rolePermissions(channelId: string, roleId: string): Promise<ChannelPermissions> {
    return this.call('GET /channels/{channel_id}/roles/{role_id}/permissions', [channelId, roleId])
  }

  /** @see Official docs: "Channel permissions", change those of a role. */
  async setRolePermissions(channelId: string, roleId: string, change: PermissionChange): Promise<void> {
    await this.call('PUT /channels/{channel_id}/roles/{role_id}/permissions', [channelId, roleId], {
      json: change,
    })
  }
}
