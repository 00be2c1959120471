import type { JsonObject } from '@mynah/emulator-kit'
import type { MessageState } from './model.ts'
import { attachmentView, authorView, mentionPartsView, quoteView } from './views.ts'
import type { World } from './world.ts'

/** The `d` of the event that tells the bot of a message. */
export function messageEvent(world: World, message: MessageState): JsonObject {
  const { place } = message
  const chat = place.kind === 'chat' ? world.chats.get(place.code) : undefined
  const peer = message.authorId === world.bot.id ? chat?.userId : world.bot.id
  return {
    channel_type: place.kind === 'channel' ? 'GROUP' : 'PERSON',
    type: message.type,
    target_id: place.kind === 'channel' ? place.channelId : (peer ?? ''),
    author_id: message.authorId,
    content: message.content,
    extra: messageExtra(world, message),
    msg_id: message.id,
    msg_timestamp: message.createdAt,
    nonce: message.nonce,
    from_type: 1,
  }
}

function messageExtra(world: World, message: MessageState): JsonObject {
  const author = world.users.get(message.authorId)
  if (author?.system === true) return noticeExtra(world, message)
  if (message.type === 12) return itemExtra(world, message)
  return chatExtra(world, message)
}

/** Notices of the platform lack the mentions of roles and of who is online. */
function noticeExtra(world: World, message: MessageState): JsonObject {
  const { mention_roles: _roles, mention_here: _here, ...extra } = chatExtra(world, message)
  return { ...extra, msg_icon: 'arrow_right' }
}

/** Items say little of where they were given. */
function itemExtra(world: World, message: MessageState): JsonObject {
  const mention = message.mentions.users
  const { mention_part } = mentionPartsView(world, message)
  return {
    type: message.type,
    mention,
    author: authorView(world, message),
    kmarkdown: { mention, mention_part: mention_part ?? [], item_part: [] },
    ...placePart(world, message),
  }
}

function placePart(world: World, { place }: MessageState): JsonObject {
  if (place.kind === 'chat') return { code: place.code }
  const channel = world.channels.get(place.channelId)
  return channel === undefined ? {} : { channel_type: channel.type }
}

function chatExtra(world: World, message: MessageState): JsonObject {
  const { place, mentions } = message
  const channel = place.kind === 'channel' ? world.channels.get(place.channelId) : undefined
  const quote = quoteView(world, message, 'event')
  const isMarkup = message.type === 9 || message.type === 10
  return {
    type: message.type,
    code: place.kind === 'chat' ? place.code : '',
    ...(channel !== undefined && { guild_id: channel.guildId, channel_name: channel.name }),
    mention: mentions.users,
    mention_all: mentions.all,
    mention_roles: mentions.roles,
    mention_here: mentions.here,
    author: authorView(world, message),
    ...(channel !== undefined && { channel_type: channel.type, guild_type: 0 }),
    visible_only: '',
    mention_no_at: [],
    ...(quote !== undefined && { quote }),
    ...(message.attachment !== undefined && { attachments: attachmentView(message.attachment) }),
    ...(isMarkup && { nav_channels: mentions.channels, kmarkdown: kmarkdownView(world, message) }),
    ...(message.type === 10 && { editable: message.authorId !== world.bot.id }),
    emoji: [],
    preview_content: message.type === 10 ? mentions.rawContent : '',
    send_msg_device: 0,
  }
}

function kmarkdownView(world: World, message: MessageState): JsonObject {
  return {
    raw_content: message.mentions.rawContent,
    ...mentionPartsView(world, message),
    channel_part: message.mentions.channels.flatMap((id) => {
      const channel = world.channels.get(id)
      return channel === undefined ? [] : [{ id, guild_id: channel.guildId, name: channel.name }]
    }),
    spl: [],
  }
}
