import type { Ark, Embed, Markdown } from './content.ts'

/** A user in the id space of guilds (official docs: "User"). `union_*` come only with `GET` calls. */
export interface GuildUser {
  readonly id: string
  readonly username?: string
  readonly avatar?: string
  readonly bot?: boolean
  /** Links identities of one person; only after an application to the platform. */
  readonly union_openid?: string
  readonly union_user_account?: string
}

/** `GET /users/@me`. */
export interface SelfUser extends GuildUser {
  readonly share_url?: string
  readonly welcome_msg?: string
}

/** A guild (official docs: "Guild"). */
export interface WireGuild {
  readonly id: string
  readonly name?: string
  readonly icon?: string
  readonly owner_id?: string
  /** Whether the bot owns it. */
  readonly owner?: boolean
  readonly member_count?: number
  readonly max_members?: number
  readonly description?: string
  /** ISO 8601. */
  readonly joined_at?: string
}

/** GUILD_CREATE, GUILD_UPDATE, GUILD_DELETE. */
export interface GuildEvent extends WireGuild {
  /** Who did it. */
  readonly op_user_id?: string
  readonly channels?: readonly WireChannel[]
  readonly union_world_id?: string
  readonly union_org_id?: string
}

/** A channel of a guild (official docs: "Channel"). */
export interface WireChannel {
  readonly id: string
  readonly guild_id: string
  readonly name?: string
  /** 0 text, 2 voice, 4 category, 10005 live, 10006 application, 10007 forum. */
  readonly type: number
  /** 0 chat, 1 notice, 2 guide, 3 teaming. */
  readonly sub_type?: number
  readonly position?: number
  readonly parent_id?: string
  readonly owner_id?: string
  /** 0 public, 1 owner and admins, 2 also listed members. */
  readonly private_type?: number
  /** 0 invalid, 1 all, 2 owner, admins and listed members. */
  readonly speak_permission?: number
  readonly application_id?: string
  readonly permissions?: string
}

/** CHANNEL_CREATE, CHANNEL_UPDATE, CHANNEL_DELETE. */
export interface ChannelEvent extends WireChannel {
  readonly op_user_id?: string
}

/** A member of a guild. */
export interface WireMember {
  readonly user?: GuildUser
  readonly nick?: string
  readonly roles?: readonly string[] | null
  /** ISO 8601. */
  readonly joined_at?: string | null
}

/** GUILD_MEMBER_ADD, GUILD_MEMBER_UPDATE, GUILD_MEMBER_REMOVE. */
export interface GuildMemberEvent extends WireMember {
  readonly guild_id: string
  readonly user: GuildUser
  readonly op_user_id?: string
}

/** A file of a message in a guild; the URL often has no scheme. */
export interface GuildAttachment {
  readonly id?: string
  readonly url: string
  readonly filename?: string
  readonly content_type?: string
  readonly width?: number
  readonly height?: number
  /** Bytes. */
  readonly size?: number
}

/** A message in a guild (official docs: "Message"). */
export interface GuildMessage {
  readonly id: string
  readonly guild_id: string
  readonly channel_id: string
  readonly content?: string
  readonly timestamp?: string
  readonly edited_timestamp?: string
  readonly mention_everyone?: boolean
  readonly author?: GuildUser
  readonly member?: WireMember
  readonly mentions?: readonly GuildUser[] | null
  readonly attachments?: readonly GuildAttachment[] | null
  readonly embeds?: readonly Embed[]
  readonly ark?: Ark
  readonly markdown?: Markdown
  readonly message_reference?: { readonly message_id: string }
  readonly seq?: number
  readonly seq_in_channel?: string
  /** Only in direct messages: the guild where both met. */
  readonly src_guild_id?: string
  readonly direct_message?: boolean
}

/** MESSAGE_DELETE, PUBLIC_MESSAGE_DELETE, DIRECT_MESSAGE_DELETE. */
export interface MessageDeleteEvent {
  readonly message: {
    readonly id: string
    readonly guild_id: string
    readonly channel_id: string
    readonly author?: GuildUser
    readonly direct_message?: boolean
    readonly src_guild_id?: string
  }
  /** Equals the author when the author took it back. */
  readonly op_user?: { readonly id: string }
}

/** MESSAGE_REACTION_ADD, MESSAGE_REACTION_REMOVE. */
export interface ReactionEvent {
  readonly user_id: string
  readonly guild_id: string
  readonly channel_id: string
  /** `type`: 0 message, 1 thread, 2 post, 3 reply, or a name such as `ReactionTargetType_MSG`. */
  readonly target: { readonly id: string; readonly type: number | string }
  /** `type`: 1 system face, 2 Unicode emoji. */
  readonly emoji: { readonly id: string; readonly type: number }
}

/** MESSAGE_AUDIT_PASS, MESSAGE_AUDIT_REJECT. */
export interface MessageAuditEvent {
  readonly audit_id: string
  /** Only when it passed. */
  readonly message_id?: string
  readonly guild_id?: string
  readonly channel_id?: string
  readonly user_openid?: string
  readonly group_openid?: string
  readonly audit_time?: string
  readonly create_time?: string
  readonly seq_in_channel?: string
}

/** AUDIO_START, AUDIO_FINISH, AUDIO_ON_MIC, AUDIO_OFF_MIC. */
export interface AudioEvent {
  readonly guild_id: string
  readonly channel_id: string
  readonly audio_url?: string
  readonly text?: string
}

/** AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER, AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT. */
export interface AudioMemberEvent {
  readonly guild_id: string
  readonly channel_id: string
  /** 2 audio and video, 5 live; not the `type` of the channel. */
  readonly channel_type: number
  readonly user_id: string
}
