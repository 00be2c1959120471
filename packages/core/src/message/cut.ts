import { degrade } from './degrade.ts'
import type { MessageSupport } from './support.ts'
import type { Element } from './element.ts'
import { split } from './split.ts'

/**
 * Breaks a message at top-level `message` elements and at a limit of text, degraded to what a platform shows.
 *
 * @param limit - Characters (UTF-16 units) of text in one part. @defaultValue the platform's own limit
 */
export function cutMessage(
  elements: readonly Element[],
  support: MessageSupport,
  limit: number = support.maxTextLength ?? Number.POSITIVE_INFINITY,
): Element[][] {
  if (!elements.some(isBreak)) return split(degrade(elements, support), limit)
  return messagesOf(elements).flatMap((part) => split(degrade(part, support), limit))
}

function isBreak({ type, attrs }: Element): boolean {
  return type === 'message' && attrs['forward'] !== true
}

function messagesOf(elements: readonly Element[]): Element[][] {
  const messages: Element[][] = [[]]
  for (const node of elements) {
    if (isBreak(node)) messages.push([...node.children], [])
    else messages.at(-1)?.push(node)
  }
  return messages.filter((part) => part.length > 0)
}
