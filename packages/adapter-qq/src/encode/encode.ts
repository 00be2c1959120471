import { defined, isRecord } from '@mynah/adapter-kit'
import { degrade, type Element, type ElementOf, isElement, type LocalFile, MynahError } from '@mynah/core'
import { breakMentionsOfAll } from './escape.ts'
import { isGuildKind, type TargetKind } from './target.ts'
import type { Ark, Embed, Keyboard, Markdown } from '../wire/content.ts'
import type { ChatMessageBody, FileType, GuildMessageBody } from '../wire/send.ts'
import { encodeKeyboard } from './keyboard.ts'
import { checkKeyboard, checkParams } from './qq-segment.ts'
import { isInlineImage, isWebAddress, qqElements, supportIn } from './support.ts'
import { encodeNode, encodeText, type Piece, type TextEncoder, writePieces } from './text.ts'

/**
 * Where a file is: at an address that the platform fetches itself, in a `data:` URL, or on this machine.
 */
export type MediaOrigin = { readonly address: string } | { readonly data: string } | LocalFile

/** A file that has to be uploaded or attached before the message can go out. */
export interface MediaRequest {
  /** What it is sent as. */
  readonly type: FileType
  /** Where it is. */
  readonly source: MediaOrigin
  /** What it is called. */
  readonly name?: string
}

/** One request of the send API, still without its file and without what makes it an answer. */
export type SendRequest = {
  /** The file that is uploaded first; on the guild side a picture that has no address the platform could fetch. */
  readonly media: MediaRequest | undefined
} & (
  | { readonly kind: 'chat'; readonly body: ChatMessageBody }
  | { readonly kind: 'guild'; readonly body: GuildMessageBody }
)

/** What encoding needs to know beside the elements. */
export interface EncodeContext {
  /** The kind of place. */
  readonly kind: TargetKind
  /** Under which ids the bot is known. */
  readonly selfIds: TextEncoder['selfIds']
  /** The index by which a C2C or group message is quoted. */
  readonly quoteIndex: (messageId: string) => string | undefined
}

/** `msg_type` of the send API. */
export const messageTypes = { text: 0, markdown: 2, ark: 3, typing: 6, media: 7 } as const

const fileTypes: Readonly<Record<string, FileType>> = { image: 1, video: 2, audio: 3, file: 4 }

/**
 * Writes the elements of one request, as {@link planMessages} cuts them, into a body that has nothing of any
 * earlier one.
 *
 * @throws MynahError `SEND_EMPTY`, `ELEMENT_INVALID` or `UNSUPPORTED`.
 */
export function encode(elements: readonly Element[], context: EncodeContext): SendRequest {
  const shown = degrade(elements, supportIn(context.kind))
  const raw = dataOf(shown, qqElements.raw)
  const content = readContent(shown, context)
  const reference = quoteOf(shown, context)
  return isGuildKind(context.kind)
    ? {
        kind: 'guild',
        body: { ...guildBody(content), ...reference, ...raw },
        media: localImage(content.media),
      }
    : { kind: 'chat', body: { ...chatBody(content, raw), ...reference, ...raw }, media: content.media }
}

interface Content {
  readonly text: string
  readonly markdown: Markdown | undefined
  readonly keyboard: Keyboard | undefined
  readonly ark: Ark | undefined
  readonly embed: Embed | undefined
  readonly media: MediaRequest | undefined
}

function readContent(elements: readonly Element[], context: EncodeContext): Content {
  const template = templateOf(elements, context.kind)
  const keyboard = keyboardOf(elements)
  const isMarkdown = keyboard !== undefined || elements.some(({ type }) => type === 'markdown')
  const encoder: TextEncoder = { kind: context.kind, isMarkdown, selfIds: context.selfIds }
  const text = isMarkdown ? markdownText(elements, encoder) : encodeText(elements, encoder)
  return {
    text,
    markdown: template ?? (isMarkdown ? { content: text.trim() === '' ? '\u200B' : text } : undefined),
    keyboard,
    ark: dataOf(elements, qqElements.ark),
    embed: dataOf(elements, qqElements.embed),
    media: mediaOf(elements.filter((node) => !(isMarkdown && isInlineImage(node)))),
  }
}

function markdownText(elements: readonly Element[], encoder: TextEncoder): string {
  const pieces = elements.map((node): Piece => {
    return isElement(node, 'image') && isInlineImage(node) ? inlineImage(node) : encodeNode(node, encoder)
  })
  return writePieces(pieces, encoder)
}

/** Width comes before height; the platform wants both. Whatever the picture is called, it stays one. */
function inlineImage({ attrs }: ElementOf<'image'>): Piece {
  const title = (attrs.title ?? attrs.summary ?? 'image').replaceAll(/[[\]<>\s]+/g, ' ')
  const href = new URL(attrs.src ?? '').href.replaceAll('(', '%28').replaceAll(')', '%29')
  return { markup: `![${title} #${attrs.width}px #${attrs.height}px](${href})` }
}

