import { defined } from '@mynah/adapter-kit'
import { type Content, type Element, element, toElements } from '@mynah/core'

import type { Mentions } from './kmarkdown.ts'

const mention =
  /@(?<name>[^@#\n]{1,64})#(?<user>\d{5,20})|@role:(?<role>\d+);|#channel:(?<channel>\d+);|@全体成员|@在线成员|\[:(?<emoji>[^:\n]{1,64}):(?<id>[^\]\n]{1,128})\]/g

/** More than a message of 8000 characters can have; the rest is text. */
const maxParts = 10_000

/**
 * Reads a message of type 1, which is text with mentions in the form of older clients. Everybody is mentioned
 * only where the platform says so; else the words were typed.
 */
export function decodeLegacyText(source: string, mentions: Pick<Mentions, 'all' | 'here'> = {}): Element[] {
  const content: Content[] = []
  let position = 0
  for (const match of source.matchAll(mention)) {
    if (content.length > maxParts) break
    content.push(source.slice(position, match.index), decodeMention(match[0], match.groups ?? {}, mentions))
    position = match.index + match[0].length
  }
  content.push(source.slice(position))
  return toElements(content)
}

function decodeMention(
  whole: string,
  groups: Readonly<Record<string, string | undefined>>,
  mentions: Pick<Mentions, 'all' | 'here'>,
): Element | string {
  const { name, user, role, channel, emoji, id } = groups
  if (user !== undefined) return element('at', { id: user, ...defined({ name }) })
  if (role !== undefined) return element('at', { role })
  if (channel !== undefined) return element('sharp', { id: channel })
  if (id !== undefined) return element('emoji', { id, ...defined({ name: emoji }) })
  const type = whole === '@全体成员' ? 'all' : 'here'
  return mentions[type] === true ? element('at', { type }) : whole
}
