import type { Segment } from './wire.ts'

/** How an implementation differs from the plain grammar when it reads a CQ string. */
export interface CqDialect {
  /** An unclosed `[CQ:` swallows the rest of the message instead of staying text. */
  dropsUnclosed: boolean
  /** `&#44;` outside of codes becomes a comma. */
  commaEscapedInText: boolean
}

const plainDialect: CqDialect = { dropsUnclosed: false, commaEscapedInText: true }
const opening = '[CQ:'
const typePattern = /[A-Za-z0-9_.-]+/y

const textEscapes: Record<string, string> = { '&': '&amp;', '[': '&#91;', ']': '&#93;', ',': '&#44;' }
const unescapes: Record<string, string> = { '&amp;': '&', '&#91;': '[', '&#93;': ']', '&#44;': ',' }

const escapeText = (text: string): string => text.replace(/[&[\]]/g, (char) => textEscapes[char] ?? char)
const escapeValue = (text: string): string => text.replace(/[&[\],]/g, (char) => textEscapes[char] ?? char)
// One pass, so that `&amp;#91;` gives `&#91;` and not `[`.
const unescapeAll = (text: string): string =>
  text.replace(/&(?:amp|#91|#93|#44);/g, (entity) => unescapes[entity] ?? entity)
const unescapeButComma = (text: string): string =>
  text.replace(/&(?:amp|#91|#93);/g, (entity) => unescapes[entity] ?? entity)

function renderValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : '0'
  return JSON.stringify(value)
}

/**
 * Writes segments as a CQ string. Null and undefined parameters are left out, booleans become `1` and
 * `0`, objects become JSON.
 */
export function stringifyCq(segments: readonly Segment[]): string {
  let out = ''
  for (const { type, data } of segments) {
    if (type === 'text') {
      out += escapeText(renderValue(data['text'] ?? ''))
      continue
    }
    out += opening + type
    for (const [key, value] of Object.entries(data)) {
      if (value != null) out += `,${key}=${escapeValue(renderValue(value))}`
    }
    out += ']'
  }
  return out
}

/**
 * Reads a CQ string. What is no legal code (no closing bracket, no type, a parameter without `=`) stays
 * text; nothing is trimmed. Takes time linear in the length, whatever the input.
 */
export function parseCq(text: string, dialect: CqDialect = plainDialect): Segment[] {
  const unescapeText = dialect.commaEscapedInText ? unescapeAll : unescapeButComma
  const segments: Segment[] = []
  let textStart = 0
  let badUntil = -1
  let close = -1

  const flushText = (end: number): void => {
    if (end > textStart)
      segments.push({ type: 'text', data: { text: unescapeText(text.slice(textStart, end)) } })
  }

  let at = text.indexOf(opening)
  while (at >= 0) {
    if (close < at) close = text.indexOf(']', at)
    if (close < 0) {
      if (!dialect.dropsUnclosed) break
      flushText(at)
      return segments
    }
    const code = at < badUntil ? badUntil : readCode(text, at + opening.length, close)
    if (typeof code === 'number') {
      // A parameter that is wrong spoils every code that would end at the same bracket.
      badUntil = Math.max(badUntil, code)
      at = text.indexOf(opening, at + opening.length)
    } else {
      flushText(at)
      segments.push(code)
      textStart = close + 1
      at = text.indexOf(opening, textStart)
    }
  }
  flushText(text.length)
  return segments
}

/** The segment between `start` and `close`, or the position before which no code can be legal. */
function readCode(text: string, start: number, close: number): Segment | number {
  typePattern.lastIndex = start
  const type = typePattern.exec(text)?.[0]
  if (type === undefined) return -1
  let at = start + type.length
  const data: Record<string, string> = {}
  while (at < close) {
    if (text[at] !== ',') return -1
    const comma = text.indexOf(',', at + 1)
    const end = comma < 0 || comma > close ? close : comma
    if (end === at + 1 && end === close) break
    const parameter = text.slice(at + 1, end)
    const equals = parameter.indexOf('=')
    if (equals < 1) return at
    data[parameter.slice(0, equals)] = unescapeAll(parameter.slice(equals + 1))
    at = end
  }
  return { type, data }
}
