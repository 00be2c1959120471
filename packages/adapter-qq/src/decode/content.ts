import { type Element, element, isElement, text, toElements } from '@mynah/core'
import { unescapeText } from '../escape.ts'
import { isRecord } from '../wire/envelope.ts'
import type { ArkData, ChatAttachment, ChatMention } from '../wire/chat.ts'
import type { GuildAttachment } from '../wire/guild.ts'

/** What is needed to read a text: who the bot is in this id space, and the names of those mentioned. */
export interface TextContext {
  readonly selfId: string
  /** The ids under which the bot itself is mentioned. */
  readonly isSelf: (id: string) => boolean
  readonly nameOf: (id: string) => string | undefined
  /** Whether `@everyone` mentions everybody. */
  readonly hasEveryone: boolean
}

const tags =
  /<@!?(\w+)>|<qqbot-at-user\s+id="([^"]*)"\s*\/?>|(<qqbot-at-everyone\s*\/?>|@everyone)|<#(\w+)>|<emoji:(\w+)>|<faceType=(\d+),faceId="([^"]*)",ext="([^"]*)">/g

/** Splits a text at its tags; what stands between is unescaped. */
export function decodeText(content: string, context: TextContext): Element[] {
  if (!content.includes('<') && !content.includes('@everyone')) return plain(content)
  const parts: Element[] = []
  let end = 0
  for (const match of content.matchAll(tags)) {
    const found = decodeTag(match, context)
    if (found === undefined) continue
    parts.push(...plain(content.slice(end, match.index)), ...found)
    end = match.index + match[0].length
  }
  parts.push(...plain(content.slice(end)))
  return toElements(parts)
}

function plain(content: string): Element[] {
  return content === '' ? [] : [text(unescapeText(content).replaceAll('\u00A0', ' '))]
}

function decodeTag(match: RegExpExecArray, context: TextContext): Element[] | undefined {
  const [, user, userTag, everyone, channel, emoji, faceType, faceId, ext] = match
  const id = user ?? userTag
  if (id !== undefined) return [mention(id, context)]
  if (everyone !== undefined) return context.hasEveryone ? [element('at', { type: 'all' })] : undefined
  if (channel !== undefined) return [element('sharp', { id: channel })]
  if (emoji !== undefined) return [element('emoji', { id: emoji })]
  if (faceType !== undefined) return decodeFace(faceId ?? '', ext ?? '')
  return undefined
}

function mention(id: string, { isSelf, selfId, nameOf }: TextContext): Element {
  const name = nameOf(id)
  return element('at', { id: isSelf(id) ? selfId : id, ...(name === undefined ? {} : { name }) })
}

/** A face of groups and C2C. An empty id, or 0, marks the place of a picture that comes as attachment. */
function decodeFace(id: string, ext: string): Element[] {
  if (id === '' || id === '0') return []
  const name = faceName(ext)
  return [element('emoji', { id, ...(name === undefined ? {} : { name }) })]
}

function faceName(ext: string): string | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(ext, 'base64').toString())
    return isRecord(data) && typeof data['text'] === 'string' && data['text'] !== ''
      ? data['text']
      : undefined
  } catch {
    return undefined
  }
}

/** Takes white space off both ends of a text that has none of its own there. */
export function trimContent(elements: readonly Element[]): Element[] {
  const first = elements[0]
  const trimmed = [...elements]
  if (first !== undefined && isElement(first, 'text')) trimmed[0] = text(first.attrs.content.trimStart())
  const last = trimmed.at(-1)
  if (last !== undefined && isElement(last, 'text')) {
    trimmed[trimmed.length - 1] = text(last.attrs.content.trimEnd())
  }
  return toElements(trimmed)
}

/** Puts a mention of the bot in front, once: what tells that a message is meant for it. */
export function addressToSelf(elements: readonly Element[], selfId: string): Element[] {
  const rest = trimContent(elements)
  const first = rest[0]
  if (first !== undefined && isElement(first, 'at') && first.attrs.id === selfId) {
    return [first, ...trimContent(rest.slice(1))]
  }
  return [element('at', { id: selfId }), ...rest]
}

/** The address of a file; some come without a scheme. */
export function fileUrl(url: string): string {
  return /^[a-z][a-z\d+.-]*:/i.test(url) ? url : `https://${url.replace(/^\/\//, '')}`
}

const kinds: readonly [RegExp, 'image' | 'audio' | 'video'][] = [
  [/^image(\/|$)/i, 'image'],
  [/^(audio\/|voice$)/i, 'audio'],
  [/^video(\/|$)/i, 'video'],
]

/** A file as an element. */
export function decodeAttachment(attachment: ChatAttachment & GuildAttachment): Element {
  const { filename, content_type: mime = '', size, width, height } = attachment
  const kind = kinds.find(([pattern]) => pattern.test(mime))?.[1] ?? 'file'
  const isFlat = kind === 'image' || kind === 'video'
  return element(kind, {
    src: fileUrl(attachment.url),
    title: filename,
    size,
    ...(isFlat ? { width, height } : {}),
    ...(kind === 'audio'
      ? { 'qq:wav': optionalUrl(attachment.voice_wav_url), 'qq:asr': attachment.asr_refer_text }
      : {}),
  })
}

function optionalUrl(url: string | undefined): string | undefined {
  return url === undefined || url === '' ? undefined : fileUrl(url)
}

/** A shared card as an element; its fields stand in attributes of their own names behind `qq:`. */
export function decodeCard(ark: ArkData): Element {
  const fields = ark.fields ?? {}
  const attrs: Record<string, string | number | boolean | undefined> = {
    title: textField(fields['title']) ?? ark.prompt ?? ark.ark_name,
    href: textField(fields['jump_url']),
    'qq:type': ark.ark_type,
    'qq:name': ark.ark_name,
    'qq:prompt': ark.prompt,
  }
  for (const [name, value] of Object.entries(fields)) attrs[`qq:${name}`] = scalar(value)
  const preview = textField(fields['preview'])
  return element(
    'card',
    attrs,
    textField(fields['desc']),
    preview && element('image', { src: fileUrl(preview) }),
  )
}

const textField = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

function scalar(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}

/** Whether a mention of a group message is the bot. */
export function isMentionOfSelf(mention: ChatMention): boolean {
  return mention.is_you === true
}

/** The ids under which somebody in a group is mentioned. */
export function idsOfMention({ id, member_openid, user_openid }: ChatMention): string[] {
  return [id, member_openid, user_openid].filter(
    (value): value is string => value !== undefined && value !== '',
  )
}
