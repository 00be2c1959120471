/**
 * What system events tell: the `extra.body` of events of the type 255.
 *
 * @see KOOK developer documentation, "Event", and below it the pages per subject.
 * @packageDocumentation
 */
import type { MentionParts, MessageParts } from './messages.ts'
import type { Absent, KookChannel, KookEmoji, KookGuild, KookRole, KookUser } from './objects.ts'

/** A message of a channel, and all that is told when it was deleted. */
export interface DeletedMessageBody {
  /** The message. */
  readonly msg_id: string
  /** The channel. */
  readonly channel_id: string
  /** The kind of the channel, as a number. */
  readonly channel_type?: number
}

/** Somebody reacted in a channel, or took it back. */
export interface ReactionBody extends DeletedMessageBody {
  /** Who reacted. */
  readonly user_id: string
  /** The emoji. */
  readonly emoji: KookEmoji
}

/** A message of a channel was changed. */
export interface UpdatedMessageBody extends DeletedMessageBody, MessageParts {
  /** The new content. */
  readonly content: string
  /** Ms since 1970. */
  readonly updated_at: number
  /** Names of what it mentions. */
  readonly kmarkdown?: MentionParts | Absent
}

/** A message was pinned or unpinned. */
export interface PinBody extends DeletedMessageBody {
  /** Who did it. */
  readonly operator_id: string
}

/** A channel was deleted. */
export interface DeletedChannelBody {
  /** The channel. */
  readonly id: string
  /** Ms since 1970. */
  readonly deleted_at: number
  /** The type of the channel. */
  readonly type: number
}

/** A private message. */
interface PrivateMessageBody {
  /** The message. */
  readonly msg_id: string
  /** Id of who wrote it. */
  readonly author_id: string
  /** Who it was written to. */
  readonly target_id: string
  /** Code of the chat. */
  readonly chat_code: string
}

/** A private message was changed. */
export interface UpdatedPrivateMessageBody extends PrivateMessageBody {
  /** The new content. */
  readonly content: string
  /** Ms since 1970. */
  readonly updated_at: number
}

/** A private message was deleted. */
export interface DeletedPrivateMessageBody extends PrivateMessageBody {
  /** Ms since 1970. */
  readonly deleted_at: number
}

/** Somebody reacted in private, or took it back. */
export interface PrivateReactionBody {
  /** The message. */
  readonly msg_id: string
  /** Who reacted. */
  readonly user_id: string
  /** Code of the chat. */
  readonly chat_code: string
  /** The emoji. */
  readonly emoji: KookEmoji
}

/** Users were blocked or unblocked. */
export interface BlockListBody {
  /** Who did it. */
  readonly operator_id: string
  /** Why. */
  readonly remark?: string
  /** Everybody who was blocked or unblocked. */
  readonly user_id: readonly string[]
}

/** A user joined the guild. */
export interface JoinedGuildBody {
  /** The user. */
  readonly user_id: string
  /** Ms since 1970. */
  readonly joined_at: number
}

/** A user left the guild. */
export interface ExitedGuildBody {
  /** The user. */
  readonly user_id: string
  /** Ms since 1970. */
  readonly exited_at: number
}

/** A user joined a voice channel. */
export interface JoinedChannelBody extends JoinedGuildBody {
  /** The voice channel joined. */
  readonly channel_id: string
}

/** A user left a voice channel. */
export interface ExitedChannelBody extends ExitedGuildBody {
  /** The voice channel left. */
  readonly channel_id: string
}

/** The nickname of a member was changed. */
export interface UpdatedGuildMemberBody {
  /** The user. */
  readonly user_id: string
  /** Empty when the nickname was taken away. */
  readonly nickname: string
}

/** A user came online, or went. */
export interface PresenceBody {
  /** The user. */
  readonly user_id: string
  /** Ms since 1970. */
  readonly event_time: number
  /** Guilds shared with the bot. */
  readonly guilds: readonly string[]
}

/** A user changed name or picture. */
export interface UserUpdatedBody {
  /** The user. */
  readonly user_id: string
  /** The name of the account. */
  readonly username: string
  /** URL. */
  readonly avatar: string
}

/** The bot left a guild. */
export interface SelfExitedGuildBody {
  /** The guild. */
  readonly guild_id: string
}

/** The bot joined a guild. */
export interface SelfJoinedGuildBody extends SelfExitedGuildBody {
  /** The `state` of the OAuth2 flow that brought the bot in. */
  readonly state?: string
}

/** Somebody clicked a button of a card. */
export interface ButtonClickBody {
  /** The card. */
  readonly msg_id: string
  /** Who clicked. */
  readonly user_id: string
  /** The button's `value`. */
  readonly value: string
  /** The channel of a channel message; the user or nothing in private. */
  readonly target_id: string
  /** Who clicked, with more than the id. */
  readonly user_info?: KookUser
  /** Whether the card stands in a channel or in private. */
  readonly channel_type?: 'GROUP' | 'PERSON'
  /** The guild the card stands in. */
  readonly guild_id?: string
}

/** The bot's own nickname in a guild was changed. */
export interface MyNicknameBody {
  /** The guild. */
  readonly id: string
  /** The new nickname; empty when there is none. */
  readonly my_nickname: string
}

