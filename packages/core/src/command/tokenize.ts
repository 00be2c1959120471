import { type Element, isElement } from '../message/element.ts'
import { isBlank, isSpace, skipBlank, trimBlankEnd } from '../shared/blank.ts'

/** A word, with whether it was quoted, or an element that stands where a word could. */
export type Token = WordToken | ElementToken

/** A word of a command line. */
export interface WordToken {
  /** Tells words from elements. */
  readonly kind: 'word'
  /** The word, without quotation marks. */
  readonly value: string
  /** Quoted words are never options. */
  readonly isQuoted: boolean
  /** Where it begins: element index and character, so that the rest of a message can be taken as written. */
  readonly at: Position
}

/** An element inside a command line. */
export interface ElementToken {
  /** Tells elements from words. */
  readonly kind: 'element'
  /** Anything but text. */
  readonly element: Element
  /** Where it is. */
  readonly at: Position
}

/** A place in a message. */
export interface Position {
  /** Index of the element. */
  readonly element: number
  /** Character within it. */
  readonly offset: number
}

/** What opens a quotation, and what may close it. */
const quotes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '"': '"',
    "'": "'",
    '\uff02': '\uff02',
    '\uff07': '\uff07',
    '“': '”',
    '‘': '’',
    '”': '”',
    '’': '’',
    '„': '“”',
    '‚': '‘’',
    '«': '»',
    '»': '«»',
    '‹': '›',
    '›': '‹›',
    '「': '」',
    '『': '』',
    '｢': '｣',
    '〝': '〞〟',
  }),
)
const escapable: ReadonlySet<string> = new Set([
  '\\',
  ' ',
  ...quotes.keys(),
  ...Array.from(quotes.values()).flatMap((closers) => closers.split('')),
])
const escape = new RegExp(`\\\\([\\\\${Array.from(escapable).join('')}])`, 'g')

/** What is known of a kind of quotes in the rest of a text, so that nothing is searched for in vain twice. */
type Outlook = 'never closed' | 'closed behind a backslash only'

/**
 * Cuts a message into words and elements, one at a time and no further than asked. Quotes of any language keep
 * spaces together where they open a word; a backslash takes the next quote, space or backslash literally, but
 * where no other quote closes, one behind a backslash does, as in `"C:\dir\"`. A quote that is never closed is a
 * character like any other, and what has no width does not count at the edge of a word. Never throws; linear in
 * the length.
 */
export class Tokenizer {
  readonly #elements: readonly Element[]
  #element = 0
  #offset = 0
  /** Quotes that are not closed any more in this text, by what opens them. */
  readonly #outlooks = new Map<string, Outlook>()
  #next: Token | undefined

  constructor(elements: readonly Element[]) {
    this.#elements = elements
  }

  /** The next token, which stays the next one. */
  peek(): Token | undefined {
    this.#next ??= this.#read()
    return this.#next
  }

  /** Takes the next token. */
  take(): Token | undefined {
    const token = this.peek()
    this.#next = undefined
    return token
  }

  #read(): Token | undefined {
    for (;;) {
      const node = this.#elements[this.#element]
      if (node === undefined) return undefined
      if (isElement(node, 'text')) {
        const source = node.attrs.content
        this.#offset = skipBlank(source, this.#offset)
        if (this.#offset < source.length) return this.#readWord(source)
      }
      const at = { element: this.#element, offset: 0 }
      this.#element += 1
      this.#offset = 0
      this.#outlooks.clear()
      if (!isElement(node, 'text')) return { kind: 'element', element: node, at }
    }
  }

  #readWord(source: string): WordToken {
    const at = { element: this.#element, offset: this.#offset }
    const open = source[at.offset] ?? ''
    const close = quotes.get(open)
    const quoted = close === undefined ? undefined : this.#readQuoted(source, open, close)
    const { value, end } = quoted ?? readPlain(source, at.offset)
    this.#offset = end
    return { kind: 'word', value, isQuoted: quoted !== undefined, at }
  }

  #readQuoted(source: string, open: string, close: string): Read | undefined {
    const outlook = this.#outlooks.get(open)
    if (outlook === 'never closed') return undefined
    const quoted = readQuoted(source, this.#offset + 1, close, outlook !== undefined)
    if (quoted === undefined) this.#outlooks.set(open, 'never closed')
    else if (quoted.isBehindBackslash) this.#outlooks.set(open, 'closed behind a backslash only')
    return quoted
  }
}

interface Read {
  readonly value: string
  readonly end: number
}

interface Quoted extends Read {
  readonly isBehindBackslash: boolean
}

/** @param isHasty - No other quote closes, so that the first one behind a backslash does. */
function readQuoted(source: string, from: number, close: string, isHasty: boolean): Quoted | undefined {
  let fallback: number | undefined
  for (let position = from; position < source.length; position += 1) {
    if (source[position] === '\\' && isEscapable(source[position + 1])) {
      position += 1
      if (fallback === undefined && isClosing(source, position, close)) fallback = position
      if (isHasty && fallback !== undefined) break
    } else if (isClosing(source, position, close)) {
      return { value: unescape(source.slice(from, position)), end: position + 1, isBehindBackslash: false }
    }
  }
  if (fallback === undefined) return undefined
  const value = `${unescape(source.slice(from, fallback - 1))}\\`
  return { value, end: fallback + 1, isBehindBackslash: true }
}

/** Whether a quote stands at the end of a word. */
function isClosing(source: string, position: number, close: string): boolean {
  return (
    close.includes(source[position] ?? '\0') &&
    (position + 1 === source.length || isBlank(source.charCodeAt(position + 1)))
  )
}

function readPlain(source: string, from: number): Read {
  let end = from
  let hasEscapes = false
  while (end < source.length && !isSpace(source.charCodeAt(end))) {
    const isEscape = source[end] === '\\' && isEscapable(source[end + 1])
    hasEscapes ||= isEscape
    end += isEscape ? 2 : 1
  }
  const written = source.slice(from, end)
  return { value: hasEscapes ? unescape(written) : trimBlankEnd(written), end }
}

function unescape(value: string): string {
  return value.replaceAll(escape, '$1')
}

function isEscapable(character: string | undefined): boolean {
  return character !== undefined && escapable.has(character)
}
