import { createHash, randomUUID } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { type Element, MynahError } from '@mynah/core'

import type { OneBotApi } from '../api/api.ts'
import type { MediaConfig } from '../config.ts'

/** Where a medium comes from, as far as sending goes. */
type Source =
  | { readonly kind: 'wire'; readonly file: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly name: string }
  | { readonly kind: 'path'; readonly path: string }

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
  const source = await readSource(node)
  const { localFiles, maxInlineBytes } = host.config
  if (source.kind === 'wire') return source.file
  if (source.kind === 'path') {
    if (localFiles === 'path') return pathToFileURL(source.path).href
    const size = await sizeOf(source.path)
    if (size > maxInlineBytes) return uploadInParts({ path: source.path, size }, basename(source.path), host)
    return inline(await readFile(source.path))
  }
  if (source.bytes.length <= maxInlineBytes) return inline(source.bytes)
  return uploadInParts({ bytes: source.bytes, size: source.bytes.length }, source.name, host)
}

const inline = (bytes: Buffer): string => `base64://${bytes.toString('base64')}`

async function readSource(node: Element): Promise<Source> {
  const local = node.attrs['path']
  if (typeof local === 'string') return { kind: 'path', path: local }
  const src = String(node.attrs['src'] ?? '')
  const name = String(node.attrs['title'] ?? node.type)
  if (src === '') return { kind: 'wire', file: String(node.attrs['onebot:file'] ?? '') }
  if (/^https?:/i.test(src)) return { kind: 'wire', file: src }
  if (/^data:/i.test(src)) return { kind: 'bytes', bytes: bytesOfData(src), name }
  if (src.startsWith('base64://')) return { kind: 'bytes', bytes: Buffer.from(src.slice(9), 'base64'), name }
  if (/^file:/i.test(src)) return { kind: 'path', path: pathOf(src) }
  const path = resolve(src)
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  // The names of received media look like relative paths; go-cqhttp and LLOneBot know them.
  return isThere ? { kind: 'path', path } : { kind: 'wire', file: src }
}

function bytesOfData(url: string): Buffer {
  const comma = url.indexOf(',')
  const head = url.slice(0, comma)
  const body = url.slice(comma + 1)
  return /;base64$/i.test(head) ? Buffer.from(body, 'base64') : Buffer.from(decodeURIComponent(body))
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (cause) {
    throw new MynahError('MEDIA_REFUSED', `${url.slice(0, 200)} is no path of this machine.`, { cause })
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (cause) {
    throw new MynahError('MEDIA_REFUSED', `${path} cannot be read.`, { cause })
  }
}

const chunkBytes = 512 * 1024

/** Hands a large file over in parts; the result is a path on the implementation's machine. */
async function uploadInParts(
  file: { readonly size: number } & ({ readonly path: string } | { readonly bytes: Buffer }),
  name: string,
  { api, config, streams }: MediaHost,
): Promise<string> {
  if (!streams) {
    throw new MynahError(
      'MEDIA_REFUSED',
      `${name} has ${file.size} bytes, more than media.maxInlineBytes (${config.maxInlineBytes}). Give a URL, or set media.localFiles to path.`,
    )
  }
  const stream_id = randomUUID()
  const total_chunks = Math.ceil(file.size / chunkBytes)
  const about = { stream_id, total_chunks, file_size: file.size, filename: name }
  const expected_sha256 = await sha256Of(file)
  let chunk_index = 0
  for await (const chunk of chunksOf(file)) {
    await api.uploadFileStream({
      ...about,
      expected_sha256,
      chunk_data: chunk.toString('base64'),
      chunk_index,
    })
    chunk_index += 1
  }
  const { file_path } = await api.uploadFileStream({ stream_id, is_complete: true })
  if (file_path === undefined)
    throw new MynahError('MEDIA_REFUSED', `${name} was uploaded, but nobody says where to.`)
  return file_path
}

async function sha256Of(file: { readonly path: string } | { readonly bytes: Buffer }): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunksOf(file)) hash.update(chunk)
  return hash.digest('hex')
}

async function* chunksOf(
  file: { readonly path: string } | { readonly bytes: Buffer },
): AsyncGenerator<Buffer> {
  if ('bytes' in file) {
    for (let at = 0; at < file.bytes.length; at += chunkBytes) yield file.bytes.subarray(at, at + chunkBytes)
    return
  }
  const handle = await open(file.path)
  try {
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

/** How long an upload may take: half a minute and a second for each 256 KB, at most half an hour; in ms. */
export function uploadTimeout(bytes: number): number {
  return Math.min(30_000 + Math.ceil(bytes / 262_144) * 1000, 1_800_000)
}

/** The path of a file for implementations that upload only from their own disk. @throws MynahError `MEDIA_REFUSED` */
export async function uploadPath(node: Element, api: OneBotApi): Promise<string> {
  const source = await readSource(node)
  if (source.kind === 'path') return source.path
  if (source.kind === 'wire' && /^https?:/i.test(source.file)) {
    const { file } = await api.downloadFile({ url: source.file })
    return file
  }
  throw new MynahError(
    'MEDIA_REFUSED',
    'This implementation uploads files only from its own machine; give a path there, or a URL.',
  )
}
