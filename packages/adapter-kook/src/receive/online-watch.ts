import { ConnectionReporter, describeFailure } from '@mynah/adapter-kit'
import type { LoginStatus, Logger } from '@mynah/core'

import type { UserApi } from '../api/users.ts'

/** Looks between two tries to sign on, at most; they double from one. */
const maxSkipped = 60

/**
 * Signs a webhook bot on again when the platform took it offline because requests failed. Signing on may be
 * tried only rarely, so the pauses grow.
 *
 * @see KOOK developer documentation, "Webhook", section "上线" (going online).
 */
export class OnlineWatch {
  readonly #api: Pick<UserApi, 'onlineStatus' | 'online'>
  readonly #onStatus: (status: LoginStatus) => void
  readonly #reporter: ConnectionReporter
  readonly #everyMs: number
  #skip = 0
  #nextSkip = 1

  /** @param everyMs - How often it looks, in ms. */
  constructor(
    api: Pick<UserApi, 'onlineStatus' | 'online'>,
    onStatus: (status: LoginStatus) => void,
    logger: Logger,
    everyMs: number,
  ) {
    this.#api = api
    this.#onStatus = onStatus
    this.#reporter = new ConnectionReporter({ logger, name: 'KOOK webhook bot' })
    this.#everyMs = everyMs
  }

  /** Looks once; never rejects. */
  async look(): Promise<void> {
    if (this.#skip > 0) {
      this.#skip -= 1
      return
    }
    try {
      const { online } = await this.#api.onlineStatus()
      this.#onStatus(online ? 'online' : 'offline')
      if (online) this.#isOnline()
      else await this.#signOn()
    } catch (err) {
      this.#reporter.failed({
        reason: `whether it is online could not be found out or changed: ${describeFailure(err, 'KOOK').reason}`,
        retryInMs: (this.#skip + 1) * this.#everyMs,
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
      retryInMs: (this.#skip + 1) * this.#everyMs,
    })
    await this.#api.online()
  }
}
