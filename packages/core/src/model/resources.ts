import type { Element } from '../message/element.ts'

/** Anything that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A person or a bot, as one platform knows it. Ids are strings on every platform. */
export interface User {
  /** Id on the platform. */
  readonly id: string
  /** The name that the person chose. */
  readonly name?: string
  /** What the person wants to be called, or what our account calls them. */
  readonly nick?: string
  /** URL of the picture. */
  readonly avatar?: string
  /** Whether it is a program. */
  readonly isBot?: boolean
  /** Language the person has chosen, such as `zh-CN`, where the platform tells. */
  readonly locale?: string
}

/** A group of people with shared channels: a QQ group, a QQ guild, a KOOK guild. */
export interface Guild {
  /** Id on the platform. */
  readonly id: string
  /** What it is called. */
  readonly name?: string
  /** Address of its picture. */
  readonly avatar?: string
  /** Whose it is. */
  readonly ownerId?: string
  /** How many people are in it. */
  readonly memberCount?: number
}

/** What a channel is for. */
export type ChannelType = 'text' | 'direct' | 'category' | 'voice'

/**
 * A place where messages are written. A platform without channels inside its groups has one channel a group,
 * with the group's id; a one-to-one chat is a channel of type `direct`.
 */
export interface Channel {
  /** Id on the platform. */
  readonly id: string
  /** What can be done in it. */
  readonly type: ChannelType
  /** What it is called. */
  readonly name?: string
  /** The category or channel that it is in. */
  readonly parentId?: string
}

/** Rank of a member where the platform has the usual three. */
export type MemberRole = 'owner' | 'admin' | 'member'

/** A user inside a guild. */
export interface Member {
  /** Who it is. */
  readonly user?: User
  /** Name shown in this guild. */
  readonly nick?: string
  /** Address of the picture in this guild. */
  readonly avatar?: string
  /** Ms since 1970. */
  readonly joinedAt?: number
  /** Rank, where the platform says it. */
  readonly role?: MemberRole
  /** Ids of the platform's own roles. */
  readonly roleIds?: readonly string[]
  /** A title that the guild gave. */
  readonly title?: string
}

/** A set of rights inside a guild. */
export interface Role {
  /** Id on the platform. */
  readonly id: string
  /** What it is called. */
  readonly name?: string
  /** `0xRRGGBB`. */
  readonly color?: number
}

/** A message as it was written. */
export interface Message {
  /** Id on the platform. */
  readonly id: string
  /**
   * What it says, in the same form on every platform. The message that it answers is no part of it: that is
   * {@link quote}. People are mentioned by `at` with `id`, the bot by its own id, everybody by `type`; mentions stand
   * where they were written, with that of the bot in front where the platform cuts it out. What the platform says by
   * itself, such as stand-ins for pictures, is not there.
   */
  readonly content: readonly Element[]
  /** Who wrote it. */
  readonly user?: User
  /** The same person as a member of the guild. */
  readonly member?: Member
  /** Where it was written. */
  readonly guild?: Guild
  /** Where it was written. */
  readonly channel?: Channel
  /** Ms since 1970. */
  readonly createdAt?: number
  /** Ms since 1970. */
  readonly updatedAt?: number
  /** The message this one answers: its id for certain, who wrote it and what it says as far as that is known. */
  readonly quote?: Message
}

/** A file that somebody put into a chat. */
export interface SharedFile {
  /** Id on the platform. */
  readonly id?: string
  /** File name. */
  readonly name: string
  /** Bytes. */
  readonly size?: number
  /** Where it can be fetched. */
  readonly url?: string
}

/** An emoji used as a reaction. */
export interface Emoji {
  /** Id on the platform, or the character itself. */
  readonly id: string
  /** What it is called. */
  readonly name?: string
}

/** A pressed button. */
export interface PressedButton {
  /** The id that it was sent with. */
  readonly id: string
  /** Data the button carries, where the platform has it apart from the id. */
  readonly value?: string
}

/**
 * State of a logged-in account: `connecting` until the first handshake, `online`, `reconnecting` after a lost
 * connection, `offline` when the platform signed it out or it was stopped.
 */
export type LoginStatus = 'offline' | 'connecting' | 'online' | 'reconnecting'
