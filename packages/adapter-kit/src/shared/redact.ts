import { shownAddress } from './shown-address.ts'

/**
 * Names whose values never belong into a log or an error, however they are written: `accessToken`,
 * `access_token`, `X-Access-Token`.
 */
const secretName =
  /token|secret|passw(?:or)?d|passphrase|authori[sz]ation|credential|cookie|signature|encrypt|ticket|session[-_]?id|(?:api|app|access|private|verify|r)[-_]?key/i

const quotes = String.raw`(?:\\{0,4}"|'|%22)?`
const assigns = String.raw`(?:=|:|%(?:25){0,3}3[DA])`

/** The same inside of a text, with the value: `"token": "…"`, `token=…`, `token%3D…`, `\"token\":\"…\"`. */
const secretInText = new RegExp(
  String.raw`((?:${secretName.source})[\w-]{0,30}${quotes}\s{0,3}${assigns}\s{0,3}${quotes})(?:(?:Bearer|Basic|Bot|QQBot) +)?[^\s"'\\&;,<>(){}[\]]+`,
  'gi',
)
/** Credentials as they stand in a header. */
const scheme = /\b(?:(Bearer|Basic) +[\w.~+/=-]{8,}|(QQBot|Bot) +[\w.~+/=-]{20,})/g
/** Credentials in an address. */
const userInfo = /:\/\/[^\s/@"']{1,200}@/g

/** Longest text that is kept whole, in characters. */
const maxText = 200
/** Deeper values, and more of them, are not shown. */
const maxDepth = 8
const maxItems = 100

const hidden = '<redacted>'

/**
 * A copy of plain data that is safe to show: values of fields that sound secret are replaced, also in texts
 * that hold JSON, addresses or headers; long texts, such as Base64 content, are cut; so are deep and wide
 * values. It takes time only for what it shows.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0)
}

/**
 * What somebody else wrote, as one short line for a message: without secrets, line breaks and control
 * characters.
 */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(redact(value)) ?? 'nothing')
  const line = redactText(text.slice(0, maxText * 5))
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
  return line.length <= maxText ? line : `${line.slice(0, maxText)}…`
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shorten(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  if (value instanceof URL) return shownAddress(value)
  if (value instanceof Error) return quote(value.message)
  if (depth === maxDepth) return '…'
  return Array.isArray(value) ? copyItems(value, depth + 1) : copyFields(value, depth + 1)
}

function copyItems(items: readonly unknown[], depth: number): unknown[] {
  const shown = items.slice(0, maxItems).map((item) => copy(item, depth))
  return items.length > maxItems ? [...shown, `<${items.length - maxItems} more>`] : shown
}

function copyFields(value: object, depth: number): unknown {
  const fields = Object.entries(value)
  const shown = fields
    .slice(0, maxItems)
    .map(([name, field]) => [shorten(name), secretName.test(name) ? hidden : copy(field, depth)])
  if (fields.length > maxItems) shown.push(['…', `<${fields.length - maxItems} more>`])
  return Object.fromEntries(shown)
}

function shorten(text: string): string {
  return text.length <= maxText
    ? redactText(text)
    : `${redactText(text.slice(0, maxText)).slice(0, 40)}… <${text.length} characters>`
}

function redactText(text: string): string {
  return text
    .replace(secretInText, `$1${hidden}`)
    .replace(scheme, (_match, one?: string, other?: string) => `${one ?? other} ${hidden}`)
    .replace(userInfo, `://${hidden}@`)
}
