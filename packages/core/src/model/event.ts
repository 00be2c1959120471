import type { SettledReceipt } from './receipt.ts'
import type {
  Channel,
  Emoji,
  Guild,
  Json,
  LoginStatus,
  Member,
  Message,
  PressedButton,
  Role,
  SharedFile,
  User,
} from './resources.ts'

/** How a message ended whose receipt was pending or stored. */
export interface SettledMessage {
  /** The check that the platform made, as in the pending receipt; absent for stored messages. */
  readonly auditId?: string
  /** The key of a stored message, as in its receipt; absent for checks. */
  readonly key?: string
  /** The end. */
  readonly receipt: SettledReceipt
}

/**
 * Something that happened on a platform: plain data, safe to store and to hand to another process.
 * Which fields are there depends on the type; see {@link ChatEvents}.
 */
export interface ChatEvent {
  /** Unique for one bot: the same event delivered twice has the same id. */
  readonly id: string
  /** Name in the common vocabulary ({@link ChatEvents}); the platform's name when there is none. */
  readonly type: string
  /** `<platform>/<name of the event there>`, such as `onebot/notice.group_upload`. */
  readonly platformType: string
  /** Name of the platform, such as `onebot`. */
  readonly platform: string
  /** Id of the account that saw it. */
  readonly selfId: string
  /** Ms since 1970. */
  readonly time: number
  /** True when it was fetched after a gap instead of delivered when it happened. */
  readonly late?: boolean
  /**
   * True when it came again after a crash, and may have been handled before: its handler had begun, or ended within the
   * last moments. Whoever does what must not be done twice looks first whether it is done.
   */
  readonly redelivered?: boolean
  /** Who did it, or whom it is about. */
  readonly user?: User
  /** The same person as a member of the guild. */
  readonly member?: Member
  /** The guild it happened in. */
  readonly guild?: Guild
  /** The channel it happened in. */
  readonly channel?: Channel
  /** The message it is about. */
  readonly message?: Message
  /** Who did it, where that is not `user`. */
  readonly operator?: User
  /** The role it is about. */
  readonly role?: Role
  /** The emoji it is about. */
  readonly emoji?: Emoji
  /** The button that was pressed. */
  readonly button?: PressedButton
  /** The file it is about. */
  readonly file?: SharedFile
  /** What somebody wrote along with a request. */
  readonly comment?: string
  /** How long it lasts in ms; absent means until it is undone. */
  readonly duration?: number
  /** How the account is connected now. */
  readonly status?: LoginStatus
  /** How a message ended whose receipt was pending or stored. */
  readonly settled?: SettledMessage
  /** What the adapter needs to answer this very event (flags, reply ids); opaque to plugins. */
  readonly referrer?: Json
  /** The platform's own payload, untouched. */
  readonly raw: unknown
}

/** An event with certain fields present. */
export type EventWith<K extends keyof ChatEvent> = ChatEvent & {
  readonly [P in K]-?: NonNullable<ChatEvent[P]>
}

/** The common vocabulary: what each event of any platform carries for certain. */
export interface ChatEvents {
  /** Somebody wrote a message. */
  'message-created': EventWith<'user' | 'channel' | 'message'>
  /** A message was changed, not by the bot: a plugin that answers edits would answer its own without end. */
  'message-updated': EventWith<'channel' | 'message'>
  /** A message was taken back or removed. */
  'message-deleted': EventWith<'channel' | 'message'>
  /** A message of the bot's own account, written here or on another device. Never handled as a command. */
  'message-sent': EventWith<'user' | 'channel' | 'message'>
  /** A message was pinned. */
  'message-pinned': EventWith<'channel' | 'message'>
  /** A message is no longer pinned. */
  'message-unpinned': EventWith<'channel' | 'message'>
  /** Somebody reacted to a message. */
  'reaction-added': EventWith<'channel' | 'message' | 'emoji'>
  /** A reaction was taken back. */
  'reaction-removed': EventWith<'channel' | 'message' | 'emoji'>
  /** Somebody pressed a button. */
  'interaction/button': EventWith<'user' | 'button'>
  /** Somebody poked the bot or another person. */
  poke: EventWith<'user'>

