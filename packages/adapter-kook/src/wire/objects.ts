/**
 * The platform's objects as they travel. Ids are strings; the back end is written in PHP, so an empty map may
 * arrive as `[]`, an absent object as `null`, `false` or `""`, and booleans as 0 and 1.
 *
 * @see KOOK developer documentation, "Objects".
 * @packageDocumentation
 */

/** A boolean in any of its forms; read it with `isTrue`. */
export type KookBoolean = boolean | 0 | 1 | '0' | '1'

/** An object that may be missing in any of its forms; read it with `present`. */
export type Absent = null | false | '' | readonly [] | undefined

export interface KookUser {
  readonly id: string
  readonly username?: string
  /** Name inside the guild; empty when there is none. */
  readonly nickname?: string
  /** The four digits behind the name. */
  readonly identify_num?: string
  readonly online?: boolean
  readonly bot?: boolean
  /** 0 and 1 normal, 10 banned. */
  readonly status?: number
  readonly avatar?: string
  readonly vip_avatar?: string
  readonly mobile_verified?: boolean
  readonly roles?: readonly (number | string)[]
  /** Ms since 1970. */
  readonly joined_at?: number
  /** Ms since 1970. */
  readonly active_time?: number
  /** The platform's own notice account. */
  readonly is_sys?: boolean
  readonly is_master?: boolean
  readonly is_vip?: boolean
  readonly os?: string
}

/** The account of the bot itself. */
export interface KookSelf extends KookUser {
  readonly bot_status?: number
  readonly client_id?: string
  readonly mobile_prefix?: string
  readonly mobile?: string
  readonly invited_count?: number
  readonly tag_info?: { readonly color: string; readonly text: string; readonly bg_color?: string }
  /** Bit mask of the event groups that are delivered; -1 and 255 are all. */
  readonly intent?: number
}

export interface KookRole {
  readonly role_id: number
  readonly name?: string
  /** `0xRRGGBB`. */
  readonly color?: number
  /** Smaller is higher. */
  readonly position?: number
  readonly hoist?: number
  readonly mentionable?: number
  /** A bit set that may exceed 32 bits; read it with `hasPermission`. */
  readonly permissions?: number
}

/** What a role or a user may do in one channel beyond its guild. */
export interface RoleOverwrite {
  readonly role_id: number
  readonly allow: number
  readonly deny: number
}
export interface UserOverwrite {
  readonly user: KookUser
  readonly allow: number
  readonly deny: number
}

export interface KookChannel {
  readonly id: string
  readonly name?: string
  readonly user_id?: string
  readonly guild_id?: string
  readonly parent_id?: string | null
  readonly topic?: string
  /** 0 category, 1 text, 2 voice, 4 thread. */
  readonly type?: number
  readonly is_category?: KookBoolean
  readonly level?: number
  /** Seconds in objects, ms in `channel/update`. */
  readonly slow_mode?: number
  readonly limit_amount?: number
  readonly has_password?: boolean
  readonly permission_sync?: number
  readonly permission_overwrites?: readonly RoleOverwrite[]
  readonly permission_users?: readonly UserOverwrite[]
  readonly voice_quality?: string
  readonly server_url?: string
  readonly children?: readonly string[]
}

export interface KookGuild {
  readonly id: string
  readonly name?: string
  readonly topic?: string
  /** The owner. */
  readonly user_id?: string
  readonly icon?: string
  /** 0 default, 1 all, 2 mentions, 3 none. */
  readonly notify_type?: number
  readonly region?: string
  readonly enable_open?: KookBoolean
  readonly open_id?: string | number
  readonly default_channel_id?: string
  readonly welcome_channel_id?: string
  readonly roles?: readonly KookRole[]
  readonly channels?: readonly KookChannel[]
  readonly boost_num?: number
  readonly level?: number
}

export interface KookEmoji {
  /** `[#128226;]` for Unicode, `<guild id>/<hash>` for an emoji of a guild. */
  readonly id: string
  readonly name?: string
}

export interface Attachment {
  readonly type?: string
  readonly url?: string
  readonly name?: string
  readonly file_type?: string
  /** Bytes. */
  readonly size?: number
  /** Seconds. */
  readonly duration?: number
  readonly width?: number
  readonly height?: number
}

