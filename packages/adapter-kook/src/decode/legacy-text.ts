import { type Content, type Element, element, toElements } from '@mynah/core'

const mention =
  /@(?<name>[^@#\n]{1,64})#(?<user>\d{5,20})|@role:(?<role>\d+);|#channel:(?<channel>\d+);|@全体成员|@在线成员|\[:(?<emoji>[^:\n]{1,64}):(?<id>[^\]\n]{1,128})\]/g

/** Reads a message of type 1, which is text with mentions in the form of older clients. */
export function decodeLegacyText(source: string): Element[] {
  const content: Content[] = []
  let position = 0
  for (const match of source.matchAll(mention)) {
    content.push(source.slice(position, match.index), decodeMention(match[0], match.groups ?? {}))
    position = match.index + match[0].length
  }
  content.push(source.slice(position))
  return toElements(content)
}

function decodeMention(whole: string, groups: Readonly<Record<string, string | undefined>>): Element {
  const { name, user, role, channel, emoji, id } = groups
  if (user !== undefined) return element('at', { id: user, ...(name === undefined ? {} : { name }) })
  if (role !== undefined) return element('at', { role })
  if (channel !== undefined) return element('sharp', { id: channel })
  if (id !== undefined) return element('emoji', { id, ...(emoji === undefined ? {} : { name: emoji }) })
  return element('at', { type: whole === '@全体成员' ? 'all' : 'here' })
}
