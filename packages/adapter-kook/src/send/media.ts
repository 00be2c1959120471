import { BoundedMap } from '@mynah/core/adapter'
import { createHash } from 'node:crypto'

import { isRecord, loadMedia, readJson } from '@mynah/adapter-kit'
import { file } from '@mynah/core'

import type { PlatformApi } from '../api/platform.ts'
import { messageTypes } from '../wire/events.ts'

/** Where uploads live; cards may show any of them. */
const hosts = new Set(['img.kookapp.cn', 'img.kaiheila.cn'])
/** Parts of a card that name media. */
const mediaTypes = new Set(['image', 'file', 'audio', 'video'])
const remembered = 500

/**
 * Uploads media before it is sent: the platform shows nothing from elsewhere, and pictures and videos only
 * when the same bot uploaded them. The same bytes are uploaded once.
 *
 * @see KOOK developer documentation, "上传文件/图片" (asset/create).
 */
export class MediaUploads {
  readonly #api: Pick<PlatformApi, 'upload'>
  readonly #privateHosts: readonly string[]
  /** URLs that this bot uploaded. */
  readonly #own = new BoundedMap<string, true>({ maxEntries: remembered })
  readonly #urlOfHash = new BoundedMap<string, string>({ maxEntries: remembered })

  /** @param api - Uploads. @param privateHosts - Hosts that media may be read from although they are not public. */
  constructor(api: Pick<PlatformApi, 'upload'>, privateHosts: readonly string[]) {
    this.#api = api
    this.#privateHosts = privateHosts
  }

  /**
   * Makes sure that the media of a message is on the platform.
   *
   * @param files - URLs of the local files that may be read.
   * @returns The content to send.
   * @throws MynahError `MEDIA_REFUSED` when media cannot be read; PlatformError when it cannot be uploaded.
   */
  async prepare(kind: number, content: string, files: ReadonlySet<string>): Promise<string> {
    if (kind === messageTypes.image || kind === messageTypes.video) return this.#upload(content, files)
    if (kind !== messageTypes.card) return content
    const cards = readJson(content)
    return JSON.stringify(await this.#replace(cards, files))
  }

  /** Uploads what `src` names, unless this bot did before. @returns its URL on the platform. */
  async #upload(src: string, files: ReadonlySet<string>): Promise<string> {
    if (this.#own.get(src) === true) return src
    const media = await loadMedia(files.has(src) ? file(new URL(src)) : src, {
      privateHosts: this.#privateHosts,
    })
    const hash = createHash('sha256').update(media.bytes).digest('base64')
    const known = this.#urlOfHash.get(hash)
    if (known !== undefined) return known
    const url = await this.#api.upload({ bytes: media.bytes, name: media.name, mime: media.mime })
    this.#own.set(url, true)
    this.#urlOfHash.set(hash, url)
    return url
  }

  async #replace(value: unknown, files: ReadonlySet<string>): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.#replace(item, files)))
    if (!isRecord(value)) return value
    const entries = await Promise.all(
      Object.entries(value).map(async ([name, field]) => [
        name,
        await this.#replaceField(value, name, field, files),
      ]),
    )
    return Object.fromEntries(entries)
  }

  #replaceField(
    owner: Readonly<Record<string, unknown>>,
    name: string,
    field: unknown,
    files: ReadonlySet<string>,
  ): unknown {
    const isMedia = typeof owner['type'] === 'string' && mediaTypes.has(owner['type'])
    const isSource = name === 'src' || name === 'cover'
    if (!isMedia || !isSource || typeof field !== 'string' || field === '') return this.#replace(field, files)
    // With a picture to fall back on, its author wants the platform to try the address itself.
    return isHosted(field) || owner['fallbackUrl'] !== undefined ? field : this.#upload(field, files)
  }
}

function isHosted(src: string): boolean {
  return URL.canParse(src) && hosts.has(new URL(src).hostname)
}
