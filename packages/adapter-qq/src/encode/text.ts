import { type Element, isElement, text, toElements } from '@mynah/core'
import { breakMentionsOfAll, breakTags, escapeGuildText, escapeMarkdown } from './escape.ts'
import { isGuildKind, type TargetKind } from './target.ts'

/** How the words of a message are written where they go. */
export interface TextEncoder {
  /** The kind of place. */
  readonly kind: TargetKind
  /** Whether it is written into Markdown. */
  readonly isMarkdown: boolean
  /** The id under which the platform knows the bot on the guild side. */
  readonly selfIds: { readonly selfId: string; readonly botId: string | undefined }
}

/**
 * A piece of a text: `words` are escaped, `markup` is Markdown that a plugin wrote, a `tag` is one of the
 * platform's tags, written here. Only tags may mention everybody.
 */
export type Piece = { readonly words: string } | { readonly markup: string } | { readonly tag: string }

/** Writes texts, mentions, channels and faces; leaves everything else to its own fields. */
export function encodeText(elements: readonly Element[], encoder: TextEncoder): string {
  return writePieces(
    elements.map((node) => encodeNode(node, encoder)),
    encoder,
  )
}

/**
 * Writes pieces one after the other. What is not a tag is looked at as a whole: two pieces that are harmless
 * could make a mention together.
 */
export function writePieces(pieces: readonly Piece[], encoder: TextEncoder): string {
  let written = ''
  let foreign = ''
  let words = ''
  const flushWords = (): void => {
    foreign += escapeWords(words, encoder)
    words = ''
  }
  const flush = (): void => {
    flushWords()
    written += breakMentionsOfAll(foreign, isGuildKind(encoder.kind))
    foreign = ''
  }
  for (const piece of pieces) {
    if ('words' in piece) words += piece.words
    else if ('markup' in piece) {
      flushWords()
      foreign += piece.markup
    } else {
      flush()
      written += piece.tag
    }
  }
  flush()
  return written
}

export function encodeNode(node: Element, encoder: TextEncoder): Piece {
  if (isElement(node, 'text')) return { words: node.attrs.content }
  if (isElement(node, 'at')) return encodeMention(node.attrs, encoder)
  if (isElement(node, 'emoji')) return encodeEmoji(node.attrs, encoder)
  if (isElement(node, 'sharp')) {
    const { id, name } = node.attrs
    const isLink = isGuildKind(encoder.kind) && isGuildId(id)
    return isLink ? { tag: `<#${id}>` } : { words: `#${name ?? id}` }
  }
  return isElement(node, 'markdown') ? { markup: node.attrs.content } : { words: '' }
}

/** Text that is not markup: it reads the same at the other end. */
function escapeWords(content: string, { kind, isMarkdown }: TextEncoder): string {
  if (isMarkdown) return escapeMarkdown(content)
  return isGuildKind(kind) ? escapeGuildText(content) : breakTags(content)
}

/** Ids of guilds, and of their channels and users. */
const isGuildId = (id: string): boolean => /^\d{1,20}$/.test(id)

/** Ids of groups and their members are digits and letters; a word without digits, such as `all`, is none. */
const isOpenid = (id: string): boolean => /^[\da-z]{1,64}$/i.test(id) && /\d/.test(id)

type At = { readonly id?: string; readonly name?: string; readonly role?: string; readonly type?: string }

function encodeMention({ id, name, role, type }: At, { kind, selfIds }: TextEncoder): Piece {
  if ((type === 'all' || type === 'here') && kind === 'channel') return { tag: '<qqbot-at-everyone />' }
  const isSelf = id === selfIds.selfId && selfIds.botId !== undefined
  const shown = isSelf ? selfIds.botId : id
  const isKnown = shown !== undefined && (isGuildKind(kind) ? isGuildId(shown) : isOpenid(shown))
  if (isKnown && kind !== 'c2c') return { tag: `<qqbot-at-user id="${shown}" />` }
  return { words: `@${name ?? type ?? id ?? role ?? ''}` }
}

/** System faces have a number and only guilds show them; Unicode emoji are text. */
function encodeEmoji(
  { id, name }: { readonly id: string; readonly name?: string },
  { kind, isMarkdown }: TextEncoder,
): Piece {
  if (!/^\d{1,10}$/.test(id)) return { words: id }
  return isGuildKind(kind) && !isMarkdown ? { tag: `<emoji:${id}>` } : { words: `[${name ?? id}]` }
}

/** The words of elements as one text element each, for joining. */
export function joinWithLine(before: readonly Element[], after: readonly Element[]): Element[] {
  return toElements([...before, text('\n'), ...after])
}
