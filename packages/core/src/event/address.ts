import { type Element, isElement } from '../message/element.ts'
import { isBlankText, isMentionOf, withoutMentionsInFront, withText } from '../message/trim.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Message } from '../model/resources.ts'
import { isBlank, skipBlank } from '../shared/blank.ts'
import { narrowMark } from '../shared/narrow.ts'

/** How people tell the bot that they mean it. */
export interface Addressing {
  /** Marks in front of a command, such as `/`. An empty one makes every message a possible command. */
  readonly prefixes: readonly string[]
  /** Names the bot listens to: `mynah, roll`. */
  readonly nicknames: readonly string[]
}

/**
 * How somebody made clear that they mean the bot: by a `mention`, by its `name`, by a `prefix`, in a `reply` to a
 * message of the bot, or in a `direct` chat. Of several the first in this order.
 */
export type AddressedBy = 'mention' | 'name' | 'prefix' | 'reply' | 'direct'

/** Whether a message is for the bot, and what it says besides. */
export interface Address {
  /** How the bot was addressed; `undefined` when it was not. */
  readonly by: AddressedBy | undefined
  /** What was said to the bot; pictures that stand in front of a command stand behind it here. */
  readonly line: readonly Element[]
  /** Whether a command may begin the line: a message that mentions the bot somewhere else is none. */
  readonly isLine: boolean
  /** Whether a prefix, its name or a mention stood in front. */
  readonly isExplicit: boolean
  /** The line with the prefix, as the config writes it; `undefined` when none stood in front. */
  readonly prefixed: readonly Element[] | undefined
  /** The line in the order in which it was written. */
  readonly written: readonly Element[]
  /** What follows a mention that may be one that a client has put in front of a reply, as nobody tells whom it answers. */
  readonly behindMention: readonly Element[] | undefined
}

const nothing: readonly Element[] = []

/**
 * Takes mentions, the name and the prefix off a message. In a one-to-one chat none is needed, nor in a reply to a
 * message of the bot. Prefixes may be written in full width, too: `／roll`.
 *
 * @param isOwn - Whether the bot has sent the message of that id, as far as anybody remembers.
 */
export function readAddress(
  { message, channel, selfId }: Pick<ChatEvent, 'message' | 'channel' | 'selfId'>,
  addressing: Addressing,
  isOwn: (messageId: string) => boolean,
): Address {
  const content = message?.content ?? nothing
  const quote = message?.quote
  const authorId = quote === undefined ? undefined : authorOf(quote, selfId, isOwn)
  const isReply = authorId === selfId
  const isUnknown = quote !== undefined && authorId === undefined
  const { rest, isMentioned, head, opening, behindMention } = isUnknown
    ? readUnknownFront(content, addressing, selfId)
    : readFront(content, addressing, selfId, authorId)
  const isOpen = isMentioned || isReply || channel?.type === 'direct'
  const isLine = head >= 0 && (opening !== undefined || isOpen)
  const { mark, end } = opening ?? { mark: '', end: 0 }
  const line = isLine ? cut(rest, head, end, '') : rest
  const byRest = opening?.by ?? (isReply ? 'reply' : isOpen ? 'direct' : undefined)
  return {
    by: isMentioned || mentions(rest, selfId) ? 'mention' : byRest,
    line: inOrder(line, head),
    isLine,
    isExplicit: isMentioned || end > 0,
    prefixed: mark === '' ? undefined : inOrder(cut(rest, head, end, mark), head),
    written: line,
    behindMention,
  }
}

/** @returns `undefined` when neither the platform tells who wrote a message nor anybody remembers. */
function authorOf(
  { user, id }: Message,
  selfId: string,
  isOwn: (messageId: string) => boolean,
): string | undefined {
  return user?.id ?? (isOwn(id) ? selfId : undefined)
}

/** What stands in front of what is said. */
interface Front {
  /** What follows the mentions. */
  readonly rest: readonly Element[]
  readonly isMentioned: boolean
  /** Where the first words stand, with nothing but pictures and other files in front; -1 when there are none. */
  readonly head: number
  /** A prefix or the name. */
  readonly opening: Opening | undefined
  readonly behindMention: readonly Element[] | undefined
}

/** Reads the front of a reply to nobody knows whom: a mention in it may be of the author, or one that is meant. */
function readUnknownFront(content: readonly Element[], addressing: Addressing, selfId: string): Front {
  const front = readFront(content, addressing, selfId, undefined)
  const [first] = front.rest
  if (first?.type !== 'at') return front
  const behind = readFront(front.rest.slice(1), addressing, selfId, undefined)
  // A command behind says that the mention is not a part of it; whether words do, who looks for phrases knows.
  const isCommand = behind.isMentioned || (behind.opening?.by !== undefined && behind.head === 0)
  return isCommand
    ? { ...behind, isMentioned: front.isMentioned || behind.isMentioned }
    : { ...front, behindMention: behind.rest }
}

/** @param authorId - Whom the message answers: clients mention them in front by themselves. */
function readFront(
  content: readonly Element[],
  addressing: Addressing,
  selfId: string,
  authorId: string | undefined,
): Front {
  const { rest, isMentioned } = withoutMentionsInFront(content, selfId, authorId)
  const head = firstWords(rest)
  const node = rest[head]
  const opening =
    node !== undefined && isElement(node, 'text') ? openingOf(node.attrs.content, addressing) : undefined
  return { rest, isMentioned, head, opening, behindMention: undefined }
}

const files: ReadonlySet<string> = new Set(['image', 'audio', 'video', 'file'])

function firstWords(content: readonly Element[]): number {
  const head = content.findIndex((node) => !files.has(node.type) && !isBlankText(node))
  return content[head]?.type === 'text' ? head : -1
}

/** The message with another beginning of its first words. */
function cut(rest: readonly Element[], head: number, end: number, mark: string): readonly Element[] {
  const node = rest[head]
  if (end === 0 || node === undefined || !isElement(node, 'text')) return rest
  const words = withText(rest.slice(head), mark + node.attrs.content.slice(end))
  return head === 0 ? words : [...rest.slice(0, head), ...words]
}

/** Puts pictures that stand in front of the words behind them. */
function inOrder(line: readonly Element[], head: number): readonly Element[] {
  return head <= 0 ? line : [...line.slice(head), ...line.slice(0, head)]
}

function mentions(content: readonly Element[], selfId: string): boolean {
  return content.some((node) => isMentionOf(node, selfId) || mentions(node.children, selfId))
}

interface Opening {
  readonly by: 'name' | 'prefix' | undefined
  /** The prefix as the config writes it; empty where only a name stood in front. */
  readonly mark: string
  /** Where what follows begins. */
  readonly end: number
}

/** A prefix, a name of the bot, or a name and a prefix. */
function openingOf(line: string, { prefixes, nicknames }: Addressing): Opening | undefined {
  const prefix = findPrefix(line, prefixes, 0)
  if (prefix !== undefined && prefix.mark !== '') return prefix
  const name = nicknameLength(line, nicknames)
  if (name === 0) return prefix
  const { mark, end } = findPrefix(line, prefixes, name) ?? { mark: '', end: name }
  return { by: 'name', mark, end }
}

/** The longest prefix that stands at a place; blanks in front of it do not count. */
function findPrefix(line: string, prefixes: readonly string[], from: number): Opening | undefined {
  const start = skipBlank(line, from)
  let longest: Opening | undefined
  for (const mark of prefixes) {
    if (mark.length >= (longest?.mark.length ?? 0) && standsAt(line, mark, start)) {
      longest = { by: mark === '' ? undefined : 'prefix', mark, end: start + mark.length }
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
