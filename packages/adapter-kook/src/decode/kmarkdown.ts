import { readRecords, readText } from '@mynah/adapter-kit'
import { type Element, element, text } from '@mynah/core'

import { decodeCode, isUnescapable, unescapedPlaces, unescapeKMarkdown } from '../wire/kmarkdown.ts'
import type { MentionParts } from '../wire/messages.ts'

/** What the platform says of the mentions of a message; all of it may be missing. */
export interface Mentions extends Pick<MentionParts, 'mention_part' | 'mention_role_part' | 'channel_part'> {
  /** Everybody was mentioned; without it `(met)all(met)` is text that somebody typed. */
  readonly all?: boolean
  /** Everybody who is online was mentioned; without it `(met)here(met)` is text. */
  readonly here?: boolean
}

/** Deeper markup than any message needs stays text. */
const maxDepth = 16

/** So many elements are made of a source, far more than a message of 8000 characters holds; the rest is text. */
const maxElements = 10_000

const shortcode = /:(?:[a-z_][\w+-]*|[+-]1):/iy
const emojiTag = /\(emj\)((?:\\.|[^()\\\n])*)\(emj\)\[([^\]\n]+)\]/y
const idTag = /\((met|rol|chn)\)(\d+|all|here)\(\1\)/y
const fontTheme = /\[([a-z]+)\]/y
/** Marks that embrace text, by the character they begin with. */
const pairs: Readonly<Record<'*' | '~' | '(', readonly (readonly [mark: string, type: string])[]>> = {
  '*': [
    ['**', 'b'],
    ['*', 'i'],
  ],
  '~': [['~~', 's']],
  '(': [
    ['(ins)', 'u'],
    ['(spl)', 'spoiler'],
  ],
}

/**
 * Reads KMarkdown. Never throws: what is no markup is text. Escape pairs go before tags, so that `\(met\)` is
 * text; a bare link is its URL as text. Takes time that grows with the length of the source.
 */
