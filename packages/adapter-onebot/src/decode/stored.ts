import { defined, isRecord } from '@mynah/adapter-kit'
import type { Message } from '@mynah/core'

import { readTime } from '../wire/raw.ts'
import { decodeMessageEvent } from './message.ts'
import { targetOf } from './resources.ts'

/** A message that was looked up. Some implementations leave out where it was said; the caller knows that. */
export function decodeStoredMessage(stored: object, selfId: string, channelId: string): Message {
  const target = targetOf(channelId)
  const place =
    target.kind === 'group'
      ? { message_type: 'group', group_id: target.groupId }
      : { message_type: 'private', target_id: target.kind === 'private' ? target.userId : undefined }
  const raw = isRecord(stored) ? { ...place, ...stored } : place
  const { user, member, guild, channel, message } = decodeMessageEvent(raw, selfId)
  const createdAt = readTime('time' in raw ? raw.time : undefined)
  return {
    id: message?.id ?? '',
    content: message?.content ?? [],
    ...defined({ user, member, guild, channel, quote: message?.quote, createdAt }),
  }
}
