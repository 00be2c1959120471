import { type LocalFile, systemClock } from '@mynah/core'
import { abortReason } from '@mynah/core/adapter'
import { download, type RawMedia } from './download.ts'
import { decodeDataUri } from './inline-media.ts'
import { readLocalFile } from './local-file.ts'
import { mediaRefused, tooLarge } from './media-error.ts'
import { nameOfPath } from './media-name.ts'
import { detectType, type MediaType } from './media-type.ts'
import { addressCheck } from './public-address.ts'

/**
 * Where media comes from: an `http(s):` or `data:` address, a file of this machine, or bytes. A string never
 * names a local file, because strings are what people in a chat can make.
 */
export type MediaSource = string | LocalFile | Uint8Array

/** Options of {@link loadMedia}. */
export interface LoadMediaOptions {
  /**
   * Hosts that may be fetched from although they are not on the public internet: names or IP addresses,
   * without a port. @defaultValue none
   */
  privateHosts?: readonly string[]
  /** Largest content taken, in bytes. @defaultValue 67108864 (64 MiB) */
  maxBytes?: number
  /** How long a download may take, in ms. @defaultValue 30000 */
  timeoutMs?: number
  /** The file name, if the one of the source will not do. */
  name?: string
  /** Ends the reading; its reason is thrown. */
  signal?: AbortSignal
}

/** Media that is in memory. */
export interface LoadedMedia extends MediaType {
  /** The whole content. */
  readonly bytes: Buffer
  /** A plain file name with an extension. */
  readonly name: string
}

interface Limits {
  readonly privateHosts: readonly string[]
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * Reads media into memory and tells its type from the bytes. Addresses are fetched from the public internet
 * only, at each redirect, unless `privateHosts` has the host; of local files only regular ones are read.
 *
 * @throws MynahError `MEDIA_REFUSED` when it is too large, may not or cannot be read; the reason of the
 * signal when it aborts.
 *
 * @example
 * ```ts
 * const { bytes, mime, name } = await loadMedia(element.attrs.src, { maxBytes: 20 * 1024 ** 2 })
 * ```
 */
export async function loadMedia(source: MediaSource, options: LoadMediaOptions = {}): Promise<LoadedMedia> {
  const { privateHosts = [], maxBytes = 64 * 1024 * 1024, timeoutMs = 30_000 } = options
  const timeout = new AbortController()
  const cancel = systemClock.setTimeout(() => timeout.abort(), timeoutMs)
  const signal =
    options.signal === undefined ? timeout.signal : AbortSignal.any([options.signal, timeout.signal])
  const raw = await read(source, { privateHosts, maxBytes, signal })
    .catch((error: unknown) => {
      if (options.signal?.aborted === true) throw abortReason(options.signal)
      if (timeout.signal.aborted)
        throw mediaRefused(`It did not come within ${timeoutMs} ms.`, { retriable: true })
      throw error
    })
    .finally(cancel)
  const name = nameOfPath(options.name) ?? raw.name
  const type = await detectType(raw.bytes, raw.mime, name)
  return { bytes: raw.bytes, ...type, name: withExtension(name ?? 'file', type.extension) }
}

async function read(source: MediaSource, limits: Limits): Promise<RawMedia> {
  limits.signal.throwIfAborted()
  if (typeof source === 'string') return readAddress(source, limits)
  if (source instanceof Uint8Array) return { bytes: asBuffer(source, limits.maxBytes) }
  return readLocalFile(source, limits)
}

function readAddress(address: string, limits: Limits): RawMedia | Promise<RawMedia> {
  const scheme = /^([a-z][a-z0-9+.-]{1,30}):/i.exec(address)?.[1]?.toLowerCase()
  switch (scheme) {
    case 'http':
    case 'https':
      return readUrl(address, limits)
    case 'data':
      return decodeDataUri(address, limits.maxBytes)
    case 'file':
    case undefined:
      throw mediaRefused(
        'A text never names a local file. Make it with file(path) where the plugin means one.',
      )
    default:
      throw mediaRefused(`${scheme}: addresses cannot be read. Give an http(s): or data: address.`)
  }
}

function readUrl(address: string, { privateHosts, maxBytes, signal }: Limits): Promise<RawMedia> {
  if (!URL.canParse(address)) throw mediaRefused('The address is no URL.')
  return download(new URL(address), { maxBytes, signal, allows: addressCheck(privateHosts) })
}

function asBuffer(source: Uint8Array, maxBytes: number): Buffer {
  if (source.byteLength > maxBytes) throw tooLarge(maxBytes)
  return Buffer.from(source.buffer, source.byteOffset, source.byteLength)
}

function withExtension(name: string, extension: string): string {
  return /\.[^.]+$/.test(name) ? name : `${name}.${extension}`
}
