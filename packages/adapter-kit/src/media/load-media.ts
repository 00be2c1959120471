import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { abortable, abortReason } from '../shared/abort.ts'
import { readAtMost } from '../shared/read-at-most.ts'
import { download, type RawMedia } from './download.ts'
import { decodeBase64Uri, decodeDataUri } from './inline-media.ts'
import { mediaRefused, tooLarge } from './media-error.ts'
import { nameOfPath } from './media-name.ts'
import { detectType, type MediaType } from './media-type.ts'
import { isPublicAddress } from './public-address.ts'

/**
 * Where media comes from: an `http(s):`, `file:`, `data:` or `base64://` address or a path as a string, a URL,
 * bytes, a Blob, or a stream of bytes.
 */
export type MediaSource = string | URL | Uint8Array | ArrayBuffer | Blob | AsyncIterable<Uint8Array>

/** Options of {@link loadMedia}. */
export interface LoadMediaOptions {
  /**
   * Whether the source was named by the bot's own code. One that came from a chat is not: it may neither name
   * local files nor reach private, loopback or link-local addresses.
   */
  trusted: boolean
  /** Largest content taken, in bytes. @defaultValue 67108864 (64 MiB) */
  maxBytes?: number
  /** How long a download may take, in ms. @defaultValue 30000 */
  timeoutMs?: number
  /** The file name, if the one of the source will not do. */
  name?: string
  signal?: AbortSignal
}

/** Media that is in memory. */
export interface LoadedMedia extends MediaType {
  readonly bytes: Buffer
  /** A plain file name with an extension. */
  readonly name: string
}

interface Limits {
  readonly trusted: boolean
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * Reads media into memory and tells its type from the bytes.
 *
 * @throws MynahError `MEDIA_REFUSED` when it is too large, may not or cannot be read; the reason of the
 * signal when it aborts.
 *
 * @example
 * ```ts
 * const { bytes, mime, name } = await loadMedia(element.attrs.src, { trusted: false, maxBytes: 20 * 1024 ** 2 })
 * ```
 */
export async function loadMedia(source: MediaSource, options: LoadMediaOptions): Promise<LoadedMedia> {
  const { trusted, maxBytes = 64 * 1024 * 1024, timeoutMs = 30_000 } = options
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  const signal =
    options.signal === undefined ? timeout.signal : AbortSignal.any([options.signal, timeout.signal])
  const raw = await read(source, { trusted, maxBytes, signal })
    .catch((error: unknown) => {
      if (options.signal?.aborted === true) throw abortReason(options.signal)
      if (timeout.signal.aborted)
        throw mediaRefused(`It did not come within ${timeoutMs} ms.`, { retriable: true })
      throw error
    })
    .finally(() => clearTimeout(timer))
  const name = nameOfPath(options.name) ?? raw.name
  const type = await detectType(raw.bytes, raw.mime, name)
  return { bytes: raw.bytes, ...type, name: withExtension(name ?? 'file', type.extension) }
}

async function read(source: MediaSource, limits: Limits): Promise<RawMedia> {
  limits.signal.throwIfAborted()
  if (typeof source === 'string') return readAddress(source, limits)
  if (source instanceof URL) return readAddress(source.href, limits)
  if (source instanceof Blob) return readBlob(source, limits)
  if (source instanceof Uint8Array || source instanceof ArrayBuffer)
    return { bytes: asBuffer(source, limits.maxBytes) }
  return { bytes: await readStream(source, limits) }
}

function readAddress(address: string, limits: Limits): RawMedia | Promise<RawMedia> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase()
  switch (scheme) {
    case 'http':
    case 'https':
      return readUrl(address, limits)
    case 'data':
      return decodeDataUri(address, limits.maxBytes)
    case 'base64':
      return decodeBase64Uri(address, limits.maxBytes)
    case 'file':
    case undefined:
      return readFile(address, scheme === 'file', limits)
    default:
      throw mediaRefused(`${scheme}: addresses cannot be read.`)
  }
}

function readUrl(address: string, { trusted, maxBytes, signal }: Limits): Promise<RawMedia> {
  if (!URL.canParse(address)) throw mediaRefused('The address is no URL.')
  const guard = trusted ? {} : { allows: isPublicAddress }
  return download(new URL(address), { maxBytes, signal, ...guard })
}

async function readFile(address: string, isUrl: boolean, limits: Limits): Promise<RawMedia> {
  if (!limits.trusted) throw mediaRefused('Content of a chat may not name local files.')
  try {
    const path = isUrl ? fileURLToPath(address) : address
    return { bytes: await readRegularFile(path, limits), name: nameOfPath(path) }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) throw cause
    throw mediaRefused(`${address} cannot be read: ${String(cause.code)}.`, { cause })
  }
}

async function readRegularFile(path: string, limits: Limits): Promise<Buffer> {
  const file = await open(path)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw mediaRefused(`${path} is no file.`)
    if (stat.size > limits.maxBytes) throw tooLarge(limits.maxBytes)
    return await readStream(file.createReadStream({ autoClose: false, end: limits.maxBytes }), limits)
  } finally {
    await file.close()
  }
}

async function readBlob(blob: Blob, { maxBytes }: Limits): Promise<RawMedia> {
  if (blob.size > maxBytes) throw tooLarge(maxBytes)
  const name = 'name' in blob && typeof blob.name === 'string' ? nameOfPath(blob.name) : undefined
  return { bytes: Buffer.from(await blob.arrayBuffer()), mime: blob.type, name }
}

function asBuffer(source: Uint8Array | ArrayBuffer, maxBytes: number): Buffer {
  if (source.byteLength > maxBytes) throw tooLarge(maxBytes)
  return source instanceof ArrayBuffer
    ? Buffer.from(source)
    : Buffer.from(source.buffer, source.byteOffset, source.byteLength)
}

async function readStream(stream: AsyncIterable<Uint8Array>, { maxBytes, signal }: Limits): Promise<Buffer> {
  try {
    return await abortable(readAtMost(stream, maxBytes), signal)
  } catch (error) {
    throw error instanceof RangeError ? tooLarge(maxBytes) : error
  }
}

function withExtension(name: string, extension: string): string {
  return /\.[^.]+$/.test(name) ? name : `${name}.${extension}`
}
