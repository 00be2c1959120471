/**
 * What a terminal would act on instead of showing it: control characters, the separators that break lines, and
 * the marks that turn the direction of text.
 */
const acting = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/**
 * A text that can be written to a terminal whoever it came from: what would act is shown as an escape.
 *
 * @param indent - Stands in front of further lines, so that none of them looks like a line of its own.
 */
export function printable(text: string, indent = ''): string {
  return text.replaceAll('\r\n', '\n').replaceAll(acting, escape).replaceAll('\n', `\n${indent}`)
}

function escape(character: string): string {
  if (character === '\n' || character === '\t') return character
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}
