import { readId } from '@mynah/adapter-kit'
import type { Channel, ChatEvent, ChatEventName, User } from '@mynah/core'
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
  /** Whether a run before this one may have handled it. @defaultValue false */
  readonly redelivered?: boolean
}

type Reference = { readonly [K in keyof QQReferrer]?: QQReferrer[K] | undefined }

/** What decoders read of a payload, and an event has as it is. */
export interface EventFields extends Partial<
  Pick<
    ChatEvent,
    'user' | 'member' | 'guild' | 'channel' | 'message' | 'operator' | 'emoji' | 'button' | 'comment'
  >
> {
  /** Where an answer goes. */
  readonly target?: Target
}

/** What decoders read of a payload, and what makes an event of it. */
export interface EventFrame {
  /** Absent when the common vocabulary has no word. */
  readonly type?: ChatEventName | undefined
  /** Replaces the outer id for de-duplication: one message may come under two event names. */
  readonly key?: string | undefined
  /** Any of the platform's times. */
  readonly time?: unknown
  readonly referrer?: Omit<Reference, 'event' | 'receivedAt' | 'sentAt' | 'eventId' | 'kind' | 'target'>
}

type LooseValue<T> = T extends readonly unknown[] | string | number | boolean | undefined ? T : Loose<T>

/** The same, where anything may be missing. */
export type Loose<T> = { readonly [K in keyof T]: LooseValue<T[K]> | undefined }

/** What a decoder reads of a payload; the rest of the event is the same for all. */
export type Decoded = EventFrame & Loose<EventFields>

/** A one-to-one chat as a channel. */
export function directChannel(openid: string): Channel {
  return { id: channelIdOf({ kind: 'c2c', id: openid }), type: 'direct' }
}

/** Where something happened, and where an answer goes. */
export type Place = Pick<Decoded, 'guild' | 'channel' | 'target'>

/** A one-to-one chat. */
export function userPlace(openid: string): Place {
  return { channel: directChannel(openid), target: { kind: 'c2c', id: openid } }
}

/** A group as a guild and as its only channel. */
export function groupPlace(id: string): Place {
  return { guild: { id }, channel: { id, type: 'text' }, target: { kind: 'group', id } }
}

/** A channel of a guild. */
export function guildPlace(guildId: string, id: string): Place {
  return { guild: { id: guildId }, channel: { id, type: 'text' }, target: { kind: 'channel', id } }
}

/** A direct message session of a guild. */
export function directMessagePlace(id: string): Place {
  const target: Target = { kind: 'dm', id }
  return { channel: { id: channelIdOf(target), type: 'direct' }, target }
}

/** A user of whom only the id is known; `undefined` for what is no id. */
export function userOf(id: unknown): User | undefined {
  const known = readId(id)
  return known === undefined ? undefined : { id: known }
}
