import { createHash, randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

import { loadMedia } from '@mynah/adapter-kit'
import { type Element, MynahError } from '@mynah/core'

import type { OneBotApi } from '../api/onebot-api.ts'
import type { MediaConfig } from '../config.ts'

/** Where a medium comes from, as far as sending goes. */
type Source =
  | { readonly kind: 'wire'; readonly file: string }
  | { readonly kind: 'data'; readonly src: string; readonly name: string }
  | { readonly kind: 'path'; readonly path: string; readonly name: string }

/** What sending media needs. */
export interface MediaHost {
  readonly api: OneBotApi
  readonly config: MediaConfig
  /** Whether the implementation takes files in parts. */
  readonly streams: boolean
}

const mediaTypes: ReadonlySet<string> = new Set(['image', 'audio', 'video', 'file'])

/** Whether a message has anything in it that may have to be read first. */
export function hasMedia(elements: readonly Element[]): boolean {
  return elements.some(
    ({ type, children }) => mediaTypes.has(type) || (children.length > 0 && hasMedia(children)),
  )
}

/**
 * Turns every medium of a message into a file source that an implementation takes: a URL, `base64://`, or a
 * path on its machine. What is too large for a frame is uploaded in parts where that is possible.
 *
 * @returns The source of each element.
 * @throws MynahError `MEDIA_REFUSED` with what to do instead.
 */
export async function prepareMedia(
  elements: readonly Element[],
  host: MediaHost,
): Promise<ReadonlyMap<Element, string>> {
  const sources = new Map<Element, string>()
  await addSources(elements, host, sources)
  return sources
}

async function addSources(
  elements: readonly Element[],
  host: MediaHost,
  sources: Map<Element, string>,
): Promise<void> {
  for (const node of elements) {
    if (mediaTypes.has(node.type)) sources.set(node, await fileSource(node, host))
    else if (node.children.length > 0) await addSources(node.children, host, sources)
  }
}

async function fileSource(node: Element, host: MediaHost): Promise<string> {
  const source = sourceOf(node)
  const { localFiles, maxInlineBytes } = host.config
  if (source.kind === 'wire') return source.file
  if (source.kind === 'path' && localFiles === 'path') return urlOfPath(source.path)
  const maxBytes = host.streams ? maxStreamedBytes : Math.max(maxInlineBytes, maxLoadedBytes)
  const bytes = await read(source, maxBytes)
  return bytes.length <= maxInlineBytes ? inline(bytes) : uploadInParts(bytes, source.name, host)
}

async function read(source: Exclude<Source, { kind: 'wire' }>, maxBytes: number): Promise<Buffer> {
  if (source.kind === 'data') return (await loadMedia(source.src, { maxBytes })).bytes
  try {
    return (await loadMedia({ path: source.path }, { maxBytes })).bytes
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new MynahError('MEDIA_REFUSED', `${source.path}: ${why}`, { cause })
  }
}

/** Most bytes that are read to be uploaded in parts: they are in memory meanwhile. */
const maxStreamedBytes = 256 * 1024 * 1024
/** Most bytes that are read to tell how many there are. */
const maxLoadedBytes = 64 * 1024 * 1024

const inline = (bytes: Buffer): string => `base64://${bytes.toString('base64')}`

/**
 * A path that the plugin named, an address, or what the implementation itself gave, which goes back as it came.
 *
 * @throws MynahError `MEDIA_REFUSED`
 */
function sourceOf(node: Element): Source {
  const { path, src, title } = node.attrs
  if (typeof path === 'string') return { kind: 'path', path, name: String(title ?? basename(path)) }
  if (src === undefined || src === '') return { kind: 'wire', file: receivedSource(node) }
  const address = String(src)
  if (/^https?:/i.test(address)) return { kind: 'wire', file: address }
  if (/^data:/i.test(address)) return { kind: 'data', src: address, name: String(title ?? node.type) }
  throw new MynahError(
    'MEDIA_REFUSED',
    `${JSON.stringify(address.slice(0, 100))} is no http(s): or data: URL; write file(path) for a file of this machine.`,
  )
}

function receivedSource({ type, attrs }: Element): string {
  const file = String(attrs['onebot:url'] ?? attrs['onebot:file'] ?? '')
  // The name of a file is the sender's, who could name it like a place on the implementation's disk.
  const isName = attrs['onebot:url'] === undefined && type === 'file'
  if (file !== '' && !(isName && /^[a-z][a-z\d+.-]*:|[\\/]/i.test(file))) return file
  throw new MynahError(
    'MEDIA_REFUSED',
    `This ${type} has no address to send it from. Give src or file(path); get_file and get_image know addresses of what was received.`,
  )
}

const win32Path = /^[a-z]:[\\/]|^\\\\/i

/** A path may be one of another machine, and of Windows there. */
function urlOfPath(path: string): string {
  return pathToFileURL(path, { windows: win32Path.test(path) }).href
}

const chunkBytes = 512 * 1024

/** Hands a large file over in parts; the result is a path on the implementation's machine. */
async function uploadInParts(
  bytes: Buffer,
  name: string,
  { api, config, streams }: MediaHost,
): Promise<string> {
  const { length } = bytes
  if (!streams) {
    throw new MynahError(
      'MEDIA_REFUSED',
      `${name} has ${length} bytes, more than media.maxInlineBytes (${config.maxInlineBytes}). Give a URL, or set media.localFiles to path.`,
    )
  }
  const stream_id = randomUUID()
  const about = {
    stream_id,
    total_chunks: Math.ceil(length / chunkBytes),
    file_size: length,
    filename: name,
    expected_sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  for (let chunk_index = 0; chunk_index < about.total_chunks; chunk_index += 1) {
    const start = chunk_index * chunkBytes
    const chunk_data = bytes.subarray(start, start + chunkBytes).toString('base64')
    await api.streams.upload({ ...about, chunk_data, chunk_index })
  }
  const { file_path } = await api.streams.upload({ stream_id, is_complete: true })
  if (file_path === undefined)
    throw new MynahError('MEDIA_REFUSED', `${name} was uploaded, but nobody says where to.`)
  return file_path
}

/** How long an upload may take: half a minute and a second for each 256 KB, at most half an hour; in ms. */
export function uploadTimeout(bytes: number): number {
  return Math.min(30_000 + Math.ceil(bytes / 262_144) * 1000, 1_800_000)
}

/** The path of a file for implementations that upload only from their own disk. @throws MynahError `MEDIA_REFUSED` */
export async function uploadPath(node: Element, api: OneBotApi): Promise<string> {
  const source = sourceOf(node)
  if (source.kind === 'path') return source.path
  if (source.kind === 'wire' && /^https?:/i.test(source.file)) {
    return api.files.download({ url: source.file })
  }
  throw new MynahError(
    'MEDIA_REFUSED',
    'This implementation uploads files only from its own machine; give a path there, or a URL.',
  )
}
