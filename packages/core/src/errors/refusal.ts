import type { ErrorCode } from './codes.ts'
import { MynahError } from './mynah-error.ts'

/** Why something that platforms answer on any good day did not work. */
export type Refusal = 'refused' | 'away' | 'unsupported' | 'media'

const refusals: { readonly [K in ErrorCode]?: Refusal } = {
  UNSUPPORTED: 'unsupported',
  MEDIA_REFUSED: 'media',
  API_REJECTED: 'refused',
  AUTH_FAILED: 'refused',
  SEND_FAILED: 'refused',
  REPLY_WINDOW_CLOSED: 'refused',
  BOT_OFFLINE: 'away',
  API_TIMEOUT: 'away',
  API_UNREACHABLE: 'away',
  CONNECTION_CLOSED: 'away',
  RATE_LIMITED: 'away',
}

/**
 * Whether an error is what platforms and connections answer on any good day: the bot is no administrator, the
 * person has left, the network is away. No line of the plugin is at fault, so the stack helps nobody who reads the
 * log, and the person can be told what it was.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  return MynahError.is(error) ? refusals[error.code] : undefined
}
