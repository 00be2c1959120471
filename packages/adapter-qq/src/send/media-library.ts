import { createHash } from 'node:crypto'
import { defined, type LoadedMedia, loadMedia } from '@mynah/adapter-kit'
import { BoundedMap } from '@mynah/core/adapter'
import type { FileApi } from '../api/files.ts'
import { QQApiError } from '../errors.ts'
import type { MediaOrigin, MediaRequest } from '../encode/encode.ts'
import type { Target } from '../encode/target.ts'
import type { FileBody, FileResult, FileType } from '../wire/send.ts'
import { type ChunkedUploadOptions, uploadInParts } from './chunked-upload.ts'

/** What a {@link MediaLibrary} needs. */
export interface MediaLibraryOptions extends ChunkedUploadOptions {
  /** Stores the files. */
  readonly files: FileApi
  /** Files above so many bytes are uploaded in parts. */
  readonly chunkThreshold: number
}

interface Cached {
  readonly info: Promise<string>
  /** By the monotonic clock; `Infinity` also while the upload is under way. */
  expiresAt: number
}

const marginMs = 10_000

/** Uploads files and remembers what came of them: the same bytes go up once per kind of place while that is good. */
export class MediaLibrary {
  readonly #options: MediaLibraryOptions
  readonly #cache = new BoundedMap<string, Cached>({ maxEntries: 1000 })

  constructor(options: MediaLibraryOptions) {
    this.#options = options
  }

  /**
   * Makes a file known to the platform.
   *
   * @returns its `file_info` for messages to this kind of place.
   */
  async upload(target: Target, media: MediaRequest): Promise<string> {
    const { source, type } = media
    if ('address' in source) {
      const url = source.address
      const name = media.name ?? (type === fileCard ? nameInUrl(url) : undefined)
      const key = keyOf(target, type, `${url}\n${name ?? ''}`)
      return this.#cached(key, () => this.#ask(target, { ...fields(type, name), url }))
    }
    const file = await loadFile(source, media.name, this.#options.signal)
    const key = keyOf(target, type, file.bytes, file.name)
    return this.#cached(key, () => this.#uploadBytes(target, type, file))
  }

  async #uploadBytes(target: Target, type: FileType, file: LoadedMedia): Promise<FileResult> {
    const body = fields(type, file.name)
    if (file.bytes.length <= this.#options.chunkThreshold) {
      try {
        return await this.#ask(target, { ...body, file_data: file.bytes.toString('base64') })
      } catch (error) {
        if (!(error instanceof QQApiError) || error.status !== 413) throw error
      }
    }
    const uploadId = await uploadInParts(target, type, file, this.#options)
    return this.#ask(target, { ...body, upload_id: uploadId })
  }

  #ask(target: Target, body: FileBody): Promise<FileResult> {
    return this.#options.files.upload(target, body)
  }

  /** Equal files that are sent at the same time share one upload; one that fails is forgotten. */
  #cached(key: string, upload: () => Promise<FileResult>): Promise<string> {
    const { clock } = this.#options
    const known = this.#cache.get(key)
    if (known !== undefined && known.expiresAt > clock.monotonic()) return known.info
    const uploading = upload()
    const cached: Cached = { info: uploading.then(({ file_info: info }) => info), expiresAt: Infinity }
    this.#cache.set(key, cached)
    uploading.then(
      ({ ttl = 0 }) => {
        if (ttl > 0) cached.expiresAt = clock.monotonic() + ttl * 1000 - marginMs
      },
      () => this.#cache.delete(key),
    )
    return cached.info
  }
}

/** The platform takes nothing above this, in bytes. */
const hardLimitBytes = 200 * 1024 * 1024

/** Reads a file that the platform cannot fetch. @throws MynahError `MEDIA_REFUSED`. */
export function loadFile(
  source: Exclude<MediaOrigin, { readonly address: string }>,
  name: string | undefined,
  signal: AbortSignal | undefined,
): Promise<LoadedMedia> {
  return loadMedia('path' in source ? source : source.data, {
    maxBytes: hardLimitBytes,
    ...defined({ name, signal }),
  })
}

/** `file_type` of files that are shown as a card with their name. */
const fileCard = 4

const fields = (type: FileType, name: string | undefined): FileBody => ({
  file_type: type,
  srv_send_msg: false,
  ...defined({ file_name: name }),
})

/** The last part of the path, as it is written where it cannot be read. */
function nameInUrl(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url
  const name = path.slice(path.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(name) || 'file'
  } catch {
    return name
  }
}

/** A file of one kind of place is unknown in the other. */
function keyOf({ kind }: Target, type: FileType, content: string | Buffer, name = ''): string {
  const hash = createHash('sha256').update(content).digest('base64')
  return `${kind}:${type}:${hash}:${name}`
}
