import { pathToFileURL } from 'node:url'

import { type Content, element, type ElementOf, type ElementTypes, text } from './element.ts'

/** Where media comes from: a URL, a file path, or the bytes themselves. */
export type MediaSource = string | URL | Uint8Array

const scheme = /^[a-z][a-z\d+.-]+:/i

function source(from: MediaSource): string {
  if (from instanceof URL) return from.href
  if (typeof from !== 'string') {
    return `data:application/octet-stream;base64,${Buffer.from(from.buffer, from.byteOffset, from.byteLength).toString('base64')}`
  }
  return scheme.test(from) ? from : pathToFileURL(from).href
}

type MediaOptions<K extends 'image' | 'audio' | 'video' | 'file'> = Omit<ElementTypes[K], 'src'>

/**
 * Typed makers of elements.
 *
 * @example
 * ```ts
 * await session.reply([segment.at(session.user.id), ' look: ', segment.image('./cat.png')])
 * ```
 */
export const segment = {
  text: (content: string): ElementOf<'text'> => text(content),
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
    element('image', { ...options, src: source(from) }),
  audio: (from: MediaSource, options: MediaOptions<'audio'> = {}): ElementOf<'audio'> =>
    element('audio', { ...options, src: source(from) }),
  video: (from: MediaSource, options: MediaOptions<'video'> = {}): ElementOf<'video'> =>
    element('video', { ...options, src: source(from) }),
  file: (from: MediaSource, options: MediaOptions<'file'> = {}): ElementOf<'file'> =>
    element('file', { ...options, src: source(from) }),
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
