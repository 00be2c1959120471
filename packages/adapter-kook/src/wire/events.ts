/**
 * What the gateway and the webhook deliver: the `d` of frames with signal 0.
 *
 * @see KOOK developer documentation, "Event", and below it the pages per subject.
 * @packageDocumentation
 */
import type { MentionParts, MessageParts } from './messages.ts'
import type { Absent, KookUser } from './objects.ts'

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

/** Where it happened: in a guild, in private, or everywhere. */
export type ChannelKind = 'GROUP' | 'PERSON' | 'BROADCAST'

interface EventEnvelope<Extra, Content = string> {
  /** Where it happened. */
  readonly channel_type: ChannelKind
  /** A message's channel, a system event's guild, or the bot in private. */
  readonly target_id: string
  /** `1` is the system. */
  readonly author_id: string
  /** Of a message; of a system event a few words. */
  readonly content: Content
  /** Id of the message or the event. */
  readonly msg_id: string
  /** Ms since 1970. */
  readonly msg_timestamp: number
  /** What the sender gave as `nonce`; empty otherwise. */
  readonly nonce?: string
  /** What depends on the type. */
  readonly extra: Extra
}

/** The `extra` of a message. Everything but the author may be missing. */
export interface MessageExtra extends MessageParts {
  /** The type of the message once more. */
  readonly type?: number
  /** The guild. */
  readonly guild_id?: string
  /** Name of the channel. */
  readonly channel_name?: string
  /** 1 text channel, 2 voice channel. */
  readonly channel_type?: number
  /** Who wrote it. */
  readonly author?: KookUser
  /** The chat code of a private message; empty in a guild. */
  readonly code?: string
  /** Ids of the channels it links to. */
  readonly nav_channels?: readonly string[]
  /** Names of what it mentions. */
  readonly kmarkdown?: MentionParts | Absent
}

/** A message of the type `T`. */
export interface MessageEvent<T extends number = number> extends EventEnvelope<MessageExtra> {
  /** The type of the message. */
  readonly type: T
}

/** What somebody gave somebody else. */
export interface Item {
  /** An item. */
  readonly type: 'item'
  /** Who gave which item to whom. */
  readonly data: { readonly user_id: string; readonly target_id: string; readonly item_id: number }
}

/** An item; the documentation shows the content as an object, in practice it is a JSON text. */
export interface ItemEvent extends EventEnvelope<MessageExtra, string | Item> {
  /** An item. */
  readonly type: 12
}

/** A system event of the name `N`. */
export interface SystemEvent<N extends string = string, Body = unknown> extends EventEnvelope<{
  readonly type: N
  readonly body: Body
}> {
  /** A system event. */
  readonly type: 255
}

/** Whatever comes: decode it before use. */
export type KookEventData = MessageEvent | ItemEvent | SystemEvent
