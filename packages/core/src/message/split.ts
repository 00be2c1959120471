import { type Element, isElement, text } from './element.ts'

/**
 * Cuts a message into parts of at most `limit` characters (UTF-16 units) of text. Elements are never broken,
 * text is cut at a line break where one is near, else at a space, else between characters; nothing is lost.
 *
 * @param limit - At least 2, the length of the longest character.
 */
export function split(elements: readonly Element[], limit: number): Element[][] {
  if (elements.length === 0) return []
  if (textLength(elements) <= limit) return [[...elements]]
  const parts: Element[][] = [[]]
  let room = limit
  const startPart = (): void => {
    parts.push([])
    room = limit
  }
  for (const node of elements) {
    if (!isElement(node, 'text')) {
      parts.at(-1)?.push(node)
      continue
    }
    let rest = node.attrs.content
    while (rest.length > room) {
      const cut = cutAt(rest, room, room === limit)
      if (cut > 0) parts.at(-1)?.push(text(rest.slice(0, cut)))
      rest = rest.slice(cut)
      startPart()
    }
    if (rest !== '') parts.at(-1)?.push(text(rest))
    room -= rest.length
  }
  return parts.filter((part) => part.length > 0)
}

function textLength(elements: readonly Element[]): number {
  let length = 0
  for (const node of elements) if (isElement(node, 'text')) length += node.attrs.content.length
  return length
}

/** Where to cut so that at most `room` characters stand before; 0 means that all goes to the next part. */
function cutAt(value: string, room: number, isFresh: boolean): number {
  const window = value.slice(0, room)
  const line = window.lastIndexOf('\n') + 1
  if (line > room / 2) return line
  const space = window.lastIndexOf(' ') + 1
  if (space > room / 2) return space
  if (!isFresh && (line > 0 || space > 0)) return Math.max(line, space)
  const code = value.charCodeAt(room - 1)
  const splitsPair = code >= 0xd800 && code <= 0xdbff
  return splitsPair ? room - 1 : room
}
