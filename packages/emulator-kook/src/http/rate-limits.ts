import type { Clock } from '@mynah/core'

/** How many calls fit into a window. */
export interface KookRateLimit {
  /** Calls per window. */
  limit: number
  /** Length of the window, in seconds. */
  windowSeconds: number
}

/** The platform's budget for calls. */
export interface KookRateLimits {
  /** For buckets without a limit of their own. @defaultValue 120 calls in 60 s */
  default?: KookRateLimit
  /** Limits by bucket name. */
  buckets?: Readonly<Record<string, KookRateLimit>>
  /** Bucket names by path, for routes that share one; a path is its own bucket otherwise. */
  bucketOf?: Readonly<Record<string, string>>
  /** For all calls together; none when left out. */
  global?: KookRateLimit
}

interface Window {
  endsAt: number
  used: number
}

/** What a call's answer says about its limit. */
export interface RateVerdict {
  readonly headers: Readonly<Record<string, string>>
  readonly refused: boolean
}

/** Counts calls per bucket and altogether, in fixed windows. */
export class RateLimits {
  readonly #clock: Clock
  readonly #limits: KookRateLimits
  readonly #windows = new Map<string, Window>()

  constructor(clock: Clock, limits: KookRateLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  bucketOf(path: string): string {
    return this.#limits.bucketOf?.[path] ?? path
  }

  /** Counts one call. A refused call takes nothing from the budget. */
  spend(path: string): RateVerdict {
    const bucket = this.bucketOf(path)
    const { global } = this.#limits
    // A bucket name never starts with a space, so the global window cannot clash with one.
    const globalWindow = global === undefined ? undefined : this.#window(' global', global)
    if (global !== undefined && globalWindow !== undefined && globalWindow.used >= global.limit) {
      return this.#verdict(bucket, global, globalWindow, { refused: true, global: true })
    }
    const limit = this.#limits.buckets?.[bucket] ?? this.#limits.default ?? { limit: 120, windowSeconds: 60 }
    const window = this.#window(bucket, limit)
    if (window.used >= limit.limit) return this.#verdict(bucket, limit, window, { refused: true })
    window.used += 1
    if (globalWindow !== undefined) globalWindow.used += 1
    return this.#verdict(bucket, limit, window, { refused: false })
  }

  #window(name: string, limit: KookRateLimit): Window {
    const known = this.#windows.get(name)
    if (known !== undefined && known.endsAt > this.#clock.now()) return known
    const fresh = { endsAt: this.#clock.now() + limit.windowSeconds * 1000, used: 0 }
    this.#windows.set(name, fresh)
    return fresh
  }

  #verdict(
    bucket: string,
    limit: KookRateLimit,
    window: Window,
    outcome: { refused: boolean; global?: boolean },
  ): RateVerdict {
    const resetSeconds = Math.ceil((window.endsAt - this.#clock.now()) / 1000)
    const headers = rateHeaders(bucket, limit.limit, limit.limit - window.used, resetSeconds)
    return {
      headers: outcome.global === true ? { ...headers, 'X-Rate-Limit-Global': '1' } : headers,
      refused: outcome.refused,
    }
  }
}

/** The rate-limit headers of an answer; `resetSeconds` is a duration. */
export const rateHeaders = (
  bucket: string,
  limit: number,
  remaining: number,
  resetSeconds: number,
): Record<string, string> => ({
  'X-Rate-Limit-Limit': String(limit),
  'X-Rate-Limit-Remaining': String(remaining),
  'X-Rate-Limit-Reset': String(resetSeconds),
  'X-Rate-Limit-Bucket': bucket,
})