function keyboardOf(elements: readonly Element[]): Keyboard | undefined {
  const given = dataOf(elements, qqElements.keyboard)
  if (given === undefined) return encodeKeyboard(elements)
  checkKeyboard(given)
  return given
}

/** A template of Markdown. Its values may hold what people wrote. */
function templateOf(elements: readonly Element[], kind: TargetKind): Markdown | undefined {
  const template = dataOf(elements, qqElements.markdown)
  if (template?.params === undefined) return template
  checkParams(template)
  const isGuild = isGuildKind(kind)
  const params = template.params.map(({ key, values }) => ({
    key,
    values: values.map((value) => breakMentionsOfAll(value, isGuild)),
  }))
  return { ...template, params }
}

function mediaOf(elements: readonly Element[]): MediaRequest | undefined {
  for (const node of elements) {
    const type = fileTypes[node.type]
    const source = type === undefined ? undefined : originOf(node)
    if (type === undefined || source === undefined) continue
    const { title } = node.attrs
    return { type: overridden(node) ?? type, source, ...(typeof title === 'string' ? { name: title } : {}) }
  }
  return undefined
}

/** `path` is made by `file()` alone; `qq:file` is what the platform itself called a file, and goes back as it came. */
function originOf({ type, attrs }: Element): MediaOrigin | undefined {
  const { src, path, 'qq:file': known } = attrs
  if (typeof path === 'string') return { path }
  if (typeof src !== 'string') return typeof known === 'string' ? { address: known } : undefined
  if (/^data:/i.test(src)) return { data: src }
  if (isWebAddress(src)) return { address: src }
  throw new MynahError(
    'MEDIA_REFUSED',
    `The src of <${type}> is neither an http(s): nor a data: URL; name a file of this machine with file(path).`,
  )
}

/** The attribute `qq:file-type` replaces what the element would be uploaded as. */
function overridden(node: Element): FileType | undefined {
  const type = Number(node.attrs['qq:file-type'])
  return type === 1 || type === 2 || type === 3 || type === 4 ? type : undefined
}

function chatBody(content: Content, raw: object | undefined): ChatMessageBody {
  const { text, markdown, keyboard, ark, media } = content
  if (ark !== undefined) return { msg_type: messageTypes.ark, ark }
  if (markdown !== undefined) {
    return { msg_type: messageTypes.markdown, markdown, ...defined({ keyboard }) }
  }
  // Without words the field stays out: the platform shows an empty line for it.
  const words = text.trim() === '' ? {} : { content: text }
  if (media !== undefined) return { msg_type: messageTypes.media, ...words }
  if (text.trim() === '' && raw === undefined) throw new MynahError('SEND_EMPTY', 'The message has no words.')
  return { msg_type: messageTypes.text, ...words }
}

function guildBody({ text, markdown, keyboard, ark, embed, media }: Content): GuildMessageBody {
  if (ark !== undefined) return { ark }
  if (embed !== undefined) return { embed }
  if (markdown !== undefined) return { markdown, ...defined({ keyboard }) }
  const words = text.trim() === '' ? {} : { content: text }
  const image = media !== undefined && 'address' in media.source ? { image: media.source.address } : {}
  return { ...words, ...image }
}

function localImage(media: MediaRequest | undefined): MediaRequest | undefined {
  return media === undefined || 'address' in media.source ? undefined : media
}

function quoteOf(
  elements: readonly Element[],
  { kind, quoteIndex }: EncodeContext,
): Pick<ChatMessageBody, 'message_reference'> {
  const id = elements.find(({ type }) => type === 'quote')?.attrs['id']
  if (typeof id !== 'string') return {}
  const messageId = isGuildKind(kind) ? id : quoteIndex(id)
  return messageId === undefined ? {} : { message_reference: { message_id: messageId } }
}

interface ElementData {
  [qqElements.ark]: Ark
  [qqElements.embed]: Embed
  [qqElements.keyboard]: Keyboard
  [qqElements.markdown]: Markdown
  [qqElements.raw]: Readonly<Record<string, unknown>>
}

/** Reads the JSON that an element of this platform carries. */
function dataOf<K extends keyof ElementData>(
  elements: readonly Element[],
  type: K,
): ElementData[K] | undefined {
  const node = elements.find((candidate) => candidate.type === type)
  if (node === undefined) return undefined
  const { data } = node.attrs
  try {
    const value: unknown = JSON.parse(String(data))
    // The one cast: what the element's maker put in is what the platform gets.
    if (isRecord(value)) return value as ElementData[K]
  } catch {
    // Told below.
  }
  throw new MynahError('ELEMENT_INVALID', `The attribute data of <${type}> has to be a JSON object.`)
}
