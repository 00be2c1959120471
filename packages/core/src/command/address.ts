import { type Element, isElement } from '../message/element.ts'
import { trimStart, withText } from './command.ts'

/** How people tell the bot that they mean it. */
export interface Addressing {
  /** Marks in front of a command, such as `/`. An empty one makes every message a possible command. */
  readonly prefixes: readonly string[]
  /** Names the bot listens to: `mynah, roll`. */
  readonly nicknames: readonly string[]
}

/** A message without the part that addressed the bot. */
export interface Addressed {
  readonly content: readonly Element[]
  /** Whether the bot was meant for certain: a prefix, its name or a mention stood in front. */
  readonly isExplicit: boolean
  /** Whether a prefix stood in front: what follows can only be a command. */
  readonly isPrefixed: boolean
}

/**
 * Takes the mention, the name or the prefix off a message. In a one-to-one chat none is needed.
 *
 * @returns `undefined` when the message is not for the bot.
 */
export function readAddress(
  content: readonly Element[],
  addressing: Addressing,
  selfId: string,
  isDirect: boolean,
): Addressed | undefined {
  let rest = withoutQuote(content)
  const first = rest[0]
  const isMentioned = first !== undefined && isElement(first, 'at') && first.attrs.id === selfId
  if (isMentioned) rest = trimStart(rest.slice(1))
  const head = rest[0]
  if (head === undefined || !isElement(head, 'text')) return undefined
  const line = head.attrs.content
  const prefix = prefixLength(line, addressing.prefixes)
  const cut = prefix ?? nicknameLength(line, addressing.nicknames)
  if (cut !== undefined) {
    const isPrefixed = prefix !== undefined && prefix > 0
    return { content: withText(rest, line.slice(cut)), isExplicit: cut > 0 || isMentioned, isPrefixed }
  }
  return isMentioned || isDirect ? { content: rest, isExplicit: isMentioned, isPrefixed: false } : undefined
}

function withoutQuote(content: readonly Element[]): readonly Element[] {
  const first = content[0]
  if (first?.type === 'quote') return trimStart(content.slice(1))
  return first?.type === 'text' && /^\s/.test(String(first.attrs['content'])) ? trimStart(content) : content
}

function prefixLength(line: string, prefixes: readonly string[]): number | undefined {
  let longest: number | undefined
  for (const prefix of prefixes) {
    if (line.startsWith(prefix) && prefix.length >= (longest ?? 0)) longest = prefix.length
  }
  return longest
}

function nicknameLength(line: string, nicknames: readonly string[]): number | undefined {
  for (const nickname of nicknames) {
    if (line.slice(0, nickname.length).toLowerCase() !== nickname.toLowerCase()) continue
    const separator = /^[\s,，:：]+/.exec(line.slice(nickname.length))
    if (separator !== null) return nickname.length + separator[0].length
  }
  return undefined
}
