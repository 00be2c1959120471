import { type ChatEvent, conversationKey } from '../model/event.ts'

/** Whose next message answers a prompt. */
export type PromptScope = 'user' | 'conversation'

/** Who is asked, and where. */
export function promptKey(event: ChatEvent, by: PromptScope): string {
  return by === 'user' ? `${conversationKey(event)}\n${event.user?.id ?? ''}` : conversationKey(event)
}

/** What the ids of the buttons of questions begin with. */
export const buttonMark = 'ask:'
