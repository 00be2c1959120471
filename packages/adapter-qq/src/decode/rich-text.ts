import { isRecord, readId } from '@mynah/adapter-kit'
import { type Element, element, text, toElements } from '@mynah/core'
import { mediaAt } from './media.ts'

/**
 * Reads title or content of a forum event, whatever form it has: plain text, the JSON of a RichText, or an
 * array of RichObjects. What cannot be read is taken as plain text.
 */
export function decodeForumContent(value: unknown): Element[] {
  if (Array.isArray(value)) return toElements(value.map((object) => decodeObject(object, true)))
  if (typeof value !== 'string') return []
  const parsed = tryParse(value)
  // A text may be what a person typed, and words never mention everybody.
  if (Array.isArray(parsed)) return toElements(parsed.map((object) => decodeObject(object, false)))
  if (isRecord(parsed) && Array.isArray(parsed['paragraphs'])) return decodeParagraphs(parsed['paragraphs'])
  return toElements(value)
}

function tryParse(value: string): unknown {
  const isJson = /^\s*[[{]/.test(value) && /[\]}]$/.test(value.trimEnd())
  if (!isJson) return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

function decodeParagraphs(paragraphs: readonly unknown[]): Element[] {
  const lines = paragraphs.map((paragraph) => {
    const elems = isRecord(paragraph) ? paragraph['elems'] : undefined
    return Array.isArray(elems) ? elems.map(decodePart) : []
  })
  return toElements(lines.flatMap((line, index) => (index === 0 ? line : ['\n', ...line])))
}

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Reads a field of a field. */
function inner(value: unknown, name: string): Record<string, unknown> | undefined {
  const field = isRecord(value) ? value[name] : undefined
  return isRecord(field) ? field : undefined
}

/** An element of a RichText paragraph. It may lack its type: what it holds tells. */
function decodePart(part: unknown): Element | string | undefined {
  const words = string(inner(part, 'text')?.['text'])
  if (words !== undefined) return words
  for (const kind of ['image', 'video'] as const) {
    const media = inner(part, kind)
    if (media === undefined) continue
    return mediaAt(kind, string(media['third_url']) ?? string(inner(media, `plat_${kind}`)?.['url']))
  }
  const link = inner(part, 'url')
  const href = string(link?.['url'])
  return href === undefined ? undefined : element('a', { href }, string(link?.['desc']) ?? href)
}

/** A RichObject. */
function decodeObject(object: unknown, mayMentionAll: boolean): Element | undefined {
  const words = string(inner(object, 'text_info')?.['text'])
  if (words !== undefined) return text(words)
  const channel = readId(inner(object, 'channel_info')?.['channel_id'])
  if (channel !== undefined) return element('sharp', { id: channel })
  const emoji = readId(inner(object, 'emoji_info')?.['id'])
  if (emoji !== undefined) return element('emoji', { id: emoji })
  const link = inner(object, 'url_info')
  const href = string(link?.['url'])
  if (href !== undefined) return element('a', { href }, string(link?.['display_text']) ?? href)
  return decodeMention(inner(object, 'at_info'), mayMentionAll)
}

function decodeMention(at: Record<string, unknown> | undefined, mayMentionAll: boolean): Element | undefined {
  const user = readId(inner(at, 'user_info')?.['id'])
  if (user !== undefined) return element('at', { id: user })
  const role = readId(inner(at, 'role_info')?.['role_id'])
  if (role !== undefined) return element('at', { role })
  const isAll = mayMentionAll && inner(at, 'guild_info') !== undefined
  return isAll ? element('at', { type: 'all' }) : undefined
}
