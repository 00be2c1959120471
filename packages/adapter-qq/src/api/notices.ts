import type { WireMember } from '../wire/guild.ts'
import { Resource } from './resource.ts'

/** An announcement: a message, or up to 3 recommended channels. */
export type AnnouncementBody =
  | { readonly channel_id: string; readonly message_id: string }
  | {
      /** 0 for members, 1 as welcome. */
      readonly announces_type: 0 | 1
      readonly recommend_channels: readonly { readonly channel_id: string; readonly introduce: string }[]
    }

/** An announcement as it stands. */
export interface Announcement {
  /** Id of the guild. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id?: string
  /** The message that is announced. */
  readonly message_id?: string
  /** 0 for members, 1 as welcome. */
  readonly announces_type?: number
  /** Recommended channels, and why. */
  readonly recommend_channels?: readonly { readonly channel_id: string; readonly introduce: string }[]
}

/** Pinned messages of a channel, at most 20. */
export interface Pins {
  /** Id of the guild. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id: string
  /** Ids of the messages; `null` for none. */
  readonly message_ids: readonly string[] | null
}

/** A date of a schedule channel; times are ms as text. */
export interface ScheduleBody {
  /** Name that people see. */
  readonly name?: string
  /** In words. */
  readonly description?: string
  /** When it begins, in ms as text. */
  readonly start_timestamp?: string
  /** When it ends, in ms as text. */
  readonly end_timestamp?: string
  /** The channel it leads to. */
  readonly jump_channel_id?: string
  /** "0" none, "1" at the start, "2" 5, "3" 15, "4" 30, "5" 60 minutes before. */
  readonly remind_type?: string
}

/** A date as it stands. */
export interface Schedule extends ScheduleBody {
  /** Its id. */
  readonly id: string
  /** Who made it. */
  readonly creator?: WireMember
}

/** Announcements, pinned messages and schedules. */
export class NoticeApi extends Resource {
  /** Replaces the announcement; the two kinds replace each other. @see Official docs: "Announcements", create. */
  announce(guildId: string, body: AnnouncementBody): Promise<Announcement> {
    return this.call('POST /guilds/{guild_id}/announces', [guildId], { json: body })
  }

  /** @param messageId - `all` takes any. @see Official docs: "Announcements", delete. */
  async deleteAnnouncement(guildId: string, messageId = 'all'): Promise<void> {
    await this.call('DELETE /guilds/{guild_id}/announces/{message_id}', [guildId, messageId])
  }

  /** @deprecated By the platform; use {@link announce}. From the official SDK. */
  announceInChannel(channelId: string, messageId: string): Promise<Announcement> {
    return this.call('POST /channels/{channel_id}/announces', [channelId], {
      json: { message_id: messageId },
    })
  }

  /** @deprecated By the platform; use {@link deleteAnnouncement}. From the official SDK. */
  async deleteChannelAnnouncement(channelId: string, messageId: string): Promise<void> {
    await this.call('DELETE /channels/{channel_id}/announces/{message_id}', [channelId, messageId])
  }

  /** @see Official docs: "Pinned messages", add. */
  pin(channelId: string, messageId: string): Promise<Pins> {
    return this.call('PUT /channels/{channel_id}/pins/{message_id}', [channelId, messageId])
  }

  /** @param messageId - `all` takes every one. @see Official docs: "Pinned messages", delete. */
  async unpin(channelId: string, messageId = 'all'): Promise<void> {
    await this.call('DELETE /channels/{channel_id}/pins/{message_id}', [channelId, messageId])
  }

  /** @see Official docs: "Pinned messages", list. */
  pins(channelId: string): Promise<Pins> {
    return this.call('GET /channels/{channel_id}/pins', [channelId])
  }

  /** @param since - Ms since 1970; today without it. @see Official docs: "Schedules", list. */
  schedules(channelId: string, since?: number): Promise<readonly Schedule[]> {
    return this.listOf('GET /channels/{channel_id}/schedules', [channelId], { query: { since } })
  }

  /** @see Official docs: "Schedules", details. */
  schedule(channelId: string, scheduleId: string): Promise<Schedule> {
    return this.call('GET /channels/{channel_id}/schedules/{schedule_id}', [channelId, scheduleId])
  }

  /** @see Official docs: "Schedules", create. */
  createSchedule(channelId: string, schedule: ScheduleBody): Promise<Schedule> {
    return this.call('POST /channels/{channel_id}/schedules', [channelId], { json: { schedule } })
  }

  /** @see Official docs: "Schedules", change. */
  updateSchedule(channelId: string, scheduleId: string, schedule: ScheduleBody): Promise<Schedule> {
    return this.call('PATCH /channels/{channel_id}/schedules/{schedule_id}', [channelId, scheduleId], {
      json: { schedule },
    })
  }

  /** @see Official docs: "Schedules", delete. */
  async deleteSchedule(channelId: string, scheduleId: string): Promise<void> {
    await this.call('DELETE /channels/{channel_id}/schedules/{schedule_id}', [channelId, scheduleId])
  }
}
