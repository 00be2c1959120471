import type { ChatEvent } from '@mynah/core'

import type { KookEventData } from '../wire/events.ts'

/** Name of the platform in events and bots. */
export const platform = 'kook'

/** What decoding depends on. */
export interface DecodeOptions {
  /** The bot's own id. */
  readonly selfId: string
  /** Leave messages of other bots to platform listeners. */
  readonly ignoreBots: boolean
  /** Leave posts of the platform's notice account to platform listeners. */
  readonly ignoreNotices: boolean
}

/** What of an event its own decoder finds; the rest is the same for all events. */
export type EventParts = Partial<Omit<ChatEvent, 'id' | 'platformType' | 'platform' | 'selfId' | 'raw'>>

/** Puts an event together. Without a type in the common vocabulary it has the platform's own. */
export function toEvent(
  data: KookEventData,
  { selfId }: DecodeOptions,
  platformType: string,
  parts: EventParts,
  suffix = '',
): ChatEvent {
  return {
    type: platformType,
    ...parts,
    time: [parts.time, data.msg_timestamp].find(Number.isFinite) ?? 0,
    id: data.msg_id + suffix,
    platformType,
    platform,
    selfId,
    raw: data,
  }
}
