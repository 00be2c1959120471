import { type Element, element, type Member, type Message, type User } from '@mynah/core'
import { avatarOf } from '../identity.ts'
import { parseTime } from '../time.ts'
import type {
  C2CAuthor,
  C2CMessage,
  ChatMention,
  GroupAuthor,
  GroupMessage,
  MessageElement,
} from '../wire/chat.ts'
import {
  addressToSelf,
  decodeAttachment,
  decodeCard,
  decodeText,
  idsOfMention,
  isMentionOfSelf,
  type TextContext,
  trimContent,
} from './content.ts'
import { type Decoded, type DecodeContext, directChannel, groupPlace } from './context.ts'
import { readSceneExt } from './scene-ext.ts'

/** How deep quoted and forwarded messages are followed. */
const depthLimit = 8

const messageTypes = { card: 3, parallel: 101, record: 102, quote: 103 } as const

type Mentions = readonly ChatMention[] | null | undefined

function textContext(mentions: Mentions, { selfId, botId }: DecodeContext): TextContext {
  const names = new Map<string, string | undefined>()
  const selves = new Set<string>()
  for (const mention of mentions ?? []) {
    for (const id of idsOfMention(mention)) {
      names.set(id, mention.nickname || mention.username || undefined)
      if (isMentionOfSelf(mention)) selves.add(id)
    }
  }
  return {
    selfId,
    isSelf: (id) => selves.has(id) || id === botId,
    nameOf: (id) => names.get(id),
    hasEveryone: (mentions ?? []).some(({ scope }) => scope === 'all'),
  }
}

type Body = Pick<MessageElement, 'content' | 'attachments' | 'ark_data'>

/** What a message itself holds, without what it quotes. A card stands for the summary beside it. */
function bodyContent({ content, attachments, ark_data: card }: Body, reader: TextContext): Element[] {
  const elements = card === undefined ? trimContent(decodeText(content ?? '', reader)) : [decodeCard(card)]
  for (const attachment of attachments ?? []) elements.push(decodeAttachment(attachment))
  return elements
}

function decodeNested(nested: MessageElement, reader: TextContext, depth: number): Element[] {
  const inside =
    depth >= depthLimit
      ? []
      : (nested.msg_elements ?? []).map((child) => asForwarded(child, reader, depth + 1))
  return [...bodyContent(nested, reader), ...inside]
}

function asForwarded(nested: MessageElement, reader: TextContext, depth: number): Element {
  const { author, msg_idx: id } = nested
  const name = author?.username
  const who = author?.id ? [element('author', { id: author.id, ...(name ? { name } : {}) })] : []
  return element('message', id ? { id } : {}, ...who, ...decodeNested(nested, reader, depth))
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
  const nested = d.msg_elements ?? []
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
  const id = index ?? first?.msg_idx
  if (id === undefined) return undefined
  return { id, content: nested.flatMap((child) => decodeNested(child, reader, 1)) }
}

function toMessage(d: C2CMessage | GroupMessage, { content, quote }: Read, user: User): Message {
  const createdAt = parseTime(d.timestamp)
  return {
    id: d.id,
    content,
    user,
    ...(createdAt === null ? {} : { createdAt }),
    ...(quote === undefined ? {} : { quote }),
  }
}

function decodeAuthor(id: string, author: C2CAuthor | GroupAuthor, { selfId }: DecodeContext): User {
  return {
    id,
    ...(author.username ? { name: author.username } : {}),
    avatar: avatarOf(selfId, id),
    ...(author.bot === undefined ? {} : { isBot: author.bot }),
  }
}

const keyOf = (d: C2CMessage | GroupMessage, { refIdx }: Read): string => `message:${d.id}:${refIdx ?? ''}`

/** A message in a one-to-one chat. */
export function c2cMessageEvent(d: C2CMessage, context: DecodeContext): Decoded {
  const openid = d.author.user_openid || d.author.id
  const user = decodeAuthor(openid, d.author, context)
  const read = readMessage(d, context)
  return {
    type: 'message-created',
    key: keyOf(d, read),
    time: d.timestamp,
    user,
    channel: directChannel(openid),
    target: { scene: 'c2c', id: openid },
    message: toMessage(d, read, user),
    referrer: { msgId: d.id, refIdx: read.refIdx, quotedIdx: read.quotedIdx },
  }
}

/** A message in a group. */
export const groupMessageEvent =
  (isAddressed: boolean) =>
  (d: GroupMessage, context: DecodeContext): Decoded => {
    const openid = d.author.member_openid || d.author.id
    const user = decodeAuthor(openid, d.author, context)
    const read = readMessage(d, context)
    const isForBot = isAddressed || (d.mentions ?? []).some(isMentionOfSelf)
    const content = isForBot ? addressToSelf(read.content, context.selfId) : read.content
    return {
      type: 'message-created',
      key: keyOf(d, read),
      time: d.timestamp,
      ...groupPlace(d.group_openid),
      user,
      member: decodeGroupMember(user, d.author),
      message: toMessage(d, { ...read, content }, user),
      referrer: { msgId: d.id, refIdx: read.refIdx, quotedIdx: read.quotedIdx },
    }
  }

function decodeGroupMember(user: User, { member_role: role }: GroupAuthor): Member {
  return { user, ...(role === undefined ? {} : { role }) }
}
