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

/** A user; inside of a guild a member. */
export interface KookUser {
  /** The id. */
  readonly id: string
  /** The name of the account. */
  readonly username?: string
  /** Name inside the guild; empty when there is none. */
  readonly nickname?: string
  /** The four digits behind the name. */
  readonly identify_num?: string
  /** Whether they are online. */
  readonly online?: boolean
  /** Whether it is a bot. */
  readonly bot?: boolean
  /** 0 and 1 normal, 10 banned. */
  readonly status?: number
  /** URL of the picture. */
  readonly avatar?: string
  /** URL of the picture that VIPs have. */
  readonly vip_avatar?: string
  /** Whether the phone number is verified. */
  readonly mobile_verified?: boolean
  /** Ids of the roles in the guild. */
  readonly roles?: readonly (number | string)[]
  /** Ms since 1970. */
  readonly joined_at?: number
  /** Ms since 1970. */
  readonly active_time?: number
  /** The platform's own notice account. */
  readonly is_sys?: boolean
  /** Whether the guild is theirs. */
  readonly is_master?: boolean
  /** Whether they are a VIP. */
  readonly is_vip?: boolean
  /** What they are signed in with. */
  readonly os?: string
}

/** The account of the bot itself. */
export interface KookSelf extends KookUser {
  /** The status of the bot, as a number. */
  readonly bot_status?: number
  /** Id of the application. */
  readonly client_id?: string
  /** Country code of the phone number. */
  readonly mobile_prefix?: string
  /** The phone number. */
  readonly mobile?: string
  /** How many users came by an invite of the bot. */
  readonly invited_count?: number
  /** The mark behind the name. */
  readonly tag_info?: { readonly color: string; readonly text: string; readonly bg_color?: string }
  /** Bit mask of the event groups that are delivered; -1 and 255 are all. */
  readonly intent?: number
}

/** A role of a guild. */
export interface KookRole {
  /** The id; 0 is everybody. */
  readonly role_id: number
  /** The name. */
  readonly name?: string
  /** `0xRRGGBB`. */
  readonly color?: number
  /** Smaller is higher. */
  readonly position?: number
  /** 1: its members stand apart in the list. */
  readonly hoist?: number
  /** 1: everybody may mention it. */
  readonly mentionable?: number
  /** A bit set that may exceed 32 bits; read it with `hasPermission`. */
  readonly permissions?: number
}

/** What a role or a user may do in one channel beyond its guild. */
export interface RoleOverwrite {
  /** The role; 0 is everybody. */
  readonly role_id: number
  /** Permissions that are given beyond those of the guild, as a bit set. */
  readonly allow: number
  /** Permissions that are taken away, as a bit set. */
  readonly deny: number
}

/** What a user may do in one channel beyond its guild. */
export interface UserOverwrite extends Omit<RoleOverwrite, 'role_id'> {
  /** The user. */
  readonly user: KookUser
}

/** Who may do what in a channel. */
export interface ChannelPermissions {
  /** What roles may do here. */
  readonly permission_overwrites: readonly RoleOverwrite[]
  /** What users may do here. */
  readonly permission_users: readonly UserOverwrite[]
  /** 1: the permissions are those of the category. */
  readonly permission_sync?: number
}

/** A channel of a guild, or a category. */
export interface KookChannel extends Partial<ChannelPermissions> {
  /** The id. */
  readonly id: string
  /** The name. */
  readonly name?: string
  /** Who made it. */
  readonly user_id?: string
  /** The guild. */
  readonly guild_id?: string
  /** The category it stands in; empty or `0` for none. */
  readonly parent_id?: string | null
  /** The topic. */
  readonly topic?: string
  /** 0 category, 1 text, 2 voice, 4 thread. */
  readonly type?: number
  /** Whether it is a category. */
  readonly is_category?: KookBoolean
  /** Its place in the order. */
  readonly level?: number
  /** Seconds in objects, ms in `channel/update`. */
  readonly slow_mode?: number
  /** Most users in a voice channel. */
  readonly limit_amount?: number
  /** Whether a password is asked for. */
  readonly has_password?: boolean
  /** 1 fluent, 2 normal, 3 high. */
  readonly voice_quality?: string
  /** The server of a voice channel. */
  readonly server_url?: string
  /** Ids of the channels in a category. */
  readonly children?: readonly string[]
}

