import { parseCq } from './cq-code.ts'
import { ApiRefusal } from '../calls/refusal.ts'
import type { Profile } from './profile.ts'
import { isJsonObject } from '@mynah/emulator-kit'
import { textOfValue, type Segment } from './wire.ts'
import type { Media } from '../world/media-store.ts'
import type { World } from '../world/world.ts'

/** Types that carry a file. */
export const mediaTypes: ReadonlySet<string> = new Set(['image', 'record', 'video', 'file', 'cardimage'])

const commonTypes = [
  'text',
  'face',
  'image',
  'record',
  'video',
  'at',
  'reply',
  'json',
  'forward',
  'rps',
  'dice',
]
const linkTypes = ['share', 'contact', 'location', 'music', 'xml', 'poke', 'shake']
const knownTypes: Record<Profile['letter'], ReadonlySet<string>> = {
  G: new Set([...commonTypes, ...linkTypes, 'anonymous', 'gift', 'cardimage', 'tts', 'redbag', 'node']),
  N: new Set([...commonTypes, ...linkTypes, 'file', 'mface', 'markdown', 'flashtransfer', 'node']),
  B: new Set([...commonTypes, ...linkTypes, 'file', 'mface', 'markdown', 'keyboard', 'flash_file', 'node']),
  L: new Set([...commonTypes, ...linkTypes, 'file', 'mface', 'markdown', 'keyboard', 'longmsg', 'node']),
}

/** Types that QQ takes only when nothing else is in the message. */
const loneTypes = new Set(['record', 'video', 'file'])
const maxTextLength = 5000

/** Words of a message, without anything that is not text. */
export const textOf = (segments: readonly Segment[]): string =>
  segments.map(({ type, data }) => (type === 'text' ? textOfValue(data['text']) : '')).join('')

/**
 * Reads a `message` parameter: CQ string, one segment or an array of segments.
 *
 * @throws ApiRefusal `badParams` when it is none of them.
 */
export function readMessage(value: unknown, autoEscape: boolean, profile: Profile): Segment[] {
  if (typeof value === 'string') {
    if (autoEscape) return value === '' ? [] : [{ type: 'text', data: { text: value } }]
    return parseCq(value, profile.cq)
  }
  if (isJsonObject(value)) return [readSegment(value)]
  if (Array.isArray(value)) return value.map(readSegment)
  if (!profile.checksParams) return typeof value === 'number' ? parseCq(String(value), profile.cq) : []
  throw new ApiRefusal(undefined, { kind: 'badParams', text: 'message is required' })
}

function readSegment(value: unknown): Segment {
  if (!isJsonObject(value) || typeof value['type'] !== 'string') {
    throw new ApiRefusal(undefined, { kind: 'badParams', text: 'message must hold objects with a type' })
  }
  const { data } = value
  if (data != null && !isJsonObject(data)) {
    throw new ApiRefusal(undefined, {
      kind: 'badParams',
      text: `data of a ${value['type']} segment must be an object`,
    })
  }
  return { type: value['type'], data: data ?? {} }
}

/**
 * What becomes of a message on its way out: files are stored, unknown types treated as the profile does,
 * and what the platform never takes is refused.
 */
export function acceptOutgoing(world: World, segments: readonly Segment[]): Segment[] {
  const { profile } = world
  const accepted: Segment[] = []
  for (const segment of segments) {
    if (!knownTypes[profile.letter].has(segment.type)) {
      if (profile.unknownSegment === 'fail')
        throw new ApiRefusal(undefined, { text: `未知的消息类型: ${segment.type}` })
      if (profile.unknownSegment === 'as-text') accepted.push(asLiteralText(segment))
      continue
    }
    const kept = acceptSegment(world, segment)
    if (kept !== undefined) accepted.push(kept)
  }
  refuseUnsendable(accepted)
  return accepted
}

function asLiteralText({ type, data }: Segment): Segment {
  const params = Object.entries(data).map(([key, value]) => `,${key}=${String(value)}`)
  return { type: 'text', data: { text: `[CQ:${type}${params.join('')}]` } }
}

function acceptSegment(world: World, segment: Segment): Segment | undefined {
  const { type, data } = segment
  switch (type) {
    case 'text':
      return data['text'] === '' ? undefined : segment
    case 'reply': {
      // A quote of something unknown is lost, the rest of the message is not.
      const isKnown = world.messages.get(Number(data['id'])) !== undefined || data['text'] !== undefined
      return isKnown ? segment : undefined
    }
    case 'at':
      if (data['qq'] == null || data['qq'] === '') throw new ApiRefusal(undefined, { text: 'at needs qq' })
      return segment
    case 'shake':
      return world.profile.letter === 'B' ? segment : undefined
    case 'xml':
      return world.profile.letter === 'N' ? undefined : segment
    case 'node':
      throw new ApiRefusal(undefined, { text: 'node 只能用于合并转发' })
    default:
      return mediaTypes.has(type) ? acceptMedia(world, segment) : segment
  }
}

