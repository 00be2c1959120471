/**
 * Reads JSON as implementations write it: integers that a number cannot hold, such as the 64-bit ids of messages,
 * become text with all their digits. Takes time linear in the length.
 *
 * @throws SyntaxError
 */
export function parseJson(source: string): unknown {
  return JSON.parse(longDigits.test(source) ? quoteLongIntegers(source) : source)
}

/** `Number.MAX_SAFE_INTEGER` has 16 digits. */
const longDigits = /\d{16}/
const stringOrDigits = /"|-?\d{16,}/g
/** A fraction or an exponent has digits as well, but no end of a value on both sides. */
const beforeValue = /[\s:,[]/
const afterValue = /[\s,\]}]/

function quoteLongIntegers(source: string): string {
  let result = ''
  let copiedTo = 0
  stringOrDigits.lastIndex = 0
  for (let found = stringOrDigits.exec(source); found !== null; found = stringOrDigits.exec(source)) {
    const [token] = found
    const { index } = found
    if (token === '"') {
      stringOrDigits.lastIndex = endOfString(source, index)
      continue
    }
    const end = index + token.length
    const isWhole = isAt(source, index - 1, beforeValue) && isAt(source, end, afterValue)
    if (!isWhole || Number.isSafeInteger(Number(token))) continue
    result += `${source.slice(copiedTo, index)}"${token}"`
    copiedTo = end
  }
  return copiedTo === 0 ? source : result + source.slice(copiedTo)
}

/** The text may begin or end there. */
function isAt(source: string, index: number, pattern: RegExp): boolean {
  const character = source[index]
  return character === undefined || pattern.test(character)
}

/** The place behind the string that begins at `start`; that of the last character when it does not end. */
function endOfString(source: string, start: number): number {
  for (let end = source.indexOf('"', start + 1); end >= 0; end = source.indexOf('"', end + 1)) {
    let backslashes = 0
    while (source[end - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return end + 1
  }
  return source.length
}