/** A guild. */
export interface KookGuild {
  /** The id. */
  readonly id: string
  /** The name. */
  readonly name?: string
  /** The topic. */
  readonly topic?: string
  /** The owner. */
  readonly user_id?: string
  /** URL of the icon. */
  readonly icon?: string
  /** 0 default, 1 all, 2 mentions, 3 none. */
  readonly notify_type?: number
  /** The region of its voice servers. */
  readonly region?: string
  /** Whether everybody can find it. */
  readonly enable_open?: KookBoolean
  /** Its id in the public list. */
  readonly open_id?: string | number
  /** The channel that is shown first. */
  readonly default_channel_id?: string
  /** The channel where newcomers are welcomed. */
  readonly welcome_channel_id?: string
  /** Its roles; only where one guild is asked for. */
  readonly roles?: readonly KookRole[]
  /** Its channels; only where one guild is asked for. */
  readonly channels?: readonly KookChannel[]
  /** How many boosts it has. */
  readonly boost_num?: number
  /** Its level. */
  readonly level?: number
}

/** An emoji. */
export interface KookEmoji {
  /** `[#128226;]` for Unicode, `<guild id>/<hash>` for an emoji of a guild. */
  readonly id: string
  /** The name; for Unicode the same as the id. */
  readonly name?: string
}

/** A one-to-one chat. */
export interface UserChat {
  /** 32 hex digits; the id of the chat. */
  readonly code: string
  /** When the bot read last, in ms since 1970. */
  readonly last_read_time?: number
  /** When the last message was written, in ms since 1970. */
  readonly latest_msg_time?: number
  /** Messages that are not read yet. */
  readonly unread_count?: number
  /** Who the chat is with. */
  readonly target_info: KookUser
  /** Whether they are a friend. */
  readonly is_friend?: boolean
  /** Whether the bot blocked them. */
  readonly is_blocked?: boolean
  /** Whether they blocked the bot. */
  readonly is_target_blocked?: boolean
}

/** Something that can be played. */
export interface Game {
  /** The id. */
  readonly id: number
  /** The name. */
  readonly name: string
  /** 0 game, 1 VUP, 2 process. */
  readonly type?: number
  /** Settings as text. */
  readonly options?: string
  /** Whether the client finds it only with the rights of an administrator. */
  readonly kmhook_admin?: boolean
  /** Names of the processes by which the client knows it. */
  readonly process_name?: readonly string[]
  /** Names of the products by which the client knows it. */
  readonly product_name?: readonly string[]
  /** URL of the icon. */
  readonly icon?: string
}

/** How close a user is to the bot. */
export interface Intimacy {
  /** URL of the picture that is shown. */
  readonly img_url?: string
  /** What is written about the friendship. */
  readonly social_info?: string
  /** When the user looked last, as the platform gives it. */
  readonly last_read?: number
  /** When it was changed last, as the platform gives it. */
  readonly last_modify?: number
  /** 0 to 2200. */
  readonly score: number
  /** Pictures that can be shown. */
  readonly img_list?: readonly { readonly id: string | number; readonly url: string }[]
}

/** An emoji of a guild. */
export interface GuildEmoji extends KookEmoji {
  /** Who added it. */
  readonly user_info?: KookUser
}

/** An invite to a guild or a channel. */
export interface Invite {
  /** The guild it leads to. */
  readonly guild_id?: string
  /** The channel it leads to. */
  readonly channel_id?: string
  /** The code at the end of the URL. */
  readonly url_code: string
  /** The URL. */
  readonly url: string
  /** Who made it. */
  readonly user?: KookUser
}

/** A user whom a guild does not let in. */
export interface BlockedUser {
  /** The user. */
  readonly user_id: string
  /** Ms since 1970. */
  readonly created_time?: number
  /** Why. */
  readonly remark?: string
  /** The user, with more than the id. */
  readonly user?: KookUser
}

/** A friend, a request for friendship, or a blocked user. */
export interface Friend {
  /** Id of the friendship or the request. */
  readonly id: number
  /** What it is, as a number. */
  readonly type?: number
  /** Who it is. */
  readonly friend_info: KookUser
  /** Whether it is the side of the bot, as the platform tells it. */
  readonly own?: boolean
}

/** Where to stream voice to. */
export interface VoiceConnection {
  /** Address to stream to. */
  readonly ip: string
  /** Port to stream to. */
  readonly port: string
  /** Port for RTCP. */
  readonly rtcp_port: number | string
  /** Whether RTCP goes to the port of the stream. */
  readonly rtcp_mux: boolean
  /** Bits per second; a stream may use 120 % of it. */
  readonly bitrate: number
  /** The SSRC to use. */
  readonly audio_ssrc: string
  /** The payload type to use. */
  readonly audio_pt: string
}
