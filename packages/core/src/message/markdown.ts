import { isSpace } from '../shared/blank.ts'

const fencePattern = /^ {0,3}(`{3,20}(?=[^`]*$)|~{3,20}(?!~))/
const quotePattern = /^ {0,3}> ?/
const headingPattern = /^ {0,3}#{1,6}[ \t]+/

/** A block of code that is open: what closes it, and the line that opened it. */
export interface Fence {
  readonly mark: string
  readonly line: string
}

/** The block of code that is open behind a line. */
export function fenceAfter(line: string, open: Fence | undefined): Fence | undefined {
  const mark = fencePattern.exec(line)?.[1]
  if (open === undefined) return mark === undefined ? undefined : { mark, line }
  const isClosing = mark?.startsWith(open.mark) === true && line.trim() === mark
  return isClosing ? undefined : open
}

/**
 * Takes the marks out of Markdown and keeps the words, link targets included; blocks of code stay as they are.
 * Linear in the length.
 */
export function markdownToText(source: string): string {
  const parts: string[] = []
  let fence: Fence | undefined
  for (let start = 0; start < source.length;) {
    const end = source.indexOf('\n', start)
    const next = end < 0 ? source.length : end + 1
    const line = source.slice(start, end < 0 ? next : end)
    const following = fenceAfter(line, fence)
    if (following === fence) {
      parts.push(fence === undefined ? lineToText(line) : line, end < 0 ? '' : '\n')
    }
    fence = following
    start = next
  }
  return parts.join('')
}

