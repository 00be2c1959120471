/** One part of a message as it travels: `{ "type": "text", "data": { "text": "hi" } }`. */
export interface Segment {
  /** Its name in OneBot v11: `text`, `at`, `image`. */
  type: string
  /** Its parameters. */
  data: Record<string, unknown>
}

/** A segment as callers may write it; `data` may be left out or null for segments without parameters. */
export interface SegmentInput {
  /** Its name in OneBot v11: `text`, `at`, `image`. */
  type: string
  /** Its parameters. */
  data?: Record<string, unknown> | null
}

/** An event object, exactly as it is written to the socket. */
export type RawEvent = Record<string, unknown>

/** The frame that answers a call. Which fields are there depends on the profile. */
export interface Envelope {
  /** `ok` or `failed`, as OneBot v11 has it. */
  status: string
  /** The result code of OneBot v11: 0 when it went well. */
  retcode: number
  /** The result; null when there is none. */
  data: unknown
  /** Name of the error; go-cqhttp. */
  msg?: string
  /** The error in words; empty when there is none. */
  message?: string
  /** The same again, where the implementation does so. */
  wording?: string
  /** Whether it is one frame of several; NapCat. */
  stream?: 'normal-action' | 'stream-action'
  /** That of the call, unchanged. */
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
