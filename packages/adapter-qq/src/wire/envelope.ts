import { isRecord } from '@mynah/adapter-kit'
import { MynahError } from '@mynah/core'

/** The frame that gateway and webhook carry (official docs: "Event subscription and notification"). */
export interface Envelope {
  /** What kind of frame it is. */
  readonly op: number
  /** Sequence; only on dispatches of the gateway. */
  readonly s?: number
  /** Event name; only on dispatches. */
  readonly t?: string
  /** The outer event id: what `event_id` of a reply needs. Absent on READY and RESUMED. */
  readonly id?: string
  /** The content. */
  readonly d?: unknown
}

/** A frame that carries an event. */
export interface Dispatch extends Envelope {
  /** Name of the event. */
  readonly t: string
}

/** The opcodes. */
export const opcodes = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
  callbackAck: 12,
  callbackValidation: 13,
} as const

/** Reads a frame. @throws SyntaxError or MynahError `FRAME_INVALID` when it is none. */
export function parseEnvelope(text: string): Envelope {
  const value: unknown = JSON.parse(text)
  if (isEnvelope(value)) return value
  throw new MynahError('FRAME_INVALID', 'It has no opcode, or fields of the wrong kind.')
}

/** Whether a value has the shape of a frame. */
export function isEnvelope(value: unknown): value is Envelope {
  if (!isRecord(value) || typeof value['op'] !== 'number') return false
  const { s, t, id } = value
  return (
    (s === undefined || s === null || typeof s === 'number') &&
    (t === undefined || t === null || typeof t === 'string') &&
    (id === undefined || id === null || typeof id === 'string')
  )
}

/** Whether a frame carries an event. */
export function isDispatch(envelope: Envelope): envelope is Dispatch {
  return envelope.op === opcodes.dispatch && typeof envelope.t === 'string'
}
