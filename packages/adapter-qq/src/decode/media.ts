import { readNumber, readText } from '@mynah/adapter-kit'
import { type Element, element } from '@mynah/core'
import type { ChatAttachment } from '../wire/chat.ts'
import type { GuildAttachment } from '../wire/guild.ts'
import { webAddress } from './web-address.ts'

type MediaKind = 'image' | 'audio' | 'video' | 'file'

const kinds: readonly [RegExp, MediaKind][] = [
  [/^image(\/|$)/i, 'image'],
  [/^(audio\/|voice$)/i, 'audio'],
  [/^video(\/|$)/i, 'video'],
]

/**
 * Where a file is. What is no web address stands in an attribute of its own, which only this adapter sends
 * back, to the platform and as it came.
 */
export function fileAttributes(url: unknown): { readonly src?: string; readonly 'qq:file'?: string } {
  const src = webAddress(url)
  if (src !== undefined) return { src }
  const opaque = readText(url)
  return opaque === undefined ? {} : { 'qq:file': opaque }
}

/** A picture or film of which only the address is known; `undefined` without one. */
export function mediaAt(kind: 'image' | 'video', url: unknown): Element | undefined {
  const where = fileAttributes(url)
  return Object.keys(where).length === 0 ? undefined : element(kind, where)
}

/** A file as an element. */
export function decodeAttachment(attachment: ChatAttachment & GuildAttachment): Element {
  const mime = readText(attachment.content_type) ?? ''
  const kind = kinds.find(([pattern]) => pattern.test(mime))?.[1] ?? 'file'
  const isFlat = kind === 'image' || kind === 'video'
  return element(kind, {
    ...fileAttributes(attachment.url),
    title: readText(attachment.filename),
    size: readNumber(attachment.size),
    ...(isFlat ? { width: readNumber(attachment.width), height: readNumber(attachment.height) } : {}),
    ...(kind === 'audio'
      ? { 'qq:wav': webAddress(attachment.voice_wav_url), 'qq:asr': readText(attachment.asr_refer_text) }
      : {}),
  })
}

/** The files of a message: some have a place inside its text, the others follow it. */
export class AttachmentPlaces {
  readonly #files: readonly (ChatAttachment & GuildAttachment)[]
  /** Those that a tag of the text names. */
  readonly #named: ReadonlySet<number>
  readonly #taken = new Set<number>()
  /** No file before this one is free. */
  #next = 0

  constructor(files: readonly (ChatAttachment & GuildAttachment)[], named: Iterable<number> = []) {
    this.#files = files
    this.#named = new Set(named)
  }

  /** The file that a tag names; `undefined` when there is none, or it has its place already. */
  take(index: number): Element | undefined {
    const file = this.#files[index]
    if (file === undefined || this.#taken.has(index)) return undefined
    this.#taken.add(index)
    return decodeAttachment(file)
  }

  /** The first file that no tag names, for a mark that says only that one belongs there. */
  takeNext(): Element | undefined {
    while (this.#named.has(this.#next) || this.#taken.has(this.#next)) this.#next += 1
    return this.take(this.#next)
  }

  /** The files that have no place in the text. */
  rest(): Element[] {
    return this.#files.filter((_, index) => !this.#taken.has(index)).map(decodeAttachment)
  }
}
