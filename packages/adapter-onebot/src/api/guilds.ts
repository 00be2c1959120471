import type { Call, CallWith } from '@mynah/adapter-kit'
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
  readonly getProfile: Call<[], { nickname: string; tiny_id: string; avatar_url: string }> =
    this.gives('get_guild_service_profile')

  /** Guilds of the account. */
  readonly list: Call<[], ServiceGuild[]> = this.lists('get_guild_list')

  /** A guild as guests see it. */
  readonly get: Call<[guildId: string], object> = this.gives('get_guild_meta_by_guest(guild_id)')

  /** Channels of a guild. */
  readonly listChannels: Call<[guildId: string, options?: { no_cache?: boolean }], object[]> = this.lists(
    'get_guild_channel_list(guild_id)',
  )

  /** Members of a guild, page by page. */
  readonly listMembers: Call<
    [guildId: string, options?: { next_token?: string }],
    { members: ServiceMember[]; finished: boolean; next_token: string }
  > = this.gives('get_guild_member_list(guild_id)')

  /** One member of a guild. */
  readonly getMember: Call<[guildId: string, userId: string], object> = this.gives(
    'get_guild_member_profile(guild_id, user_id)',
  )

  /** Writes to a channel. */
  readonly send: Call<[guildId: string, channelId: string, message: WireMessage], { message_id: string }> =
    this.gives('send_guild_channel_msg(guild_id, channel_id, message)')

  /** Looks a message of a channel up. */
  readonly getMessage: Call<[messageId: string, options?: { no_cache?: boolean }], object> =
    this.gives('get_guild_msg(message_id)')

  /** Topics of a topic channel. */
  readonly listTopics: Call<[guildId: string, channelId: string], object[]> = this.lists(
    'get_topic_channel_feeds(guild_id, channel_id)',
  )

  /** Roles of a guild. */
  readonly listRoles: Call<[guildId: string], object[]> = this.lists('get_guild_roles(guild_id)')

  /** Makes a role. */
  readonly createRole: CallWith<
    {
      guild_id: string
      name: string
      color: number
      independent: boolean
      initial_users: readonly string[]
    },
    { role_id: string }
  > = this.gives('create_guild_role')

  /** Changes a role. */
  readonly updateRole: CallWith<{
    guild_id: string
    role_id: string
    name: string
    color: number
    independent: boolean
  }> = this.does('update_guild_role')

  /** Deletes a role. */
  readonly deleteRole: Call<[guildId: string, roleId: string]> = this.does(
    'delete_guild_role(guild_id, role_id)',
  )

  /** Gives a role to members, or takes it. */
  readonly setMemberRole: CallWith<{
    guild_id: string
    role_id: string
    set: boolean
    users: readonly string[]
  }> = this.does('set_guild_member_role')
}
