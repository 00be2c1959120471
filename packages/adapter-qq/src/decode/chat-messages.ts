import { defined, readText } from '@mynah/adapter-kit'
import { type Element, element, type Message, type User } from '@mynah/core'
import { avatarOf } from './identity.ts'
import { parseTime } from './time.ts'
import type {
  C2CAuthor,
  C2CMessage,
  ChatMention,
  GroupAuthor,
  GroupMessage,
  MessageElement,
} from '../wire/chat.ts'
import { decodeCard } from './card.ts'
import { addressToSelf, idsOfMention, isMentionOfAll, isMentionOfSelf, trimContent } from './content.ts'
import { type Decoded, type DecodeContext, groupPlace, type Loose, userPlace } from './context.ts'
import { AttachmentPlaces } from './media.ts'
import { readSceneExt } from './scene-ext.ts'
import { attachmentIndexes, decodeText, type TextContext } from './text-tags.ts'
import { listIn } from '../wire/read.ts'

/** How deep quoted and forwarded messages are followed. */
const depthLimit = 8

const messageTypes = { card: 3, parallel: 101, record: 102, quote: 103 } as const

type Mentions = readonly ChatMention[] | null | undefined

/** Words that stand in a mention of everybody. */
const idsForAll = ['all', 'everyone']

function textContext(mentions: Mentions, { selfId, botId }: DecodeContext): TextContext {
  const names = new Map<string, string | undefined>()
  const selves = new Set<string>()
  const everyone = new Set<string>()
  for (const mention of listIn(mentions)) {
    const ids = idsOfMention(mention)
    if (isMentionOfAll(mention)) {
      for (const id of [...ids, ...idsForAll]) everyone.add(id)
      continue
    }
    for (const id of ids) {
      names.set(id, readText(mention.nickname) ?? readText(mention.username))
      if (isMentionOfSelf(mention)) selves.add(id)
    }
  }
  return {
    selfId,
    isSelf: (id) => selves.has(id) || id === botId,
    isEveryone: (id) => everyone.has(id),
    nameOf: (id) => names.get(id),
    hasEveryone: everyone.size > 0,
  }
}

type Body = Pick<MessageElement, 'content' | 'attachments' | 'ark_data'>

/** What a message itself holds, without what it quotes. A card stands for the summary beside it. */
function bodyContent(
  { content: written, attachments, ark_data: card }: Body,
  reader: TextContext,
): Element[] {
  const content = readText(written) ?? ''
  const files = new AttachmentPlaces(listIn(attachments), attachmentIndexes(content))
  const elements =
    card === undefined || card === null ? trimContent(decodeText(content, reader, files)) : [decodeCard(card)]
  return [...elements, ...files.rest()]
}

function decodeNested(nested: MessageElement, reader: TextContext, depth: number): Element[] {
  const inside =
    depth >= depthLimit
      ? []
      : listIn(nested.msg_elements).map((child) => asForwarded(child, reader, depth + 1))
  return [...bodyContent(nested, reader), ...inside]
}

function asForwarded(nested: MessageElement, reader: TextContext, depth: number): Element {
  const { author } = nested
  const [id, authorId, name] = [nested.msg_idx, author?.id, author?.username].map(readText)
  const who = authorId === undefined ? [] : [element('author', { id: authorId, ...(name ? { name } : {}) })]
  return element('message', id ? { id } : {}, who, decodeNested(nested, reader, depth))
}

interface Read {
  readonly content: Element[]
  readonly quote: Message | undefined
  readonly refIdx: string | undefined
  readonly quotedIdx: string | undefined
}

function readMessage(d: C2CMessage | GroupMessage, context: DecodeContext): Read {
  const reader = textContext(d.mentions, context)
  const ext = readSceneExt(d.message_scene)
  const content = bodyContent(d, reader)
  const quotedIdx = ext['ref_msg_idx']
  const nested = listIn(d.msg_elements)
  const isQuote = d.message_type === messageTypes.quote || quotedIdx !== undefined
  if (!isQuote && nested.length > 0) {
    content.push(
      element(
        'message',
        { forward: true },
        nested.map((child) => asForwarded(child, reader, 1)),
      ),
    )
  }
  const quoted = isQuote ? decodeQuote(nested, quotedIdx, reader) : undefined
  return { content, quote: quoted, refIdx: ext['msg_idx'], quotedIdx }
}

function decodeQuote(
  nested: readonly MessageElement[],
  index: string | undefined,
  reader: TextContext,
): Message | undefined {
  const [first] = nested
  const id = index ?? readText(first?.msg_idx)
  if (id === undefined) return undefined
  const author = readText(first?.author?.id)
  return {
    id,
    content: nested.flatMap((child) => decodeNested(child, reader, 1)),
    ...defined({ user: author === undefined ? undefined : { id: author } }),
  }
}

function decodeAuthor(id: string, author: C2CAuthor | GroupAuthor, { selfId }: DecodeContext): Loose<User> {
  return { id, name: author.username, avatar: avatarOf(selfId, id), isBot: author.bot }
}

/** What both kinds of messages have. */
function messageFields(d: C2CMessage | GroupMessage, read: Read, user: Loose<User>): Decoded {
  const { content, quote, refIdx, quotedIdx } = read
  return {
    type: 'message-created',
    key: `message:${d.id}:${refIdx ?? ''}`,
    time: d.timestamp,
    user,
    message: { id: d.id, content, user, createdAt: parseTime(d.timestamp), quote },
    referrer: { msgId: d.id, refIdx, quotedIdx },
  }
}

/** A message in a one-to-one chat. */
export function c2cMessageEvent(d: C2CMessage, context: DecodeContext): Decoded {
  const openid = d.author.user_openid || d.author.id
  const user = decodeAuthor(openid, d.author, context)
  return { ...messageFields(d, readMessage(d, context), user), ...userPlace(openid) }
}

/** A message in a group. */
export const groupMessageEvent =
  (isAddressed: boolean) =>
  (d: GroupMessage, context: DecodeContext): Decoded => {
    const user = decodeAuthor(d.author.member_openid || d.author.id, d.author, context)
    const read = readMessage(d, context)
    const isForBot = isMeantForBot(isAddressed, listIn(d.mentions))
    const content = isForBot ? addressToSelf(read.content, context.selfId) : read.content
    return {
      ...messageFields(d, { ...read, content }, user),
      ...groupPlace(d.group_openid),
      member: { user, role: d.author.member_role },
    }
  }

/** A mention of everybody addresses nobody, also where the platform tells of it as of one of the bot. */
function isMeantForBot(isAddressed: boolean, mentions: readonly ChatMention[]): boolean {
  if (mentions.some(isMentionOfSelf)) return true
  return isAddressed && !mentions.some((mention) => isMentionOfAll(mention) && mention.is_you === true)
}
