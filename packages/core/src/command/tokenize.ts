import { type Element, isElement } from '../message/element.ts'

/** A word, with whether it was quoted, or an element that stands where a word could. */
export type Token = WordToken | ElementToken

/** A word of a command line. */
export interface WordToken {
  readonly kind: 'word'
  readonly value: string
  /** Quoted words are never options. */
  readonly isQuoted: boolean
  /** Where it begins: element index and character, so that the rest of a message can be taken as written. */
  readonly at: Position
}

/** An element inside a command line. */
export interface ElementToken {
  readonly kind: 'element'
  readonly element: Element
  readonly at: Position
}

/** A place in a message. */
export interface Position {
  readonly element: number
  readonly offset: number
}

const quotes: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '"', "'": "'", '“': '”', '‘': '’', '「': '」' }),
)
const escapable = new Set(['\\', ' ', ...quotes.keys(), ...quotes.values()])
const space = /\s/

/**
 * Cuts a message into words and elements, one at a time and no further than asked. Quotes (also Chinese ones)
 * keep spaces together where they open a word; a backslash takes the next quote, space or backslash literally.
 * A quote that is never closed is a character like any other. Never throws; linear in the length.
 */
export class Tokenizer {
  readonly #elements: readonly Element[]
  #element = 0
  #offset = 0
  /** Quotes that are not closed any more in this text: each kind is searched in vain only once. */
  #unclosed = ''
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
        this.#offset = endOfBlank(source, this.#offset)
        if (this.#offset < source.length) return this.#readWord(source)
      }
      const at = { element: this.#element, offset: 0 }
      this.#element += 1
      this.#offset = 0
      this.#unclosed = ''
      if (!isElement(node, 'text')) return { kind: 'element', element: node, at }
    }
  }

  #readWord(source: string): WordToken {
    const at = { element: this.#element, offset: this.#offset }
    const close = quotes.get(source[at.offset] ?? '')
    if (close !== undefined && !this.#unclosed.includes(close)) {
      const quoted = readQuoted(source, at.offset + 1, close)
      if (quoted !== undefined) {
        this.#offset = quoted.end
        return { kind: 'word', value: quoted.value, isQuoted: true, at }
      }
      this.#unclosed += close
    }
    const plain = readPlain(source, at.offset)
    this.#offset = plain.end
    return { kind: 'word', value: plain.value, isQuoted: false, at }
  }
}

function isSpace(source: string, position: number): boolean {
  const code = source.charCodeAt(position)
  return code === 32 || (code >= 9 && code <= 13) || (code >= 160 && space.test(source[position] ?? ''))
}

function endOfBlank(source: string, from: number): number {
  let end = from
  while (end < source.length && isSpace(source, end)) end += 1
  return end
}

interface Read {
  readonly value: string
  readonly end: number
}

function readQuoted(source: string, from: number, close: string): Read | undefined {
  let value = ''
  let start = from
  for (let position = from; position < source.length; position += 1) {
    const character = source[position]
    if (character === '\\' && isEscapable(source[position + 1])) {
      value += source.slice(start, position)
      position += 1
      start = position
    } else if (character === close && (position + 1 === source.length || isSpace(source, position + 1))) {
      return { value: value + source.slice(start, position), end: position + 1 }
    }
  }
  return undefined
}

function readPlain(source: string, from: number): Read {
  let end = from
  while (end < source.length && !isSpace(source, end)) {
    if (source[end] === '\\') return readEscaped(source, from)
    end += 1
  }
  return { value: source.slice(from, end), end }
}

function readEscaped(source: string, from: number): Read {
  let value = ''
  let position = from
  while (position < source.length && !isSpace(source, position)) {
    if (source[position] === '\\' && isEscapable(source[position + 1])) position += 1
    value += source[position] ?? ''
    position += 1
  }
  return { value, end: position }
}

function isEscapable(character: string | undefined): boolean {
  return character !== undefined && escapable.has(character)
}
