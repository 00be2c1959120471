import type { ServiceGuild, ServiceMember } from '../wire/results.ts'
import type { WireMessage } from '../wire/segment.ts'
import { Resource } from './actions.ts'

/**
 * QQ's guild service, which QQ has closed to go-cqhttp. All ids are strings of 64-bit numbers.
 *
 * @see https://docs.go-cqhttp.org/guild/
 */
export class GuildsApi extends Resource {
  /** The account in the service. */
  getProfile(): Promise<{ nickname: string; tiny_id: string; avatar_url: string }> {
    return this.actions.object('get_guild_service_profile')
  }

  /** Guilds of the account. */
  list(): Promise<ServiceGuild[]> {
    return this.actions.entries('get_guild_list')
  }

  /** A guild as guests see it. */
  get(guildId: string): Promise<object> {
    return this.actions.object('get_guild_meta_by_guest', { guild_id: guildId })
  }

  /** Channels of a guild. */
  listChannels(guildId: string, options: { no_cache?: boolean } = {}): Promise<object[]> {
    return this.actions.entries('get_guild_channel_list', { guild_id: guildId, ...options })
  }

  /** Members of a guild, page by page. */
  listMembers(
    guildId: string,
    options: { next_token?: string } = {},
  ): Promise<{ members: ServiceMember[]; finished: boolean; next_token: string }> {
    return this.actions.object('get_guild_member_list', { guild_id: guildId, ...options })
  }

  /** One member of a guild. */
  getMember(guildId: string, userId: string): Promise<object> {
    return this.actions.object('get_guild_member_profile', { guild_id: guildId, user_id: userId })
  }

  /** Writes to a channel. */
  send(guildId: string, channelId: string, message: WireMessage): Promise<{ message_id: string }> {
    const params = { guild_id: guildId, channel_id: channelId, message }
    return this.actions.object('send_guild_channel_msg', params)
  }

  /** Looks a message of a channel up. */
  getMessage(messageId: string, options: { no_cache?: boolean } = {}): Promise<object> {
    return this.actions.object('get_guild_msg', { message_id: messageId, ...options })
  }

  /** Topics of a topic channel. */
  listTopics(guildId: string, channelId: string): Promise<object[]> {
    return this.actions.entries('get_topic_channel_feeds', { guild_id: guildId, channel_id: channelId })
  }

  /** Roles of a guild. */
  listRoles(guildId: string): Promise<object[]> {
    return this.actions.entries('get_guild_roles', { guild_id: guildId })
  }

  /** Makes a role. */
  createRole(params: {
    guild_id: string
    name: string
    color: number
    independent: boolean
    initial_users: readonly string[]
  }): Promise<{ role_id: string }> {
    return this.actions.object('create_guild_role', params)
  }

  /** Changes a role. */
  updateRole(params: {
    guild_id: string
    role_id: string
    name: string
    color: number
    independent: boolean
  }): Promise<void> {
    return this.actions.run('update_guild_role', params)
  }

  /** Deletes a role. */
  deleteRole(guildId: string, roleId: string): Promise<void> {
    return this.actions.run('delete_guild_role', { guild_id: guildId, role_id: roleId })
  }

  /** Gives a role to members, or takes it. */
  setMemberRole(params: {
    guild_id: string
    role_id: string
    set: boolean
    users: readonly string[]
  }): Promise<void> {
    return this.actions.run('set_guild_member_role', params)
  }
}