/** Previews of links were added to a message. */
export interface EmbedsAppendBody {
  /** The message. */
  readonly rong_id: string
  /** The channel. */
  readonly channel_id: string
  /** The guild. */
  readonly guild_id?: string
  /** The previews. */
  readonly embeds: readonly unknown[]
}

/** Channels were put in another order. */
export interface SortChannelBody {
  /** The guild. */
  readonly guild_id: string
  /** The channels in their order, categories with what is in them. */
  readonly channels: readonly { readonly id: string; readonly channels?: readonly string[] }[]
}

/** Several channels were changed at once. */
export interface BatchUpdatedChannelBody {
  /** A channel that was made with it. */
  readonly added_channel: KookChannel | readonly []
  /** The channels as they are now. */
  readonly updated_channel: readonly KookChannel[]
}

/** A member was muted in voice, or heard again. */
export interface GuildMuteBody {
  /** The user. */
  readonly user_id: string
  /** The guild. */
  readonly guild_id: string
  /** 1 or `mute`: microphone; 2 or `deaf`: headset. */
  readonly type: number | 'mute' | 'deaf'
}

/** Somebody began or ended to stream in a channel. */
export interface LiveStatusBody {
  /** The channel. */
  readonly channel: KookChannel
  /** Who streams, and what. */
  readonly user: KookUser & { readonly live_info?: unknown }
}

/** The bodies of system events by name. */
export interface SystemEventBodies {
  /** Somebody reacted to a message of a channel. */
  added_reaction: ReactionBody
  /** Somebody took a reaction back in a channel. */
  deleted_reaction: ReactionBody
  /** A message of a channel was changed. */
  updated_message: UpdatedMessageBody
  /** A message of a channel was deleted. */
  deleted_message: DeletedMessageBody
  /** A channel was made. */
  added_channel: KookChannel
  /** A channel was changed. */
  updated_channel: KookChannel
  /** A channel was deleted. */
  deleted_channel: DeletedChannelBody
  /** A message was pinned. */
  pinned_message: PinBody
  /** A message was unpinned. */
  unpinned_message: PinBody
  /** A private message was changed. */
  updated_private_message: UpdatedPrivateMessageBody
  /** A private message was deleted. */
  deleted_private_message: DeletedPrivateMessageBody
  /** Somebody reacted to a private message. */
  private_added_reaction: PrivateReactionBody
  /** Somebody took a reaction back in private. */
  private_deleted_reaction: PrivateReactionBody
  /** A guild was changed. */
  updated_guild: KookGuild
  /** A guild was deleted. */
  deleted_guild: KookGuild
  /** Users were blocked. */
  added_block_list: BlockListBody
  /** Users were unblocked. */
  deleted_block_list: BlockListBody
  /** An emoji was added to a guild. */
  added_emoji: KookEmoji
  /** An emoji was removed from a guild. */
  removed_emoji: KookEmoji
  /** An emoji of a guild was renamed. */
  updated_emoji: KookEmoji
  /** A role was made. */
  added_role: KookRole
  /** A role was deleted. */
  deleted_role: KookRole
  /** A role was changed. */
  updated_role: KookRole
  /** A user joined a guild. */
  joined_guild: JoinedGuildBody
  /** A user left a guild. */
  exited_guild: ExitedGuildBody
  /** The nickname of a member was changed. */
  updated_guild_member: UpdatedGuildMemberBody
  /** A user came online. */
  guild_member_online: PresenceBody
  /** A user went offline. */
  guild_member_offline: PresenceBody
  /** A user joined a voice channel. */
  joined_channel: JoinedChannelBody
  /** A user left a voice channel. */
  exited_channel: ExitedChannelBody
  /** A user changed name or picture. */
  user_updated: UserUpdatedBody
  /** The bot joined a guild. */
  self_joined_guild: SelfJoinedGuildBody
  /** The bot left a guild. */
  self_exited_guild: SelfExitedGuildBody
  /** Somebody clicked a button of a card. */
  message_btn_click: ButtonClickBody
  // Not in the documentation, seen on the wire.
  /** The bot's own nickname in a guild was changed. */
  'updated_guild.person': MyNicknameBody
  /** An emoji was removed from a guild. */
  deleted_emoji: KookEmoji
  /** Previews of links were added to a message. */
  embeds_append: EmbedsAppendBody
  /** Channels were put in another order. */
  sort_channel: SortChannelBody
  /** The kind of server of a voice channel was changed. */
  updated_server_type: KookChannel
  /** Several channels were made. */
  batch_added_channel: readonly KookChannel[]
  /** Several channels were changed. */
  batch_updated_channel: BatchUpdatedChannelBody
  /** Several channels were deleted. */
  batch_deleted_channel: readonly { readonly id: string }[]
  /** A member was muted in voice. */
  add_guild_mute: GuildMuteBody
  /** A member was heard again in voice. */
  delete_guild_mute: GuildMuteBody
  /** Somebody began or ended to stream in a channel. */
  live_status_changed: LiveStatusBody
}

/** Name of a system event. */
export type SystemEventName = keyof SystemEventBodies
