import { refusalOf } from '../errors/refusal.ts'
import type { FrameworkKey } from './locales/keys.ts'

/** What people are told of an error that is not about them. */
export function failureKey(error: unknown): FrameworkKey {
  const refusal = refusalOf(error)
  return refusal === undefined ? 'command.failed' : `command.platform-${refusal}`
}
