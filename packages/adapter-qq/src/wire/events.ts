import type {
  C2CMessage,
  EnterChatEvent,
  FriendAddEvent,
  GroupEvent,
  GroupJoinRequest,
  GroupMemberEvent,
  GroupMessage,
  Interaction,
  SubscribeStatusEvent,
  UserEvent,
} from './chat.ts'
import type {
  ForumAuditEvent,
  ForumPostEvent,
  ForumReplyEvent,
  ForumThreadEvent,
  OpenForumEvent,
} from './forum.ts'
import type {
  AudioEvent,
  AudioMemberEvent,
  ChannelEvent,
  GuildEvent,
  GuildMemberEvent,
  GuildMessage,
  MessageAuditEvent,
  MessageDeleteEvent,
  ReactionEvent,
} from './guild.ts'

/** READY: a session was started. */
export interface ReadyEvent {
  /** Version of the protocol. */
  readonly version: number
  /** Id of the session. */
  readonly session_id: string
  /** The bot in the id space of guilds. */
  readonly user: {
    readonly id: string
    readonly username: string
    readonly bot?: boolean
    readonly status?: number
  }
  /** Number and count of the connection. */
  readonly shard?: readonly number[]
}

/** Every event by name, with its payload (official docs: "Event subscription and notification"). */
export interface WireEvents {
  /** A session was started. */
  READY: ReadyEvent
  /** An empty text. */
  RESUMED: unknown
  /** The bot came into a guild. */
  GUILD_CREATE: GuildEvent
  /** A guild changed. */
  GUILD_UPDATE: GuildEvent
  /** The bot left a guild, or the guild ended. */
  GUILD_DELETE: GuildEvent
  /** A channel was made. */
  CHANNEL_CREATE: ChannelEvent
  /** A channel changed. */
  CHANNEL_UPDATE: ChannelEvent
  /** A channel was removed. */
  CHANNEL_DELETE: ChannelEvent
  /** Somebody came into a guild. */
  GUILD_MEMBER_ADD: GuildMemberEvent
  /** A member changed. */
  GUILD_MEMBER_UPDATE: GuildMemberEvent
  /** Somebody left a guild. */
  GUILD_MEMBER_REMOVE: GuildMemberEvent
  /** Any message of a guild; private-domain bots. */
  MESSAGE_CREATE: GuildMessage
  /** A message of a guild that mentions the bot or answers it. */
  AT_MESSAGE_CREATE: GuildMessage
  /** A message in a direct message session. */
  DIRECT_MESSAGE_CREATE: GuildMessage
  /** A message was taken back; private-domain bots. */
  MESSAGE_DELETE: MessageDeleteEvent
  /** A message was taken back. */
  PUBLIC_MESSAGE_DELETE: MessageDeleteEvent
  /** A direct message was taken back. */
  DIRECT_MESSAGE_DELETE: MessageDeleteEvent
  /** Somebody reacted. */
  MESSAGE_REACTION_ADD: ReactionEvent
  /** Somebody took a reaction back. */
  MESSAGE_REACTION_REMOVE: ReactionEvent
  /** A message of the bot passed its audit. */
  MESSAGE_AUDIT_PASS: MessageAuditEvent
  /** A message of the bot was refused. */
  MESSAGE_AUDIT_REJECT: MessageAuditEvent
  /** A thread was written; private-domain bots. */
  FORUM_THREAD_CREATE: ForumThreadEvent
  /** A thread changed. */
  FORUM_THREAD_UPDATE: ForumThreadEvent
  /** A thread was removed. */
  FORUM_THREAD_DELETE: ForumThreadEvent
  /** A comment was written. */
  FORUM_POST_CREATE: ForumPostEvent
  /** A comment was removed. */
  FORUM_POST_DELETE: ForumPostEvent
  /** A comment was answered. */
  FORUM_REPLY_CREATE: ForumReplyEvent
  /** An answer was removed. */
  FORUM_REPLY_DELETE: ForumReplyEvent
  /** The audit of something in a forum ended. */
  FORUM_PUBLISH_AUDIT_RESULT: ForumAuditEvent
  /** A thread was written. */
  OPEN_FORUM_THREAD_CREATE: OpenForumEvent
  /** A thread changed. */
  OPEN_FORUM_THREAD_UPDATE: OpenForumEvent
  /** A thread was removed. */
  OPEN_FORUM_THREAD_DELETE: OpenForumEvent
  /** A comment was written. */
  OPEN_FORUM_POST_CREATE: OpenForumEvent
  /** A comment was removed. */
  OPEN_FORUM_POST_DELETE: OpenForumEvent
  /** A comment was answered. */
  OPEN_FORUM_REPLY_CREATE: OpenForumEvent
  /** An answer was removed. */
  OPEN_FORUM_REPLY_DELETE: OpenForumEvent
  /** Sound begins. */
  AUDIO_START: AudioEvent
  /** Sound ended. */
  AUDIO_FINISH: AudioEvent
  /** The bot has the microphone. */
  AUDIO_ON_MIC: AudioEvent
  /** The bot has the microphone no more. */
  AUDIO_OFF_MIC: AudioEvent
  /** Somebody entered an audio or live channel. */
  AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER: AudioMemberEvent
  /** Somebody left an audio or live channel. */
  AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT: AudioMemberEvent
  /** A one-to-one message. */
  C2C_MESSAGE_CREATE: C2CMessage
  /** A message of a group that mentions the bot. */
  GROUP_AT_MESSAGE_CREATE: GroupMessage
  /** Any message of a group that lets the bot read all. */
  GROUP_MESSAGE_CREATE: GroupMessage
  /** A user added the bot. */
  FRIEND_ADD: FriendAddEvent
  /** A user removed the bot. */
  FRIEND_DEL: UserEvent
  /** A user wants no messages unasked. */
  C2C_MSG_REJECT: UserEvent
  /** A user takes messages unasked again. */
  C2C_MSG_RECEIVE: UserEvent
  /** The bot came into a group. */
  GROUP_ADD_ROBOT: GroupEvent
  /** The bot left a group. */
  GROUP_DEL_ROBOT: GroupEvent
  /** A group wants no messages unasked. */
  GROUP_MSG_REJECT: GroupEvent
  /** A group takes messages unasked again. */
  GROUP_MSG_RECEIVE: GroupEvent
  /** Somebody came into a group. */
  GROUP_MEMBER_ADD: GroupMemberEvent
  /** Somebody left a group. */
  GROUP_MEMBER_REMOVE: GroupMemberEvent
  /** Somebody wants into a group. */
  GROUP_JOIN_REQUEST: GroupJoinRequest
  /** Somebody allowed or refused template messages. */
  SUBSCRIBE_MESSAGE_STATUS: SubscribeStatusEvent
  /** A user opened the chat. */
  ENTER_AIO: EnterChatEvent
  /** A click, a choice from the menu, a rating or an authorisation. */
  INTERACTION_CREATE: Interaction
}

/** Name of an event that the platform documents. */
export type WireEventName = keyof WireEvents

/** The platform's events under their names here, such as `qq/GROUP_ADD_ROBOT`. */
export type QQPlatformEvents = { [K in WireEventName as `qq/${K}`]: WireEvents[K] }
