import { type ChatEvent, conversationKey } from '../model/event.ts'

/** What several uses have in common: the person (anywhere on the platform), the place, or nothing but the bot. */
export type Share = 'user' | 'conversation' | 'global'

/** The same for all events that have it in common. */
export function shareKey(share: Share, event: ChatEvent): string {
  if (share === 'global') return ''
  return share === 'user' ? `${event.platform}:${event.user?.id ?? ''}` : conversationKey(event)
}
