import { defined } from '@mynah/adapter-kit'
import { type AttributeValue, type Element, isElement, type MessageSupport, plainText } from '@mynah/core'

import { isQqNumber } from '../wire/raw.ts'
import type { Segment } from '../wire/segment.ts'

/** Where media is read from by the implementation: what `file` of a segment may be. */
export type FileSource = (element: Element) => string

/** QQ cuts or refuses texts of more than about this many characters. */
const maxTextLength = 4000

/** What a OneBot message can be made of. */
export const support: MessageSupport = {
  elements: [
    'text',
    'at',
    'emoji',
    'image',
    'audio',
    'video',
    'file',
    'quote',
    'location',
    'message',
    'author',
    // Any segment.
    'onebot:*',
  ],
  maxTextLength,
}

/**
 * Writes a message as segments: the quote first and at most once, a blank behind a mention so that the
 * words do not stick to it.
 *
 * @param fileSource - Names the file of a medium; see {@link FileSource}.
 */
export function encodeMessage(elements: readonly Element[], fileSource: FileSource): Segment[] {
  const segments: Segment[] = []
  let quote: Segment | undefined
  let isAfterMention = false
  for (const node of elements) {
    if (node.type === 'text') {
      const content = String(node.attrs['content'] ?? '')
      segments.push(textSegment(isAfterMention && !/^\s/.test(content) ? ` ${content}` : content))
      isAfterMention = false
      continue
    }
    isAfterMention = false
    if (node.type === 'quote') {
      quote ??= encodeQuote(node)
      continue
    }
    const segment = (encoders.get(node.type) ?? encodeOther)(node, fileSource)
    if (segment.type === 'text' && segment.data['text'] === '') continue
    isAfterMention = segment.type === 'at'
    segments.push(segment)
  }
  if (quote !== undefined) segments.unshift(quote)
  return segments
}

const textSegment = (text: string): Segment => ({ type: 'text', data: { text } })

type SegmentEncoder = (node: Element, fileSource: FileSource) => Segment

/** The fields that were kept under `onebot:` when the element was read, or set there on purpose. */
function extraFields(attrs: Element['attrs'], skip?: ReadonlySet<string>): Record<string, unknown> {
  const fields = Object.entries(attrs).flatMap(([key, value]): [string, unknown][] => {
    const [, json, name = ''] = prefixed.exec(key) ?? []
    if (value === undefined || name === '' || skip?.has(name) === true) return []
    return [[name, json === undefined ? value : parseJson(value)]]
  })
  return Object.fromEntries(fields)
}

const prefixed = /^onebot(\.json)?:(.*)$/s

function parseJson(value: AttributeValue): unknown {
  try {
    return JSON.parse(String(value))
  } catch {
    return value
  }
}

/** `onebot:<type>`: the segment itself. Attributes without the prefix count as fields, too. */
const encodeOther: SegmentEncoder = ({ type, attrs, children }) => {
  if (!type.startsWith('onebot:')) return textSegment(plainText(children))
  const plain = Object.entries(attrs).filter(([key, value]) => value !== undefined && !prefixed.test(key))
  return { type: type.slice(7), data: { ...Object.fromEntries(plain), ...extraFields(attrs) } }
}

/** Only the id counts, where there is one; without it go-cqhttp takes an invented quote. */
function encodeQuote({ attrs }: Element): Segment | undefined {
  const id = attrs['id']
  if (id !== undefined && id !== '' && id !== '0') return { type: 'reply', data: { id: String(id) } }
  const data = extraFields(attrs)
  return data['text'] === undefined ? undefined : { type: 'reply', data }
}

/** Everybody is mentioned by the type alone; an id that is no number of QQ is a word that somebody wrote. */
const encodeAt: SegmentEncoder = ({ attrs }) => {
  if (attrs['type'] === 'all') return { type: 'at', data: { ...extraFields(attrs), qq: 'all' } }
  const { name } = attrs
  const id = String(attrs['id'] ?? '')
  if (!isQqNumber(id)) {
    const shown = name ?? (id === '' ? (attrs['role'] ?? attrs['type'] ?? '') : id)
    return textSegment(`@${String(shown)}`)
  }
  return { type: 'at', data: { ...extraFields(attrs), qq: id, ...defined({ name }) } }
}

/** Faces have numbers; another emoji is shown by its name. */
const encodeEmoji: SegmentEncoder = ({ attrs }) => {
  const id = String(attrs['id'] ?? '')
  return /^\d+$/.test(id)
    ? { type: 'face', data: { ...extraFields(attrs), id } }
    : textSegment(String(attrs['name'] ?? id))
}

/** Fields that say where a received medium was, not how to send it. */
const receivedOnly = new Set(['file', 'file_id', 'file_hash', 'path', 'busid', 'file_name', 'filename'])

const encodeMedia =
  (type: 'image' | 'record' | 'video' | 'file'): SegmentEncoder =>
  (node, fileSource) => {
    const { attrs } = node
    const file = fileSource(node)
    const { url, ...extra } = extraFields(attrs, receivedOnly)
    const name = type === 'file' ? attrs['title'] : undefined
    const { summary } = attrs
    const own = defined({ url: url === file ? undefined : url, name, summary })
    return { type, data: { ...extra, file, ...own } }
  }

const encodeLocation: SegmentEncoder = ({ attrs }) => ({
  type: 'location',
  data: {
    ...extraFields(attrs),
    lat: String(attrs['latitude'] ?? 0),
    lon: String(attrs['longitude'] ?? 0),
    ...defined({ title: attrs['title'], content: attrs['address'] }),
  },
})

/** A forward that is known by its id; one that is built of messages is sent by another action. */
const encodeForward: SegmentEncoder = (node) =>
  isElement(node, 'message') && node.attrs.id !== undefined
    ? { type: 'forward', data: { id: node.attrs.id } }
    : textSegment(plainText(node.children))

const encoders: ReadonlyMap<string, SegmentEncoder> = new Map<string, SegmentEncoder>([
  ['at', encodeAt],
  ['emoji', encodeEmoji],
  ['image', encodeMedia('image')],
  ['audio', encodeMedia('record')],
  ['video', encodeMedia('video')],
  ['file', encodeMedia('file')],
  ['location', encodeLocation],
  [
    'markdown',
    ({ attrs }) => ({ type: 'markdown', data: { ...extraFields(attrs), content: attrs['content'] } }),
  ],
  ['message', encodeForward],
])
