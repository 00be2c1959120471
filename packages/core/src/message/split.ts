import { type Element, element, isElement, text } from './element.ts'

/** Elements that mean the same for each half of what they hold. */
const divisible: ReadonlySet<string> = new Set(['b', 'i', 'u', 's', 'spoiler', 'code', 'pre', 'p', 'a'])

/**
 * Cuts a message into parts of at most `limit` characters (UTF-16 units) of text. Text is cut at a line break
 * where one is near, else at a space, else between characters as people see them; styles, links and paragraphs
 * go on in the next part; other elements are never broken, even where one is longer than the limit. Nothing is
 * lost.
 *
 * @param limit - At least 2, the length of the longest code point.
 */
export function split(elements: readonly Element[], limit: number): Element[][] {
  if (elements.length === 0) return []
  if (sizeOfAll(elements) <= limit) return [[...elements]]
  const parts: Element[][] = []
  let rest = elements
  while (rest.length > 0) {
    const cut = takeFrom(rest, limit, limit, true)
    parts.push(cut.head)
    rest = cut.rest
  }
  return parts
}

interface Cut {
  readonly head: Element[]
  readonly rest: readonly Element[]
}

/**
 * What fits into `space` characters of a part that has room for `limit`.
 *
 * @param isFresh - Nothing stands in the part yet, so that something has to go in.
 */
function takeFrom(nodes: readonly Element[], space: number, limit: number, isFresh: boolean): Cut {
  const head: Element[] = []
  let room = space
  for (const [index, node] of nodes.entries()) {
    const size = sizeOf(node)
    if (size <= room) {
      head.push(node)
      room -= size
      continue
    }
    const halves = divide(node, room, limit, isFresh && room === space)
    const following = nodes.slice(index + 1)
    if (halves === undefined) {
      // Too long for any part: it has one of its own, or joins what takes no room.
      return isFresh && room === space
        ? { head: [...head, node], rest: following }
        : { head, rest: nodes.slice(index) }
    }
    const [before, after] = halves
    if (before !== undefined) head.push(before)
    return { head, rest: [after, ...following] }
  }
  return { head, rest: [] }
}

/** An element in two, or `undefined` when it cannot be divided. */
function divide(
  node: Element,
  room: number,
  limit: number,
  isFresh: boolean,
): [Element | undefined, Element] | undefined {
  if (isElement(node, 'text')) {
    const { content } = node.attrs
    const at = cutAt(content, room, isFresh ? 0 : limit)
    return [at > 0 ? text(content.slice(0, at)) : undefined, text(content.slice(at))]
  }
  if (isElement(node, 'markdown')) {
    const content = markdownOf(node)
    const at = cutAt(content, room, isFresh ? 0 : limit)
    const half = (part: string): Element => element('markdown', { ...node.attrs, content: part })
    return [at > 0 ? half(content.slice(0, at)) : undefined, half(content.slice(at))]
  }
  if (!divisible.has(node.type)) return undefined
  const { head, rest } = takeFrom(node.children, room, limit, isFresh)
  return [head.length > 0 ? { ...node, children: head } : undefined, { ...node, children: rest }]
}

function sizeOfAll(elements: readonly Element[]): number {
  let size = 0
  for (const node of elements) size += sizeOf(node)
  return size
}

/** Messages in text form may lack what their types promise. */
function markdownOf({ attrs }: Element): string {
  const content = attrs['content']
  return content === undefined ? '' : String(content)
}

/** Characters that people read of an element. */
function sizeOf(node: Element): number {
  if (isElement(node, 'text')) return node.attrs.content.length
  if (isElement(node, 'markdown')) return markdownOf(node).length
  return node.type === 'quote' ? 0 : sizeOfAll(node.children)
}

/**
 * Where to cut so that at most `room` characters stand before; 0 means that all goes to the next part.
 *
 * @param nextRoom - Room in the next part; 0 when this one is empty and has to take something.
 */
function cutAt(value: string, room: number, nextRoom: number): number {
  const window = value.slice(0, room)
  const line = wholeCharacters(value, window.lastIndexOf('\n') + 1)
  if (line > room / 2) return line
  const space = wholeCharacters(value, window.lastIndexOf(' ') + 1)
  if (space > room / 2) return space
  if (nextRoom > 0) {
    if (line > 0 || space > 0) return Math.max(line, space)
    const wordEnds = value.slice(0, nextRoom + 1).search(/\s/)
    if (wordEnds > 0 || value.length <= nextRoom) return 0
  }
  const end = wholeCharacters(value, room)
  if (end > 0 || nextRoom > 0) return end
  // One character of many code points that is longer than the limit.
  const code = value.charCodeAt(room - 1)
  return code >= 0xd800 && code <= 0xdbff ? room - 1 : room
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** How far back the text is looked at to tell where a character begins; no real one is longer. */
const lookBack = 200

/** The last place up to `index` where no character is cut. */
function wholeCharacters(value: string, index: number): number {
  if (index <= 0 || index >= value.length) return Math.max(0, index)
  if (isPlain(value.charCodeAt(index - 1)) && isPlain(value.charCodeAt(index))) return index
  const start = Math.max(0, index - lookBack)
  const inWindow = index - start
  const found = characters.segment(value.slice(start, index + lookBack)).containing(inWindow)
  return start + (found?.index ?? inWindow)
}

/** Whether a code unit is a character of its own; a carriage return may belong to a line feed. */
function isPlain(code: number): boolean {
  return code < 0x80 && code !== 0x0d
}
