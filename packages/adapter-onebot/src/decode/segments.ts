import { defined, isRecord, readRecords } from '@mynah/adapter-kit'
import { type AttributeValue, type Element, element, text } from '@mynah/core'

import { parseCq } from '../wire/cq-code.ts'
import { type Raw, readNumber, readString, readWord } from '../wire/raw.ts'

/**
 * Reads the `message` of an event: an array of segments, a single one, or a string in CQ form. Adjacent texts
 * become one. Segments without a common element become `onebot:<type>`; fields that a common element has no
 * attribute for are kept as `onebot:<field>`, so that what came in can be sent again.
 */
export function decodeMessage(message: unknown, depth = 0): Element[] {
  const list: readonly unknown[] =
    typeof message === 'string' ? parseCq(message) : Array.isArray(message) ? message : [message]
  const elements: Element[] = []
  let pending = ''
  for (const item of list) {
    if (!isRecord(item)) continue
    const { type } = item
    if (typeof type !== 'string') continue
    const data = isRecord(item['data']) ? item['data'] : noData
    if (type === 'text') {
      pending += readString(data['text']) ?? ''
      continue
    }
    if (pending !== '') elements.push(text(pending))
    pending = ''
    elements.push((decoders.get(type) ?? decodeOther)(data, type, depth))
  }
  if (pending !== '') elements.push(text(pending))
  return elements
}

const noData: Raw = {}

type Attributes = Record<string, AttributeValue>
type SegmentDecoder = (data: Raw, type: string, depth: number) => Element

/** Fields as attributes, each named by `nameOf`, which leaves out what it gives no name; objects as JSON. */
function keep(data: Raw, nameOf: (key: string) => string | undefined): Attributes {
  const attrs: Attributes = {}
  for (const [key, value] of Object.entries(data)) {
    const name = nameOf(key)
    if (value === undefined || value === null || name === undefined) continue
    if (typeof value === 'object') attrs[`onebot.json:${key}`] = JSON.stringify(value)
    else attrs[name] = attributeOf(value)
  }
  return attrs
}

function attributeOf(value: unknown): AttributeValue {
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
}

/** What has no attribute of its own. */
const rest = (data: Raw, ...known: string[]): Attributes =>
  keep(data, (key) => (known.includes(key) ? undefined : `onebot:${key}`))

/** Attributes that mean something everywhere; what a segment has under these names is the implementation's. */
const ownNames = new Set(['src', 'path'])

/** Without a common element all fields are attributes by their own names. */
const decodeOther: SegmentDecoder = (data, type) =>
  element(
    `onebot:${type}`,
    keep(data, (key) => (ownNames.has(key) ? `onebot:${key}` : key)),
  )

const decodeAt: SegmentDecoder = (data) => {
  const id = readString(data['qq']) ?? ''
  const who: Attributes = id === 'all' ? { type: 'all' } : { id }
  return element('at', { ...who, ...defined({ name: readWord(data['name']) }), ...rest(data, 'qq', 'name') })
}

const decodeFace: SegmentDecoder = (data) =>
  element('emoji', { id: readString(data['id']) ?? '', ...rest(data, 'id') })

const decodeQuote: SegmentDecoder = (data) => {
  const id = readWord(data['id'])
  return element('quote', { ...(id === '0' ? {} : defined({ id })), ...rest(data, 'id') })
}

/**
 * `src` is where everybody can fetch the media. What only means something to the implementation, such as a name
 * or a path of its own disk, is kept in `onebot:file` and `onebot:url` and only sent back to it.
 */
const decodeMedia =
  (type: 'image' | 'audio' | 'video' | 'file'): SegmentDecoder =>
  (data) => {
    const url = readString(data['url']) ?? ''
    const file = readWord(data['file'])
    // Lagrange writes the address into the place of the name; the name of a file, however, is the sender's.
    const fromFile = type !== 'file' && isAddress(file) ? file : undefined
    const src = isAddress(url) ? url : fromFile
    const name = readString(data['name']) ?? readString(data['file_name']) ?? readWord(data['filename'])
    const attrs = defined({
      src,
      title: readWord(name) ?? (type === 'file' ? file : undefined),
      size: readNumber(data['file_size']) ?? readNumber(data['size']),
      summary: readWord(data['summary']),
    })
    const known = ['file_size', 'size', 'summary', ...(src === url ? ['url'] : [])]
    return element(type, { ...attrs, ...rest(data, ...known) })
  }

const isAddress = (text: string | undefined): boolean => /^(?:https?:\/\/|data:)/i.test(text ?? '')

const decodeLocation: SegmentDecoder = (data) =>
  element('location', {
    latitude: readNumber(data['lat']) ?? 0,
    longitude: readNumber(data['lon']) ?? 0,
    ...defined({ title: readString(data['title']), address: readString(data['content']) }),
    ...rest(data, 'lat', 'lon', 'title', 'content'),
  })

const decodeMarkdown: SegmentDecoder = (data) =>
  element('markdown', { content: readString(data['content']) ?? '', ...rest(data, 'content') })

/** A received forward has an id to fetch it by; NapCat may send the nested messages along. */
const decodeForward: SegmentDecoder = (data, _type, depth) => {
  const attrs = { forward: true, ...defined({ id: readString(data['id']) }) }
  return element('message', attrs, decodeNodes(data['content'], depth + 1))
}

const maxForwardDepth = 3

/**
 * Reads the messages of a forward, in any of the shapes in use: nodes, segments of type `node`, and event
 * objects. Forwards inside of them are read to a depth of three.
 */
export function decodeNodes(nodes: unknown, depth = 0): Element[] {
  if (depth > maxForwardDepth) return []
  return readRecords(nodes).map((item) => {
    const node = isRecord(item['data']) ? item['data'] : item
    const sender = isRecord(node['sender']) ? node['sender'] : node
    const author = defined({
      id: readString(sender['user_id']) ?? readString(sender['uin']),
      name: readString(sender['nickname']) ?? readString(sender['name']),
    })
    const content = decodeMessage(node['content'] ?? node['message'] ?? [], depth)
    return element('message', defined({ id: readString(node['message_id']) }), [
      element('author', author),
      ...content,
    ])
  })
}

/** Cards: `data` is JSON as a text, also where the implementation sends an object. */
const decodeCard: SegmentDecoder = (data, type, depth) => {
  const { data: card } = data
  const isObject = typeof card === 'object' && card !== null
  return decodeOther(isObject ? { ...data, data: JSON.stringify(card) } : data, type, depth)
}

const decoders: ReadonlyMap<string, SegmentDecoder> = new Map<string, SegmentDecoder>([
  ['at', decodeAt],
  ['face', decodeFace],
  ['reply', decodeQuote],
  ['image', decodeMedia('image')],
  ['record', decodeMedia('audio')],
  ['video', decodeMedia('video')],
  ['file', decodeMedia('file')],
  ['location', decodeLocation],
  ['markdown', decodeMarkdown],
  ['forward', decodeForward],
  ['json', decodeCard],
])
