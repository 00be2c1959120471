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
  readonly version: number
  readonly session_id: string
  /** The bot in the id space of guilds. */
  readonly user: {
    readonly id: string
    readonly username: string
    readonly bot?: boolean
    readonly status?: number
  }
  readonly shard?: readonly number[]
}

/** Every event by name, with its payload (official docs: "Event subscription and notification"). */
export interface WireEvents {
  READY: ReadyEvent
  /** An empty text. */
  RESUMED: unknown
  GUILD_CREATE: GuildEvent
  GUILD_UPDATE: GuildEvent
  GUILD_DELETE: GuildEvent
  CHANNEL_CREATE: ChannelEvent
  CHANNEL_UPDATE: ChannelEvent
  CHANNEL_DELETE: ChannelEvent
  GUILD_MEMBER_ADD: GuildMemberEvent
  GUILD_MEMBER_UPDATE: GuildMemberEvent
  GUILD_MEMBER_REMOVE: GuildMemberEvent
  MESSAGE_CREATE: GuildMessage
  AT_MESSAGE_CREATE: GuildMessage
  DIRECT_MESSAGE_CREATE: GuildMessage
  MESSAGE_DELETE: MessageDeleteEvent
  PUBLIC_MESSAGE_DELETE: MessageDeleteEvent
  DIRECT_MESSAGE_DELETE: MessageDeleteEvent
  MESSAGE_REACTION_ADD: ReactionEvent
  MESSAGE_REACTION_REMOVE: ReactionEvent
  MESSAGE_AUDIT_PASS: MessageAuditEvent
  MESSAGE_AUDIT_REJECT: MessageAuditEvent
  FORUM_THREAD_CREATE: ForumThreadEvent
  FORUM_THREAD_UPDATE: ForumThreadEvent
  FORUM_THREAD_DELETE: ForumThreadEvent
  FORUM_POST_CREATE: ForumPostEvent
  FORUM_POST_DELETE: ForumPostEvent
  FORUM_REPLY_CREATE: ForumReplyEvent
  FORUM_REPLY_DELETE: ForumReplyEvent
  FORUM_PUBLISH_AUDIT_RESULT: ForumAuditEvent
  OPEN_FORUM_THREAD_CREATE: OpenForumEvent
  OPEN_FORUM_THREAD_UPDATE: OpenForumEvent
  OPEN_FORUM_THREAD_DELETE: OpenForumEvent
  OPEN_FORUM_POST_CREATE: OpenForumEvent
  OPEN_FORUM_POST_DELETE: OpenForumEvent
  OPEN_FORUM_REPLY_CREATE: OpenForumEvent
  OPEN_FORUM_REPLY_DELETE: OpenForumEvent
  AUDIO_START: AudioEvent
  AUDIO_FINISH: AudioEvent
  AUDIO_ON_MIC: AudioEvent
  AUDIO_OFF_MIC: AudioEvent
  AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER: AudioMemberEvent
  AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT: AudioMemberEvent
  C2C_MESSAGE_CREATE: C2CMessage
  GROUP_AT_MESSAGE_CREATE: GroupMessage
  GROUP_MESSAGE_CREATE: GroupMessage
  FRIEND_ADD: FriendAddEvent
  FRIEND_DEL: UserEvent
  C2C_MSG_REJECT: UserEvent
  C2C_MSG_RECEIVE: UserEvent
  GROUP_ADD_ROBOT: GroupEvent
  GROUP_DEL_ROBOT: GroupEvent
  GROUP_MSG_REJECT: GroupEvent
  GROUP_MSG_RECEIVE: GroupEvent
  GROUP_MEMBER_ADD: GroupMemberEvent
  GROUP_MEMBER_REMOVE: GroupMemberEvent
  GROUP_JOIN_REQUEST: GroupJoinRequest
  SUBSCRIBE_MESSAGE_STATUS: SubscribeStatusEvent
  ENTER_AIO: EnterChatEvent
  INTERACTION_CREATE: Interaction
}

/** Name of an event that the platform documents. */
export type WireEventName = keyof WireEvents

/** The platform's events under their names here, such as `qq/GROUP_ADD_ROBOT`. */
export type QQPlatformEvents = { [K in WireEventName as `qq/${K}`]: WireEvents[K] }
