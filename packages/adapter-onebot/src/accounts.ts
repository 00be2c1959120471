import type { Clock, Logger } from '@mynah/core'

import { Account } from './account.ts'

/** What the accounts of an adapter need of it. */
export interface AccountsOptions {
  readonly logger: Logger
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly maxCalls: number
  readonly maxMessageAgeMs: number
  /** Signs a new account in. @throws MynahError when another adapter has it. */
  readonly onAccount: (account: Account) => void
}

/** More accounts than any adapter has; a peer that makes ids up cannot fill the memory. */
const maxAccounts = 256

/** The accounts of one adapter, by their ids; made when they are first heard of. */
export class Accounts {
  readonly #options: AccountsOptions
  readonly #accounts = new Map<string, Account>()

  constructor(options: AccountsOptions) {
    this.#options = options
  }

  get logger(): Logger {
    return this.#options.logger
  }

  get clock(): Clock {
    return this.#options.clock
  }

  /** @returns `undefined` when the adapter is stopping, or has too many accounts. */
  get(selfId: string): Account | undefined {
    const found = this.#accounts.get(selfId)
    if (found !== undefined || this.#options.signal.aborted) return found
    const { logger, clock, maxCalls, maxMessageAgeMs } = this.#options
    if (this.#accounts.size >= maxAccounts) {
      logger.warn({ selfId }, `An account was refused: there are ${maxAccounts} already`)
      return undefined
    }
    const account = new Account({ selfId, logger, clock, maxCalls, maxMessageAgeMs })
    this.#options.onAccount(account)
    this.#accounts.set(selfId, account)
    return account
  }

  /** Forgets an account that has been signed off. */
  delete(account: Account): void {
    if (this.#accounts.get(account.selfId) === account) this.#accounts.delete(account.selfId)
  }
}
