/** What the keys of some marks write in a Chinese input method. */
const marks: ReadonlyMap<number, string> = new Map([
  [0x3000, ' '],
  [0x3001, '/'],
  [0x3002, '.'],
  [0xff61, '.'],
])

/** A mark as it is written in a prefix: `！` and `／` as `!` and `/`, and `。` as `.`, whose key it has. */
export function narrowMark(mark: string): string {
  const code = mark.charCodeAt(0)
  if (code < 0x3000) return mark
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  return marks.get(code) ?? mark
}

/** Longer texts are no values; and ordering the marks of a long one takes a time that grows with its square. */
const maxLength = 200

/** Full-width letters, digits and marks as others: `１２：３０` is `12:30`, and `−5` has the sign of a number. */
export function narrow(value: string): string {
  return value.length > maxLength ? value : value.normalize('NFKC').replaceAll('\u2212', '-')
}
