import { ConnectionReporter, describeFailure } from '@mynah/adapter-kit'
import type { Context } from '@mynah/core'
import { backoffDelay } from '@mynah/core/adapter'

import { isTokenRefused, tokenHint } from '../errors.ts'
import type { KookSelf } from '../wire/objects.ts'
import type { UserApi } from './users.ts'

/** Longest pause between two tries, and the pause after a refused token, in ms. */
const maxPauseMs = 60_000

/** Finds out who the bot is, which proves the token; tells an operator what keeps it from that. */
export class SignIn {
  readonly #ctx: Context
  readonly #users: Pick<UserApi, 'me'>
  readonly #address: string
  readonly #onTokenRefused: () => void
  readonly #reporter: ConnectionReporter
  #failures = 0
  #pauseMs = 0

  /** @param address - Of the API, as an operator may see it. */
  constructor(ctx: Context, users: Pick<UserApi, 'me'>, address: string, onTokenRefused: () => void) {
    this.#ctx = ctx
    this.#address = address
    this.#users = users
    this.#onTokenRefused = onTokenRefused
    this.#reporter = new ConnectionReporter({ logger: ctx.logger, name: 'KOOK bot' })
  }

  /** One try; `undefined` when it failed. */
  async attempt(signal: AbortSignal): Promise<KookSelf | undefined> {
    try {
      const self = await this.#users.me(signal)
      this.#reporter.working()
      return self
    } catch (error) {
      if (!this.#ctx.signal.aborted) this.#failed(error)
      return undefined
    }
  }

  /** Tries, after a first failure, until it works or the plugin stops. */
  async untilDone(): Promise<KookSelf | undefined> {
    while (!this.#ctx.signal.aborted) {
      await this.#pause()
      if (this.#ctx.signal.aborted) break
      const self = await this.attempt(this.#ctx.signal)
      if (self !== undefined) return self
    }
    return undefined
  }

  #failed(error: unknown): void {
    const isRefused = isTokenRefused(error)
    this.#pauseMs = isRefused ? maxPauseMs : backoffDelay(this.#failures, { baseMs: 2000, maxMs: maxPauseMs })
    this.#failures += 1
    const { reason, hint } = isRefused
      ? { reason: 'KOOK refuses the token', hint: tokenHint }
      : describeFailure(error, this.#address)
    this.#reporter.failed({
      reason: `it cannot sign in: ${reason}`,
      ...(hint === undefined ? {} : { hint }),
      retryInMs: this.#pauseMs,
      fields: { err: error },
    })
    if (isRefused) this.#onTokenRefused()
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#ctx.setTimeout(resolve, this.#pauseMs)
    })
  }
}
