import { defined, isRecord, readText } from '@mynah/adapter-kit'
import { type ChatEvent, type Element, element, type Message, type User } from '@mynah/core'

import { type Raw, readId, readString, readTime } from '../wire/raw.ts'
import {
  directChannel,
  groupChannel,
  guildOf,
  memberOf,
  senderOf,
  serviceChannel,
  serviceUser,
  userOf,
} from './resources.ts'
import { decodeMessage } from './segments.ts'

/**
 * Turns a message event (`message`, `message_sent`, or a message found in the history) into the framework's.
 * Messages of the account itself become `message-sent`, whatever the implementation calls them.
 */
export function decodeMessageEvent(raw: Raw, ownId: string): ChatEvent {
  const selfId = readId(raw['self_id']) ?? ownId
  const kind = readString(raw['message_type']) ?? kindOf(raw)
  if (kind === 'guild') return decodeGuildMessage(raw, selfId)
  const sender = senderOf(raw)
  const userId = readId(raw['user_id']) ?? readId(sender['user_id']) ?? ''
  const isOwn = userId === selfId || raw['post_type'] === 'message_sent'
  const said = { raw, selfId, sender, userId, isOwn }
  return kind === 'group' ? decodeGroupMessage(said) : decodePrivateMessage(said)
}

/** What is read of every message before it is known where it was said. */
interface Said {
  readonly raw: Raw
  readonly selfId: string
  readonly sender: Raw
  readonly userId: string
  readonly isOwn: boolean
}

/** The kind of a message that does not tell it; a temporary chat has a group, too. */
function kindOf(raw: Raw): 'private' | 'group' {
  return readId(raw['group_id']) === undefined || isTemporary(raw) ? 'private' : 'group'
}

/** Whether a private message came, or went, through a group. */
export const isTemporary = ({ sub_type: kind }: Raw): boolean => kind === 'group' || kind === 'group_self'

/** What NapCat writes for a group that it does not know. */
const unknownGroup = '284840486'

/** The group through which somebody writes who is no friend: at the top, with go-cqhttp in the sender. */
function groupOfTemporary(raw: Raw, sender: Raw): string | undefined {
  if (raw['sub_type'] === 'friend') return undefined
  const groupId = readId(raw['group_id']) ?? readId(sender['group_id'])
  return groupId === unknownGroup ? undefined : groupId
}

function decodeGroupMessage({ raw, selfId, sender, userId, isOwn }: Said): ChatEvent {
  const groupId = readId(raw['group_id']) ?? ''
  const guild = guildOf(groupId, raw)
  const anonymous = isRecord(raw['anonymous']) ? raw['anonymous'] : undefined
  const user = anonymous === undefined ? userOf(userId, sender) : anonymousUser(anonymous, userId)
  const event = makeEvent(raw, { kind: 'group', selfId, isOwn, user, peer: groupId })
  const channel = groupChannel(guild)
  // What an anonymous sender's fields say belongs to nobody.
  return anonymous === undefined
    ? Object.assign(event, { guild, channel, member: memberOf(sender) })
    : Object.assign(event, {
        guild,
        channel,
        referrer: { anonymous: readString(anonymous['flag']) ?? '' },
      })
}

function decodePrivateMessage({ raw, selfId, sender, userId, isOwn }: Said): ChatEvent {
  // Without a target nobody knows to whom the account wrote.
  const peer = isOwn ? (readId(raw['target_id']) ?? '') : userId
  const group = groupOfTemporary(raw, sender)
  return Object.assign(
    makeEvent(raw, { kind: 'private', selfId, isOwn, user: userOf(userId, sender), peer }),
    peer === '' ? {} : { channel: directChannel(peer) },
    group === undefined ? {} : { referrer: { group } },
  )
}

/** What all messages become. */
function makeEvent(
  raw: Raw,
  about: {
    readonly kind: 'group' | 'private' | 'guild'
    readonly selfId: string
    readonly isOwn: boolean
    readonly user: User
    /** With whom or in which channel it was said. */
    readonly peer: string
    readonly content?: readonly Element[]
  },
): ChatEvent {
  const { kind, selfId, isOwn, user, peer, content = decodeMessage(raw['message']) } = about
  const messageId = readString(raw['message_id']) ?? ''
  const isEcho = raw['post_type'] === 'message_sent' && kind !== 'guild'
  const platformType = `onebot/${isEcho ? 'message_sent' : 'message'}.${kind}`
  // Nobody can be answered where the place or the person is missing.
  const isWhole = peer !== '' && user.id !== ''
  return {
    id: `${kind}:${peer}:${messageId}`,
    type: isWhole ? (isOwn ? 'message-sent' : 'message-created') : platformType,
    platformType,
    platform: 'onebot',
    selfId,
    time: readTime(raw['time']) ?? Date.now(),
    user,
    message: messageOf(messageId, content),
    raw,
  }
}

/** A message; what it quotes is no part of what is said, and its id is known unless the implementation lost it. */
function messageOf(id: string, content: readonly Element[]): Message {
  const quote = content.find(({ type }) => type === 'quote')
  if (quote === undefined) return { id, content }
  const said = content.filter(({ type }) => type !== 'quote')
  const { id: quoted, 'onebot:qq': author } = quote.attrs
  if (typeof quoted !== 'string') return { id, content: said }
  const user = author === undefined ? undefined : { id: String(author) }
  return { id, content: said, quote: { id: quoted, content: [], ...defined({ user }) } }
}

/** These ids are numbers of another kind: one may be equal to the QQ number of a person. */
function anonymousUser(anonymous: Raw, userId: string): User {
  const number = readId(anonymous['id']) ?? userId
  const id = number === '' ? '' : `anonymous:${number}`
  const name = readText(anonymous['name'])
  return name === undefined ? { id } : { id, name }
}

/** People have other numbers there (`tiny_id`), which may be equal to the QQ number of somebody else. */
function decodeGuildMessage(raw: Raw, selfId: string): ChatEvent {
  const guildId = readString(raw['guild_id']) ?? ''
  const channelId = readString(raw['channel_id']) ?? ''
  const sender = senderOf(raw)
  const tinyId = readText(sender['tiny_id']) ?? readId(raw['user_id']) ?? ''
  const ownId = readString(raw['self_tiny_id']) ?? ''
  const user = serviceUser(tinyId, sender)
  const content = withServiceUsers(decodeMessage(raw['message']))
  const event = makeEvent(raw, {
    kind: 'guild',
    selfId,
    isOwn: tinyId === ownId,
    user,
    peer: channelId,
    content,
  })
  return {
    ...event,
    ...(guildId === '' ? { type: event.platformType } : {}),
    guild: { id: guildId },
    channel: serviceChannel(guildId, channelId),
    referrer: { tinyId: ownId },
  }
}

/** Who is mentioned in the guild service has a number of the guild service. */
function withServiceUsers(content: readonly Element[]): Element[] {
  return content.map((node) => {
    const { id } = node.attrs
    return node.type === 'at' && id !== undefined
      ? element('at', { ...node.attrs, id: serviceUser(String(id)).id }, node.children)
      : node
  })
}
