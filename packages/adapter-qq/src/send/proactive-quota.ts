import type { Clock } from '@mynah/core'
import type { TargetKind, Target } from '../encode/target.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** Daily quotas end at midnight in China. */
const chinaOffsetMs = 8 * 3_600_000

interface Quota {
  /** `target`: for each place by itself; `bot`: for all places of its kind together. */
  readonly per: 'target' | 'bot'
  readonly limit: number
  /** A sliding window in ms; absent means a calendar day. */
  readonly windowMs?: number
}

/**
 * What the platform grants a certified bot (official docs: "Sending messages", proactive messages). Others get
 * less; the platform tells them.
 */
const quotas: Readonly<Record<TargetKind, readonly Quota[]>> = {
  c2c: [
    { per: 'target', limit: 20, windowMs: minuteMs },
    { per: 'target', limit: 1000 },
    { per: 'bot', limit: 10, windowMs: 1000 },
  ],
  group: [
    { per: 'target', limit: 20, windowMs: minuteMs },
    { per: 'target', limit: 1000 },
    { per: 'bot', limit: 60, windowMs: minuteMs },
  ],
  channel: [{ per: 'target', limit: 20 }],
  dm: [
    { per: 'target', limit: 2 },
    { per: 'bot', limit: 200 },
  ],
}

/** Whether a message that answers nothing may be sent now, and if not, why and until when. */
export type ProactiveVerdict =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly reason: string; readonly retryAt?: number }

/** Counts messages that answer nothing, and remembers who does not want them. */
export class ProactiveQuota {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>
  /** Times of the sends per quota and place, oldest first. */
  readonly #sent = new Map<string, number[]>()
  /** Why, by place. */
  readonly #denied = new Map<string, string>()

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock
  }

  /** May a message go out now? */
  check(target: Target): ProactiveVerdict {
    const reason = this.#denied.get(`${target.kind}:${target.id}`)
    if (reason !== undefined) return { isAllowed: false, reason }
    for (const quota of quotas[target.kind]) {
      const times = this.#times(quota, target)
      const first = times[times.length - quota.limit]
      if (first === undefined) continue
      const what = `${quota.limit} proactive messages ${quota.windowMs === undefined ? 'a day' : `per ${quota.windowMs / 1000} s`} are used up`
      return { isAllowed: false, reason: what, retryAt: this.#endOf(quota, first) }
    }
    return { isAllowed: true }
  }

  /** How many may go out now. */
  left(target: Target): number {
    if (this.#denied.has(`${target.kind}:${target.id}`)) return 0
    const rest = quotas[target.kind].map((quota) => quota.limit - this.#times(quota, target).length)
    return Math.max(0, Math.min(...rest))
  }

  /** One goes out. @returns Takes it back: it was certainly not sent. */
  count(target: Target): () => void {
    const lists = quotas[target.kind].map((quota) => {
      const times = this.#times(quota, target)
      const now = this.#nowFor(quota)
      times.push(now)
      this.#sent.set(keyOf(quota, target), times)
      return { times, now }
    })
    return () => {
      for (const { times, now } of lists) {
        const index = times.lastIndexOf(now)
        if (index >= 0) times.splice(index, 1)
      }
    }
  }

  /** A place does not want them. */
  deny(target: Target, reason: string): void {
    this.#denied.set(`${target.kind}:${target.id}`, reason)
  }

  /** A place wants them again, or may do so. */
  allow(target: Target): void {
    this.#denied.delete(`${target.kind}:${target.id}`)
  }

  #times(quota: Quota, target: Target): number[] {
    const key = keyOf(quota, target)
    const times = this.#sent.get(key)
    if (times === undefined) return []
    const now = this.#nowFor(quota)
    const start = quota.windowMs === undefined ? startOfDay(now) : now - quota.windowMs
    while (times[0] !== undefined && times[0] <= start - (quota.windowMs === undefined ? 1 : 0)) times.shift()
    if (times.length === 0) this.#sent.delete(key)
    return times
  }

  /** Days are those of the calendar; windows are durations. */
  #nowFor({ windowMs }: Quota): number {
    return windowMs === undefined ? this.#clock.now() : this.#clock.monotonic()
  }

  /** When one more may go out, in ms since 1970. */
  #endOf({ windowMs }: Quota, first: number): number {
    if (windowMs === undefined) return startOfDay(first) + dayMs
    return this.#clock.now() + first + windowMs - this.#clock.monotonic()
  }
}

function keyOf(quota: Quota, { kind, id }: Target): string {
  return `${kind}:${quota.per === 'bot' ? '' : id}:${quota.windowMs ?? 'day'}`
}

function startOfDay(now: number): number {
  return Math.floor((now + chinaOffsetMs) / dayMs) * dayMs - chinaOffsetMs
}
