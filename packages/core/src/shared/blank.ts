/** Whether a code unit has no width and says nothing at the edge of a word; people paste them without knowing. */
function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff
  )
}

/** Whether a code unit is white space. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13)
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  )
}

/** Whether a code unit is white space, or has no width: either may stand around words. */
export function isBlank(code: number): boolean {
  return isSpace(code) || (code >= 0x80 && isInvisible(code))
}

/** Where what is not blank begins, from a place on; the length when nothing does. */
export function skipBlank(value: string, from = 0): number {
  let position = from
  while (position < value.length && isBlank(value.charCodeAt(position))) position += 1
  return position
}

/** A text without what is blank in front. */
export function trimBlankStart(value: string): string {
  const start = skipBlank(value)
  return start === 0 ? value : value.slice(start)
}

/** A text without what is blank behind. */
export function trimBlankEnd(value: string): string {
  let end = value.length
  while (end > 0 && isBlank(value.charCodeAt(end - 1))) end -= 1
  return end === value.length ? value : value.slice(0, end)
}

/** A text without what is blank around it. */
export function trimBlank(value: string): string {
  return trimBlankEnd(trimBlankStart(value))
}
