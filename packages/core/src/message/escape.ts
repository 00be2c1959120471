const reference = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/gi
const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Escapes a text so that {@link unescape} gives it back exactly and no markup is read out of it. */
export function escape(value: string): string {
  // With a text as the replacement, patterns take the fast way; texts as patterns make a chain of pieces.
  return value
    .replaceAll(/&/g, '&amp;')
    .replaceAll(/</g, '&lt;')
    .replaceAll(/>/g, '&gt;')
    .replaceAll(/"/g, '&quot;')
}

/** Reads named and numeric character references; anything else stays as it is. */
export function unescape(value: string): string {
  return value.includes('&') ? value.replaceAll(reference, decode) : value
}

function decode(match: string): string {
  const name = match.slice(1, -1).toLowerCase()
  if (!name.startsWith('#')) return characters[name] ?? match
  const point = name.startsWith('#x')
    ? Number.parseInt(name.slice(2), 16)
    : Number.parseInt(name.slice(1), 10)
  return point <= 0x10ffff ? String.fromCodePoint(point) : match
}
