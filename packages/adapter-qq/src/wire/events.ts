import type * as chat from './chat.ts'
import type * as forum from './forum.ts'
import type * as guild from './guild.ts'

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
  GUILD_CREATE: guild.GuildEvent
  /** A guild changed. */
  GUILD_UPDATE: guild.GuildEvent
  /** The bot left a guild, or the guild ended. */
  GUILD_DELETE: guild.GuildEvent
  /** A channel was made. */
  CHANNEL_CREATE: guild.ChannelEvent
  /** A channel changed. */
  CHANNEL_UPDATE: guild.ChannelEvent
  /** A channel was removed. */
  CHANNEL_DELETE: guild.ChannelEvent
  /** Somebody came into a guild. */
  GUILD_MEMBER_ADD: guild.GuildMemberEvent
  /** A member changed. */
  GUILD_MEMBER_UPDATE: guild.GuildMemberEvent
  /** Somebody left a guild. */
  GUILD_MEMBER_REMOVE: guild.GuildMemberEvent
  /** Any message of a guild; private-domain bots. */
  MESSAGE_CREATE: guild.GuildMessage
  /** A message of a guild that mentions the bot or answers it. */
  AT_MESSAGE_CREATE: guild.GuildMessage
  /** A message in a direct message session. */
  DIRECT_MESSAGE_CREATE: guild.GuildMessage
  /** A message was taken back; private-domain bots. */
  MESSAGE_DELETE: guild.MessageDeleteEvent
  /** A message was taken back. */
  PUBLIC_MESSAGE_DELETE: guild.MessageDeleteEvent
  /** A direct message was taken back. */
  DIRECT_MESSAGE_DELETE: guild.MessageDeleteEvent
  /** Somebody reacted. */
  MESSAGE_REACTION_ADD: guild.ReactionEvent
  /** Somebody took a reaction back. */
  MESSAGE_REACTION_REMOVE: guild.ReactionEvent
  /** A message of the bot passed its audit. */
  MESSAGE_AUDIT_PASS: guild.MessageAuditEvent
  /** A message of the bot was refused. */
  MESSAGE_AUDIT_REJECT: guild.MessageAuditEvent
  /** A thread was written; private-domain bots. */
  FORUM_THREAD_CREATE: forum.ForumThreadEvent
  /** A thread changed. */
  FORUM_THREAD_UPDATE: forum.ForumThreadEvent
  /** A thread was removed. */
  FORUM_THREAD_DELETE: forum.ForumThreadEvent
  /** A comment was written. */
  FORUM_POST_CREATE: forum.ForumPostEvent
  /** A comment was removed. */
  FORUM_POST_DELETE: forum.ForumPostEvent
  /** A comment was answered. */
  FORUM_REPLY_CREATE: forum.ForumReplyEvent
  /** An answer was removed. */
  FORUM_REPLY_DELETE: forum.ForumReplyEvent
  /** The audit of something in a forum ended. */
  FORUM_PUBLISH_AUDIT_RESULT: forum.ForumAuditEvent
  /** A thread was written. */
  OPEN_FORUM_THREAD_CREATE: forum.OpenForumEvent
  /** A thread changed. */
  OPEN_FORUM_THREAD_UPDATE: forum.OpenForumEvent
  /** A thread was removed. */
  OPEN_FORUM_THREAD_DELETE: forum.OpenForumEvent
  /** A comment was written. */
  OPEN_FORUM_POST_CREATE: forum.OpenForumEvent
  /** A comment was removed. */
  OPEN_FORUM_POST_DELETE: forum.OpenForumEvent
  /** A comment was answered. */
  OPEN_FORUM_REPLY_CREATE: forum.OpenForumEvent
  /** An answer was removed. */
  OPEN_FORUM_REPLY_DELETE: forum.OpenForumEvent
  /** Sound begins. */
  AUDIO_START: guild.AudioEvent
  /** Sound ended. */
  AUDIO_FINISH: guild.AudioEvent
  /** The bot has the microphone. */
  AUDIO_ON_MIC: guild.AudioEvent
  /** The bot has the microphone no more. */
  AUDIO_OFF_MIC: guild.AudioEvent
  /** Somebody entered an audio or live channel. */
  AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER: guild.AudioMemberEvent
  /** Somebody left an audio or live channel. */
  AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT: guild.AudioMemberEvent
  /** A one-to-one message. */
  C2C_MESSAGE_CREATE: chat.C2CMessage
  /** A message of a group that mentions the bot. */
  GROUP_AT_MESSAGE_CREATE: chat.GroupMessage
  /** Any message of a group that lets the bot read all. */
  GROUP_MESSAGE_CREATE: chat.GroupMessage
  /** A user added the bot. */
  FRIEND_ADD: chat.FriendAddEvent
  /** A user removed the bot. */
  FRIEND_DEL: chat.UserEvent
  /** A user wants no messages unasked. */
  C2C_MSG_REJECT: chat.UserEvent
  /** A user takes messages unasked again. */
  C2C_MSG_RECEIVE: chat.UserEvent
  /** The bot came into a group. */
  GROUP_ADD_ROBOT: chat.GroupEvent
  /** The bot left a group. */
  GROUP_DEL_ROBOT: chat.GroupEvent
  /** A group wants no messages unasked. */
  GROUP_MSG_REJECT: chat.GroupEvent
  /** A group takes messages unasked again. */
  GROUP_MSG_RECEIVE: chat.GroupEvent
  /** Somebody came into a group. */
  GROUP_MEMBER_ADD: chat.GroupMemberEvent
  /** Somebody left a group. */
  GROUP_MEMBER_REMOVE: chat.GroupMemberEvent
  /** Somebody wants into a group. */
  GROUP_JOIN_REQUEST: chat.GroupJoinRequest
  /** Somebody allowed or refused template messages. */
  SUBSCRIBE_MESSAGE_STATUS: chat.SubscribeStatusEvent
  /** A user opened the chat. */
  ENTER_AIO: chat.EnterChatEvent
  /** A click, a choice from the menu, a rating or an authorisation. */
  INTERACTION_CREATE: chat.Interaction
}

/** Name of an event that the platform documents. */
export type WireEventName = keyof WireEvents

/** The platform's events under their names here, such as `qq/GROUP_ADD_ROBOT`. */
export type QQPlatformEvents = { [K in WireEventName as `qq/${K}`]: WireEvents[K] }
