import { deflateRawSync, deflateSync } from 'node:zlib'
import type { JsonObject } from '@mynah/emulator-kit'

/** Signals of gateway frames. */
export const signals = {
  event: 0,
  hello: 1,
  ping: 2,
  pong: 3,
  resume: 4,
  reconnect: 5,
  resumeAck: 6,
} as const

/** An event with its number, as both the gateway and webhooks send it. */
export interface EventFrame {
  /** The signal of events. */
  readonly s: 0
  /** The event, as KOOK's pages on events define it. */
  readonly d: JsonObject
  /** Its number, counted for each session or webhook. */
  readonly sn: number
  /** Settings of the bot, secrets included, which the gateway sends beside the event. */
  readonly extra?: JsonObject
}

/** How a frame is put on the wire. */
export type KookFrameForm = 'text' | 'zlib' | 'raw-deflate'

/** Encodes a frame: one complete stream per message, without shared context. */
export function encodeFrame(frame: unknown, form: KookFrameForm): string | Buffer {
  const text = JSON.stringify(frame)
  if (form === 'text') return text
  return form === 'zlib' ? deflateSync(text) : deflateRawSync(text)
}
