import { MynahError } from '../errors/mynah-error.ts'
import { type Content, element, type ElementOf, type ElementTypes } from './element.ts'
import type { LocalFile } from './local-file.ts'

/** Where media comes from: an `http(s):` or `data:` URL, a local file (see `file()`), or the bytes themselves. */
export type MediaSource = string | URL | Uint8Array | LocalFile

type Origin = { src: string } | { path: string }

const address = /^(?:https?|data):/i

function origin(from: MediaSource): Origin {
  if (from instanceof Uint8Array) {
    const base64 = Buffer.from(from.buffer, from.byteOffset, from.byteLength).toString('base64')
    return { src: `data:application/octet-stream;base64,${base64}` }
  }
  if (typeof from !== 'string' && !(from instanceof URL)) return { path: from.path }
  const src = String(from)
  if (address.test(src)) return { src }
  throw new MynahError(
    'MEDIA_REFUSED',
    `${JSON.stringify(src.slice(0, 100))} is no http(s): or data: URL; write file(path) for a file of this machine.`,
  )
}

type MediaOptions<K extends 'image' | 'audio' | 'video' | 'file'> = Omit<ElementTypes[K], 'src' | 'path'>

/**
 * Typed makers of elements. Those of media throw `MEDIA_REFUSED` for an address that is neither `http(s):` nor
 * `data:`, so that a text somebody wrote never names a file of this machine.
 *
 * @example
 * ```ts
 * await session.reply([segment.at(session.user.id), ' look: ', segment.image(file('./cat.png'))])
 * ```
 */
export const segment = {
  at: (id: string, name?: string): ElementOf<'at'> =>
    element('at', name === undefined ? { id } : { id, name }),
  atAll: (): ElementOf<'at'> => element('at', { type: 'all' }),
  atRole: (role: string, name?: string): ElementOf<'at'> =>
    element('at', name === undefined ? { role } : { role, name }),
  channel: (id: string, name?: string): ElementOf<'sharp'> =>
    element('sharp', name === undefined ? { id } : { id, name }),
  emoji: (id: string, name?: string): ElementOf<'emoji'> =>
    element('emoji', name === undefined ? { id } : { id, name }),
  link: (href: string, ...children: Content[]): ElementOf<'a'> => element('a', { href }, ...children),
  image: (from: MediaSource, options: MediaOptions<'image'> = {}): ElementOf<'image'> =>
    element('image', { ...options, ...origin(from) }),
  audio: (from: MediaSource, options: MediaOptions<'audio'> = {}): ElementOf<'audio'> =>
    element('audio', { ...options, ...origin(from) }),
  video: (from: MediaSource, options: MediaOptions<'video'> = {}): ElementOf<'video'> =>
    element('video', { ...options, ...origin(from) }),
  file: (from: MediaSource, options: MediaOptions<'file'> = {}): ElementOf<'file'> =>
    element('file', { ...options, ...origin(from) }),
  quote: (id: string): ElementOf<'quote'> => element('quote', { id }),
  markdown: (content: string): ElementOf<'markdown'> => element('markdown', { content }),
  /** A button that comes back as `interaction/button` with this id. */
  button: (
    id: string,
    label: Content,
    options: Omit<ElementTypes['button'], 'id'> = {},
  ): ElementOf<'button'> => element('button', { ...options, id }, label),
  /** A button that opens a page. */
  linkButton: (href: string, label: Content): ElementOf<'button'> =>
    element('button', { type: 'link', href }, label),
  buttons: (...buttons: ElementOf<'button'>[]): ElementOf<'button-group'> =>
    element('button-group', {}, ...buttons),
  card: (options: ElementTypes['card'], ...children: Content[]): ElementOf<'card'> =>
    element('card', options, ...children),
  /** Several messages folded into one; each child is a `message` element. */
  forward: (...messages: ElementOf<'message'>[]): ElementOf<'message'> =>
    element('message', { forward: true }, ...messages),
  /** One message of a {@link segment.forward}. */
  message: (author: ElementTypes['author'], ...children: Content[]): ElementOf<'message'> =>
    element('message', {}, element('author', author), ...children),
  location: (place: ElementTypes['location']): ElementOf<'location'> => element('location', place),
} as const
