import { RateLimiter } from '@mynah/adapter-kit'
import type { Clock, Logger } from '@mynah/core'
import type { GatewayInfo, SessionStartLimit } from '../api/gateway.ts'
import { sleep } from '@mynah/core/adapter'

const windowMs = 5000

/** What a {@link SessionStarts} needs. */
export interface SessionStartsOptions {
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Where an operator reads. */
  readonly logger: Pick<Logger, 'warn'>
  /** Asks how many sessions may be started. */
  readonly ask: () => Promise<GatewayInfo>
}

/** Keeps logins that start a session within what the platform grants: so many a day, and so far apart. */
export class SessionStarts {
  readonly #options: SessionStartsOptions
  #pace: RateLimiter
  #remaining = Infinity

  constructor(options: SessionStartsOptions, limit: SessionStartLimit | undefined) {
    this.#options = options
    const apartMs = Math.ceil(windowMs / Math.max(1, limit?.max_concurrency ?? 1))
    this.#pace = new RateLimiter({ limit: 1, intervalMs: apartMs, clock: options.clock })
    if (limit !== undefined) this.#remaining = limit.remaining
  }

  /** Resolves when a session may be started. */
  async claim(signal: AbortSignal): Promise<void> {
    while (this.#remaining <= 0) await this.#waitForMore(signal)
    this.#remaining -= 1
    await this.#pace.acquire('', signal)
  }

  /** Sends away all who wait. */
  stop(): void {
    this.#pace.stop()
  }

  async #waitForMore(signal: AbortSignal): Promise<void> {
    const { session_start_limit: limit } = await this.#options.ask()
    this.#remaining = limit?.remaining ?? Infinity
    if (this.#remaining > 0) return
    const waitMs = Math.max(1000, limit?.reset_after ?? 0)
    this.#options.logger.warn({ waitMs }, 'No gateway session may be started any more; waiting for the reset')
    await sleep(this.#options.clock, waitMs, signal)
  }
}
