import { ApiFault } from './api-fault.ts'
import type { QQClock } from './clock.ts'
import { isObject, type JsonObject } from './fields.ts'
import type { QQScene } from './message.ts'

const minuteMs = 60_000

/** How long a message or event can be answered, in ms (official docs: "Sending messages", passive messages). */
const windowMs: Record<QQScene, number> = {
  c2c: 60 * minuteMs,
  group: 5 * minuteMs,
  channel: 5 * minuteMs,
  dm: 5 * minuteMs,
}

const replyableEvents: Record<QQScene, RegExp> = {
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
  /** The places an answer may go to, as `scene:id`; a guild stands for all its channels. */
  readonly places: readonly string[]
  /** The id of whoever caused it, of any id space. */
  readonly actor: string | undefined
  used: number
  readonly sequences: Set<number>
}

interface Place {
  scene: QQScene
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
const refusalsOf = (scene: QQScene): Refusals =>
  scene === 'c2c' || scene === 'group' ? chatRefusals : guildRefusals

/** Keeps what can be answered and applies the rules of passive messages: window, count and `msg_seq`. */
export class ReplySources {
  readonly #clock: QQClock
  readonly #budgets: Partial<Record<QQScene, number>>
  readonly #messages = new Map<string, ReplySource>()
  readonly #events = new Map<string, ReplySource>()

  /** @param budgets - How many answers one source allows; a scene without a number has no limit. */
  constructor(clock: QQClock, budgets: Partial<Record<QQScene, number>>) {
    this.#clock = clock
    this.#budgets = budgets
  }

  /** Notes an event on its way to the bot. */
  note(event: string, outerId: string, data: unknown): void {
    if (!isObject(data)) return
    const base = { event, receivedAt: this.#clock.now(), places: placesOf(event, data), actor: actorOf(data) }
    const messageId = text(data['id'])
    if (/(^|_)MESSAGE_CREATE$/.test(event) && messageId !== undefined && !this.#messages.has(messageId)) {
      this.#messages.set(messageId, { ...base, id: messageId, used: 0, sequences: new Set() })
    }
    this.#events.set(outerId, { ...base, id: outerId, used: 0, sequences: new Set() })
  }

  /** Forgets what leads to a place, as leaving a group does. */
  forget(scene: QQScene, target: string): void {
    for (const sources of [this.#messages, this.#events]) {
      for (const [id, source] of sources) if (source.places.includes(`${scene}:${target}`)) sources.delete(id)
    }
  }

  /**
   * Finds the message that is answered.
   *
   * @throws ApiFault when it is unknown, belongs elsewhere, is too old or has no answers left.
   */
  message(id: string, place: Place, sequence?: number): ReplySource {
    const refusals = refusalsOf(place.scene)
    const source = this.#messages.get(id)
    if (source === undefined || !leadsTo(source, place)) throw new ApiFault(refusals.messageUnknown)
    return this.#usable(source, place.scene, refusals.messageExpired, sequence)
  }

  /**
   * Finds the event that is answered.
   *
   * @throws ApiFault 40034025 unknown or foreign, 40034026 too old, 40034027 of a kind that has no answers.
   */
  event(id: string, place: Place, sequence?: number): ReplySource {
    const source = this.#events.get(id)
    if (source === undefined) throw new ApiFault(40034025)
    if (!replyableEvents[place.scene].test(source.event)) throw new ApiFault(40034027)
    if (!leadsTo(source, place)) throw new ApiFault(40034025)
    return this.#usable(source, place.scene, 40034026, sequence)
  }

  #usable(
    source: ReplySource,
    scene: QQScene,
    expiredCode: number,
    sequence: number | undefined,
  ): ReplySource {
    // A repeat of what went through is told so even when the window closed in between.
    if (sequence !== undefined && source.sequences.has(sequence)) throw new ApiFault(40054005)
    if (this.#clock.now() - source.receivedAt > windowMs[scene]) throw new ApiFault(expiredCode)
    const budget = this.#budgets[scene]
    if (budget !== undefined && source.used >= budget) throw new ApiFault(40034128)
    return source
  }
}

const leadsTo = (source: ReplySource, { scene, target, guildId }: Place): boolean =>
  source.places.includes(`${scene}:${target}`) ||
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
  const author = isObject(data['author']) ? text(data['author']['user_openid']) : undefined
  const openid = author ?? text(data['openid']) ?? text(data['user_openid'])
  return openid === undefined ? [] : [`c2c:${openid}`]
}

function actorOf(data: JsonObject): string | undefined {
  const author = isObject(data['author']) ? text(data['author']['id']) : undefined
  const user = isObject(data['user']) ? text(data['user']['id']) : undefined
  const resolved =
    isObject(data['data']) && isObject(data['data']['resolved']) ? data['data']['resolved'] : {}
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
