import { isRecord } from '@mynah/adapter-kit'
import type { ChatEvent, Json } from '@mynah/core'
import type { Target, TargetKind } from '../encode/target.ts'

/**
 * What is kept of an event to answer it later: plain data, so that it survives a queue, a store or another
 * process. The outer id (`eventId`) and the inner ones (`msgId`, `interactionId`) never stand for each other.
 */
export interface QQReferrer {
  /** Name of the event, such as `FRIEND_ADD`. */
  readonly event: string
  /** When it came in, in ms since 1970. */
  readonly receivedAt: number
  /** When it happened, in ms since 1970, where the platform tells: reply windows count from here. */
  readonly sentAt?: number
  /** The kind of place an answer goes to. */
  readonly kind?: TargetKind
  /** Its id there. */
  readonly target?: string
  /** Id of the message, for `msg_id`. */
  readonly msgId?: string
  /** Id of the envelope, for `event_id`. */
  readonly eventId?: string
  /** Id of the interaction, for its acknowledgement. */
  readonly interactionId?: string
  /** `REFIDX_…` by which a C2C or group message is quoted. */
  readonly refIdx?: string
  /** `REFIDX_…` or `TMP_…` of what the message quotes. */
  readonly quotedIdx?: string
  /** The guild where both sides of a direct message met. */
  readonly sourceGuildId?: string
  /** Id of a join request. */
  readonly joinRequestId?: string
}

/** Makes the referrer of an event; what is undefined stays out. */
export function makeReferrer(fields: { [K in keyof QQReferrer]: QQReferrer[K] | undefined }): Json {
  const referrer: Record<string, Json> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) referrer[name] = value
  return referrer
}

const kinds: readonly string[] = ['c2c', 'group', 'channel', 'dm'] satisfies TargetKind[]
const isKind = (value: unknown): value is TargetKind => typeof value === 'string' && kinds.includes(value)

/** Reads what {@link makeReferrer} made; `undefined` when the event is none of this platform. */
export function referrerOf(event: ChatEvent | undefined): QQReferrer | undefined {
  const referrer: unknown = event?.referrer
  if (event?.platform !== 'qq' || !isRecord(referrer)) return undefined
  const { event: name, receivedAt, sentAt, kind } = referrer
  if (typeof name !== 'string' || typeof receivedAt !== 'number') return undefined
  const fields: { -readonly [K in keyof QQReferrer]: QQReferrer[K] } = { event: name, receivedAt }
  if (isKind(kind)) fields.kind = kind
  if (typeof sentAt === 'number') fields.sentAt = sentAt
  for (const key of textKeys) {
    const value = referrer[key]
    if (typeof value === 'string') fields[key] = value
  }
  return fields
}

const textKeys = [
  'target',
  'msgId',
  'eventId',
  'interactionId',
  'refIdx',
  'quotedIdx',
  'sourceGuildId',
  'joinRequestId',
] as const

/** Where an answer to an event goes. */
export function targetIn({ kind, target }: QQReferrer): Target | undefined {
  return kind === undefined || target === undefined ? undefined : { kind, id: target }
}
