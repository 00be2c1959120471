import { defined, readText } from '@mynah/adapter-kit'
import { type Element, element, type Message, text, type User } from '@mynah/core'

import { messageTypes } from '../wire/events.ts'
import type { Absent, KookUser } from '../wire/objects.ts'
import type { KookDirectMessage, KookMessage, MentionParts, MessageParts, Quote } from '../wire/messages.ts'
import { isTrue, numbers, present } from '../wire/read.ts'
import { decodeCards } from './card.ts'
import { decodeKMarkdown, type Mentions } from './kmarkdown.ts'
import { decodeLegacyText } from './legacy-text.ts'
import { decodeMember, decodeUser } from './resources.ts'

/** What content is decoded from. */
export interface ContentSource extends Pick<KookMessage, 'type' | 'content' | 'attachments'> {
  /** What is known of the mentions. */
  readonly mentions?: Mentions
}

/** Gathers what the platform says of mentions. */
export function mentionsOf(
  { mention_all: all, mention_here: here }: Pick<MessageParts, 'mention_all' | 'mention_here'>,
  names: MentionParts | Absent,
): Mentions {
  return { ...present(names), all: isTrue(all), here: isTrue(here) }
}

const mediaElements: Readonly<Record<number, 'image' | 'video' | 'file' | 'audio' | undefined>> = {
  [messageTypes.image]: 'image',
  [messageTypes.video]: 'video',
  [messageTypes.file]: 'file',
  [messageTypes.audio]: 'audio',
}

/** Reads content of any type; what no type fits is text. */
export function decodeContent(source: ContentSource): Element[] {
  const { mentions } = source
  const media = mediaElements[source.type]
  if (media !== undefined) return decodeMedia(media, source)
  if (source.type === messageTypes.text) return decodeLegacyText(source.content, mentions)
  if (source.type === messageTypes.card) {
    const cards = decodeCards(source.content, mentions)
    if (cards !== undefined) return cards
  }
  return decodeKMarkdown(source.content, mentions)
}

/** Content of an event that does not tell its type. */
export function decodeUntyped(content: string, mentions: Mentions = {}): Element[] {
  const isCards = content.startsWith('[{') && content.endsWith('}]')
  return decodeContent({ type: isCards ? messageTypes.card : messageTypes.kmarkdown, content, mentions })
}

function decodeMedia(kind: 'image' | 'video' | 'file' | 'audio', source: ContentSource): Element[] {
  const file = present(source.attachments)
  const src = readText(file?.url) ?? source.content
  if (src === '') return []
  if (!/^https?:\/\//i.test(src)) return [text(src)]
  const { size, duration, width, height } = file ?? {}
  const attrs = {
    src,
    ...defined({ title: readText(file?.name) }),
    ...numbers({ size, duration, width, height }),
  }
  return [element(kind, attrs)]
}

/** The message that is answered; in events its id is `rong_id`, in HTTP answers `id`. */
export function decodeQuote(quote: Quote | Absent): Message | undefined {
  const found = present(quote)
  const id = readText(found?.rong_id) ?? readText(found?.id)
  if (found === undefined || id === undefined) return undefined
  const author = present(found.author)
  return {
    id,
    content: decodeContent({
      type: found.type ?? messageTypes.kmarkdown,
      content: readText(found.content) ?? '',
    }),
    ...defined({ user: author && decodeUser(author), createdAt: momentOf(found.create_at) }),
  }
}

/** Reads a message as HTTP calls answer it. */
export function decodeFetched(message: KookMessage & Partial<Pick<KookDirectMessage, 'author_id'>>): Message {
  const author = present(message.author)
  return {
    id: message.id,
    content: decodeContent({
      type: message.type,
      content: readText(message.content) ?? '',
      attachments: message.attachments,
      mentions: mentionsOf(message, message.mention_info),
    }),
    ...defined({
      user: userOf(author, message.author_id),
      member: author?.roles && decodeMember(author),
      createdAt: momentOf(message.create_at),
      updatedAt: momentOf(message.updated_at),
      quote: decodeQuote(message.quote),
    }),
  }
}

function userOf(author: KookUser | undefined, authorId: unknown): User | undefined {
  if (author !== undefined) return decodeUser(author)
  const id = readText(authorId)
  return id === undefined ? undefined : { id }
}

/** A moment in ms since 1970; 0 says that there was none. */
export function momentOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