export function decodeKMarkdown(source: string, mentions: Mentions = {}): Element[] {
  if (!/[\\*~`([:]/.test(source)) return source === '' ? [] : [text(source)]
  return new Reader(source, mentions).read()
}

class Reader {
  readonly #source: string
  readonly #mentions: Mentions
  /** For each mark and place where the mark stands next; looked for once. */
  readonly #places = new Map<string, Int32Array>()
  /** What stands behind a `](`, by its place: many brackets may lead to the same one. */
  readonly #addresses = new Map<number, Address | undefined>()
  #elements = 0
  readonly #names = new Map<string, ReadonlyMap<string, string>>()

  constructor(source: string, mentions: Mentions) {
    this.#source = source
    this.#mentions = mentions
  }

  read(): Element[] {
    return this.#range(0, this.#source.length, 0)
  }

  #range(start: number, end: number, depth: number): Element[] {
    const result: Element[] = []
    let plain = ''
    let plainFrom = start
    let position = start
    const finish = (): void => {
      if (position > plainFrom) plain += unescapeKMarkdown(this.#source.slice(plainFrom, position))
    }
    while (position < end) {
      const found = this.#markup(position, end, depth)
      if (found === undefined) {
        const isPair = this.#source[position] === '\\' && isUnescapable(this.#source[position + 1])
        position += isPair ? 2 : 1
        continue
      }
      finish()
      if (typeof found.content === 'string') plain += found.content
      else {
        this.#elements += 1
        if (plain !== '') result.push(text(plain))
        result.push(found.content)
        plain = ''
      }
      position = found.end
      plainFrom = position
    }
    finish()
    if (plain !== '') result.push(text(plain))
    return result
  }

  #markup(at: number, end: number, depth: number): Found | undefined {
    if (depth > maxDepth || this.#elements > maxElements) return undefined
    switch (this.#source.charAt(at)) {
      case '`':
        return this.#code(at, end)
      case '(':
        return this.#tag(at, end, depth)
      case '[':
        return this.#link(at, end, depth)
      case ':':
        return this.#match(shortcode, at, end, ([whole]) => element('emoji', { id: whole.slice(1, -1) }))
      case '*':
        return this.#pair(pairs['*'], at, end, depth)
      case '~':
        return this.#pair(pairs['~'], at, end, depth)
      default:
        return undefined
    }
  }

  #code(at: number, end: number): Found | undefined {
    if (this.#source.startsWith('```', at)) {
      const close = this.#find('```', at + 3, end)
      if (close === undefined) return undefined
      const block = this.#source.slice(at + 3, close)
      const line = block.indexOf('\n')
      const lang = line < 0 ? '' : block.slice(0, line).trim()
      const code = decodeCode(block.slice(line + 1).replace(/\n$/, ''))
      return { content: element('pre', lang === '' ? {} : { lang }, code), end: close + 3 }
    }
    const close = this.#find('`', at + 1, end)
    if (close === undefined || close === at + 1) return undefined
    return { content: element('code', {}, decodeCode(this.#source.slice(at + 1, close))), end: close + 1 }
  }

  #tag(at: number, end: number, depth: number): Found | undefined {
    const simple =
      this.#match(idTag, at, end, ([, kind, id = '']) => this.#mention(kind, id)) ??
      this.#match(emojiTag, at, end, ([, name = '', id = '']) =>
        element('emoji', { id, name: unescapeKMarkdown(name) }),
      )
    return simple ?? this.#font(at, end, depth) ?? this.#pair(pairs['('], at, end, depth)
  }

  #mention(kind: string | undefined, id: string): Element | undefined {
    if (kind === 'met' && (id === 'all' || id === 'here')) {
      return this.#mentions[id] === true ? element('at', { type: id }) : undefined
    }
    if (id === 'all' || id === 'here') return undefined
    if (kind === 'chn') return element('sharp', named({ id }, this.#nameOf('channel_part', 'id', 'name', id)))
    if (kind === 'rol') {
      return element('at', named({ role: id }, this.#nameOf('mention_role_part', 'role_id', 'name', id)))
    }
    return element('at', named({ id }, this.#nameOf('mention_part', 'id', 'username', id)))
  }

  #nameOf(part: MentionPart, key: string, field: string, id: string): string | undefined {
    let names = this.#names.get(part)
    if (names === undefined) {
      names = new Map(
        readRecords(this.#mentions[part]).flatMap((one) => {
          const name = readText(one[field])
          return name === undefined ? [] : [[String(one[key]), name] as const]
        }),
      )
      this.#names.set(part, names)
    }
    return names.get(id)
  }

  #font(at: number, end: number, depth: number): Found | undefined {
    const open = '(font)'
    if (!this.#source.startsWith(open, at)) return undefined
    const close = this.#find(open, at + open.length, end)
    if (close === undefined) return undefined
    return this.#match(fontTheme, close + open.length, end, ([, theme = '']) =>
      element('kook-font', { theme }, this.#range(at + open.length, close, depth + 1)),
    )
  }

  #pair(
    marks: readonly (readonly [mark: string, type: string])[],
    at: number,
    end: number,
    depth: number,
  ): Found | undefined {
    for (const [mark, type] of marks) {
      if (!this.#source.startsWith(mark, at)) continue
      const start = at + mark.length
      const close = this.#closeOf(mark, start, end)
      if (close === undefined) continue
      const children = this.#range(start, close, depth + 1)
      return { content: { type, attrs: {}, children }, end: close + mark.length }
    }
    return undefined
  }

  /** Emphasis touches its text on both sides. */
  #closeOf(mark: string, start: number, end: number): number | undefined {
    const isTag = mark.startsWith('(')
    if (!isTag && /\s/.test(this.#source.charAt(start))) return undefined
    const found = this.#find(mark, start, end)
    if (found === undefined || found === start) return undefined
    // `***x***` closes the inner mark first.
    const isTriple = mark === '**' && found + 2 < end && this.#source[found + 2] === '*'
    const close = isTriple ? found + 1 : found
    return isTag || !/\s/.test(this.#source.charAt(close - 1)) ? close : undefined
  }

  #link(at: number, end: number, depth: number): Found | undefined {
    const middle = this.#find('](', at + 1, end)
    if (middle === undefined) return undefined
    const address = this.#addressAt(middle)
    if (address === undefined || address.close >= end) return undefined
    const href = unescapeKMarkdown(address.url)
    const label = this.#source.slice(at + 1, middle)
    const isBare = label === address.url || unescapeKMarkdown(label) === href
    const content = isBare ? href : element('a', { href }, this.#range(at + 1, middle, depth + 1))
    return { content, end: address.close + 1 }
  }

  #addressAt(middle: number): Address | undefined {
    if (this.#addresses.has(middle)) return this.#addresses.get(middle)
    const close = this.#find(')', middle + 2, this.#source.length)
    const url = close === undefined ? '' : this.#source.slice(middle + 2, close)
    const address = close !== undefined && /^https?:\/\/\S+$/i.test(url) ? { url, close } : undefined
    this.#addresses.set(middle, address)
    return address
  }

  #match(
    pattern: RegExp,
    at: number,
    end: number,
    make: (match: RegExpExecArray) => Element | undefined,
  ): Found | undefined {
    pattern.lastIndex = at
    const match = pattern.exec(this.#source)
    if (match === null || at + match[0].length > end) return undefined
    const content = make(match)
    return content === undefined ? undefined : { content, end: at + match[0].length }
  }

  /** Finds a mark that no backslash hides. */
  #find(mark: string, from: number, end: number): number | undefined {
    const place = this.#placesOf(mark)[from]
    return place !== undefined && place + mark.length <= end ? place : undefined
  }

  #placesOf(mark: string): Int32Array {
    const known = this.#places.get(mark)
    if (known !== undefined) return known
    const { length } = this.#source
    // Beyond any end: it is not there.
    const next = new Int32Array(length + 1).fill(length)
    let from = 0
    for (const place of unescapedPlaces(this.#source, mark)) {
      for (; from <= place; from += 1) next[from] = place
    }
    this.#places.set(mark, next)
    return next
  }
}

type MentionPart = 'mention_part' | 'mention_role_part' | 'channel_part'

interface Address {
  readonly url: string
  /** Where its bracket closes. */
  readonly close: number
}

interface Found {
  /** An element, or text. */
  readonly content: Element | string
  /** Where reading goes on. */
  readonly end: number
}

function named<T extends object>(attrs: T, name: string | undefined): T | (T & { name: string }) {
  return name === undefined || name === '' ? attrs : { ...attrs, name }
}
