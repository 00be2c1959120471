import type { ReactionEmoji } from './api/community.ts'

/** The emoji behind an id: a number is a face of the system, anything else is Unicode, sent as code point. */
export function reactionEmoji(id: string): ReactionEmoji {
  if (/^\d+$/.test(id)) return { type: 1, id }
  return { type: 2, id: String(id.codePointAt(0) ?? id) }
}
