import type { Clock } from '@mynah/core'
import type { JsonObject } from '@mynah/emulator-kit'
import { ApiRefusal, forbidden, unauthorized } from '../calls/refusal.ts'
import type { UserState } from '../world/model.ts'
import type { World } from '../world/world.ts'
import type { Params } from '../calls/params.ts'

/** What a person can let an application do. */
export type KookOAuthScope = 'get_user_info' | 'get_user_guilds'

interface Grant {
  readonly userId: string
  readonly scopes: readonly KookOAuthScope[]
  readonly redirectUri: string
}

/** Which scope opens which path to a person's token. */
const scopeOfPath: Readonly<Record<string, KookOAuthScope>> = {
  'user/me': 'get_user_info',
  'guild/list': 'get_user_guilds',
}

/** Life of an access token, in seconds. */
const tokenSeconds = 604_800

/**
 * The authorization-code flow.
 *
 * @see KOOK developer documentation, "OAuth2".
 */
export class OAuth {
  readonly clientSecret: string
  readonly #world: World
  readonly #clock: Clock
  readonly #codes = new Map<string, Grant>()
  readonly #tokens = new Map<string, Grant & { expiresAt: number }>()

  constructor(world: World, clock: Clock) {
    this.#world = world
    this.#clock = clock
    this.clientSecret = world.ids.hex(8)
  }

  /** A person agrees; the returned code would arrive in the redirect. */
  authorize(grant: Grant): string {
    const code = this.#world.ids.hex(12)
    this.#codes.set(code, grant)
    return code
  }

  /** Exchanges a code for a token; a code works once. */
  exchange(params: Params): JsonObject {
    params.word('grant_type', ['authorization_code'])
    const code = params.string('code')
    const grant = this.#codes.get(code)
    const isClient =
      params.string('client_id') === this.#world.profile.clientId &&
      params.string('client_secret') === this.clientSecret
    if (!isClient || grant?.redirectUri !== params.string('redirect_uri')) {
      throw new ApiRefusal(400, 40000, { zh: '授权失败', en: 'The code, client or redirect does not fit.' })
    }
    this.#codes.delete(code)
    const token = this.#world.ids.hex(16)
    this.#tokens.set(token, { ...grant, expiresAt: this.#clock.now() + tokenSeconds * 1000 })
    return {
      access_token: token,
      expires_in: tokenSeconds,
      token_type: 'Bearer',
      scope: grant.scopes.join(' '),
    }
  }

  /** @throws ApiRefusal 40101 or 40103 for a bad token, 40300 outside its scopes. */
  userOf(token: string, path: string): UserState {
    const grant = this.#tokens.get(token)
    const user = grant === undefined ? undefined : this.#world.users.get(grant.userId)
    if (grant === undefined || user === undefined) throw unauthorized(40101)
    if (grant.expiresAt <= this.#clock.now()) throw unauthorized(40103)
    const scope = scopeOfPath[path]
    if (scope === undefined || !grant.scopes.includes(scope)) throw forbidden('outside the scope')
    return user
  }
}
