import type { ChatEvent } from '@mynah/core'

/** What every decoder starts from. */
export interface EventBase {
  readonly id: string
  readonly platformType: string
  readonly platform: 'onebot'
  readonly selfId: string
  /** Ms since 1970. */
  readonly time: number
  readonly raw: unknown
}

/** What a decoder adds; without a `type` the event has no name in the common vocabulary. */
export type EventParts = Partial<Omit<ChatEvent, keyof EventBase>>

/** Name of the platform in events and bots. */
export const platform = 'onebot'
