import { degrade, type Element, type ElementOf, isElement, plainText, standardElements } from '@mynah/core'

/** What the sandbox keeps of a message: everything, so that plugins find again what they sent. */
export const keptElements: readonly string[] = Array.from(standardElements)

/** A message as words: mentions by name, media as links, buttons as a numbered list. */
export function show(elements: readonly Element[]): string {
  return plainText(degrade(elements, { elements: [] })).replaceAll(/^\n+|\n+$/g, '')
}

/** The buttons of a message in the order in which {@link show} numbers them. */
export function numberedButtons(elements: readonly Element[]): ElementOf<'button'>[] {
  return elements.flatMap((node) => {
    if (isElement(node, 'button')) return node.attrs.type === 'link' ? [] : [node]
    return numberedButtons(node.children)
  })
}
