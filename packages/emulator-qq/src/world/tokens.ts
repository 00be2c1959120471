import { ApiRefusal } from '../calls/refusal.ts'
import type { Clock } from '@mynah/core'
import type { Ids } from './ids.ts'

const overlapMs = 60_000

interface IssuedToken {
  readonly value: string
  readonly endsAt: number
}

/** Settings of {@link Tokens}. */
export interface TokensOptions {
  appId: string
  clock: Clock
  ids: Ids
  /** How long a token lives, in ms; the platform's limit is 7200 s. */
  lifetimeMs: number
  /** The `Token` credential of the deprecated `Bot {appid}.{token}` form. */
  legacyToken: string | undefined
}

/**
 * The life of access tokens: one request after the other gets the same token, until the last 60 seconds
 * bring a new one while the old one works on to its own end.
 */
export class Tokens {
  readonly #options: TokensOptions
  #issued: IssuedToken[] = []

  constructor(options: TokensOptions) {
    this.#options = options
  }

  /** The token a request gets now, with what is left of its life in whole seconds. */
  issue(): { token: string; expiresIn: number } {
    const now = this.#options.clock.now()
    this.#issued = this.#issued.filter(({ endsAt }) => endsAt > now)
    const newest = this.#issued.at(-1)
    const current = newest !== undefined && newest.endsAt - now > overlapMs ? newest : this.#create(now)
    return { token: current.value, expiresIn: Math.floor((current.endsAt - now) / 1000) }
  }

  #create(now: number): IssuedToken {
    const token = { value: this.#options.ids.opaque('AT-'), endsAt: now + this.#options.lifetimeMs }
    this.#issued.push(token)
    return token
  }

  /** Makes every token issued so far worthless. */
  revoke(): void {
    this.#issued = []
  }

  /**
   * Checks an `Authorization` header, or the token of an Identify or Resume.
   *
   * @throws ApiRefusal 11241 when it is missing, 11243 when its form is wrong, 11244 when it is unknown or over.
   */
  verify(credential: string | undefined): void {
    if (credential === undefined || credential === '') throw new ApiRefusal(11241)
    const { appId, legacyToken, clock } = this.#options
    if (legacyToken !== undefined && credential === `Bot ${appId}.${legacyToken}`) return
    const value = /^QQBot (\S+)$/.exec(credential)?.[1]
    if (value === undefined) throw new ApiRefusal(11243)
    const now = clock.now()
    if (!this.#issued.some((token) => token.value === value && token.endsAt > now))
      throw new ApiRefusal(11244)
  }
}
