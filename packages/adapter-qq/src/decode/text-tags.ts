import { defined, isRecord, readText } from '@mynah/adapter-kit'
import { type Element, element, text, toElements } from '@mynah/core'
import { replaced, unescapeText } from '../encode/escape.ts'
import type { AttachmentPlaces } from './media.ts'

/** What is needed to read a text: who is meant by its mentions, and the files that have a place in it. */
export interface TextContext {
  /** AppID: the id of the bot for plugins. */
  readonly selfId: string
  /** The ids under which the bot itself is mentioned. */
  readonly isSelf: (id: string) => boolean
  /** The ids that stand for everybody, where the platform says that everybody is mentioned. */
  readonly isEveryone: (id: string) => boolean
  /** The name of somebody who is mentioned. */
  readonly nameOf: (id: string) => string | undefined
  /** Whether the words `@everyone` mention everybody: people can type them, so the platform has to say it. */
  readonly hasEveryone: boolean
}

/**
 * The tags of the platform. Nothing in one goes on past the next `<`, so that reading takes a time in
 * proportion to the length of the text.
 */
const tags =
  /<@!?(\w+)>|<qqbot-at-user\s+id="([^"<>]*)"\s*\/?>|(<qqbot-at-everyone\s*\/?>|@everyone)|<#(\w+)>|<emoji:(\w+)>|<([A-Za-z]\w*=(?:"[^"<>]*"|[^",<>]*)(?:,[A-Za-z]\w*=(?:"[^"<>]*"|[^",<>]*))*)>/g

const fieldPattern = /([A-Za-z]\w*)=(?:"([^"<>]*)"|([^",<>]*))/g

/** The numbers of the files to which the tags of a text give a place. */
export function* attachmentIndexes(content: string): Generator<number> {
  for (const [, index] of content.matchAll(/[<,]attachmentIndex="?(\d{1,4})\b/g)) yield Number(index)
}

/** Splits a text at its tags; what stands between is unescaped. */
export function decodeText(content: string, context: TextContext, files?: AttachmentPlaces): Element[] {
  if (!content.includes('<') && !content.includes('@everyone')) return plain(content)
  const parts: Element[] = []
  let end = 0
  for (const match of content.matchAll(tags)) {
    const found = decodeTag(match, context, files)
    if (found === undefined) continue
    parts.push(...plain(content.slice(end, match.index)), ...found)
    end = match.index + match[0].length
  }
  parts.push(...plain(content.slice(end)))
  return toElements(parts)
}

function plain(content: string): Element[] {
  return content === '' ? [] : [text(replaced(unescapeText(content), '\u00A0', ' '))]
}

/** The elements of a tag; `undefined` for what only looks like one. */
function decodeTag(
  match: RegExpExecArray,
  context: TextContext,
  files: AttachmentPlaces | undefined,
): Element[] | undefined {
  const [, user, userTag, everyone, channel, emoji, fields] = match
  const id = user ?? userTag
  if (id !== undefined) return decodeMention(id, context)
  if (everyone !== undefined) return context.hasEveryone ? [mentionOfAll()] : undefined
  if (channel !== undefined) return [element('sharp', { id: channel })]
  if (emoji !== undefined) return [element('emoji', { id: emoji })]
  return fields === undefined ? undefined : decodeFields(fields, files)
}

const mentionOfAll = (): Element => element('at', { type: 'all' })

/** Ids that never are those of one person. */
const wordsForAll: ReadonlySet<string> = new Set(['all', 'everyone', 'here'])

function decodeMention(id: string, context: TextContext): Element[] | undefined {
  if (context.isEveryone(id)) return [mentionOfAll()]
  if (!/^\w+$/.test(id) || wordsForAll.has(id)) return undefined
  const name = context.nameOf(id)
  const shown = context.isSelf(id) ? context.selfId : id
  return [element('at', { id: shown, ...defined({ name }) })]
}

/**
 * A tag of fields: a face, or the place of a file. Such tags of kinds nobody knows yet are no words of the
 * person either; what they hold stands in the raw event.
 */
function decodeFields(source: string, files: AttachmentPlaces | undefined): Element[] | undefined {
  const fields = new Map<string, string>()
  let isQuoted = false
  for (const [, name = '', quoted, bare] of source.matchAll(fieldPattern)) {
    fields.set(name, quoted ?? bare ?? '')
    isQuoted ||= quoted !== undefined
  }
  if (fields.has('faceType')) return decodeFace(fields, files)
  const index = fields.get('attachmentIndex')
  if (index !== undefined) return asList(/^\d+$/.test(index) ? files?.take(Number(index)) : undefined)
  return fields.has('attachmentType') || (isQuoted && fields.size > 1) ? [] : undefined
}

/**
 * A face of groups and C2C. With an empty id, or 0, it stands for a picture: that comes as a file, or else
 * the words of the face are all there is.
 */
function decodeFace(fields: ReadonlyMap<string, string>, files: AttachmentPlaces | undefined): Element[] {
  const id = fields.get('faceId') ?? ''
  const words = wordsIn(fields.get('ext') ?? '')
  if (id !== '' && id !== '0') return [element('emoji', { id, ...defined({ name: words }) })]
  return asList(files?.takeNext() ?? (words === undefined ? undefined : text(words)))
}

const asList = (node: Element | undefined): Element[] => (node === undefined ? [] : [node])

/** What the base64 of a tag says in words. */
function wordsIn(ext: string): string | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(ext, 'base64').toString())
    return isRecord(data) ? readText(data['text']) : undefined
  } catch {
    return undefined
  }
}
