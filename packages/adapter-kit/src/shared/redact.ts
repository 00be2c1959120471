/** Names of fields whose values never belong into a log or an error. */
const secretName = /token|secret|password|authorization|cookie|signature|encrypt|session_?id/i

/** Longest text that is kept whole, in characters. */
const maxText = 200

/**
 * A copy of plain data that is safe to show: values of fields that sound secret are replaced and long texts,
 * such as Base64 content, are cut.
 */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return shorten(value)
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      secretName.test(name) ? '<redacted>' : redact(field),
    ]),
  )
}

function shorten(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, 40)}… <${text.length} characters>`
}
