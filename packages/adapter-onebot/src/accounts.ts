import type { Clock, Logger } from '@mynah/core'

import { Account } from './account.ts'

/** What the accounts of an adapter need of it. */
export interface AccountsOptions {
  readonly logger: Logger
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly maxCalls: number
  readonly maxMessageAgeMs: number
  /** Signs a new account in; the result signs it off. @throws MynahError when another adapter has it. */
  readonly onAccount: (account: Account) => () => unknown
  /** A token was refused. @param reason - In words for an operator. */
  readonly onRefused?: (reason: string) => void
}

/** More accounts than any adapter has; a peer that makes ids up cannot fill the memory. */
const maxAccounts = 256

/** The accounts of one adapter, by their ids; made when they are first heard of. */
export class Accounts {
  readonly #options: AccountsOptions
  readonly #accounts = new Map<string, Account>()
  readonly #signOff = new Map<Account, () => unknown>()
  /** Accounts that the config names. */
  readonly #expected = new Set<string>()

  constructor(options: AccountsOptions) {
    this.#options = options
  }

  get logger(): Logger {
    return this.#options.logger
  }

  /** Whether the adapter goes away, with all connections. */
  get isStopping(): boolean {
    return this.#options.signal.aborted
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
    this.#signOff.set(account, this.#options.onAccount(account))
    this.#accounts.set(selfId, account)
    return account
  }

  /** Adds an account that the config names. */
  expect(selfId: string): void {
    this.#expected.add(selfId)
    this.get(selfId)
  }

  /** Signs off an account that somebody named by mistake, so that no bot waits for it for ever. */
  forgetGhost(account: Account): void {
    if (account.isReal || account.isConnected || this.#expected.has(account.selfId)) return
    this.#signOff.get(account)?.()
  }

  /** A token was refused: a person has to mend the config. */
  refused(reason: string): void {
    this.#options.onRefused?.(reason)
  }

  /** Forgets an account that has been signed off. */
  delete(account: Account): void {
    this.#signOff.delete(account)
    if (this.#accounts.get(account.selfId) === account) this.#accounts.delete(account.selfId)
  }
}