  /** The bot came into a guild. */
  'guild-added': EventWith<'guild'>
  /** A guild has another name or picture. */
  'guild-updated': EventWith<'guild'>
  /** The bot left a guild, was removed from it, or the guild is gone. */
  'guild-removed': EventWith<'guild'>
  /** Somebody invites the bot into a guild. */
  'guild-request': EventWith<'guild' | 'user'>
  /** Nobody but administrators may write in a guild. */
  'guild-muted': EventWith<'guild'>
  /** Everybody may write in a guild again. */
  'guild-unmuted': EventWith<'guild'>
  /** Somebody put a file into a guild. */
  'guild-file-added': EventWith<'guild' | 'user' | 'file'>
  /** Somebody came into a guild. */
  'guild-member-added': EventWith<'guild' | 'user'>
  /** A member has another name, rank or roles. */
  'guild-member-updated': EventWith<'guild' | 'user'>
  /** Somebody left a guild, or was removed from it. */
  'guild-member-removed': EventWith<'guild' | 'user'>
  /** Somebody wants to join a guild. */
  'guild-member-request': EventWith<'guild' | 'user'>
  /** A member may not write for a while. */
  'guild-member-muted': EventWith<'guild' | 'user'>
  /** A member may write again. */
  'guild-member-unmuted': EventWith<'guild' | 'user'>
  /** A guild has a new role. */
  'guild-role-created': EventWith<'guild' | 'role'>
  /** A role was changed. */
  'guild-role-updated': EventWith<'guild' | 'role'>
  /** A role was removed. */
  'guild-role-deleted': EventWith<'guild' | 'role'>
  /** There is a new channel. */
  'channel-created': EventWith<'channel'>
  /** A channel was changed. */
  'channel-updated': EventWith<'channel'>
  /** A channel was removed. */
  'channel-deleted': EventWith<'channel'>
  /** Somebody came into a voice channel. */
  'voice-joined': EventWith<'user' | 'channel'>
  /** Somebody left a voice channel. */
  'voice-left': EventWith<'user' | 'channel'>

  /** The bot has a new friend. */
  'friend-added': EventWith<'user'>
  /** Somebody is no longer a friend of the bot. */
  'friend-removed': EventWith<'user'>
  /** Somebody wants to be a friend of the bot. */
  'friend-request': EventWith<'user'>
  /** Somebody sent the bot a file. */
  'direct-file-added': EventWith<'user' | 'file'>
  /** A person has another name or picture. */
  'user-updated': EventWith<'user'>
  /** A user or a guild no longer wants messages that answer nothing. */
  'proactive-message-denied': ChatEvent
  /** A user or a guild wants messages that answer nothing again. */
  'proactive-message-allowed': ChatEvent

  /** A message whose receipt was pending or stored has come to its end. */
  'message-settled': EventWith<'settled'>

  /** An account was signed in. */
  'login-added': EventWith<'status'>
  /** The connection of an account changed. */
  'login-updated': EventWith<'status'>
  /** An account was signed off. */
  'login-removed': EventWith<'status'>
}

/** Name in the common vocabulary. */
export type ChatEventName = keyof ChatEvents

/**
 * The platforms' own events by name, with the exact type of their payload. Adapters add theirs:
 *
 * ```ts
 * declare module '@mynah/core' {
 *   interface PlatformEvents { 'onebot/notice.group_upload': GroupUploadNotice }
 * }
 * ```
 */
export interface PlatformEvents {}

/** A platform's own event with its exact payload. */
export type PlatformEvent<T> = ChatEvent & {
  /** As the platform sent it. */
  readonly raw: T
}

/** The conversation that an event belongs to: the same for all events of one place, as one account sees it. */
export function conversationKey(event: ChatEvent): string {
  return `${event.platform}\n${event.selfId}\n${placeOf(event)}`
}

/** Where an event happened, among those of one account: a channel, else a guild, else with whom. */
export function placeOf({ channel, guild, user }: ChatEvent): string {
  return channel?.id ?? guild?.id ?? user?.id ?? ''
}
