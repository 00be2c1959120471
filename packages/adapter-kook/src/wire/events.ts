/**
 * What the gateway and the webhook deliver: the `d` of frames with signal 0.
 *
 * @see KOOK developer documentation, "Event", and below it the pages per subject.
 * @packageDocumentation
 */
import type {
  Absent,
  Attachment,
  KookChannel,
  KookEmoji,
  KookGuild,
  KookRole,
  KookUser,
  MentionParts,
  Quote,
} from './objects.ts'

/** Types of messages; 255 is a system event. */
export const messageTypes = {
  text: 1,
  image: 2,
  video: 3,
  file: 4,
  audio: 8,
  kmarkdown: 9,
  card: 10,
  item: 12,
  system: 255,
} as const

export type ChannelKind = 'GROUP' | 'PERSON' | 'BROADCAST'

interface EventEnvelope<Extra, Content = string> {
  readonly channel_type: ChannelKind
  /** A message's channel, a system event's guild, or the bot in private. */
  readonly target_id: string
  /** `1` is the system. */
  readonly author_id: string
  readonly content: Content
  readonly msg_id: string
  /** Ms since 1970. */
  readonly msg_timestamp: number
  /** What the sender gave as `nonce`; empty otherwise. */
  readonly nonce?: string
  readonly extra: Extra
}

/** The `extra` of a message. Everything but the author may be missing. */
export interface MessageExtra {
  readonly type?: number
  readonly guild_id?: string
  readonly channel_name?: string
  /** 1 text channel, 2 voice channel. */
  readonly channel_type?: number
  readonly mention?: readonly string[]
  readonly mention_all?: boolean
  readonly mention_here?: boolean
  readonly mention_roles?: readonly (number | string)[]
  readonly author?: KookUser
  /** The chat code of a private message; empty in a guild. */
  readonly code?: string
  readonly nav_channels?: readonly string[]
  readonly attachments?: Attachment | Absent
  readonly quote?: Quote | Absent
  readonly kmarkdown?: MentionParts | Absent
}

/** A message of the type `T`. */
export interface MessageEvent<T extends number = number> extends EventEnvelope<MessageExtra> {
  readonly type: T
}

/** What somebody gave somebody else. */
export interface Item {
  readonly type: 'item'
  readonly data: { readonly user_id: string; readonly target_id: string; readonly item_id: number }
}

/** An item; the documentation shows the content as an object, in practice it is a JSON text. */
export interface ItemEvent extends EventEnvelope<MessageExtra, string | Item> {
  readonly type: 12
}

/** A system event of the name `N`. */
export interface SystemEvent<N extends string = string, Body = unknown> extends EventEnvelope<{
  readonly type: N
  readonly body: Body
}> {
  readonly type: 255
}

/** Whatever comes: decode it before use. */
export type KookEventData = MessageEvent | ItemEvent | SystemEvent

