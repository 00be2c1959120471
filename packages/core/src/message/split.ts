import { type Element, element, isElement, text } from './element.ts'
import { type Fence, fenceAfter } from './markdown.ts'

/** Elements that mean the same for each half of what they hold. */
const divisible: ReadonlySet<string> = new Set(['b', 'i', 'u', 's', 'spoiler', 'code', 'pre', 'p', 'a'])

/**
 * Cuts a message into parts of at most `limit` characters (UTF-16 units) of text. Text is cut at a line break
 * where one is near, else at a space, else between characters as people see them; styles, links, paragraphs and
 * blocks of code go on in the next part; other elements are never broken, even where one is longer than the
 * limit. Nothing is lost. Linear in the length.
 *
 * @param limit - At least 2, the length of the longest code point.
 */
export function split(elements: readonly Element[], limit: number): Element[][] {
  if (elements.length === 0) return []
  const sizes = new Sizes()
  if (sizes.ofAll(elements) <= limit) return [[...elements]]
  const splitter = new Splitter(limit, sizes)
  splitter.add(elements)
  return splitter.finish()
}

/** How many characters people read of each element; asked for more than once, counted once. */
class Sizes {
  readonly #known = new Map<Element, number>()

  ofAll(elements: readonly Element[]): number {
    let size = 0
    for (const node of elements) size += this.of(node)
    return size
  }

  of(node: Element): number {
    if (isElement(node, 'text')) return node.attrs.content.length
    if (isElement(node, 'markdown')) return markdownOf(node).length
    if (node.type === 'quote' || node.children.length === 0) return 0
    let size = this.#known.get(node)
    if (size === undefined) this.#known.set(node, (size = this.ofAll(node.children)))
    return size
  }
}

/** An element that is being filled, and goes on in the next part when the part ends before it does. */
interface Open {
  readonly node: Element
  children: Element[]
}

class Splitter {
  readonly #limit: number
  readonly #sizes: Sizes
  readonly #parts: Element[][] = []
  #part: Element[] = []
  readonly #open: Open[] = []
  #room: number

  constructor(limit: number, sizes: Sizes) {
    this.#limit = limit
    this.#sizes = sizes
    this.#room = limit
  }

  add(nodes: readonly Element[]): void {
    for (const node of nodes) {
      const size = this.#sizes.of(node)
      if (size <= this.#room) this.#put(node, size)
      else if (isElement(node, 'text')) this.#addText(node.attrs.content)
      else if (isElement(node, 'markdown')) this.#addMarkdown(node)
      else if (divisible.has(node.type)) this.#addInside(node)
      else this.#addWhole(node, size)
    }
  }

  finish(): Element[][] {
    this.#endPart()
    return this.#parts
  }

  /** Nothing stands in the part yet, so that something has to go in. */
  get #isFresh(): boolean {
    return this.#room === this.#limit
  }

