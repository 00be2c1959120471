import type { Clock } from '@mynah/core'
import type { ReplyLimits } from '../config.ts'
import { QQApiError } from '../errors.ts'
import type { TargetKind, Target } from '../encode/target.ts'
import type { QQReferrer } from '../decode/referrer.ts'

/** What a {@link ReplyWindows} needs. */
export interface ReplyWindowsOptions {
  /** Answers per message. */
  readonly limits: ReplyLimits
  /** Time as the bot sees it. */
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** A number in [0, 1). @defaultValue Math.random */
  readonly random?: () => number
  /** Messages and events kept at most; the oldest goes first. @defaultValue 50000 */
  readonly maxSources?: number
}

/** The field that makes a message an answer. */
export type PassiveId = { readonly msg_id: string } | { readonly event_id: string }

/** Leave to send one answer. */
export interface ReplyClaim {
  /** The field that makes it an answer. */
  readonly passive: PassiveId
  /** Never given twice for one id; absent on the guild side, which has none. */
  readonly msgSeq: number | undefined
  /** What it answers. */
  readonly source: ReplySource
}

/** A message or event that can be answered. */
export interface ReplySource {
  /** The id that is answered, with its kind. */
  readonly key: string
  /** Where it came from. */
  readonly place: string
  /** The field that makes it an answer. */
  readonly passive: PassiveId
  /** The kind of place. */
  readonly kind: TargetKind
  /** When the platform says that its window closes, in ms since 1970. */
  readonly expiresAt: number
  /** The same by the monotonic clock. */
  readonly closesAt: number
  /**
   * When a window that had begun with the arrival would close, by the monotonic clock. Answers are tried until then:
   * the clock of this machine may be wrong, and the platform knows best.
   */
  readonly endsAt: number
  /** How many answers it takes. */
  readonly limit: number
  /** How many it got. */
  used: number
  /** Number of the next answer. */
  nextSequence: number
  /** The platform said that it cannot be answered. */
  isClosed: boolean
  /** A run before this one may have answered it, with the same numbers: one that was used means that the chat has it. */
  readonly mayBeAnswered: boolean
}

const minuteMs = 60_000

/** How long something can be answered, in ms (official docs: "Sending messages", passive messages). */
const windowMs: Readonly<Record<TargetKind, number>> = {
  c2c: 60 * minuteMs,
  group: 5 * minuteMs,
  channel: 5 * minuteMs,
  dm: 5 * minuteMs,
}

/** Events that can be answered by their outer id (official docs: "Sending messages", `event_id`). */
const replyableEvents: Readonly<Record<TargetKind, RegExp>> = {
  c2c: /^(INTERACTION_CREATE|C2C_MSG_RECEIVE|FRIEND_ADD)$/,
  group: /^(INTERACTION_CREATE|GROUP_ADD_ROBOT|GROUP_MSG_RECEIVE|GROUP_MEMBER_ADD)$/,
  channel:
    /^(GUILD_MEMBER_(ADD|UPDATE|REMOVE)|MESSAGE_REACTION_(ADD|REMOVE)|FORUM_THREAD_(CREATE|UPDATE|DELETE)|FORUM_(POST|REPLY)_(CREATE|DELETE))$/,
  dm: /(?!)/,
}

const highestSequence = 4_294_967_295

/** Sequences of ids that another process may have answered begin somewhere above this. */
const foreignSequence = 1_000_000
const foreignSpread = 2_000_000_000

/** Windows of a guild event are not bound to one channel. */
const anyChannel = 'channel:'

/**
 * Knows what can still be answered: how long, how often, and with which `msg_seq`. Every answer is claimed
 * before it is sent, so that two that run at the same time never take the same place or the same number.
 */
export class ReplyWindows {
  readonly #options: ReplyWindowsOptions
  /** In the order in which they came. */
  readonly #sources = new Map<string, ReplySource>()
  readonly #places = new Map<string, Set<ReplySource>>()

  constructor(options: ReplyWindowsOptions) {
    this.#options = options
  }

