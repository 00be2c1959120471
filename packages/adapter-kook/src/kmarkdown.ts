/**
 * The alphabet of KMarkdown: which characters are escaped, and how links are written.
 *
 * The platform gives no list; these are the characters that its clients escape and that it unescapes.
 *
 * @packageDocumentation
 */

const special = /[\\*~`[\]()>:-]/g
const unescapable = new Set('\\*~`[]()>-:!.')

/** Characters a URL is made of; others, Chinese ones for instance, end a bare URL. */
const bareUrl = /https?:\/\/[\w#$%&+,./:;=?@!~*()[\]-]+/gi

/** Makes a text mean nothing but itself. URLs are not looked for. */
export function escapeKMarkdown(text: string): string {
  return text.replaceAll(special, String.raw`\$&`)
}

/** The text that an escaped source stands for. Backslashes in front of other characters stay. */
export function unescapeKMarkdown(source: string): string {
  return source.replaceAll(/\\([\s\S])/g, (pair, character: string) =>
    unescapable.has(character) ? character : pair,
  )
}

/** Whether a backslash in front of this character hides it. */
export function isUnescapable(character: string | undefined): boolean {
  return character !== undefined && unescapable.has(character)
}

/** Escapes a text; bare URLs become links, so that they stay clickable. */
export function encodeText(text: string): string {
  let result = ''
  let position = 0
  for (const match of text.matchAll(bareUrl)) {
    const url = endOfUrl(match[0])
    if (url.endsWith('://')) continue
    result += escapeKMarkdown(text.slice(position, match.index)) + encodeLink(url, url)
    position = match.index + url.length
  }
  return result + escapeKMarkdown(text.slice(position))
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
  return url.slice(0, end).replace(/[,.:;?!*~([]+$/, '')
}

/** A URL whose characters cannot be taken for markup. */
export function encodeUrl(url: string): string {
  return url.replaceAll(
    /[()[\]\s\\]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** A link; its label and its address are the same for bare URLs, so that a preview appears. */
export function encodeLink(label: string, url: string): string {
  const address = encodeUrl(url)
  return `[${label === url ? address : label}](${address})`
}

/** Inside code only the backtick is escaped. */
export function encodeCode(text: string): string {
  return text.replaceAll('`', '\\`')
}

/** The text of code. */
export function decodeCode(source: string): string {
  return source.replaceAll('\\`', '`')
}
