import { ApiRefusal } from '../calls/refusal.ts'
import type { Clock } from '@mynah/core'
import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'
import type { QQTargetKind } from './message.ts'

const minuteMs = 60_000

/** How long a message or event can be answered, in ms (official docs: "Sending messages", passive messages). */
const windowMs: Record<QQTargetKind, number> = {
  c2c: 60 * minuteMs,
  group: 5 * minuteMs,
  channel: 5 * minuteMs,
  dm: 5 * minuteMs,
}

const replyableEvents: Record<QQTargetKind, RegExp> = {
  c2c: /^(INTERACTION_CREATE|C2C_MSG_RECEIVE|FRIEND_ADD)$/,
  group: /^(INTERACTION_CREATE|GROUP_ADD_ROBOT|GROUP_MSG_RECEIVE|GROUP_MEMBER_ADD)$/,
  channel:
    /^(GUILD_MEMBER_(ADD|UPDATE|REMOVE)|MESSAGE_REACTION_(ADD|REMOVE)|FORUM_THREAD_(CREATE|UPDATE|DELETE)|FORUM_(POST|REPLY)_(CREATE|DELETE))$/,
  dm: /^$/,
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Something a bot can answer: a message by `msg_id`, an event by `event_id`. */
export interface ReplySource {
  readonly id: string
  readonly event: string
  readonly receivedAt: number
  /** The places an answer may go to, as `kind:id`; a guild stands for all its channels. */
  readonly places: readonly string[]
  /** The id of whoever caused it, of any id space. */
  readonly actor: string | undefined
  used: number
  readonly sequences: Set<number>
}

interface Place {
  targetKind: QQTargetKind
  target: string
  /** The guild a channel belongs to. */
  guildId?: string | undefined
}

/** The codes each side of the API refuses ids with. */
interface Refusals {
  messageUnknown: number
  messageExpired: number
}

const chatRefusals: Refusals = { messageUnknown: 40034024, messageExpired: 40034005 }
const guildRefusals: Refusals = { messageUnknown: 304026, messageExpired: 304027 }
const refusalsOf = (targetKind: QQTargetKind): Refusals =>
  targetKind === 'c2c' || targetKind === 'group' ? chatRefusals : guildRefusals

/** Keeps what can be answered and applies the rules of passive messages: window, count and `msg_seq`. */
export class ReplySources {
  readonly #clock: Clock
  readonly #budgets: Partial<Record<QQTargetKind, number>>
  readonly #messages = new Map<string, ReplySource>()
  readonly #events = new Map<string, ReplySource>()

  /** @param budgets - How many answers one source allows; a kind of place without a number has no limit. */
  constructor(clock: Clock, budgets: Partial<Record<QQTargetKind, number>>) {
    this.#clock = clock
    this.#budgets = budgets
  }

  /** Notes an event on its way to the bot. */
  note(event: string, outerId: string, data: unknown): void {
    if (!isJsonObject(data)) return
    const base = { event, receivedAt: this.#clock.now(), places: placesOf(event, data), actor: actorOf(data) }
    const messageId = text(data['id'])
    if (/(^|_)MESSAGE_CREATE$/.test(event) && messageId !== undefined && !this.#messages.has(messageId)) {
      this.#messages.set(messageId, { ...base, id: messageId, used: 0, sequences: new Set() })
    }
    this.#events.set(outerId, { ...base, id: outerId, used: 0, sequences: new Set() })
  }

  /** Forgets what leads to a place, as leaving a group does. */
  forget(targetKind: QQTargetKind, target: string): void {
    for (const sources of [this.#messages, this.#events]) {
      for (const [id, source] of sources)
        if (source.places.includes(`${targetKind}:${target}`)) sources.delete(id)
    }
  }

  /**
   * Finds the message that is answered.
   *
   * @throws ApiRefusal when it is unknown, belongs elsewhere, is too old or has no answers left.
   */
  message(id: string, place: Place, sequence?: number): ReplySource {
    const refusals = refusalsOf(place.targetKind)
    const source = this.#messages.get(id)
    if (source === undefined || !leadsTo(source, place)) throw new ApiRefusal(refusals.messageUnknown)
    return this.#usable(source, place.targetKind, refusals.messageExpired, sequence)
  }

  /**
   * Finds the event that is answered.
   *
   * @throws ApiRefusal 40034025 unknown or foreign, 40034026 too old, 40034027 of a kind that has no answers.
   */
  event(id: string, place: Place, sequence?: number): ReplySource {
    const source = this.#events.get(id)
    if (source === undefined) throw new ApiRefusal(40034025)
    if (!replyableEvents[place.targetKind].test(source.event)) throw new ApiRefusal(40034027)
    if (!leadsTo(source, place)) throw new ApiRefusal(40034025)
    return this.#usable(source, place.targetKind, 40034026, sequence)
  }

  #usable(
    source: ReplySource,
    targetKind: QQTargetKind,
    expiredCode: number,
    sequence: number | undefined,
  ): ReplySource {
    // A repeat of what went through is told so even when the window closed in between.
    if (sequence !== undefined && source.sequences.has(sequence)) throw new ApiRefusal(40054005)
    if (this.#clock.now() - source.receivedAt > windowMs[targetKind]) throw new ApiRefusal(expiredCode)
    const budget = this.#budgets[targetKind]
    if (budget !== undefined && source.used >= budget) throw new ApiRefusal(40034128)
    return source
  }
}

const leadsTo = (source: ReplySource, { targetKind, target, guildId }: Place): boolean =>
  source.places.includes(`${targetKind}:${target}`) ||
  (guildId !== undefined && source.places.includes(`guild:${guildId}`))

/** The places that a source leads to, read from its payload. */
function placesOf(event: string, data: JsonObject): string[] {
  const guildId = text(data['guild_id'])
  const channelId = text(data['channel_id'])
  const groupOpenid = text(data['group_openid'])
  if (event === 'DIRECT_MESSAGE_CREATE') return guildId === undefined ? [] : [`dm:${guildId}`]
  if (channelId !== undefined) return [`channel:${channelId}`]
  if (guildId !== undefined) return [`guild:${guildId}`]
  if (groupOpenid !== undefined) return [`group:${groupOpenid}`]
  const author = isJsonObject(data['author']) ? text(data['author']['user_openid']) : undefined
  const openid = author ?? text(data['openid']) ?? text(data['user_openid'])
  return openid === undefined ? [] : [`c2c:${openid}`]
}

function actorOf(data: JsonObject): string | undefined {
  const author = isJsonObject(data['author']) ? text(data['author']['id']) : undefined
  const user = isJsonObject(data['user']) ? text(data['user']['id']) : undefined
  const resolved =
    isJsonObject(data['data']) && isJsonObject(data['data']['resolved']) ? data['data']['resolved'] : {}
  const named = [
    'openid',
    'user_openid',
    'op_member_openid',
    'group_member_openid',
    'member_openid',
    'user_id',
  ]
  return author ?? user ?? named.map((name) => text(data[name])).find(Boolean) ?? text(resolved['user_id'])
}
