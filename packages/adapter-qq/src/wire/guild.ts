import type { Ark, Embed, Markdown } from './content.ts'
import type { Attachment, Person } from './person.ts'

/** A user in the id space of guilds (official docs: "User"). `union_*` come only with `GET` calls. */
export interface GuildUser extends Person {
  /** Its id. */
  readonly id: string
  /** Address of the picture. */
  readonly avatar?: string
}

/** `GET /users/@me`. */
export interface SelfUser extends GuildUser {
  /** A link that adds the bot. */
  readonly share_url?: string
  /** What the bot says first. */
  readonly welcome_msg?: string
}

/** A guild (official docs: "Guild"). */
export interface WireGuild {
  /** Its id. */
  readonly id: string
  /** Name that people see. */
  readonly name?: string
  /** Address of the picture. */
  readonly icon?: string
  /** Who owns it. */
  readonly owner_id?: string
  /** Whether the bot owns it. */
  readonly owner?: boolean
  /** How many members it has. */
  readonly member_count?: number
  /** How many it may have. */
  readonly max_members?: number
  /** In words. */
  readonly description?: string
  /** ISO 8601. */
  readonly joined_at?: string
}

/** GUILD_CREATE, GUILD_UPDATE, GUILD_DELETE. */
export interface GuildEvent extends WireGuild {
  /** Who did it. */
  readonly op_user_id?: string
  /** Its channels. */
  readonly channels?: readonly WireChannel[]
  /** Id of the linked world. */
  readonly union_world_id?: string
  /** Id of the linked organisation. */
  readonly union_org_id?: string
}

/** A channel of a guild (official docs: "Channel"). */
export interface WireChannel {
  /** Its id. */
  readonly id: string
  /** Id of the guild. */
  readonly guild_id: string
  /** Name that people see. */
  readonly name?: string
  /** 0 text, 2 voice, 4 category, 10005 live, 10006 application, 10007 forum. */
  readonly type: number
  /** 0 chat, 1 notice, 2 guide, 3 teaming. */
  readonly sub_type?: number
  /** Place in the list, from 1. */
  readonly position?: number
  /** Id of the category it is in. */
  readonly parent_id?: string
  /** Who made it. */
  readonly owner_id?: string
  /** 0 public, 1 owner and admins, 2 also listed members. */
  readonly private_type?: number
  /** 0 invalid, 1 all, 2 owner, admins and listed members. */
  readonly speak_permission?: number
  /** Id of the application. */
  readonly application_id?: string
  /** Bits of what the bot may do. */
  readonly permissions?: string
}

/** CHANNEL_CREATE, CHANNEL_UPDATE, CHANNEL_DELETE. */
export interface ChannelEvent extends WireChannel {
  /** Who did it. */
  readonly op_user_id?: string
}

/** A member of a guild. */
export interface WireMember {
  /** The person. */
  readonly user?: GuildUser
  /** Name in this place. */
  readonly nick?: string
  /** Ids of the roles. */
  readonly roles?: readonly string[] | null
  /** ISO 8601. */
  readonly joined_at?: string | null
}

/** GUILD_MEMBER_ADD, GUILD_MEMBER_UPDATE, GUILD_MEMBER_REMOVE. */
export interface GuildMemberEvent extends WireMember {
  /** Id of the guild. */
  readonly guild_id: string
  /** The person. */
  readonly user: GuildUser
  /** Who did it. */
  readonly op_user_id?: string
}

/** A file of a message in a guild. */
export interface GuildAttachment extends Attachment {
  /** Its id. */
  readonly id?: string
}

/** A message in a guild (official docs: "Message"). */
export interface GuildMessage {
  /** Its id. */
  readonly id: string
  /** Id of the guild. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id: string
  /** The text. */
  readonly content?: string
  /** When it was written, ISO 8601. */
  readonly timestamp?: string
  /** When it was changed last, ISO 8601. */
  readonly edited_timestamp?: string
  /** Whether everybody is mentioned. */
  readonly mention_everyone?: boolean
  /** Who wrote it. */
  readonly author?: GuildUser
  /** The author as a member. */
  readonly member?: WireMember
  /** Who is mentioned; some pushes have `null`. */
  readonly mentions?: readonly GuildUser[] | null
  /** Files of the message; some pushes have `null`. */
  readonly attachments?: readonly GuildAttachment[] | null
  /** Framed texts. */
  readonly embeds?: readonly Embed[]
  /** A card by template. */
  readonly ark?: Ark
  /** Markdown in place of a text. */
  readonly markdown?: Markdown
  /** What it quotes. */
  readonly message_reference?: { readonly message_id: string }
  /** Number of the message. */
  readonly seq?: number
  /** Its place in the channel: greater is later. */
  readonly seq_in_channel?: string
  /** Only in direct messages: the guild where both met. */
  readonly src_guild_id?: string
  /** Whether it is one of a direct message session. */
  readonly direct_message?: boolean
}

/** MESSAGE_DELETE, PUBLIC_MESSAGE_DELETE, DIRECT_MESSAGE_DELETE. */
export interface MessageDeleteEvent {
  /** What was taken back. */
  readonly message: Pick<
    GuildMessage,
    'id' | 'guild_id' | 'channel_id' | 'author' | 'direct_message' | 'src_guild_id'
  >
  /** Equals the author when the author took it back. */
  readonly op_user?: { readonly id: string }
}

/** MESSAGE_REACTION_ADD, MESSAGE_REACTION_REMOVE. */
export interface ReactionEvent {
  /** Id of the person in guilds. */
  readonly user_id: string
  /** Id of the guild. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id: string
  /** `type`: 0 message, 1 thread, 2 post, 3 reply, or a name such as `ReactionTargetType_MSG`. */
  readonly target: { readonly id: string; readonly type: number | string }
  /** `type`: 1 system face, 2 Unicode emoji. */
  readonly emoji: { readonly id: string; readonly type: number }
}

/** MESSAGE_AUDIT_PASS, MESSAGE_AUDIT_REJECT. */
export interface MessageAuditEvent {
  /** Id of the audit. */
  readonly audit_id: string
  /** Only when it passed. */
  readonly message_id?: string
  /** Id of the guild. */
  readonly guild_id?: string
  /** Id of the channel. */
  readonly channel_id?: string
  /** Id of the person in one-to-one chats. */
  readonly user_openid?: string
  /** Id of the group. */
  readonly group_openid?: string
  /** When the audit ended. */
  readonly audit_time?: string
  /** When it was made. */
  readonly create_time?: string
  /** Its place in the channel: greater is later. */
  readonly seq_in_channel?: string
}

/** AUDIO_START, AUDIO_FINISH, AUDIO_ON_MIC, AUDIO_OFF_MIC. */
export interface AudioEvent {
  /** Id of the guild. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id: string
  /** Address of the sound. */
  readonly audio_url?: string
  /** What is shown while it plays. */
  readonly text?: string
}

/** AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER, AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT. */
export interface AudioMemberEvent {
  /** Id of the guild. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id: string
  /** 2 audio and video, 5 live; not the `type` of the channel. */
  readonly channel_type: number
  /** Id of the person in guilds. */
  readonly user_id: string
}
