import { hash } from 'node:crypto'

import type { ChatEvent } from '@mynah/core'

import { type Raw, readId, readString, readTime } from '../wire/raw.ts'
import { decodeMessageEvent } from './message.ts'
import { noticeDecoders } from './notice.ts'
import { type EventBase, platform } from './parts.ts'
import { decodeRequest } from './request.ts'

/**
 * Counts the events of one connection that are equal in every field, among them the second: 1 for the first one.
 * No connection brings an event twice, so a second one did happen; over another connection it is a copy.
 */
export type CountEqual = (id: string) => number

const once: CountEqual = () => 1

/**
 * Turns an event of OneBot into the framework's. Never drops: what is unknown keeps its own name
 * (`onebot/<post type>.<second level>`) and its payload.
 *
 * @param selfId - The account of the connection, for events that leave `self_id` out.
 * @param countEqual - Tells events apart that have no id of their own.
 * @throws RangeError for an event that is nested thousands of levels deep.
 */
export function decodeEvent(raw: Raw, selfId: string, countEqual: CountEqual = once): ChatEvent {
  const { post_type: postType } = raw
  if (postType === 'message' || postType === 'message_sent') {
    const event = decodeMessageEvent(raw, selfId)
    return event.message?.id === '' ? { ...event, id: contentId(raw, eventName(raw), countEqual) } : event
  }
  const name = eventName(raw)
  const base: EventBase = {
    id: eventId(raw, name, countEqual),
    platformType: `${platform}/${name}`,
    platform,
    selfId: readId(raw['self_id']) ?? selfId,
    time: readTime(raw['time']) ?? Date.now(),
    raw,
  }
  const parts = postType === 'request' ? decodeRequest(raw) : noticeDecoders.get(name)?.(raw, base)
  const event = { type: base.platformType, ...base, ...parts }
  return promises(event.type).every((part) => hasId(event[part]))
    ? event
    : { ...event, type: base.platformType }
}

const hasId = (part: { readonly id: string } | undefined): boolean => part !== undefined && part.id !== ''

type Part = 'guild' | 'user' | 'channel' | 'message'

const promised: readonly (readonly [RegExp, readonly Part[]])[] = [
  [/^message-/, ['channel', 'message']],
  [/^reaction-/, ['channel', 'message']],
  [/^guild-(?:member|file|request)/, ['guild', 'user']],
  [/^guild-/, ['guild']],
  [/^channel-/, ['channel']],
  [/^direct-file/, ['channel', 'user']],
  [/^(?:friend-|poke)/, ['user']],
]

/** What the common vocabulary promises of an event; one that lacks it keeps its own name. */
function promises(type: string): readonly Part[] {
  return promised.find(([pattern]) => pattern.test(type))?.[1] ?? []
}

/** Whether an event is one that the adapter knows. */
export function isKnown(event: ChatEvent): boolean {
  const name = event.platformType.slice(platform.length + 1)
  return noticeDecoders.has(name) || knownElsewhere.has(name)
}

const knownElsewhere: ReadonlySet<string> = new Set([
  'message.private',
  'message.group',
  'message.guild',
  'message_sent.private',
  'message_sent.group',
  'request.friend',
  'request.group',
  'meta_event.lifecycle',
  'meta_event.heartbeat',
])

/** `post_type.second`, and for `notify` the sub type behind it. */
export function eventName(raw: Raw): string {
  const postType = readString(raw['post_type']) ?? ('meta_event_type' in raw ? 'meta_event' : 'unknown')
  const second = readString(raw[`${postType === 'message_sent' ? 'message' : postType}_type`]) ?? 'unknown'
  const name = `${postType}.${second}`
  return second === 'notify' ? `${name}.${readString(raw['sub_type']) ?? 'unknown'}` : name
}

/** The same event has the same id, whichever connection it comes through. */
function eventId(raw: Raw, name: string, countEqual: CountEqual): string {
  const { flag, message_id: messageId } = raw
  // Where the flag is the id of a person, only the time tells two requests apart.
  if (typeof flag === 'string') {
    return shortId(`${name}:${readString(raw['sub_type']) ?? ''}:${flag}:${readString(raw['time']) ?? ''}`)
  }
  if (messageId !== undefined && name.endsWith('_recall')) {
    return shortId(`${name}:${readString(raw['group_id']) ?? ''}:${readString(messageId) ?? ''}`)
  }
  return contentId(raw, name, countEqual)
}

/** The id of an event that has none: what it says, and the how manieth of its kind it is. */
function contentId(raw: Raw, name: string, countEqual: CountEqual): string {
  const id = shortId(`${name}:${JSON.stringify(raw, withoutNoise)}`)
  // NapCat tells of an invited member twice, and sometimes sends heartbeats twice.
  const isTwice = name === 'notice.group_increase' || name.startsWith('meta_event.')
  const count = isTwice ? 1 : countEqual(id)
  return count === 1 ? id : `${id}#${count}`
}

const longestId = 128

/** Ids are remembered by the thousand, so long ones are replaced by their hash. */
function shortId(id: string): string {
  return id.length > longestId ? hash('sha1', id) : id
}

/** `raw_info` differs between copies of one notice. */
const withoutNoise = (key: string, value: unknown): unknown => (key === 'raw_info' ? undefined : value)
