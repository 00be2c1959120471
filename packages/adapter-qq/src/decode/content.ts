import { readText } from '@mynah/adapter-kit'
import { type Element, element, isElement, text, toElements } from '@mynah/core'
import type { ChatMention } from '../wire/chat.ts'

/** Takes white space off both ends of a text that has none of its own there. */
export function trimContent(elements: readonly Element[]): Element[] {
  const first = elements[0]
  const trimmed = [...elements]
  if (first !== undefined && isElement(first, 'text')) trimmed[0] = text(first.attrs.content.trimStart())
  const last = trimmed.at(-1)
  if (last !== undefined && isElement(last, 'text')) {
    trimmed[trimmed.length - 1] = text(last.attrs.content.trimEnd())
  }
  return toElements(trimmed)
}

/** Puts a mention of the bot in front, once: what tells that a message is meant for it. */
export function addressToSelf(elements: readonly Element[], selfId: string): Element[] {
  const rest = trimContent(elements)
  const first = rest[0]
  if (first !== undefined && isElement(first, 'at') && first.attrs.id === selfId) {
    return [first, ...trimContent(rest.slice(1))]
  }
  return [element('at', { id: selfId }), ...rest]
}

/** Whether a mention of a group message means everybody, and so nobody in particular. */
export function isMentionOfAll({ scope }: ChatMention): boolean {
  return scope === 'all'
}

/** Whether a mention of a group message is the bot. `is_you` is also set where everybody is meant. */
export function isMentionOfSelf(mention: ChatMention): boolean {
  return mention.is_you === true && !isMentionOfAll(mention)
}

/** The ids under which somebody in a group is mentioned. */
export function idsOfMention({ id, member_openid, user_openid }: ChatMention): string[] {
  return [id, member_openid, user_openid].map(readText).filter((value) => value !== undefined)
}
