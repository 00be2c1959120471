import type { IncomingMessage } from 'node:http'
import type { Profile } from '../wire/profile.ts'

/** What a token check says. */
export type TokenCheck = 'ok' | 'missing' | 'wrong'

/** Path and query of a request. */
export const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://emulator')

/** Checks the token of a request the way the profile reads it; without a configured token all pass. */
export function checkToken(request: IncomingMessage, expected: string, profile: Profile): TokenCheck {
  if (expected === '') return 'ok'
  const token = profile.token(request.headers.authorization, urlOf(request).searchParams.get('access_token'))
  if (token === undefined || token === '') return 'missing'
  return token === expected ? 'ok' : 'wrong'
}
