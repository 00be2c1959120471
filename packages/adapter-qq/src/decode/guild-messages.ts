import { defined, readText } from '@mynah/adapter-kit'
import { type Element, type Message, plainText, text } from '@mynah/core'
import { parseTime } from './time.ts'
import type { GuildMessage, GuildUser, MessageDeleteEvent } from '../wire/guild.ts'
import { addressToSelf } from './content.ts'
import { type Decoded, type DecodeContext, directMessagePlace, guildPlace, type Place } from './context.ts'
import { decodeMember, decodeUser, isSelfInGuild } from './guild-events.ts'
import { decodeAttachment } from './media.ts'
import { decodeText, type TextContext } from './text-tags.ts'
import { listIn, mapped } from '../wire/read.ts'

/** The elements of a guild message. */
export function guildContent(d: GuildMessage, context: DecodeContext): Element[] {
  const names = new Map<string, string | undefined>()
  for (const user of listIn(d.mentions)) names.set(user.id, readText(user.username))
  const reader: TextContext = {
    selfId: context.selfId,
    isSelf: (id) => isSelfInGuild(id, context),
    isEveryone: () => false,
    nameOf: (id) => names.get(id),
    hasEveryone: d.direct_message !== true && d.mention_everyone === true,
  }
  const content = decodeText(readText(d.content) ?? '', reader)
  for (const attachment of listIn(d.attachments)) content.push(decodeAttachment(attachment))
  for (const { title, fields } of listIn(d.embeds)) {
    const lines = [title, ...listIn(fields).map(({ name }) => name)].filter(Boolean).join('\n')
    if (lines !== '') content.push(text(lines))
  }
  return content
}

/** A guild message as a common message. */
export function decodeGuildMessage(d: GuildMessage, content: Element[]): Message {
  const quoted = d.message_reference?.message_id
  return {
    id: d.id,
    content,
    ...defined({
      user: mapped(d.author, decodeUser),
      createdAt: parseTime(d.timestamp),
      updatedAt: parseTime(d.edited_timestamp),
      quote: quoted ? { id: quoted, content: [] } : undefined,
    }),
  }
}

type Placed = Pick<GuildMessage, 'guild_id' | 'channel_id' | 'direct_message'>

const places = (d: Placed): Place =>
  d.direct_message === true ? directMessagePlace(d.guild_id) : guildPlace(d.guild_id, d.channel_id)

const noUser: GuildUser = { id: '' }

/** A message in a channel or a direct message session. */
export const guildMessageEvent =
  (isForBot: boolean) =>
  (d: GuildMessage, context: DecodeContext): Decoded => {
    const { selfId } = context
    const author = d.author ?? noUser
    const content = guildContent(d, context)
    const isOwn = isSelfInGuild(author.id, context)
    return {
      type: isOwn ? 'message-sent' : 'message-created',
      key: `message:${d.id}`,
      time: d.timestamp,
      ...places(d),
      user: isOwn ? { ...decodeUser(author), id: selfId } : decodeUser(author),
      member: mapped(d.member, (member) => decodeMember({ ...member, user: author })),
      message: decodeGuildMessage(
        d,
        isForBot ? addressToSelf(content, selfId) : leadingSelf(content, selfId),
      ),
      referrer: { msgId: d.id, sourceGuildId: d.src_guild_id || undefined },
    }
  }

/** A leading mention of the bot loses the space behind it, so that it reads the same under either event name. */
function leadingSelf(content: Element[], selfId: string): Element[] {
  const [first, second] = content
  const isBlank = first?.type === 'text' && plainText([first]).trim() === ''
  const opening = isBlank ? second : first
  const isAddressed = opening?.type === 'at' && opening.attrs['id'] === selfId
  return isAddressed ? addressToSelf(content, selfId) : content
}

/** A message was taken back. */
export function messageDeleteEvent({ message: d, op_user }: MessageDeleteEvent): Decoded {
  const user = mapped(d.author, decodeUser)
  return {
    type: 'message-deleted',
    ...places(d),
    message: { id: d.id, content: [], user },
    user,
    operator: op_user?.id ? { id: op_user.id } : undefined,
  }
}
