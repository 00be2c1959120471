import { type Element, isElement } from '../message/element.ts'
import { withoutMentionsInFront, withText } from '../message/trim.ts'
import { isBlank, skipBlank } from '../shared/blank.ts'
import { narrowMark } from '../shared/narrow.ts'

/** How people tell the bot that they mean it. */
export interface Addressing {
  /** Marks in front of a command, such as `/`. An empty one makes every message a possible command. */
  readonly prefixes: readonly string[]
  /** Names the bot listens to: `mynah, roll`. */
  readonly nicknames: readonly string[]
}

/** A message without the part that addressed the bot. */
export interface Addressed {
  /** What was said to the bot. */
  readonly content: readonly Element[]
  /** Whether the bot was meant for certain: a prefix, its name or a mention stood in front. */
  readonly isExplicit: boolean
  /** The same with the prefix, as the config writes it; `undefined` when none stood in front. */
  readonly prefixed: readonly Element[] | undefined
}

/**
 * Takes mentions, the name and the prefix off a message. In a one-to-one chat none is needed. Prefixes may be
 * written in full width, too: `／roll`.
 *
 * @returns `undefined` when the message is not for the bot.
 */
export function readAddress(
  content: readonly Element[],
  addressing: Addressing,
  selfId: string,
  isDirect: boolean,
): Addressed | undefined {
  const { rest, isMentioned } = withoutMentionsInFront(content, selfId)
  const head = rest[0]
  if (head === undefined || !isElement(head, 'text')) return undefined
  const line = head.attrs.content
  const address = addressOf(line, addressing)
  if (address === undefined) {
    return isMentioned || isDirect
      ? { content: rest, isExplicit: isMentioned, prefixed: undefined }
      : undefined
  }
  const { mark, end } = address
  const words = line.slice(end)
  return {
    content: withText(rest, words),
    isExplicit: end > 0 || isMentioned,
    prefixed: mark === '' ? undefined : withText(rest, mark + words),
  }
}

interface Prefix {
  /** As the config writes it; empty where only a name stood in front. */
  readonly mark: string
  /** Where what follows begins. */
  readonly end: number
}

/** A prefix, a name of the bot, or a name and a prefix. */
function addressOf(line: string, { prefixes, nicknames }: Addressing): Prefix | undefined {
  const prefix = findPrefix(line, prefixes, 0)
  if (prefix !== undefined && prefix.mark !== '') return prefix
  const name = nicknameLength(line, nicknames)
  if (name === 0) return prefix
  return findPrefix(line, prefixes, name) ?? { mark: '', end: name }
}

/** The longest prefix that stands at a place; blanks in front of it do not count. */
function findPrefix(line: string, prefixes: readonly string[], from: number): Prefix | undefined {
  const start = skipBlank(line, from)
  let longest: Prefix | undefined
  for (const mark of prefixes) {
    if (mark.length >= (longest?.mark.length ?? 0) && standsAt(line, mark, start)) {
      longest = { mark, end: start + mark.length }
    }
  }
  return longest
}

function standsAt(line: string, mark: string, start: number): boolean {
  if (line.startsWith(mark, start)) return true
  for (let index = 0; index < mark.length; index += 1) {
    if (narrowMark(line.charAt(start + index)) !== narrowMark(mark.charAt(index))) return false
  }
  return true
}

const pauses: ReadonlySet<string> = new Set([',', '，', '、', ':', '：'])

/** Length of a name of the bot and the pause behind it; 0 when none stands in front. */
function nicknameLength(line: string, nicknames: readonly string[]): number {
  for (const nickname of nicknames) {
    const { length } = nickname
    if (line.slice(0, length).toLowerCase() !== nickname.toLowerCase()) continue
    let end = length
    while (end < line.length && (isBlank(line.charCodeAt(end)) || pauses.has(line.charAt(end)))) end += 1
    if (end > length) return end
  }
  return 0
}
