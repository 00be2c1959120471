import type { Clock, MynahError } from '@mynah/core'
import { WaitQueue } from '../shared/wait-queue.ts'

/** What a response says about its rate limit; what it does not say stays out. */
export interface RateLimitReport {
  /** The bucket's name; several routes may share one. */
  readonly bucket?: string
  /** Calls per window. */
  readonly limit?: number
  /** Calls left in the window. */
  readonly remaining?: number
  /** In how many ms the window is full again. */
  readonly resetMs?: number
  /** The limit over all routes was hit. */
  readonly global?: boolean
}

interface Bucket {
  readonly waiters: WaitQueue<Bucket>
  inFlight: number
  /** `undefined` until the first headers came: then one call at a time. `Infinity` when there were none. */
  remaining: number | undefined
  limit: number | undefined
  resetAt: number
  pausedUntil: number
}

/** One call that was let through. */
export interface RateTicket {
  /**
   * The call is over.
   *
   * @param report - What its response said; `undefined` without a response.
   */
  done(report?: RateLimitReport): void
}

/** Beyond so many buckets the idle ones are forgotten. */
const maxBuckets = 1000

/**
 * Lets calls through as the headers of earlier responses allow. Which bucket a route belongs to is learned
 * from the responses as well; until then a route is a bucket of its own with one call at a time.
 */
export class RateBuckets {
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()
  readonly #bucketOfRoute = new Map<string, string>()
  #pausedUntil = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async acquire(route: string, signal: AbortSignal): Promise<RateTicket> {
    const bucket = this.#bucket(this.#bucketOfRoute.get(route) ?? route)
    const turn = bucket.waiters.wait(signal)
    this.#serve(bucket)
    // Not always the one it began to wait in: that one may have turned out to be part of another.
    const passed = await turn
    return { done: (report) => this.#done(route, passed, report) }
  }

  /** Lets no call of the route's bucket, or none at all, through for so long. */
  pause(route: string, delayMs: number, everything: boolean): void {
    const until = this.#clock.monotonic() + delayMs
    if (everything) this.#pausedUntil = Math.max(this.#pausedUntil, until)
    const bucket = this.#bucket(this.#bucketOfRoute.get(route) ?? route)
    bucket.pausedUntil = Math.max(bucket.pausedUntil, until)
  }

  /** Sends all who wait away and leaves no timer. */
  stop(error: MynahError): void {
    for (const { waiters } of this.#buckets.values()) waiters.rejectAll(error)
    this.#buckets.clear()
    this.#bucketOfRoute.clear()
  }

  #done(route: string, bucket: Bucket, report: RateLimitReport | undefined): void {
    bucket.inFlight -= 1
    const known = report?.bucket === undefined ? bucket : this.#learn(route, bucket, report.bucket)
    if (report !== undefined) this.#apply(known, report)
    this.#serve(known)
    if (known !== bucket) this.#serve(bucket)
  }

  #learn(route: string, from: Bucket, name: string): Bucket {
    const to = this.#bucket(name)
    if (to === from) return to
    this.#bucketOfRoute.set(route, name)
    // Only a route's own bucket moves as a whole: others may still share a learned one.
    if (this.#buckets.get(route) === from) {
      from.waiters.moveTo(to.waiters)
      this.#buckets.delete(route)
    }
    return to
  }

  #apply(bucket: Bucket, report: RateLimitReport): void {
    if (report.limit !== undefined) bucket.limit = report.limit
    if (report.resetMs !== undefined) bucket.resetAt = this.#clock.monotonic() + report.resetMs
    // Calls still under way may not be counted in the header yet.
    if (report.remaining !== undefined) bucket.remaining = Math.max(0, report.remaining - bucket.inFlight)
    else bucket.remaining ??= Infinity
  }

  #serve(bucket: Bucket): void {
    bucket.waiters.serve(
      this.#clock,
      () => this.#freeAt(bucket),
      () => {
        bucket.inFlight += 1
        if (bucket.remaining !== undefined) bucket.remaining -= 1
        return bucket
      },
    )
  }

  /** When the next call may start; `Infinity` when a running one has to come back first. */
  #freeAt(bucket: Bucket): number {
    const now = this.#clock.monotonic()
    const paused = Math.max(this.#pausedUntil, bucket.pausedUntil)
    if (bucket.remaining !== undefined && bucket.remaining <= 0) {
      if (now < bucket.resetAt) return Math.max(paused, bucket.resetAt)
      // One window's worth and no more: what follows is for the headers of the new window to say.
      bucket.remaining = bucket.resetAt > 0 ? bucket.limit : undefined
      bucket.resetAt = 0
    }
    if (bucket.remaining === undefined && bucket.inFlight > 0) return Infinity
    return paused
  }

  #bucket(name: string): Bucket {
    const known = this.#buckets.get(name)
    if (known !== undefined) return known
    if (this.#buckets.size >= maxBuckets) this.#forgetIdle()
    const bucket: Bucket = {
      waiters: new WaitQueue(),
      inFlight: 0,
      remaining: undefined,
      limit: undefined,
      resetAt: 0,
      pausedUntil: 0,
    }
    this.#buckets.set(name, bucket)
    return bucket
  }

  #forgetIdle(): void {
    const now = this.#clock.monotonic()
    for (const [name, bucket] of this.#buckets) {
      const idle = bucket.inFlight === 0 && bucket.waiters.size === 0
      if (idle && Math.max(bucket.resetAt, bucket.pausedUntil) <= now) this.#buckets.delete(name)
    }
    for (const [route, name] of this.#bucketOfRoute) {
      if (!this.#buckets.has(name)) this.#bucketOfRoute.delete(route)
    }
  }
}
