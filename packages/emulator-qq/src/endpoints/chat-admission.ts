import { ApiRefusal } from '../calls/refusal.ts'
import { dayOf } from '../world/time.ts'
import type { Fields } from '../calls/fields.ts'
import { perMinute, perSecond, type RateLimit } from '../world/limits.ts'
import type { ReplySource } from '../world/reply-sources.ts'
import type { Platform } from '../world/platform.ts'
import type { UserState } from '../world/world.ts'

export type ChatKind = 'c2c' | 'group'

/** What a send to a user or group wants. */
export interface ChatSend {
  targetKind: ChatKind
  target: string
  fields: Fields
}

/** Leave to send. */
export interface Admission {
  /** What is answered; undefined for proactive messages. */
  source: ReplySource | undefined
  sequence: number
  /** Counts the message against its quotas; to be called once it went out. */
  commit: () => void
}

const highestSequence = 4_294_967_295
const perRelationPerDay = 1000

/**
 * Decides whether a message may go to a user or group now: is the target there, is the answered message or
 * event valid, and if none is named, do permission and quota allow a proactive message.
 */
export function admitToChat(platform: Platform, { targetKind, target, fields }: ChatSend): Admission {
  const messageId = fields.id('msg_id')
  const eventId = fields.id('event_id')
  const isWakeUp = fields.boolean('is_wakeup')
  const sequence = fields.optionalInt('msg_seq') ?? 1
  if (sequence < 1 || sequence > highestSequence) throw new ApiRefusal(40011000)
  if (messageId !== undefined && eventId !== undefined) throw fields.fault('event_id', 'excludes msg_id')
  const isPassive = messageId !== undefined || eventId !== undefined
  if (isWakeUp && isPassive) throw fields.fault('is_wakeup', 'excludes msg_id and event_id')

  const user = assertReachable(platform, targetKind, target, isPassive)
  const place = { targetKind, target }
  if (messageId !== undefined) {
    const source = platform.sources.message(messageId, place, sequence)
    return { source, sequence, commit: () => {} }
  }
  if (eventId !== undefined) {
    return { source: platform.sources.event(eventId, place, sequence), sequence, commit: () => {} }
  }
  const commit = isWakeUp ? wakeUp(platform, user) : admitProactive(platform, targetKind, target)
  return { source: undefined, sequence, commit }
}

/** Refuses targets the bot cannot send to at all; gives the user of a C2C chat. */
export function assertReachable(
  { world }: Platform,
  targetKind: ChatKind,
  openid: string,
  isPassive: boolean,
): UserState | undefined {
  if (targetKind === 'c2c') {
    const user = world.userByOpenid(openid)
    if (!user?.friend) throw new ApiRefusal(40054004)
    return user
  }
  const bot = world.groups.get(openid)?.botMember
  if (bot === undefined) throw new ApiRefusal(isPassive ? 40054003 : 40034101)
  if (bot.muted) throw new ApiRefusal(40054002)
  return undefined
}

/** Checks a proactive message against permission, rates and the daily quota of its relation. */
export function admitProactive(platform: Platform, targetKind: ChatKind, target: string): () => void {
  const { limits, world, grants } = platform
  const isAllowed =
    targetKind === 'c2c' ? world.userByOpenid(target)?.pushAllowed : world.groups.get(target)?.pushAllowed
  if (!isAllowed) throw new ApiRefusal(targetKind === 'c2c' ? 40034105 : 40034102)
  const rates: [key: string, limit: RateLimit][] = [
    [`push:${targetKind}:${target}:minute`, perMinute(20)],
    ...botRates(targetKind, grants.certified),
  ]
  const day = `push:${targetKind}:${target}`
  for (const [key, limit] of rates) limits.check(key, limit, 40034100)
  limits.checkDay(day, perRelationPerDay, 40034100)
  return () => {
    for (const [key] of rates) limits.hit(key)
    limits.hitDay(day)
  }
}

/** Proactive rates of the whole bot (official docs: "Sending messages", proactive messages). */
function botRates(targetKind: ChatKind, isCertified: boolean): [key: string, limit: RateLimit][] {
  if (targetKind === 'group') return [['push:group:minute', perMinute(isCertified ? 60 : 30)]]
  if (isCertified) return [['push:c2c:second', perSecond(10)]]
  return [
    ['push:c2c:second', perSecond(5)],
    ['push:c2c:minute', perMinute(30)],
  ]
}

/** Days after a user last spoke at which each wake-up period ends. */
const wakeUpPeriods = [1, 3, 7, 30]

function wakeUp(platform: Platform, user: UserState | undefined): () => void {
  if (user?.lastSpokeAt === undefined) throw new ApiRefusal(40034123)
  const days = dayOf(platform.clock.now()) - dayOf(user.lastSpokeAt)
  const period = wakeUpPeriods.findIndex((end) => days < end)
  if (period < 0) throw new ApiRefusal(40034123)
  if (user.wakeUps.has(period)) throw new ApiRefusal(40034122)
  return () => user.wakeUps.add(period)
}
