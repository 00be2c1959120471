import { type ChatEvent, placeOf } from '../model/event.ts'

/** Who shares a limit: the person (anywhere on the platform), the conversation, or everybody the bot knows. */
export type LimitScope = 'user' | 'conversation' | 'global'

/** The same for all events that share a limit. */
export function limitKey(scope: LimitScope, event: ChatEvent): string {
  if (scope === 'global') return ''
  // Not by account: another account of the bot counts on.
  return `${event.platform}:${scope === 'user' ? (event.user?.id ?? '') : placeOf(event)}`
}