function acceptMedia(world: World, { type, data }: Segment): Segment {
  const url = typeof data['url'] === 'string' && data['url'] !== '' ? data['url'] : undefined
  const file = typeof data['file'] === 'string' ? data['file'] : ''
  const { letter } = world.profile
  const source = letter === 'N' ? (url ?? file) : letter === 'B' ? file || (url ?? '') : file
  if (source === '') throw new ApiRefusal('LOAD_FILE_ERROR', { text: `${type} needs file` })
  const name = typeof data['name'] === 'string' ? data['name'] : undefined
  const media = world.media.accept(source, name)
  return { type, data: { ...data, file: media.md5, url: undefined } }
}

function refuseUnsendable(segments: readonly Segment[]): void {
  if (segments.length === 0) throw new ApiRefusal('EMPTY_MSG_ERROR')
  const lone = segments.find(({ type }) => loneTypes.has(type))
  if (lone !== undefined && segments.length > 1) {
    throw new ApiRefusal('SEND_MSG_API_ERROR', {
      text: `rich media transfer failed: ${lone.type} must be alone`,
    })
  }
  if (textOf(segments).length > maxTextLength) {
    throw new ApiRefusal('SEND_MSG_API_ERROR', { text: '消息过长', resultNumber: 10 })
  }
}

/** Stored segments in the form in which the implementation reports them. */
export function receivedSegments(world: World, segments: readonly Segment[]): Segment[] {
  return segments.map((segment) => {
    const seen = receivedSegment(world, segment)
    return world.profile.stringSegments ? { type: seen.type, data: allStrings(seen.data) } : seen
  })
}

function allStrings(data: Record<string, unknown>): Record<string, unknown> {
  const strings: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(data)) {
    if (value != null) strings[key] = textOfValue(value)
  }
  return strings
}

function receivedSegment(world: World, segment: Segment): Segment {
  const { type, data } = segment
  const { letter } = world.profile
  switch (type) {
    case 'at': {
      const qq = String(data['qq'])
      if (letter !== 'B') return { type, data: { qq } }
      return { type, data: { qq, name: world.people.get(Number(qq))?.nickname ?? '' } }
    }
    case 'reply': {
      const isKnown = world.messages.get(Number(data['id'])) !== undefined
      return { type, data: { id: letter === 'L' && !isKnown ? '0' : String(data['id']) } }
    }
    case 'face':
      return { type, data: { ...data, id: String(data['id']) } }
    case 'rps':
    case 'dice':
      if (letter === 'L') return { type, data: {} }
      return { type, data: letter === 'G' ? { value: 3 } : { result: '3' } }
    default: {
      const media = mediaTypes.has(type) ? world.media.find(String(data['file'])) : undefined
      return media === undefined ? segment : { type, data: receivedMedia(letter, segment, media) }
    }
  }
}

const extensions: Record<string, string> = { image: 'jpg', record: 'amr', video: 'mp4' }

function receivedMedia(
  letter: Profile['letter'],
  { type, data }: Segment,
  media: Media,
): Record<string, unknown> {
  const { url, md5 } = media
  const size = media.bytes?.length ?? 0
  const extension = extensions[type] ?? 'bin'
  if (type === 'file') return receivedFile(letter, media, size)
  if (letter === 'L') return receivedByLagrange(type, data, media, `${md5}.${extension}`)
  if (letter === 'G') {
    if (type === 'image') return { file: `${md5}.image`, subType: data['subType'] ?? 0, url }
    return { file: `${md5}.${extension}`, url }
  }
  const file = `${md5.toUpperCase()}.${extension}`
  if (type !== 'image') return { file, path: '', url, file_size: String(size) }
  const kind =
    letter === 'N'
      ? { summary: data['summary'] ?? '', sub_type: data['sub_type'] ?? 0 }
      : { subType: data['subType'] ?? 0 }
  return { ...kind, file, url, file_size: String(size) }
}

function receivedByLagrange(
  type: string,
  data: Segment['data'],
  { url }: Media,
  filename: string,
): Segment['data'] {
  if (type !== 'image') return { file: url, url }
  return { file: url, filename, url, summary: '[图片]', subType: data['subType'] ?? 0 }
}

function receivedFile(letter: Profile['letter'], media: Media, size: number): Segment['data'] {
  const { name, md5, url } = media
  if (letter === 'G') return { path: `/${md5}`, name, size, busid: 102 }
  if (letter === 'L') return { file_name: name, file_hash: md5, file_id: md5, url }
  const file = { file: name, file_id: md5, file_size: String(size), url }
  return letter === 'N' ? file : { ...file, path: '' }
}
