import type { Clock, Logger } from '@mynah/core'

import type { KookEventData } from '../wire/events.ts'

/** Who takes what comes in, by the gateway or by the webhook. */
export interface EventTaker {
  /** Takes each event once, in order. @param sn - The number that it came with. */
  readonly onEvent: (data: KookEventData, sn: number) => void
  /** How many events there is room for. @defaultValue any number */
  readonly room?: (() => number) | undefined
  /** Events could not be taken; why, in words for an operator. */
  readonly onRefused?: ((reason: string, count?: number) => void) | undefined
  /** Hears about the connection, and why requests are refused. */
  readonly logger: Logger
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined
}