  /**
   * Takes note of an event on its way in; does nothing for those that cannot be answered. Its answers are numbered in the
   * order in which they are claimed: for an event that comes again after a crash they get the numbers that they had.
   *
   * @param mayBeAnswered - Whether a run before this one may have answered it.
   */
  note(referrer: QQReferrer, mayBeAnswered = false): void {
    this.#add(referrer, 1, mayBeAnswered)
  }

  /**
   * Takes one answer to an event, for a message to `target`.
   *
   * @returns `undefined` when there is none (left).
   */
  claim(target: Target, referrer: QQReferrer): ReplyClaim | undefined {
    const source = this.#find(target, referrer)
    return source === undefined || !this.#isOpen(source) ? undefined : this.#take(source)
  }

  /** Takes a `msg_seq` without using up an answer, for "is typing". */
  claimSequence(target: Target, referrer: QQReferrer): ReplyClaim | undefined {
    const claim = this.claim(target, referrer)
    if (claim !== undefined) claim.source.used -= 1
    return claim
  }

  /**
   * Takes an answer to something else that came from the same place, newest first. Each keeps its last one,
   * for its own handler.
   */
  borrow(target: Target, referrer?: QQReferrer): ReplyClaim | undefined {
    const source = this.#lenders(target, referrer).at(-1)
    return source === undefined ? undefined : this.#take(source)
  }

  /** Takes the next number for a claim whose number the platform had seen already. */
  renumber(claim: ReplyClaim): ReplyClaim {
    return { ...claim, msgSeq: this.#nextSequence(claim.source) }
  }

  /** Gives an answer back: the message was certainly not sent. Its number stays used. */
  release(claim: ReplyClaim): void {
    claim.source.used = Math.max(0, claim.source.used - 1)
  }

  /** Nothing more can be answered here: the platform said so. */
  drop(source: ReplySource): void {
    source.isClosed = true
    this.#forget(source, false)
  }

  /** Nothing that came from a place can be answered any more. */
  dropPlace(target: Target): void {
    for (const source of this.#places.get(placeOf(target)) ?? []) this.drop(source)
  }

  /** Answers left to an event, `Infinity` where nobody counts, and when its window closes (ms since 1970). */
  left(target: Target, referrer: QQReferrer): { replies: number; expiresAt: number } {
    const source = this.#find(target, referrer)
    if (source === undefined) return { replies: 0, expiresAt: referrer.receivedAt }
    const isTimely = this.#options.clock.monotonic() < source.closesAt
    const replies = isTimely && this.#isOpen(source) ? source.limit - source.used : 0
    return { replies, expiresAt: source.expiresAt }
  }

  /** Answers that {@link borrow} would give now, one after the other. */
  borrowable(target: Target, referrer?: QQReferrer): number {
    return this.#lenders(target, referrer).reduce((sum, { limit, used }) => sum + limit - used - 1, 0)
  }

  /**
   * What else came from a place and can spare an answer, oldest first; not what may have been answered before, whose
   * numbers say which answers the chat has.
   */
  #lenders(target: Target, referrer: QQReferrer | undefined): ReplySource[] {
    const own = referrer === undefined ? undefined : this.#find(target, referrer)
    return Array.from(this.#places.get(placeOf(target)) ?? []).filter(
      (source) =>
        source !== own && !source.mayBeAnswered && this.#isOpen(source) && source.limit - source.used > 1,
    )
  }

  #isOpen(source: ReplySource): boolean {
    return (
      !source.isClosed &&
      source.used < source.limit &&
      source.nextSequence <= highestSequence &&
      this.#options.clock.monotonic() < source.endsAt
    )
  }

  #take(source: ReplySource): ReplyClaim {
    source.used += 1
    return { passive: source.passive, msgSeq: this.#nextSequence(source), source }
  }

