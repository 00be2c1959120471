import { type ChatEvent, conversationKey } from '../model/event.ts'

/** Who shares a limit: the person (anywhere on the platform), the conversation, or everybody the bot knows. */
export type LimitScope = 'user' | 'conversation' | 'global'

/** The same for all events that share a limit. */
export function limitKey(scope: LimitScope, event: ChatEvent): string {
  if (scope === 'global') return ''
  return scope === 'user' ? `${event.platform}:${event.user?.id ?? ''}` : conversationKey(event)
}
