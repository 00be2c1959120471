import { readId } from '@mynah/adapter-kit'
import type { Channel, ChatEvent, ChatEventName, Guild, User } from '@mynah/core'
import { channelIdOf, type Target } from '../encode/target.ts'
import type { QQReferrer } from './referrer.ts'

/** Who reads. */
export interface DecodeContext {
  /** AppID: the bot's id for plugins. */
  readonly selfId: string
  /** The bot's id in guilds, once READY or `GET /users/@me` told it. */
  readonly botId: string | undefined
  /** When it came in, in ms since 1970. */
  readonly receivedAt: number
}

type Reference = { readonly [K in keyof QQReferrer]?: QQReferrer[K] | undefined }

/** What a decoder reads from a payload; the rest of the event is the same for all. */
export interface Decoded extends Partial<
  Pick<
    ChatEvent,
    'user' | 'member' | 'guild' | 'channel' | 'message' | 'operator' | 'emoji' | 'button' | 'comment'
  >
> {
  /** Absent when the common vocabulary has no word. */
  readonly type?: ChatEventName
  /** Replaces the outer id for de-duplication: one message may come under two event names. */
  readonly key?: string
  /** Any of the platform's times. */
  readonly time?: unknown
  /** Where an answer goes. */
  readonly target?: Target
  readonly referrer?: Omit<Reference, 'event' | 'receivedAt' | 'sentAt' | 'eventId' | 'kind' | 'target'>
}

/** A one-to-one chat as a channel. */
export function directChannel(openid: string): Channel {
  return { id: channelIdOf({ kind: 'c2c', id: openid }), type: 'direct' }
}

/** A group as a guild and as its only channel. */
export function groupPlace(groupOpenid: string): {
  guild: Guild
  channel: Channel
  target: Target
} {
  return {
    guild: { id: groupOpenid },
    channel: { id: groupOpenid, type: 'text' },
    target: { kind: 'group', id: groupOpenid },
  }
}

/** A channel of a guild. */
export function guildPlace(
  guildId: string,
  channelId: string,
): { guild: Guild; channel: Channel; target: Target } {
  return {
    guild: { id: guildId },
    channel: { id: channelId, type: 'text' },
    target: { kind: 'channel', id: channelId },
  }
}

/** A direct message session of a guild. */
export function directMessagePlace(guildId: string): { channel: Channel; target: Target } {
  const target: Target = { kind: 'dm', id: guildId }
  return { channel: { id: channelIdOf(target), type: 'direct' }, target }
}

/** A user of whom only the id is known; `undefined` for what is no id. */
export function userOf(id: unknown): User | undefined {
  const known = readId(id)
  return known === undefined ? undefined : { id: known }
}
