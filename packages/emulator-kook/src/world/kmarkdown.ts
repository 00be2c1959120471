import type { Mentions } from './model.ts'

/** How ids in a message read as names; `undefined` when there is no such thing. */
export interface NameLookup {
  user(id: string): string | undefined
  role(id: number): string | undefined
  channel(id: string): string | undefined
}

/** The characters a backslash makes literal. */
const escapable = /[\\*~`[\]()>\-:!.]/
const tag = /\((met|rol|chn|ins|spl|font|emj)\)([\s\S]+?)\(\1\)(?:\[[^\]]*\])?/y
const codeBlock = /```[^\n`]*\n?([\s\S]*?)```/y
const inlineCode = /`((?:\\`|[^`])+)`/y
const link = /\[((?:\\.|[^\]\\])+)\]\((https?:[^)\s]+)\)/y
const emphasis = /(\*{1,3}|~~)(?=\S)([\s\S]*?\S)\1/y
const quoteMark = /(?:^|\n)> ?/y

/** Nothing and nobody mentioned. */
export const noMentions = (rawContent = ''): Mentions => ({
  users: [],
  all: false,
  here: false,
  roles: [],
  channels: [],
  rawContent,
})

/** Escapes text as the platform's clients do with what a person types. */
export const escapeKMarkdown = (text: string): string => text.replaceAll(/[\\*~`[\]()>\-:!.]/g, '\\$&')

/**
 * Reads KMarkdown the way the server does: escapes first, then tags. Ids that name nothing are no mentions
 * and stay as they are written.
 */
export function readKMarkdown(source: string, names: NameLookup): Mentions {
  const found = noMentions()
  found.rawContent = readInto(found, source, names).trim()
  return found
}

/** Joins the mentions of several texts of one message; their plain texts are joined with a space. */
export function joinMentions(parts: readonly Mentions[]): Mentions {
  return {
    users: [...new Set(parts.flatMap((part) => part.users))],
    all: parts.some((part) => part.all),
    here: parts.some((part) => part.here),
    roles: [...new Set(parts.flatMap((part) => part.roles))],
    channels: [...new Set(parts.flatMap((part) => part.channels))],
    rawContent: parts
      .map((part) => part.rawContent)
      .filter((text) => text !== '')
      .join(' '),
  }
}

function matchAt(pattern: RegExp, source: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index
  return pattern.exec(source)
}

function readInto(found: Mentions, source: string, names: NameLookup): string {
  let out = ''
  let index = 0
  while (index < source.length) {
    const [text, length] = readToken(found, source, index, names)
    out += text
    index += length
  }
  return out
}

/** Reads one token: its plain text and how many characters of the source it takes. */
function readToken(found: Mentions, source: string, index: number, names: NameLookup): [string, number] {
  const character = source.charAt(index)
  const next = source.charAt(index + 1)
  if (character === '\\' && next !== '' && escapable.test(next)) return [next, 2]

  const block = matchAt(codeBlock, source, index)
  if (block !== null) return [block[1] ?? '', block[0].length]
  const code = matchAt(inlineCode, source, index)
  if (code !== null) return [(code[1] ?? '').replaceAll('\\`', '`'), code[0].length]
  const tagged = matchAt(tag, source, index)
  if (tagged !== null) {
    return [readTag(found, tagged[1] ?? '', tagged[2] ?? '', names) ?? tagged[0], tagged[0].length]
  }
  const linked = matchAt(link, source, index)
  if (linked !== null) return [readInto(found, linked[1] ?? '', names), linked[0].length]
  const emphasised = matchAt(emphasis, source, index)
  if (emphasised !== null) return [readInto(found, emphasised[2] ?? '', names), emphasised[0].length]
  const quoted = matchAt(quoteMark, source, index)
  if (quoted !== null) return [index === 0 ? '' : '\n', quoted[0].length]
  return [character, 1]
}

function readTag(found: Mentions, name: string, value: string, names: NameLookup): string | undefined {
  switch (name) {
    case 'met':
      return readUserMention(found, value, names)
    case 'rol': {
      const role = /^\d+$/.test(value) ? names.role(Number(value)) : undefined
      if (role !== undefined) addOnce(found.roles, Number(value))
      return role === undefined ? undefined : `@${role}`
    }
    case 'chn': {
      const channel = names.channel(value)
      if (channel !== undefined) addOnce(found.channels, value)
      return channel === undefined ? undefined : `#${channel}`
    }
    case 'emj':
      return `:${value}:`
    default:
      return readInto(found, value, names)
  }
}

function readUserMention(found: Mentions, value: string, names: NameLookup): string | undefined {
  if (value === 'all') {
    found.all = true
    return '@全体成员'
  }
  if (value === 'here') {
    found.here = true
    return '@在线成员'
  }
  const name = names.user(value)
  if (name === undefined) return undefined
  addOnce(found.users, value)
  return `@${name}`
}

function addOnce<T>(list: T[], value: T): void {
  if (!list.includes(value)) list.push(value)
}

const legacyMention =
  /@(?<name>[^@#\n]*?)#(?<user>\d+)|@role:(?<role>\d+);|#channel:(?<channel>\d+);|(?<all>@全体成员)|(?<here>@在线成员)/g

/** Reads the mention forms of plain text messages (type 1). */
export function readLegacyText(source: string, names: NameLookup): Mentions {
  const found = noMentions(source)
  for (const { groups = {} } of source.matchAll(legacyMention)) {
    const { user, role, channel, all, here } = groups
    if (user !== undefined && names.user(user) !== undefined) addOnce(found.users, user)
    if (role !== undefined && names.role(Number(role)) !== undefined) addOnce(found.roles, Number(role))
    if (channel !== undefined && names.channel(channel) !== undefined) addOnce(found.channels, channel)
    if (all !== undefined) found.all = true
    if (here !== undefined) found.here = true
  }
  return found
}
