import { type Content, type Element, element, text, toElements } from '@mynah/core'

import { decodeCode, isUnescapable, unescapeKMarkdown } from '../kmarkdown.ts'
import type { MentionParts } from '../wire/objects.ts'

/** Names of what is mentioned; all of them may be missing. */
export type MentionNames = Pick<MentionParts, 'mention_part' | 'mention_role_part' | 'channel_part'>

/** Deeper markup than any message needs stays text. */
const maxDepth = 16

const shortcode = /:(?:[a-z_][\w+-]*|[+-]1):/iy
const emojiTag = /\(emj\)((?:\\.|[^()\\\n])*)\(emj\)\[([^\]\n]+)\]/y
const idTag = /\((met|rol|chn)\)([^()\s]+)\(\1\)/y
const fontTheme = /\[([a-z]+)\]/y
const pairs: readonly (readonly [open: string, type: 'b' | 'i' | 's' | 'u' | 'spoiler'])[] = [
  ['**', 'b'],
  ['*', 'i'],
  ['~~', 's'],
  ['(ins)', 'u'],
  ['(spl)', 'spoiler'],
]

/**
 * Reads KMarkdown. Never throws: what is no markup is text. Escape pairs go before tags, so that `\(met\)` is
 * text; a bare link is its URL as text.
 */
export function decodeKMarkdown(source: string, names: MentionNames = {}): Element[] {
  if (!/[\\*~`([:]/.test(source)) return source === '' ? [] : [text(source)]
  return new Reader(source, names).read()
}

class Reader {
  readonly #source: string
  readonly #names: MentionNames
  /** Where each closing mark was looked for in vain: from there on it is not there, so nobody looks again. */
  readonly #missingFrom = new Map<string, number>()

  constructor(source: string, names: MentionNames) {
    this.#source = source
    this.#names = names
  }

  read(): Element[] {
    return toElements(this.#range(0, this.#source.length, 0))
  }

  #range(start: number, end: number, depth: number): Content[] {
    const result: Content[] = []
    let plain = ''
    let position = start
    while (position < end) {
      const found = this.#markup(position, end, depth)
      if (found === undefined) {
        const isPair = this.#source[position] === '\\' && isUnescapable(this.#source[position + 1])
        if (isPair) position += 1
        plain += this.#source.charAt(position)
        position += 1
      } else {
        result.push(plain, found.content)
        plain = ''
        position = found.end
      }
    }
    result.push(plain)
    return result
  }

  #markup(at: number, end: number, depth: number): Found | undefined {
    if (depth > maxDepth) return undefined
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
      case '~':
        return this.#pair(at, end, depth)
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
    return simple ?? this.#font(at, end, depth) ?? this.#pair(at, end, depth)
  }

  #mention(kind: string | undefined, id: string): Element {
    if (kind === 'chn') {
      const channel = this.#names.channel_part?.find((part) => part.id === id)
      return element('sharp', named({ id }, channel?.name))
    }
    if (kind === 'rol') {
      const role = this.#names.mention_role_part?.find((part) => String(part.role_id) === id)
      return element('at', named({ role: id }, role?.name))
    }
    if (id === 'all' || id === 'here') return element('at', { type: id })
    const user = this.#names.mention_part?.find((part) => String(part.id) === id)
    return element('at', named({ id }, user?.username))
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

  #pair(at: number, end: number, depth: number): Found | undefined {
    for (const [mark, type] of pairs) {
      if (!this.#source.startsWith(mark, at)) continue
      const start = at + mark.length
      const close = this.#closeOf(mark, start, end)
      if (close === undefined) continue
      return { content: element(type, {}, this.#range(start, close, depth + 1)), end: close + mark.length }
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
    const close = this.#find(')', middle + 2, end)
    const url = close === undefined ? '' : this.#source.slice(middle + 2, close)
    if (close === undefined || !/^https?:\/\/\S+$/i.test(url)) return undefined
    const href = unescapeKMarkdown(url)
    const label = this.#source.slice(at + 1, middle)
    const isBare = label === url || unescapeKMarkdown(label) === href
    const content = isBare ? text(href) : element('a', { href }, this.#range(at + 1, middle, depth + 1))
    return { content, end: close + 1 }
  }

  #match(
    pattern: RegExp,
    at: number,
    end: number,
    make: (match: RegExpExecArray) => Element,
  ): Found | undefined {
    pattern.lastIndex = at
    const match = pattern.exec(this.#source)
    if (match === null || at + match[0].length > end) return undefined
    return { content: make(match), end: at + match[0].length }
  }

  /** Finds a mark that no backslash hides. */
  #find(mark: string, from: number, end: number): number | undefined {
    const missing = this.#missingFrom.get(mark)
    if (missing !== undefined && from >= missing) return undefined
    for (let at = from; at < end; at += 1) {
      if (this.#source[at] === '\\') at += 1
      else if (this.#source.startsWith(mark, at)) return at + mark.length <= end ? at : undefined
    }
    if (end === this.#source.length) this.#missingFrom.set(mark, from)
    return undefined
  }
}

interface Found {
  readonly content: Element
  /** Where reading goes on. */
  readonly end: number
}

function named<T extends object>(attrs: T, name: string | undefined): T | (T & { name: string }) {
  return name === undefined || name === '' ? attrs : { ...attrs, name }
}