export interface Quote {
  /** The message in HTTP answers; an internal id in events. */
  readonly id?: string
  /** The message in events. */
  readonly rong_id?: string
  readonly type?: number
  readonly content?: string
  readonly create_at?: number
  readonly author?: KookUser
}

export interface MentionedUser {
  readonly id: string | number
  readonly username?: string
  readonly full_name?: string
  readonly avatar?: string
}
export interface MentionedRole {
  readonly role_id: number | string
  readonly name?: string
}
export interface MentionedChannel {
  readonly id: string
  readonly guild_id?: string
  readonly name?: string
}

/** The names of what a message mentions. */
export interface MentionParts {
  readonly raw_content?: string
  readonly mention_part?: readonly MentionedUser[]
  readonly mention_role_part?: readonly MentionedRole[]
  readonly channel_part?: readonly MentionedChannel[]
  readonly item_part?: readonly unknown[]
}

export interface ReactionCount {
  readonly emoji: KookEmoji
  readonly count: number
  readonly me: boolean
}

/** A message as HTTP calls answer it. */
export interface KookMessage {
  readonly id: string
  readonly type: number
  readonly content: string
  readonly author?: KookUser
  readonly mention?: readonly string[]
  readonly mention_all?: boolean
  readonly mention_here?: boolean
  readonly mention_roles?: readonly (number | string)[]
  readonly embeds?: readonly unknown[]
  readonly attachments?: Attachment | Absent
  /** Ms since 1970. */
  readonly create_at?: number
  /** Ms since 1970; 0 when it never was. */
  readonly updated_at?: number
  readonly reactions?: readonly ReactionCount[]
  readonly quote?: Quote | Absent
  readonly mention_info?: MentionParts | Absent
  readonly channel_id?: string
}

/** A private message as HTTP calls answer it. */
export interface KookDirectMessage extends Omit<KookMessage, 'author'> {
  readonly author_id: string
}

/** A one-to-one chat. */
export interface UserChat {
  /** 32 hex digits; the id of the chat. */
  readonly code: string
  readonly last_read_time?: number
  readonly latest_msg_time?: number
  readonly unread_count?: number
  readonly target_info: KookUser
  readonly is_friend?: boolean
  readonly is_blocked?: boolean
  readonly is_target_blocked?: boolean
}

/** What a send call answers: everything but the content. */
export interface SentMessage {
  readonly msg_id: string
  /** Ms since 1970. */
  readonly msg_timestamp: number
  readonly nonce?: string
  readonly not_permissions_mention?: readonly unknown[]
}

export interface ReactionUser extends KookUser {
  /** Ms since 1970. */
  readonly reaction_time: number
}

export interface Game {
  readonly id: number
  readonly name: string
  /** 0 game, 1 VUP, 2 process. */
  readonly type?: number
  readonly options?: string
  readonly kmhook_admin?: boolean
  readonly process_name?: readonly string[]
  readonly product_name?: readonly string[]
  readonly icon?: string
}

export interface Intimacy {
  readonly img_url?: string
  readonly social_info?: string
  readonly last_read?: number
  readonly last_modify?: number
  /** 0 to 2200. */
  readonly score: number
  readonly img_list?: readonly { readonly id: string | number; readonly url: string }[]
}

export interface GuildEmoji extends KookEmoji {
  readonly user_info?: KookUser
}

export interface Invite {
  readonly guild_id?: string
  readonly channel_id?: string
  readonly url_code: string
  readonly url: string
  readonly user?: KookUser
}

export interface BlockedUser {
  readonly user_id: string
  /** Ms since 1970. */
  readonly created_time?: number
  readonly remark?: string
  readonly user?: KookUser
}

export interface Friend {
  readonly id: number
  readonly type?: number
  readonly friend_info: KookUser
  readonly own?: boolean
}

/** Where to stream voice to. */
export interface VoiceConnection {
  readonly ip: string
  readonly port: string
  readonly rtcp_port: number | string
  readonly rtcp_mux: boolean
  /** Bits per second; a stream may use 120 % of it. */
  readonly bitrate: number
  readonly audio_ssrc: string
  readonly audio_pt: string
}
