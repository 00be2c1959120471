import { type Element, element, type Message, text } from '@mynah/core'

import { messageTypes } from '../wire/events.ts'
import type { Absent, Attachment, KookUser, MentionParts, Quote } from '../wire/objects.ts'
import { filled, present } from '../wire/read.ts'
import { decodeCards } from './card.ts'
import { decodeKMarkdown } from './kmarkdown.ts'
import { decodeLegacyText } from './legacy-text.ts'
import { decodeMember, decodeUser } from './resources.ts'

/** What content is decoded from. */
export interface ContentSource {
  readonly type: number
  readonly content: string
  readonly attachments?: Attachment | Absent
  readonly names?: MentionParts | Absent
}

const mediaElements: Readonly<Record<number, 'image' | 'video' | 'file' | 'audio' | undefined>> = {
  [messageTypes.image]: 'image',
  [messageTypes.video]: 'video',
  [messageTypes.file]: 'file',
  [messageTypes.audio]: 'audio',
}

/** Reads content of any type; what no type fits is text. */
export function decodeContent(source: ContentSource): Element[] {
  const names = present(source.names)
  const media = mediaElements[source.type]
  if (media !== undefined) return decodeMedia(media, source)
  if (source.type === messageTypes.text) return decodeLegacyText(source.content)
  if (source.type === messageTypes.card) {
    const cards = decodeCards(source.content, names)
    if (cards !== undefined) return cards
  }
  return decodeKMarkdown(source.content, names)
}

/** Content of an event that does not tell its type. */
export function decodeUntyped(content: string, names?: MentionParts | Absent): Element[] {
  const isCards = content.startsWith('[{') && content.endsWith('}]')
  return decodeContent({ type: isCards ? messageTypes.card : messageTypes.kmarkdown, content, names })
}

function decodeMedia(kind: 'image' | 'video' | 'file' | 'audio', source: ContentSource): Element[] {
  const file = present(source.attachments)
  const src = filled(file?.url) ?? source.content
  if (src === '') return []
  if (!/^https?:/i.test(src)) return [text(src)]
  return [
    element(kind, {
      src,
      ...(file?.name === undefined ? {} : { title: file.name }),
      ...(file?.size === undefined ? {} : { size: file.size }),
      ...(file?.duration === undefined ? {} : { duration: file.duration }),
      ...(file?.width === undefined ? {} : { width: file.width }),
      ...(file?.height === undefined ? {} : { height: file.height }),
    }),
  ]
}

/** The message that is answered; in events its id is `rong_id`, in HTTP answers `id`. */
export function decodeQuote(quote: Quote | Absent): Message | undefined {
  const found = present(quote)
  const id = filled(found?.rong_id) ?? filled(found?.id)
  if (found === undefined || id === undefined) return undefined
  const { author, create_at: createdAt } = found
  return {
    id,
    content: decodeContent({ type: found.type ?? messageTypes.kmarkdown, content: found.content ?? '' }),
    ...(author === undefined ? {} : { user: decodeUser(author) }),
    ...(createdAt === undefined ? {} : { createdAt }),
  }
}

/** What HTTP answers call a message, in channels and in private. */
export interface FetchedMessage extends Omit<ContentSource, 'names'> {
  readonly id: string
  readonly author?: KookUser
  readonly author_id?: string
  readonly mention_info?: MentionParts | Absent
  readonly create_at?: number
  readonly updated_at?: number
  readonly quote?: Quote | Absent
}

/** Reads a message as HTTP calls answer it. */
export function decodeFetched(message: FetchedMessage): Message {
  const { author, author_id: authorId, create_at: createdAt, updated_at: updatedAt } = message
  const quote = decodeQuote(message.quote)
  const user = author === undefined ? undefined : decodeUser(author)
  return {
    id: message.id,
    content: decodeContent({
      type: message.type,
      content: message.content,
      attachments: message.attachments,
      names: message.mention_info,
    }),
    ...(user === undefined ? (authorId === undefined ? {} : { user: { id: authorId } }) : { user }),
    ...(author?.roles === undefined ? {} : { member: decodeMember(author) }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined || updatedAt === 0 ? {} : { updatedAt }),
    ...(quote === undefined ? {} : { quote }),
  }
}
