import { ConnectionReporter, defined, describeFailure, retry } from '@mynah/adapter-kit'
import type { Clock, Logger } from '@mynah/core'
import { backoffDelay } from '@mynah/core/adapter'

import { isTokenRefused, tokenHint } from '../errors.ts'
import type { KookSelf } from '../wire/objects.ts'
import type { UserApi } from './users.ts'

/** What a sign-in needs. */
export interface SignInOptions {
  /** Tells who the bot is. */
  readonly users: Pick<UserApi, 'me'>
  /** Address of the API, as an operator may see it. */
  readonly address: string
  /** Hears what keeps the bot from signing in. */
  readonly logger: Logger
  /** Gives up when it aborts. */
  readonly signal: AbortSignal
  /** Times the tries. */
  readonly clock: Clock
  /** Hears of each failure. */
  readonly onFailure: (error: unknown) => void
}

/** Longest pause between two tries, and the pause after a refused token, in ms. */
const maxPauseMs = 60_000

/**
 * Finds out who the bot is, which proves the token; tries until it works, and tells an operator what keeps it
 * from that.
 *
 * @throws The reason of the signal when it aborts.
 */
export async function signIn(options: SignInOptions): Promise<KookSelf> {
  const { users, address, logger, signal, clock, onFailure } = options
  const reporter = new ConnectionReporter({ logger, clock, name: 'KOOK bot' })
  const backoff = { baseMs: 2000, maxMs: maxPauseMs }
  const self = await retry(
    {
      decide: (error, failures) => ({
        repeat: !signal.aborted,
        afterMs: isTokenRefused(error) ? maxPauseMs : backoffDelay(failures - 1, backoff),
      }),
      maxAttempts: Infinity,
      signal,
      clock,
      onFailure(error, retryInMs = 0) {
        if (signal.aborted) return
        const { reason, hint } = isTokenRefused(error)
          ? { reason: 'KOOK refuses the token', hint: tokenHint }
          : describeFailure(error, address)
        reporter.failed({
          reason: `it cannot sign in: ${reason}`,
          ...defined({ hint }),
          retryInMs,
          fields: { err: error },
        })
        onFailure(error)
      },
    },
    () => users.me(signal),
  )
  reporter.working()
  return self
}
