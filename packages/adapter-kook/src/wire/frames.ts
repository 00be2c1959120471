import type { KookEventData } from './events.ts'

/**
 * Signals of the gateway.
 *
 * @see KOOK developer documentation, "Websocket", section "信令格式".
 */
export const signals = {
  event: 0,
  hello: 1,
  ping: 2,
  pong: 3,
  resume: 4,
  reconnect: 5,
  resumeAck: 6,
} as const

/** A frame as it was read; which fields are there depends on the signal. */
export interface KookFrame {
  /** The signal. */
  readonly s: number
  /** What comes with the signal. */
  readonly d?: unknown
  /** The number of an event. */
  readonly sn?: number
}

/** A frame that carries an event. */
export interface EventFrame extends KookFrame {
  /** The signal of events. */
  readonly s: 0
  /** The event. */
  readonly d: KookEventData
}
