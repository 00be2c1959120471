import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

import { LoopbackServer } from '@mynah/emulator-kit'

import { ApiRefusal } from '../calls/refusal.ts'
import type { ProfileLetter } from '../wire/profile.ts'

/** A picture, recording, video or file that passed through the platform. */
export interface Media {
  /** 32 lower-case hex digits: the key of the store. */
  readonly md5: string
  /** The name it was sent under, where there was one. */
  readonly name: string
  /** Absent when it was sent as a link: links are kept, not fetched. */
  readonly bytes: Buffer | undefined
  /** Where it can be fetched: the emulator's own server, or the link it was sent as. */
  readonly url: string
}

const md5Of = (data: Buffer | string): string => createHash('md5').update(data).digest('hex')
const dataUri = /^data:[^,]*;base64,/

/** Keeps media and serves it over HTTP, so that received links really work. */
export class MediaStore {
  readonly #media = new Map<string, Media>()
  /** Paths that exist on the implementation's machine only. */
  readonly #paths = new Map<string, Buffer>()
  readonly #server: LoopbackServer
  readonly #letter: ProfileLetter
  #origin = ''
  #rkey = 1

  constructor(letter: ProfileLetter) {
    this.#letter = letter
    this.#server = new LoopbackServer({
      request: (request, response) => {
        const url = new URL(request.url ?? '/', 'http://media')
        const media = this.#media.get(url.pathname.slice(1))
        const expired = url.searchParams.get('rkey') !== String(this.#rkey)
        if (media?.bytes === undefined || expired) response.writeHead(expired ? 400 : 404).end()
        else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(media.bytes)
      },
    })
  }

  async start(): Promise<void> {
    const port = await this.#server.listen()
    this.#origin = `http://127.0.0.1:${port}`
  }

  stop(): Promise<void> {
    return this.#server.close()
  }

  /** Makes every link handed out so far stop working, as links of QQ do after a while. */
  expireLinks(): void {
    this.#rkey += 1
  }

  /** Looks media up by its MD5 or by a name that a received segment carries. */
  find(name: string): Media | undefined {
    const found = this.#media.get(/^[0-9a-f]{32}/i.exec(name)?.[0].toLowerCase() ?? name)
    return found === undefined ? undefined : { ...found, url: this.#urlOf(found) }
  }

  add(bytes: Buffer, name = ''): Media {
    return this.#keep({ md5: md5Of(bytes), name, bytes, url: '' })
  }

  /**
   * Takes the `file` of a segment or an upload in one of the forms that the implementation accepts.
   *
   * @throws ApiRefusal when the form is not accepted here or the file does not exist.
   */
  accept(source: string, name?: string): Media {
    if (/^https?:\/\//.test(source)) {
      const known = this.#ownLink(source)
      if (known !== undefined) return known
      return this.#keep({
        md5: md5Of(source),
        name: name ?? nameOfUrl(source),
        bytes: undefined,
        url: source,
      })
    }
    if (source.startsWith('base64://')) return this.add(Buffer.from(source.slice(9), 'base64'), name)
    if (source.startsWith('file://')) return this.#read(pathOfUrl(source), name)
    if (this.#letter === 'N' && dataUri.test(source)) {
      return this.add(Buffer.from(source.replace(dataUri, ''), 'base64'), name)
    }
    if (this.#letter === 'G' && source.startsWith('base16384://')) return this.add(Buffer.from(source), name)
    if (this.#letter === 'N' && isAbsolute(source)) return this.#read(source, name)
    const known = this.#letter === 'G' || this.#letter === 'B' ? this.find(source) : undefined
    if (known === undefined) {
      throw new ApiRefusal('LOAD_FILE_ERROR', { text: `识别URL失败: ${source.slice(0, 80)}` })
    }
    return known
  }

  /** Keeps a file on the implementation's machine and gives its path, which is a source from then on. */
  addTemporary(bytes: Buffer, name: string): string {
    const path = `/tmp/napcat-temp/${md5Of(bytes)}/${basename(name)}`
    this.#paths.set(path, bytes)
    return path
  }

  /** Takes an absolute path on this machine. */
  acceptPath(path: string, name?: string): Media {
    if (!isAbsolute(path)) throw new ApiRefusal('OPEN_FILE_ERROR')
    return this.#read(path, name)
  }

  #read(path: string, name?: string): Media {
    const temporary = this.#paths.get(path)
    if (temporary !== undefined) return this.add(temporary, name ?? basename(path))
    if (!existsSync(path)) throw new ApiRefusal('OPEN_FILE_ERROR', { text: `ENOENT: ${path}` })
    return this.add(readFileSync(path), name ?? basename(path))
  }

  #keep(media: Media): Media {
    this.#media.set(media.md5, media)
    return { ...media, url: this.#urlOf(media) }
  }

  #urlOf(media: Media): string {
    return media.bytes === undefined
      ? media.url
      : `${this.#origin}/${media.md5}?appid=1407&rkey=${this.#rkey}`
  }

  #ownLink(url: string): Media | undefined {
    return this.#origin !== '' && url.startsWith(this.#origin)
      ? this.find(basename(new URL(url).pathname))
      : undefined
  }
}

function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw new ApiRefusal('OPEN_FILE_ERROR', { text: error instanceof Error ? error.message : String(error) })
  }
}

function nameOfUrl(url: string): string {
  return URL.canParse(url) ? basename(new URL(url).pathname) : ''
}
