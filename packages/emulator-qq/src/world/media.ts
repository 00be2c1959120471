import { createHash } from 'node:crypto'
import { ApiRefusal } from '../calls/refusal.ts'
import type { Clock } from '@mynah/core'
import type { Ids } from './ids.ts'
import type { QQFile } from './message.ts'

const megabyte = 1024 * 1024
/** The largest file of any type, in bytes. */
export const hardLimitBytes: number = 200 * megabyte
/** Above these, in bytes, a picture, video or voice arrives as a plain file. */
const softLimitBytes: Record<number, number> = { 1: 20 * megabyte, 2: 30 * megabyte, 3: 20 * megabyte }
const plainFile = 4

const ascii = (content: Buffer, start: number, end: number): string => content.toString('latin1', start, end)
const looksLike: Record<number, (content: Buffer) => boolean> = {
  1: (content) =>
    ascii(content, 1, 4) === 'PNG' ||
    content.readUIntBE(0, 3) === 0xffd8ff ||
    ascii(content, 0, 4) === 'GIF8' ||
    ascii(content, 8, 12) === 'WEBP' ||
    ascii(content, 0, 2) === 'BM',
  2: (content) => ascii(content, 4, 8) === 'ftyp',
  3: (content) =>
    ascii(content, 0, 10).includes('#!SILK') ||
    ascii(content, 0, 3) === 'ID3' ||
    content.readUInt16BE() >= 0xffe0 ||
    ascii(content, 8, 12) === 'WAVE' ||
    ascii(content, 0, 4) === 'OggS',
  4: () => true,
}

interface Stored {
  readonly targetKind: 'c2c' | 'group'
  readonly file: QQFile
  readonly endsAt: number
}

export interface StoredMedia {
  uuid: string
  info: string
  file: QQFile
}

/** The uploaded files and the `file_info` texts that stand for them, each good in one kind of place for some time. */
export class Media {
  readonly #clock: Clock
  readonly #ids: Ids
  readonly #stored = new Map<string, Stored>()
  /** Life of a `file_info` in seconds; 0 is for ever. */
  readonly ttlSeconds: number

  constructor(clock: Clock, ids: Ids, ttlSeconds: number) {
    this.#clock = clock
    this.#ids = ids
    this.ttlSeconds = ttlSeconds
  }

  /** @throws ApiRefusal 850019 for a format that does not fit the type, 850031 over the hard limit. */
  store(targetKind: 'c2c' | 'group', type: number, name: string | undefined, content: Buffer): StoredMedia {
    if (content.length > hardLimitBytes) throw new ApiRefusal(850031)
    const fits = content.length >= 12 || type === plainFile
    if (!fits || looksLike[type]?.(content) !== true) throw new ApiRefusal(850019)
    const shownAs = content.length > (softLimitBytes[type] ?? hardLimitBytes) ? plainFile : type
    const file = { type: shownAs, name: name ?? this.#ids.hex(), content }
    const info = this.#ids.opaque(createHash('md5').update(content).digest('hex'))
    const endsAt =
      this.ttlSeconds === 0 ? Number.POSITIVE_INFINITY : this.#clock.now() + this.ttlSeconds * 1000
    this.#stored.set(info, { targetKind, file, endsAt })
    return { uuid: this.#ids.uuid(), info, file }
  }

  /** @throws ApiRefusal 304080 when the text is unknown, over, or of the other kind of place. */
  resolve(targetKind: 'c2c' | 'group', info: string): QQFile {
    const stored = this.#stored.get(info)
    if (stored?.targetKind !== targetKind || stored.endsAt <= this.#clock.now()) throw new ApiRefusal(304080)
    return stored.file
  }
}