function lineToText(line: string): string {
  let start = 0
  for (let quote: string | undefined; ; start += quote.length) {
    quote = quotePattern.exec(line.slice(start, start + 5))?.[0]
    if (quote === undefined) break
  }
  start += headingPattern.exec(line.slice(start, start + 20))?.[0].length ?? 0
  const words = start === 0 ? line : line.slice(start)
  return /[\\`*_~\]]/.test(words) ? new InlineReader(words).read() : words
}

/** A stretch of inline code: `start` is its first mark, `end` stands behind its last one. */
interface CodeSpan {
  readonly marks: number
  readonly end: number
}

interface Link {
  readonly isImage: boolean
  readonly href: string
  /** Where the label ends. */
  readonly close: number
  /** Behind the whole. */
  readonly end: number
}

const punctuation = /[!-/:-@[-`{-~]/
const wordCharacter = /\w/

/** Reads one line from left to right; whatever has to be found further on is looked up beforehand, once. */
class InlineReader {
  readonly #line: string
  readonly #code: ReadonlyMap<number, CodeSpan>
  /** Where the bracket closes that opens at an index; 0 where none does. */
  readonly #closing: Int32Array
  /** The next white space from an index on. */
  readonly #nextSpace: Int32Array
  readonly #parts: string[] = []
  /** Marks of emphasis that may still be closed, with their place among the parts. */
  readonly #emphasis = new Map<string, number>()
  readonly #links: Link[] = []

  constructor(line: string) {
    this.#line = line
    this.#code = codeSpans(line)
    const hasLinks = line.includes('](')
    this.#closing = hasLinks ? closingBrackets(line, this.#code) : new Int32Array(0)
    this.#nextSpace = hasLinks ? nextSpaces(line) : new Int32Array(0)
  }

  read(): string {
    const line = this.#line
    let position = 0
    let plain = 0
    const flush = (): void => {
      if (position > plain) this.#parts.push(line.slice(plain, position))
    }
    while (position < line.length) {
      const taken = this.#endOfMark(position, flush)
      if (taken > position) plain = taken
      position = taken > position ? taken : position + 1
    }
    flush()
    return this.#parts.join('')
  }

  /** Reads a mark. @returns What stands behind it, or the same place where there is none. */
  #endOfMark(position: number, flush: () => void): number {
    const character = this.#line.charAt(position)
    switch (character) {
      case '\\':
        if (!punctuation.test(this.#line[position + 1] ?? '')) return position
        flush()
        this.#parts.push(this.#line[position + 1] ?? '')
        return position + 2
      case '`':
        return this.#readCode(position, flush)
      case '!':
        return this.#line[position + 1] === '[' ? this.#openLink(position + 1, true, flush) : position
      case '[':
        return this.#openLink(position, false, flush)
      case ']':
        return this.#closeLink(position, flush)
      case '*':
      case '_':
      case '~':
        return this.#readEmphasis(position, character, flush)
      default:
        return position
    }
  }

  #readCode(position: number, flush: () => void): number {
    const span = this.#code.get(position)
    flush()
    if (span === undefined) {
      const end = endOfRun(this.#line, position)
      this.#parts.push(this.#line.slice(position, end))
      return end
    }
    this.#parts.push(this.#line.slice(position + span.marks, span.end - span.marks))
    return span.end
  }

  #openLink(position: number, isImage: boolean, flush: () => void): number {
    const at = isImage ? position - 1 : position
    const close = this.#closing[position] ?? 0
    const href = close === 0 || this.#line[close + 1] !== '(' ? undefined : this.#hrefAt(close + 1)
    if (href === undefined) return at
    flush()
    this.#links.push({ isImage, close, ...href })
    if (isImage) this.#parts.push(close === position + 1 ? '[image' : '[image: ')
    return position + 1
  }

  #closeLink(position: number, flush: () => void): number {
    const link = this.#links.at(-1)
    if (link?.close !== position) return position
    flush()
    this.#links.pop()
    this.#parts.push(link.isImage ? `] ${link.href}` : ` (${link.href})`)
    return link.end
  }

  /** The target in parentheses that open at a place, perhaps with a title in quotes behind it. */
  #hrefAt(open: number): { readonly href: string; readonly end: number } | undefined {
    const close = this.#closing[open] ?? 0
    if (close <= open + 1) return undefined
    const space = this.#nextSpace[open + 1] ?? close
    const end = Math.min(space, close)
    const hasTitle = end < close
    if (end === open + 1 || (hasTitle && !isTitle(this.#line, end + 1, close))) return undefined
    const href = this.#line.slice(open + 1, end)
    return { href: href.replace(/^<(.*)>$/, '$1'), end: close + 1 }
  }

  #readEmphasis(position: number, character: string, flush: () => void): number {
    const end = endOfRun(this.#line, position)
    const length = end - position
    flush()
    const marks = marksOf(character, length)
    const before = this.#line[position - 1] ?? ' '
    const after = this.#line[end] ?? ' '
    for (const mark of marks) {
      const opened = this.#emphasis.get(mark)
      const mayClose = !isBlankMark(before) && (mark === '**' || mark === '~~' || !wordCharacter.test(after))
      const mayOpen = !isBlankMark(after) && (mark === '**' || mark === '~~' || !wordCharacter.test(before))
      if (opened !== undefined && mayClose) {
        this.#parts[opened] = ''
        this.#emphasis.delete(mark)
        continue
      }
      if (opened === undefined && mayOpen) this.#emphasis.set(mark, this.#parts.length)
      this.#parts.push(mark)
    }
    if (marks.length === 0) this.#parts.push(this.#line.slice(position, end))
    return end
  }
}

/** Which marks a run of one character is; none where it is no emphasis. */
function marksOf(character: string, length: number): readonly string[] {
  if (character === '*')
    return ({ 1: ['*'], 2: ['**'], 3: ['**', '*'] } as Readonly<Record<number, string[]>>)[length] ?? []
  return length === 2 ? [character + character] : []
}

function isBlankMark(character: string): boolean {
  return isSpace(character.charCodeAt(0))
}

function isTitle(line: string, start: number, end: number): boolean {
  let from = start
  while (from < end && isSpace(line.charCodeAt(from))) from += 1
  let to = end
  while (to > from && isSpace(line.charCodeAt(to - 1))) to -= 1
  if (from === to) return true
  const [first = '', last = ''] = [line[from], line[to - 1]]
  return to - from > 1 && ((`"'`.includes(first) && first === last) || (first === '(' && last === ')'))
}

function endOfRun(line: string, position: number): number {
  let end = position + 1
  while (end < line.length && line[end] === line[position]) end += 1
  return end
}

/** Stretches of inline code, by where they begin. */
function codeSpans(line: string): ReadonlyMap<number, CodeSpan> {
  const spans = new Map<number, CodeSpan>()
  if (!line.includes('`')) return spans
  const runs: { readonly at: number; readonly length: number }[] = []
  for (let at = 0; at < line.length;) {
    if (line[at] === '\\') at += 2
    else if (line[at] === '`') {
      const end = endOfRun(line, at)
      runs.push({ at, length: end - at })
      at = end
    } else at += 1
  }
  const nextOfLength = new Map<number, number>()
  const closers: (number | undefined)[] = []
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const length = runs[index]?.length ?? 0
    closers[index] = nextOfLength.get(length)
    nextOfLength.set(length, index)
  }
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index]
    const closer = closers[index]
    const last = closer === undefined ? undefined : runs[closer]
    if (run === undefined || closer === undefined || last === undefined) continue
    spans.set(run.at, { marks: run.length, end: last.at + last.length })
    index = closer
  }
  return spans
}

/** Where brackets and parentheses close, by where they open. */
function closingBrackets(line: string, code: ReadonlyMap<number, CodeSpan>): Int32Array {
  const closing = new Int32Array(line.length)
  const brackets: number[] = []
  const parentheses: number[] = []
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]
    const span = character === '`' ? code.get(at) : undefined
    if (span !== undefined) at = span.end - 1
    else if (character === '\\') at += 1
    else if (character === '[') brackets.push(at)
    else if (character === '(') parentheses.push(at)
    else if (character === ']' || character === ')') {
      const open = (character === ']' ? brackets : parentheses).pop()
      if (open !== undefined) closing[open] = at
    }
  }
  return closing
}

function nextSpaces(line: string): Int32Array {
  const next = new Int32Array(line.length)
  let space = line.length
  for (let at = line.length - 1; at >= 0; at -= 1) {
    if (isSpace(line.charCodeAt(at))) space = at
    next[at] = space
  }
  return next
}
