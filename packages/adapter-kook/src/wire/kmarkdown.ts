/**
 * The alphabet of KMarkdown: which characters are escaped, and how links are written.
 *
 * The platform gives no list; these are the characters that its clients escape and that it unescapes.
 *
 * @packageDocumentation
 */

const special = /[\\*~`[\]()>:-]/g
const escaped = /\\([\\*~`[\]()>:!.-])/g
const unescapable = new Set('\\*~`[]()>:-!.')

/** Characters a URL is made of; others, Chinese ones for instance, end a bare URL. No URL is longer. */
const bareUrl = /https?:\/\/[\w#$%&+,./:;=?@!~*()[\]-]{1,2000}/gi

/** Marks at the end of a bare URL that belong to the sentence around it. */
const sentenceMarks = new Set(',.:;?!*~([')

/** Makes a text mean nothing but itself. URLs are not looked for. */
export function escapeKMarkdown(text: string): string {
  return text.replaceAll(special, String.raw`\$&`)
}

/** The text that an escaped source stands for. Backslashes in front of other characters stay. */
export function unescapeKMarkdown(source: string): string {
  return source.includes('\\') ? source.replaceAll(escaped, '$1') : source
}

const backslash = 0x5c

/** Where a mark stands that no backslash hides, from the first to the last; some may overlap. */
export function unescapedPlaces(source: string, mark: string): number[] {
  const places: number[] = []
  for (let at = 0; at < source.length; at += 1) {
    if (source.charCodeAt(at) === backslash) at += 1
    else if (standsAt(source, mark, at)) places.push(at)
  }
  return places
}

/** What `startsWith` tells; faster where it is asked for every character of a text. */
function standsAt(source: string, mark: string, at: number): boolean {
  for (let index = 0; index < mark.length; index += 1) {
    if (source.charCodeAt(at + index) !== mark.charCodeAt(index)) return false
  }
  return true
}

/** Whether a backslash in front of this character hides it. */
export function isUnescapable(character: string | undefined): boolean {
  return character !== undefined && unescapable.has(character)
}

/** Escapes a text; bare URLs become links, so that they stay clickable. */
export function encodeText(text: string): string {
  const parts: string[] = []
  let position = 0
  for (const match of text.matchAll(bareUrl)) {
    const url = endOfUrl(match[0])
    if (url.endsWith('://')) continue
    parts.push(escapeKMarkdown(text.slice(position, match.index)), encodeLink(url, url))
    position = match.index + url.length
  }
  parts.push(escapeKMarkdown(text.slice(position)))
  return parts.join('')
}

/** Where a bare URL ends: at a bracket that was not opened inside, and before marks of the sentence. */
function endOfUrl(url: string): string {
  const open: string[] = []
  let end = 0
  for (; end < url.length; end += 1) {
    const character = url.charAt(end)
    if (character === '(') open.push(')')
    else if (character === '[') open.push(']')
    else if ((character === ')' || character === ']') && open.pop() !== character) break
  }
  while (end > 0 && sentenceMarks.has(url.charAt(end - 1))) end -= 1
  return url.slice(0, end)
}

/** A URL whose characters cannot be taken for markup. */
export function encodeUrl(url: string): string {
  const encoded = /[\s\\]/.test(url) ? url.replaceAll(/[\s\\]/g, percentEncode) : url
  // One character at a time is many times faster than a callback where there are many of them.
  return encoded
    .replaceAll(/\(/g, '%28')
    .replaceAll(/\)/g, '%29')
    .replaceAll(/\[/g, '%5B')
    .replaceAll(/\]/g, '%5D')
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** A link; its label and its address are the same for bare URLs, so that a preview appears. */
export function encodeLink(label: string, url: string): string {
  const address = encodeUrl(url)
  return `[${label === url ? address : label}](${address})`
}

/**
 * Inside code only the backtick is escaped. Where a backslash would hide that escape, or the end of the code,
 * a character without width keeps them apart, so that no text gets out of its code.
 */
export function encodeCode(text: string): string {
  return text
    .split('`')
    .map((part) => (part.endsWith('\\') ? `${part}\u200B` : part))
    .join('\\`')
}

/** The text of code. */
export function decodeCode(source: string): string {
  return source.includes('\\') ? source.replaceAll(/\\`/g, '`').replaceAll(/\\\u200B/g, '\\') : source
}