export interface ReactionBody {
  readonly msg_id: string
  /** Who reacted. */
  readonly user_id: string
  readonly channel_id: string
  readonly emoji: KookEmoji
  readonly channel_type?: number
}
export interface UpdatedMessageBody {
  readonly msg_id: string
  readonly content: string
  readonly channel_id: string
  readonly mention?: readonly string[]
  readonly mention_all?: boolean
  readonly mention_here?: boolean
  readonly mention_roles?: readonly (number | string)[]
  /** Ms since 1970. */
  readonly updated_at: number
  readonly channel_type?: number
  readonly kmarkdown?: MentionParts | Absent
  readonly quote?: Quote | Absent
  readonly attachments?: Attachment | Absent
}
export interface DeletedMessageBody {
  readonly msg_id: string
  readonly channel_id: string
  readonly channel_type?: number
}
export interface DeletedChannelBody {
  readonly id: string
  /** Ms since 1970. */
  readonly deleted_at: number
  readonly type: number
}
export interface PinBody {
  readonly channel_id: string
  readonly operator_id: string
  readonly msg_id: string
  readonly channel_type?: number
}
export interface UpdatedPrivateMessageBody {
  readonly msg_id: string
  readonly author_id: string
  readonly target_id: string
  readonly content: string
  readonly chat_code: string
  /** Ms since 1970. */
  readonly updated_at: number
}
export interface DeletedPrivateMessageBody {
  readonly msg_id: string
  readonly author_id: string
  readonly target_id: string
  readonly chat_code: string
  /** Ms since 1970. */
  readonly deleted_at: number
}
export interface PrivateReactionBody {
  readonly msg_id: string
  readonly user_id: string
  readonly chat_code: string
  readonly emoji: KookEmoji
}
export interface BlockListBody {
  readonly operator_id: string
  readonly remark?: string
  /** Everybody who was blocked or unblocked. */
  readonly user_id: readonly string[]
}
export interface JoinedGuildBody {
  readonly user_id: string
  /** Ms since 1970. */
  readonly joined_at: number
}
export interface ExitedGuildBody {
  readonly user_id: string
  /** Ms since 1970. */
  readonly exited_at: number
}
export interface UpdatedGuildMemberBody {
  readonly user_id: string
  /** Empty when the nickname was taken away. */
  readonly nickname: string
}
export interface PresenceBody {
  readonly user_id: string
  /** Ms since 1970. */
  readonly event_time: number
  /** Guilds shared with the bot. */
  readonly guilds: readonly string[]
}
export interface JoinedChannelBody {
  readonly user_id: string
  /** The voice channel joined. */
  readonly channel_id: string
  /** Ms since 1970. */
  readonly joined_at: number
}
export interface ExitedChannelBody {
  readonly user_id: string
  /** The voice channel left. */
  readonly channel_id: string
  /** Ms since 1970. */
  readonly exited_at: number
}
export interface UserUpdatedBody {
  readonly user_id: string
  readonly username: string
  /** URL. */
  readonly avatar: string
}
export interface SelfJoinedGuildBody {
  readonly guild_id: string
  /** The `state` of the OAuth2 flow that brought the bot in. */
  readonly state?: string
}
export interface SelfExitedGuildBody {
  readonly guild_id: string
}
export interface ButtonClickBody {
  /** The card. */
  readonly msg_id: string
  /** Who clicked. */
  readonly user_id: string
  /** The button's `value`. */
  readonly value: string
  /** The channel of a channel message; the user or nothing in private. */
  readonly target_id: string
  readonly user_info?: KookUser
  readonly channel_type?: 'GROUP' | 'PERSON'
  readonly guild_id?: string
}
export interface MyNicknameBody {
  readonly id: string
  readonly my_nickname: string
}
export interface EmbedsAppendBody {
  /** The message. */
  readonly rong_id: string
  readonly channel_id: string
  readonly guild_id?: string
  readonly embeds: readonly unknown[]
}
export interface SortChannelBody {
  readonly guild_id: string
  readonly channels: readonly { readonly id: string; readonly channels?: readonly string[] }[]
}
export interface BatchUpdatedChannelBody {
  readonly added_channel: KookChannel | readonly []
  readonly updated_channel: readonly KookChannel[]
}
export interface GuildMuteBody {
  readonly user_id: string
  readonly guild_id: string
  /** 1 or `mute`: microphone; 2 or `deaf`: headset. */
  readonly type: number | 'mute' | 'deaf'
}
export interface LiveStatusBody {
  readonly channel: KookChannel
  readonly user: KookUser & { readonly live_info?: unknown }
}

/** The bodies of system events by name. */
export interface SystemEventBodies {
  added_reaction: ReactionBody
  deleted_reaction: ReactionBody
  updated_message: UpdatedMessageBody
  deleted_message: DeletedMessageBody
  added_channel: KookChannel
  updated_channel: KookChannel
  deleted_channel: DeletedChannelBody
  pinned_message: PinBody
  unpinned_message: PinBody
  updated_private_message: UpdatedPrivateMessageBody
  deleted_private_message: DeletedPrivateMessageBody
  private_added_reaction: PrivateReactionBody
  private_deleted_reaction: PrivateReactionBody
  updated_guild: KookGuild
  deleted_guild: KookGuild
  added_block_list: BlockListBody
  deleted_block_list: BlockListBody
  added_emoji: KookEmoji
  removed_emoji: KookEmoji
  updated_emoji: KookEmoji
  added_role: KookRole
  deleted_role: KookRole
  updated_role: KookRole
  joined_guild: JoinedGuildBody
  exited_guild: ExitedGuildBody
  updated_guild_member: UpdatedGuildMemberBody
  guild_member_online: PresenceBody
  guild_member_offline: PresenceBody
  joined_channel: JoinedChannelBody
  exited_channel: ExitedChannelBody
  user_updated: UserUpdatedBody
  self_joined_guild: SelfJoinedGuildBody
  self_exited_guild: SelfExitedGuildBody
  message_btn_click: ButtonClickBody
  // Not in the documentation, seen on the wire.
  'updated_guild.person': MyNicknameBody
  deleted_emoji: KookEmoji
  embeds_append: EmbedsAppendBody
  sort_channel: SortChannelBody
  updated_server_type: KookChannel
  batch_added_channel: readonly KookChannel[]
  batch_updated_channel: BatchUpdatedChannelBody
  batch_deleted_channel: readonly { readonly id: string }[]
  add_guild_mute: GuildMuteBody
  delete_guild_mute: GuildMuteBody
  live_status_changed: LiveStatusBody
}

/** Name of a system event. */
export type SystemEventName = keyof SystemEventBodies
