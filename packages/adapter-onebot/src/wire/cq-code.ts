import type { Segment } from './segment.ts'

const typeName = /[\w.-]+(?=[,\]])/y
const opening = '[CQ:'

/** Hundreds of thousands of replacements in one text cost more than in proportion. */
const piece = 16_384

/** Escapes text outside of codes: `&`, `[` and `]`. */
export function escapeCqText(value: string): string {
  if (!/[&[\]]/.test(value)) return value
  let result = ''
  for (let at = 0; at < value.length; at += piece) {
    const part = value.slice(at, at + piece).replaceAll(/&/g, '&amp;')
    result += part.replaceAll(/\[/g, '&#91;').replaceAll(/\]/g, '&#93;')
  }
  return result
}

/** Escapes a value inside a code: those of text, and the comma. */
export function escapeCqValue(value: string): string {
  return escapeCqText(value).replaceAll(/,/g, '&#44;')
}

/** Undoes both; entities that are not CQ's stay as they are. */
export function unescapeCq(value: string): string {
  if (!value.includes('&')) return value
  return value
    .replaceAll(/&#91;/g, '[')
    .replaceAll(/&#93;/g, ']')
    .replaceAll(/&#44;/g, ',')
    .replaceAll(/&amp;/g, '&')
}

/**
 * Reads the string form of a message ("String Format" of the OneBot 11 message documentation).
 * Never throws: what is not a well-formed code stays text. Takes time linear in the length.
 */
export function parseCq(source: string): Segment[] {
  const segments: Segment[] = []
  let plainFrom = 0
  const addText = (end: number): void => {
    if (end > plainFrom)
      segments.push({ type: 'text', data: { text: unescapeCq(source.slice(plainFrom, end)) } })
  }
  for (let start = source.indexOf(opening); start >= 0; start = source.indexOf(opening, plainFrom)) {
    const close = source.indexOf(']', start)
    if (close < 0) break
    const begin = findCode(source, start, close)
    addText(begin ?? close + 1)
    if (begin !== undefined) segments.push(readCode(source.slice(begin + opening.length, close)))
    plainFrom = close + 1
  }
  addText(source.length)
  return joinTexts(segments)
}

/** The first place from `start` on where a well-formed code begins that ends at `close`. */
function findCode(source: string, start: number, close: number): number | undefined {
  // A code goes up to its `]`, so none can begin before a parameter that is wrong.
  const floor = lastBadParameter(source, start, close)
  for (let at = start; at >= 0 && at < close; at = source.indexOf(opening, at + 1)) {
    typeName.lastIndex = at + opening.length
    if (at >= floor && typeName.test(source)) return at
  }
  return undefined
}

function lastBadParameter(source: string, start: number, close: number): number {
  const body = source.slice(start, close)
  let end = body.length
  for (let comma = body.lastIndexOf(','); comma > 0; comma = body.lastIndexOf(',', comma - 1)) {
    const isTrailing = comma + 1 === body.length
    if (!isTrailing && body.slice(comma + 1, end).indexOf('=') < 1) return start + comma
    end = comma
  }
  return start
}

function readCode(body: string): Segment {
  if (!body.includes(',')) return { type: body, data: {} }
  const [type = '', ...parameters] = body.split(',')
  const entries = parameters
    .filter((parameter) => parameter !== '')
    .map((parameter): [string, string] => {
      const mark = parameter.indexOf('=')
      return [parameter.slice(0, mark), unescapeCq(parameter.slice(mark + 1))]
    })
  return { type, data: Object.fromEntries(entries) }
}

/** What was not a code has been cut off on its own; text is one segment again. */
function joinTexts(segments: Segment[]): Segment[] {
  const isJoined = segments.every(
    ({ type }, index) => type !== 'text' || segments[index - 1]?.type !== 'text',
  )
  if (isJoined) return segments
  const joined: Segment[] = []
  for (const segment of segments) {
    const last = joined.at(-1)
    if (last?.type === 'text' && segment.type === 'text') {
      joined[joined.length - 1] = {
        type: 'text',
        data: { text: `${valueText(last.data['text'])}${valueText(segment.data['text'])}` },
      }
    } else {
      joined.push(segment)
    }
  }
  return joined
}

/** Writes the string form of a message; `undefined` and `null` values, and what cannot be a name, are left out. */
export function stringifyCq(segments: readonly Segment[]): string {
  return segments.map(stringifySegment).join('')
}

const wholeName = /^[\w.-]+$/
const wholeKey = /^[^,=[\]&]+$/

function stringifySegment({ type, data }: Segment): string {
  if (type === 'text') return escapeCqText(valueText(data['text'] ?? ''))
  // Names cannot be escaped; one with other characters in it would become a code of its own.
  if (!wholeName.test(type)) return escapeCqText(`[${type}]`)
  let result = `${opening}${type}`
  for (const [key, value] of Object.entries(data)) {
    if (value !== undefined && value !== null && wholeKey.test(key))
      result += `,${key}=${escapeCqValue(valueText(value))}`
  }
  return `${result}]`
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
