import { ConnectionReporter, describeFailure } from '@mynah/adapter-kit'
import type { Clock, Logger, LoginStatus } from '@mynah/core'

import type { UserApi } from '../api/users.ts'

/** Looks between two tries to sign on, at most; they double from one. */
const maxSkipped = 60

/** What an {@link OnlineWatch} needs. */
export interface OnlineWatchOptions {
  /** Tells whether the bot is online, and signs it on. */
  readonly api: Pick<UserApi, 'onlineStatus' | 'online'>
  /** Hears whether the bot is online. */
  readonly onStatus: (status: LoginStatus) => void
  /** Hears what keeps the bot offline. */
  readonly logger: Logger
  /** Times the lines. */
  readonly clock: Clock
  /** How often it looks, in ms. */
  readonly everyMs: number
}

/**
 * Signs a webhook bot on again when the platform took it offline because requests failed. Signing on may be
 * tried only rarely, so the pauses grow.
 *
 * @see KOOK developer documentation, "Webhook", section "上线" (going online).
 */
export class OnlineWatch {
  readonly #options: OnlineWatchOptions
  readonly #reporter: ConnectionReporter
  #skip = 0
  #nextSkip = 1

  /** @param options - Whom it asks, and how often. */
  constructor(options: OnlineWatchOptions) {
    this.#options = options
    this.#reporter = new ConnectionReporter({ ...options, name: 'KOOK webhook bot' })
  }

  /** Looks once; never rejects. */
  async look(): Promise<void> {
    if (this.#skip > 0) {
      this.#skip -= 1
      return
    }
    try {
      const { online } = await this.#options.api.onlineStatus()
      this.#options.onStatus(online ? 'online' : 'offline')
      if (online) this.#isOnline()
      else await this.#signOn()
    } catch (err) {
      this.#reporter.failed({
        reason: `whether it is online could not be found out or changed: ${describeFailure(err, 'KOOK').reason}`,
        retryInMs: (this.#skip + 1) * this.#options.everyMs,
        fields: { err },
      })
    }
  }

  #isOnline(): void {
    this.#nextSkip = 1
    this.#reporter.working()
  }

  async #signOn(): Promise<void> {
    this.#skip = this.#nextSkip
    this.#nextSkip = Math.min(this.#nextSkip * 2, maxSkipped)
    this.#reporter.failed({
      reason: 'KOOK took it offline; it is signed on again',
      hint: 'check that the callback URL of the developer console reaches this program',
      retryInMs: (this.#skip + 1) * this.#options.everyMs,
    })
    await this.#options.api.online()
  }
}
