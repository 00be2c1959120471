/** The last segment of a path as a plain file name; `undefined` when there is none that is safe. */
export function nameOfPath(path: string | undefined): string | undefined {
  const last = path?.split(/[\\/]/).at(-1) ?? ''
  const name = last
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .trim()
    .slice(-200)
  return /^\.*$/.test(name) ? undefined : name
}

/** The file name in a header `Content-Disposition` (RFC 6266). */
export function nameOfDisposition(header: string | string[] | undefined): string | undefined {
  const text = typeof header === 'string' ? header : ''
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(text)?.[1]
  if (extended !== undefined) {
    try {
      return nameOfPath(decodeURIComponent(extended))
    } catch {
      // Badly encoded: the plain form may still do.
    }
  }
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(text)
  return nameOfPath(plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2])
}
