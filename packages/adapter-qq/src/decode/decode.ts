import { isRecord } from '@mynah/adapter-kit'
import { createHash } from 'node:crypto'
import type { ChatEvent } from '@mynah/core'
import { makeReferrer } from './referrer.ts'
import { parseTime } from './time.ts'
import type { Dispatch } from '../wire/envelope.ts'
import type { WireEventName } from '../wire/events.ts'
import { checkDecoded } from './check.ts'
import type { Decoded, DecodeContext, EventFields, EventFrame } from './context.ts'
import { decoders } from './decoders.ts'

/** An event, and why it could not be read as what its name says, when it could not. */
export interface DecodeResult {
  /** The event. */
  readonly event: ChatEvent
  /** Why it could not be read. */
  readonly error?: unknown
}

const isKnown = (name: string): name is WireEventName => Object.hasOwn(decoders, name)

const nothing: EventFrame & EventFields = {}

/** Reads a frame that carries an event. Never fails: what cannot be read goes out with its payload alone. */
export function decodeEvent(envelope: Dispatch, context: DecodeContext): DecodeResult {
  try {
    return { event: build(envelope, context, checkDecoded(read(envelope, context))) }
  } catch (error) {
    return { event: build(envelope, context, nothing), error }
  }
}

function read({ t, d }: Dispatch, context: DecodeContext): Decoded {
  // RESUMED carries an empty text; whatever else is no object has nothing to read.
  return isKnown(t) && isRecord(d) ? readAs(t, d, context) : nothing
}

function readAs(name: WireEventName, d: Record<string, unknown>, context: DecodeContext): Decoded {
  // The one cast: the platform says that an event of this name has this payload. Where it has not, reading
  // fails and the event goes out as it came.
  const decoder = decoders[name] as (d: unknown, context: DecodeContext) => Decoded
  return decoder(d, context)
}

function build(envelope: Dispatch, context: DecodeContext, decoded: EventFrame & EventFields): ChatEvent {
  const { t, d } = envelope
  const { type, key, time, target, referrer, ...fields } = decoded
  const platformType = `qq/${t}`
  const sentAt = parseTime(time)
  return {
    id: key ?? eventId(envelope, context),
    type: type ?? platformType,
    platformType,
    platform: 'qq',
    selfId: context.selfId,
    time: sentAt ?? context.receivedAt,
    ...(context.redelivered === true && { redelivered: true }),
    ...fields,
    referrer: makeReferrer({
      event: t,
      receivedAt: context.receivedAt,
      sentAt,
      kind: target?.kind,
      target: target?.id,
      eventId: envelope.id || undefined,
      ...referrer,
    }),
    raw: d,
  }
}

/** The outer id; where there is none, what the frame says makes one. */
function eventId({ id, t, s, d }: Dispatch, { receivedAt }: DecodeContext): string {
  if (id !== undefined && id !== null && id !== '') return id
  // Each READY and RESUMED is one of its own, however much it looks like the last one.
  if (t === 'READY' || t === 'RESUMED') return `${t}:${s ?? ''}:${receivedAt}`
  const digest = createHash('sha256').update(asText(d) ?? `${s ?? ''}:${receivedAt}`)
  return `${t}:${digest.digest('hex').slice(0, 32)}`
}

/** Nothing that the platform sends nests so deep that it cannot be written; what does is told apart by when it came. */
function asText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
