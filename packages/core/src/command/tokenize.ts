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

const quotes: Record<string, string> = { '"': '"', "'": "'", '“': '”', '‘': '’', '「': '」' }
const space = /\s/
const escapable = new Set(['\\', ' ', ...Object.entries(quotes).flat()])

/**
 * Cuts a message into words and elements. Quotes (also Chinese ones) keep spaces together where they open a
 * word; a backslash takes the next quote, space or backslash literally. A quote that is never closed is a
 * character like any other. Never throws; linear in the length.
 */
export function tokenize(elements: readonly Element[], from: Position = { element: 0, offset: 0 }): Token[] {
  const tokens: Token[] = []
  for (let index = from.element; index < elements.length; index += 1) {
    const node = elements[index]
    if (node === undefined) break
    const start = index === from.element ? from.offset : 0
    if (isElement(node, 'text')) tokenizeText(tokens, node.attrs.content, index, start)
    else if (start === 0) tokens.push({ kind: 'element', element: node, at: { element: index, offset: 0 } })
  }
  return tokens
}

function tokenizeText(tokens: Token[], source: string, element: number, from: number): void {
  // A quote that was not closed once is not closed further on either: each kind is searched in vain only once.
  let unclosed = ''
  let position = from
  while (position < source.length) {
    if (space.test(source[position] ?? '')) {
      position += 1
      continue
    }
    const at = { element, offset: position }
    const close = quotes[source[position] ?? '']
    const canQuote = close !== undefined && !unclosed.includes(close)
    const quoted = canQuote ? readQuoted(source, position + 1, close) : undefined
    if (canQuote && quoted === undefined) unclosed += close
    const word = quoted ?? readPlain(source, position)
    tokens.push({ kind: 'word', value: word.value, isQuoted: quoted !== undefined, at })
    position = word.end
  }
}

interface Read {
  readonly value: string
  readonly end: number
}

function readQuoted(source: string, from: number, close: string): Read | undefined {
  let value = ''
  for (let position = from; position < source.length; position += 1) {
    const character = source[position] ?? ''
    if (character === close) {
      const next = source[position + 1]
      if (next === undefined || space.test(next)) return { value, end: position + 1 }
    }
    if (character === '\\' && isEscapable(source[position + 1])) position += 1
    value += source[position] ?? ''
  }
  return undefined
}

function readPlain(source: string, from: number): Read {
  let value = ''
  let position = from
  while (position < source.length && !space.test(source[position] ?? '')) {
    if (source[position] === '\\' && isEscapable(source[position + 1])) position += 1
    value += source[position] ?? ''
    position += 1
  }
  return { value, end: position }
}

function isEscapable(character: string | undefined): boolean {
  return character !== undefined && escapable.has(character)
}
