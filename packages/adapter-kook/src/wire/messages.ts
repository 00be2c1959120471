/**
 * Messages as they travel, and what belongs to them.
 *
 * @see KOOK developer documentation, "Objects" and "Message".
 * @packageDocumentation
 */
import type { Absent, KookEmoji, KookUser } from './objects.ts'

/** A file of a message. */
export interface Attachment {
  /** What kind of file it is. */
  readonly type?: string
  /** The URL. */
  readonly url?: string
  /** The name of the file. */
  readonly name?: string
  /** The MIME type. */
  readonly file_type?: string
  /** Bytes. */
  readonly size?: number
  /** Seconds. */
  readonly duration?: number
  /** In pixels. */
  readonly width?: number
  /** In pixels. */
  readonly height?: number
}

/** A message that is answered. */
export interface Quote {
  /** The message in HTTP answers; an internal id in events. */
  readonly id?: string
  /** The message in events. */
  readonly rong_id?: string
  /** The type of the message. */
  readonly type?: number
  /** The content. */
  readonly content?: string
  /** Ms since 1970. */
  readonly create_at?: number
  /** Who wrote it. */
  readonly author?: KookUser
}

/** A user who is mentioned. */
export interface MentionedUser {
  /** The id. */
  readonly id: string | number
  /** The name that is shown. */
  readonly username?: string
  /** The name with its four digits. */
  readonly full_name?: string
  /** URL of the picture. */
  readonly avatar?: string
}

/** A role that is mentioned. */
export interface MentionedRole {
  /** The role. */
  readonly role_id: number | string
  /** The name. */
  readonly name?: string
}

/** A channel that is linked to. */
export interface MentionedChannel {
  /** The id. */
  readonly id: string
  /** The guild. */
  readonly guild_id?: string
  /** The name. */
  readonly name?: string
}

/** The names of what a message mentions. */
export interface MentionParts {
  /** The content as plain text. */
  readonly raw_content?: string
  /** The users. */
  readonly mention_part?: readonly MentionedUser[]
  /** The roles. */
  readonly mention_role_part?: readonly MentionedRole[]
  /** The channels. */
  readonly channel_part?: readonly MentionedChannel[]
  /** The items. */
  readonly item_part?: readonly unknown[]
}

/** How many reacted with one emoji. */
export interface ReactionCount {
  /** The emoji. */
  readonly emoji: KookEmoji
  /** How many they are. */
  readonly count: number
  /** Whether the bot is one of them. */
  readonly me: boolean
}

/** What every form of a message tells of whom it mentions, what it answers, and its file. */
export interface MessageParts {
  /** Ids of the users it mentions. */
  readonly mention?: readonly string[]
  /** Whether everybody is mentioned. */
  readonly mention_all?: boolean
  /** Whether everybody who is online is mentioned. */
  readonly mention_here?: boolean
  /** Ids of the roles it mentions. */
  readonly mention_roles?: readonly (number | string)[]
  /** The file of a picture, video, file or audio message. */
  readonly attachments?: Attachment | Absent
  /** The message it answers. */
  readonly quote?: Quote | Absent
}

/** A message as HTTP calls answer it. */
export interface KookMessage extends MessageParts {
  /** The id. */
  readonly id: string
  /** The type of the message. */
  readonly type: number
  /** The content. */
  readonly content: string
  /** Who wrote it. */
  readonly author?: KookUser
  /** Previews of links. */
  readonly embeds?: readonly unknown[]
  /** Ms since 1970. */
  readonly create_at?: number
  /** Ms since 1970; 0 when it never was. */
  readonly updated_at?: number
  /** How many reacted with which emoji. */
  readonly reactions?: readonly ReactionCount[]
  /** Names of what it mentions. */
  readonly mention_info?: MentionParts | Absent
  /** The channel it stands in. */
  readonly channel_id?: string
}

/** A private message as HTTP calls answer it. */
export interface KookDirectMessage extends Omit<KookMessage, 'author'> {
  /** Id of who wrote it. */
  readonly author_id: string
}

/** What a send call answers: everything but the content. */
export interface SentMessage {
  /** The id of the message. */
  readonly msg_id: string
  /** Ms since 1970. */
  readonly msg_timestamp: number
  /** What was given as `nonce`. */
  readonly nonce?: string
  /** Mentions that were left out, since the bot may not make them. */
  readonly not_permissions_mention?: readonly unknown[]
}

/** A user who reacted. */
export interface ReactionUser extends KookUser {
  /** Ms since 1970. */
  readonly reaction_time: number
}
