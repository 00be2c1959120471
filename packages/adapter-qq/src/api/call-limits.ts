import { RateLimiter } from '@mynah/adapter-kit'
import type { Clock } from '@mynah/core'

interface Rate {
  readonly limit: number
  readonly intervalMs: number
}

const perSecond = (limit: number): Rate => ({ limit, intervalMs: 1000 })
const perMinute = (limit: number): Rate => ({ limit, intervalMs: 60_000 })

/** What a call is without a rate of its own. */
const defaultRate = perSecond(50)

/** Documented rates per endpoint (official docs: the head of each API page). */
const rates: Readonly<Record<string, Rate>> = {
  'POST /v2/users/{openid}/messages': perSecond(100),
  'POST /v2/groups/{group_openid}/messages': perSecond(100),
  'DELETE /v2/users/{openid}/messages/{message_id}': perSecond(10),
  'DELETE /v2/groups/{group_openid}/messages/{message_id}': perSecond(10),
  'POST /v2/users/{openid}/upload_prepare': perSecond(10),
  'POST /v2/groups/{group_openid}/upload_prepare': perSecond(10),
  'POST /v2/users/{openid}/upload_part_finish': perSecond(10),
  'POST /v2/groups/{group_openid}/upload_part_finish': perSecond(10),
  'GET /v2/groups/{group_openid}/info': perMinute(30),
  'GET /v2/groups/{group_openid}/bot_state': perMinute(30),
  'GET /v2/groups/{group_openid}/restrict_chat_setting': perMinute(30),
  'POST /v2/groups/{group_openid}/restrict_chat_setting': perMinute(60),
  'GET /v2/groups/{group_openid}/join_request_list': perMinute(30),
  'POST /v2/groups/{group_openid}/approval_join_request/{member_openid}': perMinute(60),
  'GET /v2/groups/join_approval_strategy': perMinute(60),
  'POST /v2/groups/join_approval_strategy': perMinute(60),
  'PATCH /v2/groups/join_approval_strategy/{strategy_id}': perMinute(60),
  'DELETE /v2/groups/join_approval_strategy/{strategy_id}': perMinute(60),
  'POST /v2/groups/join_approval_strategy/{strategy_id}/execute': perMinute(60),
  'POST /v2/groups/join_approval_strategy/{strategy_id}/whitelist_users': perMinute(60),
}

/** Messages per channel. */
const channelRoute = 'POST /channels/{channel_id}/messages'
const channelRate = perSecond(5)

/** Keeps calls of one bot within the platform's rates: one queue per endpoint, and one per channel. */
export class CallLimits {
  readonly #clock: Clock
  readonly #limiters = new Map<string, RateLimiter>()
  readonly #channels: RateLimiter

  constructor(clock: Clock) {
    this.#clock = clock
    this.#channels = new RateLimiter({ ...channelRate, clock })
  }

  /**
   * Resolves when a call may go out.
   *
   * @param target - The channel of a message.
   * @throws MynahError `RATE_LIMITED` when too many wait, `BOT_OFFLINE` after {@link stop}.
   */
  async acquire(route: string, target: string | undefined, signal?: AbortSignal): Promise<void> {
    if (route === channelRoute && target !== undefined) await this.#channels.acquire(target, signal)
    await this.#limiter(route).acquire('', signal)
  }

  /** The platform asked to wait before the next call of a route. */
  pause(route: string, delayMs: number): void {
    this.#limiter(route).pause(delayMs)
  }

  /** Sends away all who wait, with `BOT_OFFLINE`. */
  stop(): void {
    for (const limiter of this.#limiters.values()) limiter.stop()
    this.#channels.stop()
  }

  #limiter(route: string): RateLimiter {
    const known = this.#limiters.get(route)
    if (known !== undefined) return known
    const limiter = new RateLimiter({ ...(rates[route] ?? defaultRate), clock: this.#clock })
    this.#limiters.set(route, limiter)
    return limiter
  }
}
