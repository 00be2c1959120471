import type { ServiceGuild, ServiceMember } from '../wire/results.ts'
import type { WireMessage } from '../wire/segment.ts'
import { GoCqhttpApi } from './go-cqhttp.ts'

/**
 * go-cqhttp's actions for QQ's guild service, which QQ has closed to them. All ids are strings of 64-bit numbers.
 *
 * @see https://docs.go-cqhttp.org/guild/
 */
export class GuildServiceApi extends GoCqhttpApi {
  /** The account in the service. */
  getGuildServiceProfile(): Promise<{ nickname: string; tiny_id: string; avatar_url: string } | null> {
    return this.call('get_guild_service_profile')
  }

  /** Guilds of the account. */
  getGuildList(): Promise<ServiceGuild[] | null> {
    return this.call('get_guild_list')
  }

  /** A guild as guests see it. */
  getGuildMetaByGuest(params: { guild_id: string }): Promise<object> {
    return this.call('get_guild_meta_by_guest', params)
  }

  /** Channels of a guild. */
  getGuildChannelList(params: { guild_id: string; no_cache?: boolean }): Promise<object[]> {
    return this.call('get_guild_channel_list', params)
  }

  /** Members of a guild, page by page. */
  getGuildMemberList(params: { guild_id: string; next_token?: string }): Promise<{
    members: ServiceMember[]
    finished: boolean
    next_token: string
  }> {
    return this.call('get_guild_member_list', params)
  }

  /** One member of a guild. */
  getGuildMemberProfile(params: { guild_id: string; user_id: string }): Promise<object> {
    return this.call('get_guild_member_profile', params)
  }

  /** Writes to a channel. */
  sendGuildChannelMsg(params: {
    guild_id: string
    channel_id: string
    message: WireMessage
  }): Promise<{ message_id: string }> {
    return this.call('send_guild_channel_msg', params)
  }

  /** Looks a message of a channel up. */
  getGuildMsg(params: { message_id: string; no_cache?: boolean }): Promise<object> {
    return this.call('get_guild_msg', params)
  }

  /** Topics of a topic channel. */
  getTopicChannelFeeds(params: { guild_id: string; channel_id: string }): Promise<object[]> {
    return this.call('get_topic_channel_feeds', params)
  }

  /** Roles of a guild. */
  getGuildRoles(params: { guild_id: string }): Promise<object[]> {
    return this.call('get_guild_roles', params)
  }

  /** Makes a role. */
  createGuildRole(params: {
    guild_id: string
    name: string
    color: number
    independent: boolean
    initial_users: readonly string[]
  }): Promise<{ role_id: string }> {
    return this.call('create_guild_role', params)
  }

  /** Changes a role. */
  updateGuildRole(params: {
    guild_id: string
    role_id: string
    name: string
    color: number
    independent: boolean
  }): Promise<null> {
    return this.call('update_guild_role', params)
  }

  /** Deletes a role. */
  deleteGuildRole(params: { guild_id: string; role_id: string }): Promise<null> {
    return this.call('delete_guild_role', params)
  }

  /** Gives a role to members, or takes it. */
  setGuildMemberRole(params: {
    guild_id: string
    role_id: string
    set: boolean
    users: readonly string[]
  }): Promise<null> {
    return this.call('set_guild_member_role', params)
  }
}
