import { isRecord } from '@mynah/adapter-kit'
import type { ChatEvent } from '@mynah/core'

import { type KookEventData, messageTypes, type SystemEvent } from '../wire/events.ts'
import { type DecodeOptions, platform, toEvent } from './envelope.ts'
import { decodeMessageEvent, messageName } from './message-event.ts'
import { decodeBody } from './system-event.ts'

/**
 * Makes chat events of what the platform delivered: mostly one, for block lists one a user. What is unknown or
 * not as documented goes out under its own name with nothing but `raw`. Never throws, and the same data make
 * the same events.
 */
export function decodeEvent(data: KookEventData, options: DecodeOptions): ChatEvent[] {
  try {
    return isSystemEvent(data) ? decodeSystemEvent(data, options) : [decodeMessageEvent(data, options)]
  } catch {
    // A field that should be there is not, or is something else; the event goes out with its payload.
    const name = isSystemEvent(data) ? `${platform}/${systemName(data)}` : messageName(data)
    return [toEvent(data, options, name, {})]
  }
}

function isSystemEvent(data: KookEventData): data is SystemEvent {
  return data.type === messageTypes.system
}

function decodeSystemEvent(data: SystemEvent, options: DecodeOptions): ChatEvent[] {
  const name = systemName(data)
  const platformType = `${platform}/${name}`
  const parts = decodeBody(name, data, options)
  if (!Array.isArray(parts)) return [toEvent(data, options, platformType, parts)]
  return parts.map((part, index) => toEvent(data, options, platformType, part, `:${index}`))
}

/** In private `updated_guild` is another event: the bot's own nickname has changed. */
function systemName({ extra, channel_type: kind }: SystemEvent): string {
  const name = isRecord(extra) && typeof extra['type'] === 'string' ? extra['type'] : 'unknown'
  return name === 'updated_guild' && kind === 'PERSON' ? 'updated_guild.person' : name
}
