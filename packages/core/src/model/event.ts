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
  readonly platform: string
  /** Id of the account that saw it. */
  readonly selfId: string
  /** Ms since 1970. */
  readonly time: number
  /** True when it was fetched after a gap instead of delivered when it happened. */
  readonly late?: boolean
  readonly user?: User
  readonly member?: Member
  readonly guild?: Guild
  readonly channel?: Channel
  readonly message?: Message
  /** Who did it, where that is not `user`. */
  readonly operator?: User
  readonly role?: Role
  readonly emoji?: Emoji
  readonly button?: PressedButton
  readonly file?: SharedFile
  /** What somebody wrote along with a request. */
  readonly comment?: string
  /** How long it lasts in ms; absent means until it is undone. */
  readonly duration?: number
  readonly status?: LoginStatus
  /** How the check of a message ended, by the `auditId` of its receipt. */
  readonly settled?: { readonly auditId: string; readonly receipt: SettledReceipt }
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
  'message-created': EventWith<'user' | 'channel' | 'message'>
  'message-updated': EventWith<'channel' | 'message'>
  'message-deleted': EventWith<'channel' | 'message'>
  /** A message of the bot's own account, written here or on another device. Never handled as a command. */
  'message-sent': EventWith<'user' | 'channel' | 'message'>
  'message-pinned': EventWith<'channel' | 'message'>
  'message-unpinned': EventWith<'channel' | 'message'>
  'reaction-added': EventWith<'channel' | 'message' | 'emoji'>
  'reaction-removed': EventWith<'channel' | 'message' | 'emoji'>
  'interaction/button': EventWith<'user' | 'button'>
  poke: EventWith<'user'>

  /** The bot came into a guild. */
  'guild-added': EventWith<'guild'>
  'guild-updated': EventWith<'guild'>
  /** The bot left a guild, was removed from it, or the guild is gone. */
  'guild-removed': EventWith<'guild'>
  /** Somebody invites the bot into a guild. */
  'guild-request': EventWith<'guild' | 'user'>
  'guild-muted': EventWith<'guild'>
  'guild-unmuted': EventWith<'guild'>
  'guild-file-added': EventWith<'guild' | 'user' | 'file'>
  'guild-member-added': EventWith<'guild' | 'user'>
  'guild-member-updated': EventWith<'guild' | 'user'>
  'guild-member-removed': EventWith<'guild' | 'user'>
  /** Somebody wants to join a guild. */
  'guild-member-request': EventWith<'guild' | 'user'>
  'guild-member-muted': EventWith<'guild' | 'user'>
  'guild-member-unmuted': EventWith<'guild' | 'user'>
  'guild-role-created': EventWith<'guild' | 'role'>
  'guild-role-updated': EventWith<'guild' | 'role'>
  'guild-role-deleted': EventWith<'guild' | 'role'>
  'channel-created': EventWith<'channel'>
  'channel-updated': EventWith<'channel'>
  'channel-deleted': EventWith<'channel'>
  'voice-joined': EventWith<'user' | 'channel'>
  'voice-left': EventWith<'user' | 'channel'>

  'friend-added': EventWith<'user'>
  'friend-removed': EventWith<'user'>
  'friend-request': EventWith<'user'>
  'direct-file-added': EventWith<'user' | 'file'>
  'user-updated': EventWith<'user'>
  /** A user or a guild no longer wants messages that answer nothing. */
  'proactive-message-denied': ChatEvent
  'proactive-message-allowed': ChatEvent

  /** The platform has looked at a message whose receipt was pending. */
  'message-settled': EventWith<'settled'>

  'login-added': EventWith<'status'>
  'login-updated': EventWith<'status'>
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
export type PlatformEvent<T> = ChatEvent & { readonly raw: T }

/** The conversation that an event belongs to: the same for all events of one place, as one account sees it. */
export function conversationKey(event: ChatEvent): string {
  return `${event.platform}\n${event.selfId}\n${placeOf(event)}`
}

/** Where an event happened, among those of one account: a channel, else a guild, else with whom. */
export function placeOf({ channel, guild, user }: ChatEvent): string {
  return channel?.id ?? guild?.id ?? user?.id ?? ''
}
