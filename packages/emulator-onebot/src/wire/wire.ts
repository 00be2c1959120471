/** One part of a message as it travels: `{ "type": "text", "data": { "text": "hi" } }`. */
export interface Segment {
  type: string
  data: Record<string, unknown>
}

/** A segment as callers may write it; `data` may be left out or null for segments without parameters. */
export interface SegmentInput {
  type: string
  data?: Record<string, unknown> | null
}

/** An event object, exactly as it is written to the socket. */
export type RawEvent = Record<string, unknown>

/** The frame that answers a call. Which fields are there depends on the profile. */
export interface Envelope {
  status: string
  retcode: number
  data: unknown
  msg?: string
  message?: string
  wording?: string
  stream?: 'normal-action' | 'stream-action'
  echo?: unknown
}

/** How a call reached the emulator; some result codes depend on it. */
export type Via = 'http' | 'websocket' | 'quick-operation'

/** The text of a WebSocket frame, in whichever form the library hands it out. */
export function textOfFrame(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString()
}

/** A parameter as text: strings as they are, everything else as JSON writes it. */
export function textOfValue(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
