/**
 * What the platform itself sends and takes, as its documentation writes it.
 *
 * @packageDocumentation
 */
export type {
  ArkData,
  C2CMessage,
  ChatAttachment,
  ChatMention,
  EnterChatEvent,
  FriendAddEvent,
  GroupEvent,
  GroupJoinRequest,
  GroupMemberEvent,
  GroupMessage,
  Interaction,
  InteractionData,
  MessageElement,
  MessageScene,
  SubscribeStatusEvent,
  UserEvent,
} from './chat.ts'
export type { Ark, ArkEntry, Button, Embed, Keyboard, Markdown } from './content.ts'
export type { Envelope } from './envelope.ts'
export type { QQPlatformEvents, WireEventName, WireEvents } from './events.ts'
export type {
  ForumAuditEvent,
  ForumContent,
  ForumPostEvent,
  ForumReplyEvent,
  ForumThreadEvent,
  RichObject,
  RichText,
  ThreadInfo,
} from './forum.ts'
export type {
  AudioEvent,
  AudioMemberEvent,
  ChannelEvent,
  GuildAttachment,
  GuildEvent,
  GuildMemberEvent,
  GuildMessage,
  GuildUser,
  MessageAuditEvent,
  MessageDeleteEvent,
  ReactionEvent,
  WireChannel,
  WireGuild,
  WireMember,
} from './guild.ts'
export type {
  ChatMessageBody,
  ChatMessageResult,
  FileBody,
  FileResult,
  FileType,
  GuildMessageBody,
  GuildMessageResult,
  StreamFrame,
  StreamResult,
} from './send.ts'