  #put(node: Element, size: number): void {
    const into = this.#open.at(-1)?.children ?? this.#part
    into.push(node)
    this.#room -= size
  }

  #endPart(): void {
    for (let index = this.#open.length - 1; index >= 0; index -= 1) {
      const { node, children } = this.#open[index] ?? { node: text(''), children: [] }
      const into = this.#open[index - 1]?.children ?? this.#part
      if (children.length > 0) into.push({ ...node, children })
    }
    for (const open of this.#open) open.children = []
    if (this.#part.length > 0) this.#parts.push(this.#part)
    this.#part = []
    this.#room = this.#limit
  }

  #addInside(node: Element): void {
    const open: Open = { node, children: [] }
    this.#open.push(open)
    this.add(node.children)
    this.#open.pop()
    if (open.children.length > 0) this.#put({ ...node, children: open.children }, 0)
  }

  /** Too long for any part, it has one of its own, or joins what takes no room. */
  #addWhole(node: Element, size: number): void {
    if (!this.#isFresh) this.#endPart()
    this.#put(node, size)
    if (size > this.#limit) this.#endPart()
  }

  #addText(content: string): void {
    let rest = content
    while (rest.length > this.#room) {
      const at = cutAt(rest, this.#room, this.#isFresh ? 0 : this.#limit)
      if (at > 0) this.#put(text(rest.slice(0, at)), at)
      rest = rest.slice(at)
      this.#endPart()
    }
    if (rest !== '') this.#put(text(rest), rest.length)
  }

  #addMarkdown(node: Element): void {
    let rest = markdownOf(node)
    /** What opens a block of code again; it stands in front of the rest. */
    let opener = ''
    const put = (content: string): void =>
      this.#put(element('markdown', { ...node.attrs, content }), content.length)
    while (opener.length + rest.length > this.#room) {
      const seen = opener + rest.slice(0, this.#limit + lookAhead)
      const cut = cutMarkdown(seen, this.#room, this.#isFresh ? 0 : this.#limit)
      if (cut.head !== '') put(cut.head)
      rest = rest.slice(Math.max(0, cut.end - opener.length))
      opener = cut.opener + opener.slice(cut.end)
      this.#endPart()
    }
    if (opener + rest !== '') put(opener + rest)
  }
}

/** Messages in text form may lack what their types promise. */
function markdownOf({ attrs }: Element): string {
  const content = attrs['content']
  return content === undefined ? '' : String(content)
}

interface MarkdownCut {
  readonly head: string
  /** Where what is left begins. */
  readonly end: number
  /** What has to stand in front of that. */
  readonly opener: string
}

/** How much of what follows a part is looked at to tell how that part ends. */
const lookAhead = 1000

/**
 * Cuts Markdown; a block of code that is cut is closed and opened again.
 *
 * @param nextRoom - Room in the next part; 0 when this one is empty and has to take something.
 */
function cutMarkdown(content: string, room: number, nextRoom: number): MarkdownCut {
  const wanted = cutAt(content, room, nextRoom)
  const opened = blockAt(content.slice(0, wanted))
  if (opened === undefined) return plainCut(content, wanted)
  // The marks that close and open it need room, too.
  const space = room - opened.fence.mark.length - 1
  if (opened.fence.line.length > space / 2) return plainCut(content, wanted)
  const at = wanted > space ? cutAt(content, space, 0) : wanted
  const head = content.slice(0, at)
  const block = blockAt(head)
  if (block === undefined) return plainCut(content, at)
  if (at <= block.start + block.fence.line.length + 1) {
    if (block.start > 0) return plainCut(content, block.start)
    return plainCut(content, nextRoom > 0 ? 0 : wanted)
  }
  const closed = closeBlock(head, content.slice(at), block.fence)
  return closed.head.length <= room ? closed : plainCut(content, wanted)
}

function plainCut(content: string, at: number): MarkdownCut {
  return { head: content.slice(0, at), end: at, opener: '' }
}

/** Longer lines close no block of code. */
const maxClosing = 200

function closeBlock(head: string, rest: string, fence: Fence): MarkdownCut {
  if (head.endsWith('\n')) {
    const [line = ''] = rest.slice(0, maxClosing).split('\n', 1)
    const closes = line.length < maxClosing && fenceAfter(line, fence) === undefined
    if (closes) return { head: head + line.trimEnd(), end: head.length + line.length + 1, opener: '' }
  }
  const lineBreak = head.endsWith('\n') ? '' : '\n'
  return { head: `${head}${lineBreak}${fence.mark}`, end: head.length, opener: `${fence.line}\n` }
}

/** The block of code that is open at the end of Markdown, and where its first line begins. */
function blockAt(content: string): { readonly fence: Fence; readonly start: number } | undefined {
  let fence: Fence | undefined
  let start = 0
  for (let position = 0; position < content.length;) {
    const end = content.indexOf('\n', position)
    const line = content.slice(position, end < 0 ? content.length : end)
    // Where a line is cut it is not known yet whether it closes the block.
    const following = end < 0 ? (fence ?? fenceAfter(line, undefined)) : fenceAfter(line, fence)
    if (fence === undefined && following !== undefined) start = position
    fence = following
    position = end < 0 ? content.length : end + 1
  }
  return fence === undefined ? undefined : { fence, start }
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
