import { isRecord } from '@mynah/adapter-kit'
import { type AttributeValue, type Element, element, text } from '@mynah/core'

import { parseCq } from '../wire/cq-code.ts'
import { type Raw, readNumber, readString } from '../wire/raw.ts'

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

/** Keeps fields that have no attribute of their own; objects as JSON. */
function keepRest(attrs: Attributes, data: Raw, known: ReadonlySet<string>): Attributes {
  for (const key of Object.keys(data)) {
    const value = data[key]
    if (value === undefined || value === null || known.has(key)) continue
    if (typeof value === 'object') attrs[`onebot.json:${key}`] = JSON.stringify(value)
    else attrs[`onebot:${key}`] = attributeOf(value)
  }
  return attrs
}

function attributeOf(value: unknown): AttributeValue {
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
}

/** Without a common element all fields are attributes by their own names; objects as JSON. */
const decodeOther: SegmentDecoder = (data, type) => {
  const attrs: Attributes = {}
  for (const [key, value] of Object.entries(data)) {
    if (value === undefined || value === null) continue
    if (typeof value === 'object') attrs[`onebot.json:${key}`] = JSON.stringify(value)
    else attrs[ownNames.has(key) ? `onebot:${key}` : key] = attributeOf(value)
  }
  return element(`onebot:${type}`, attrs)
}

const atFields = new Set(['qq', 'name'])
const faceFields = new Set(['id'])
const quoteFields = new Set(['id'])
const mediaFields = new Set(['file_size', 'size', 'summary'])
const fetchableFields = new Set([...mediaFields, 'url'])
/** Attributes that mean something everywhere; what a segment has under these names is the implementation's. */
const ownNames = new Set(['src', 'path'])
const markdownFields = new Set(['content'])
const placeFields = new Set(['lat', 'lon', 'title', 'content'])

const decodeAt: SegmentDecoder = (data) => {
  const attrs: Attributes = {}
  const id = readString(data['qq']) ?? ''
  if (id === 'all') attrs['type'] = 'all'
  else attrs['id'] = id
  const name = readString(data['name'])
  if (name !== undefined && name !== '') attrs['name'] = name
  return element('at', keepRest(attrs, data, atFields))
}

const decodeFace: SegmentDecoder = (data) =>
  element('emoji', keepRest({ id: readString(data['id']) ?? '' }, data, faceFields))

const decodeQuote: SegmentDecoder = (data) => {
  const id = readString(data['id'])
  return element(
    'quote',
    keepRest(id === undefined || id === '' || id === '0' ? {} : { id }, data, quoteFields),
  )
}

/**
 * `src` is where everybody can fetch the media. What only means something to the implementation, such as a name
 * or a path of its own disk, is kept in `onebot:file` and `onebot:url` and only sent back to it.
 */
const decodeMedia =
  (type: 'image' | 'audio' | 'video' | 'file'): SegmentDecoder =>
  (data) => {
    const url = readString(data['url']) ?? ''
    const file = readString(data['file']) ?? ''
    const attrs: Attributes = {}
    const src = isAddress(url) ? url : addressIn(file, type)
    if (src !== undefined) attrs['src'] = src
    const title = readString(data['name']) ?? readString(data['file_name']) ?? readString(data['filename'])
    if (title !== undefined && title !== '') attrs['title'] = title
    else if (type === 'file' && file !== '') attrs['title'] = file
    const size = readNumber(data['file_size']) ?? readNumber(data['size'])
    if (size !== undefined) attrs['size'] = size
    const summary = readString(data['summary'])
    if (summary !== undefined && summary !== '') attrs['summary'] = summary
    return element(type, keepRest(attrs, data, src === url ? fetchableFields : mediaFields))
  }

const isAddress = (text: string): boolean => /^(?:https?:\/\/|data:)/i.test(text)

/** Lagrange writes the address into the place of the name; the name of a file, however, is the sender's. */
function addressIn(file: string, type: string): string | undefined {
  return type !== 'file' && isAddress(file) ? file : undefined
}

const decodeLocation: SegmentDecoder = (data) => {
  const attrs: Attributes = {
    latitude: readNumber(data['lat']) ?? 0,
    longitude: readNumber(data['lon']) ?? 0,
  }
  const title = readString(data['title'])
  if (title !== undefined) attrs['title'] = title
  const address = readString(data['content'])
  if (address !== undefined) attrs['address'] = address
  return element('location', keepRest(attrs, data, placeFields))
}

/** A received forward has an id to fetch it by; NapCat may send the nested messages along. */
const decodeForward: SegmentDecoder = (data, _type, depth) => {
  const id = readString(data['id'])
  const attrs: Attributes = id === undefined ? { forward: true } : { forward: true, id }
  return element('message', attrs, decodeNodes(data['content'], depth + 1))
}

const maxForwardDepth = 3

/**
 * Reads the messages of a forward, in any of the shapes in use: nodes, segments of type `node`, and event
 * objects. Forwards inside of them are read to a depth of three.
 */
export function decodeNodes(nodes: unknown, depth = 0): Element[] {
  if (!Array.isArray(nodes) || depth > maxForwardDepth) return []
  return nodes.filter(isRecord).map((item) => {
    const node = isRecord(item['data']) ? item['data'] : item
    const sender = isRecord(node['sender']) ? node['sender'] : node
    const author: Attributes = {}
    const id = readString(sender['user_id']) ?? readString(sender['uin'])
    if (id !== undefined) author['id'] = id
    const name = readString(sender['nickname']) ?? readString(sender['name'])
    if (name !== undefined) author['name'] = name
    const messageId = readString(node['message_id'])
    const content = node['content'] ?? node['message'] ?? []
    return element('message', messageId === undefined ? {} : { id: messageId }, [
      element('author', author),
      ...decodeMessage(content, depth),
    ])
  })
}

/** Cards: `data` is JSON as a text, also where the implementation sends an object. */
const decodeCard: SegmentDecoder = (data, type) => {
  const { data: card } = data
  return typeof card === 'object' && card !== null
    ? decodeOther({ ...data, data: JSON.stringify(card) }, type, 0)
    : decodeOther(data, type, 0)
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
  [
    'markdown',
    (data) =>
      element('markdown', keepRest({ content: readString(data['content']) ?? '' }, data, markdownFields)),
  ],
  ['forward', decodeForward],
  ['json', decodeCard],
])