  #nextSequence(source: ReplySource): number | undefined {
    if (source.kind !== 'c2c' && source.kind !== 'group') return undefined
    const sequence = source.nextSequence
    source.nextSequence += 1
    return sequence
  }

  /** The source of an event for a target, if it leads there. */
  #find(target: Target, referrer: QQReferrer): ReplySource | undefined {
    const found = this.#sources.get(keyOf(referrer) ?? '') ?? this.#add(referrer, this.#foreignStart(), false)
    const isThere =
      found?.place === placeOf(target) || (found?.place === anyChannel && target.kind === 'channel')
    return isThere ? found : undefined
  }

  /** An event that did not come in here may have been answered elsewhere, with numbers nobody here knows. */
  #foreignStart(): number {
    const { random = Math.random } = this.#options
    return foreignSequence + Math.floor(random() * foreignSpread)
  }

  #add(referrer: QQReferrer, firstSequence: number, mayBeAnswered: boolean): ReplySource | undefined {
    const key = keyOf(referrer)
    const passive = passiveOf(referrer)
    if (key === undefined || passive === undefined) return undefined
    const known = this.#sources.get(key)
    if (known !== undefined) return known
    const kind = kindOf(referrer)
    const { receivedAt, sentAt = receivedAt } = referrer
    const now = this.#options.clock.monotonic()
    const waitedMs = Math.max(0, this.#options.clock.now() - receivedAt)
    const endsAt = now - waitedMs + windowMs[kind]
    // What comes from the future comes from a clock that is wrong.
    const lateMs = Math.max(0, receivedAt - sentAt)
    const source: ReplySource = {
      key,
      passive,
      kind,
      place: referrer.target === undefined ? anyChannel : placeOf({ kind, id: referrer.target }),
      expiresAt: receivedAt - lateMs + windowMs[kind],
      closesAt: endsAt - lateMs,
      endsAt,
      limit: kind === 'c2c' || kind === 'group' ? this.#options.limits[kind] : Infinity,
      used: 0,
      nextSequence: firstSequence,
      isClosed: false,
      mayBeAnswered,
    }
    // One that is over is not kept: nothing can be claimed from it.
    if (endsAt > now) this.#keep(source)
    return source
  }

  #keep(source: ReplySource): void {
    this.#makeRoom()
    this.#sources.set(source.key, source)
    const place = this.#places.get(source.place)
    if (place === undefined) this.#places.set(source.place, new Set([source]))
    else place.add(source)
  }

  #makeRoom(): void {
    const now = this.#options.clock.monotonic()
    const { maxSources = 50_000 } = this.#options
    for (const source of this.#sources.values()) {
      if (source.endsAt > now && this.#sources.size < maxSources) return
      this.#forget(source, true)
    }
  }

  /** @param isOver - Whether its key may come again; one that was refused is remembered until it is over. */
  #forget(source: ReplySource, isOver: boolean): void {
    if (isOver) this.#sources.delete(source.key)
    const place = this.#places.get(source.place)
    place?.delete(source)
    if (place?.size === 0) this.#places.delete(source.place)
  }
}

/** Whether the chat has an answer of a run before this one: its event came again, and its number was used. */
export function isAnsweredAlready({ source }: ReplyClaim, error: unknown): boolean {
  return source.mayBeAnswered && error instanceof QQApiError && error.action === 'duplicate'
}

function placeOf({ kind, id }: Target): string {
  return `${kind}:${id}`
}

/** Events of a guild that name no channel are answered in one of its channels. */
function kindOf({ kind }: QQReferrer): TargetKind {
  return kind ?? 'channel'
}

/** The id by which an event can be answered: its message, or else itself if it is of the right kind. */
function passiveOf(referrer: QQReferrer): PassiveId | undefined {
  const { msgId, eventId, event } = referrer
  if (msgId !== undefined && isMessage(event)) return { msg_id: msgId }
  if (eventId === undefined || !replyableEvents[kindOf(referrer)].test(event)) return undefined
  return { event_id: eventId }
}

const isMessage = (event: string): boolean => event.endsWith('MESSAGE_CREATE')

function keyOf(referrer: QQReferrer): string | undefined {
  const passive = passiveOf(referrer)
  if (passive === undefined) return undefined
  return 'msg_id' in passive ? `m:${passive.msg_id}` : `e:${passive.event_id}`
}
