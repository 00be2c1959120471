import type { WireChannel, WireMember } from '../wire/guild.ts'
import { Resource } from './resource.ts'

/** What a new channel is. */
export interface ChannelBody extends Partial<
  Omit<WireChannel, 'id' | 'guild_id' | 'owner_id' | 'permissions'>
> {
  /** Who sees a private channel. */
  readonly private_user_ids?: readonly string[]
}

/** Changes of a channel. */
export type ChannelPatch = Pick<
  ChannelBody,
  'name' | 'position' | 'parent_id' | 'private_type' | 'speak_permission'
>

/** Channels of guilds. */
export class ChannelApi extends Resource {
  /** @see Official docs: "Channels", details. */
  get(channelId: string): Promise<WireChannel> {
    return this.call('GET /channels/{channel_id}', [channelId])
  }

  /** Private-domain bots that administer the guild. @see Official docs: "Channels", create. */
  create(guildId: string, body: ChannelBody): Promise<WireChannel> {
    return this.call('POST /guilds/{guild_id}/channels', [guildId], { json: body })
  }

  /** Private-domain bots that administer the guild. @see Official docs: "Channels", change. */
  update(channelId: string, body: ChannelPatch): Promise<WireChannel> {
    return this.call('PATCH /channels/{channel_id}', [channelId], { json: body })
  }

  /** Cannot be undone. @see Official docs: "Channels", delete. */
  async delete(channelId: string): Promise<void> {
    await this.call('DELETE /channels/{channel_id}', [channelId])
  }

  /** How many are in an audio or live channel. @see Official docs: "Channels", people online. */
  onlineCount(channelId: string): Promise<{ readonly online_nums: number }> {
    return this.call('GET /channels/{channel_id}/online_nums', [channelId])
  }

  /** Who is in an audio channel; from the official SDK, not in the docs. */
  voiceMembers(channelId: string): Promise<readonly WireMember[]> {
    return this.listOf('GET /channels/{channel_id}/voice/members', [channelId])
  }
}
