import { skipBlank, trimBlankStart } from '../shared/blank.ts'
import { type Element, isElement, text } from './element.ts'

/** Elements of a message without what is blank in front. */
export function trimStart(elements: readonly Element[]): readonly Element[] {
  for (const [index, node] of elements.entries()) {
    if (!isElement(node, 'text')) return index === 0 ? elements : elements.slice(index)
    const content = trimBlankStart(node.attrs.content)
    if (content === node.attrs.content && index === 0) return elements
    if (content !== '') return withText(elements.slice(index), content)
  }
  return []
}

/** The message with another text in its first place; without that place when the text is empty. */
export function withText(elements: readonly Element[], content: string): readonly Element[] {
  if (content === '') return elements.slice(1)
  return elements.length === 1 ? [text(content)] : [text(content), ...elements.slice(1)]
}

/** Whether an element mentions somebody, and not everybody. */
export function isMentionOf(node: Element, selfId: string | undefined): boolean {
  return (
    isElement(node, 'at') &&
    node.attrs.id !== undefined &&
    node.attrs.id === selfId &&
    node.attrs.type === undefined
  )
}

/**
 * Takes off what stands in front of the words of a message: what it quotes, mentions of the bot, and those of the
 * author of what is quoted, whom clients mention by themselves.
 */
export function withoutMentionsInFront(
  content: readonly Element[],
  selfId: string,
  authorId?: string,
): { readonly rest: readonly Element[]; readonly isMentioned: boolean } {
  let isMentioned = false
  let start = 0
  for (const node of content) {
    if (isMentionOf(node, selfId)) isMentioned = true
    else if (node.type !== 'quote' && !isBlankText(node) && !isMentionOf(node, authorId)) break
    start += 1
  }
  return { rest: trimStart(start === 0 ? content : content.slice(start)), isMentioned }
}

/** Takes off mentions of the bot that stand behind the words of a message. */
export function withoutMentionsBehind(content: readonly Element[], selfId: string): readonly Element[] {
  let end = content.length
  let kept = end
  for (; end > 0; end -= 1) {
    const node = content[end - 1]
    if (node === undefined || !(isMentionOf(node, selfId) || isBlankText(node))) break
    if (node.type === 'at') kept = end - 1
  }
  return kept === content.length ? content : content.slice(0, end)
}

/** Whether an element is text in which nothing is said. */
export function isBlankText(node: Element): boolean {
  return isElement(node, 'text') && skipBlank(node.attrs.content) === node.attrs.content.length
}
