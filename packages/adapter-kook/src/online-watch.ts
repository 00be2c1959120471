import type { KitLogger } from '@mynah/adapter-kit'
import type { LoginStatus } from '@mynah/core'

import type { UserApi } from './api/user.ts'

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
  readonly #logger: KitLogger
  #skip = 0
  #nextSkip = 1

  constructor(
    api: Pick<UserApi, 'onlineStatus' | 'online'>,
    onStatus: (status: LoginStatus) => void,
    logger: KitLogger,
  ) {
    this.#api = api
    this.#onStatus = onStatus
    this.#logger = logger
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
      if (online) this.#nextSkip = 1
      else await this.#signOn()
    } catch (err) {
      this.#logger.warn({ err }, 'Whether the bot is online could not be found out or changed.')
    }
  }

  async #signOn(): Promise<void> {
    this.#skip = this.#nextSkip
    this.#nextSkip = Math.min(this.#nextSkip * 2, maxSkipped)
    this.#logger.warn({}, 'KOOK took the bot offline; it is signed on again.')
    await this.#api.online()
  }
}
