import { isJsonObject, parseJson, type JsonObject } from '@mynah/emulator-kit'
import { forbidden, notFound } from '../calls/refusal.ts'
import { readCards } from './cards.ts'
import { joinMentions, noMentions, readKMarkdown, readLegacyText, type NameLookup } from './kmarkdown.ts'
import type { Attachment, ChannelState, ChatState, GuildState, Mentions, MessageState } from './model.ts'
import { may } from './permissions.ts'
import { messageEvent } from './message-event.ts'
import { emojiName, guildOfMessage } from './views.ts'
import type { World } from './world.ts'

/** A message that is about to be sent. */
export interface Draft {
  readonly authorId: string
  readonly type: number
  readonly content: string
  readonly quoteId?: string | undefined
  readonly nonce?: string | undefined
  readonly attachment?: Attachment | undefined
  /** The only user to see it. */
  readonly onlyFor?: string | undefined
}

/** Content as the server stores it, and whom it mentions. */
interface ReadContent {
  content: string
  mentions: Mentions
}

/** Sends a message to a channel. It reaches the bot as an event unless somebody else alone may see it. */
export function sendToChannel(world: World, channel: ChannelState, draft: Draft): MessageState {
  const guild = world.guildOf(channel)
  const message = store(world, draft, { kind: 'channel', channelId: channel.id, guildId: guild.id }, guild)
  if (!may(guild, draft.authorId, 'mentionEveryone', channel)) {
    message.mentions.all = false
    message.mentions.here = false
  }
  const member = guild.members.get(draft.authorId)
  if (member !== undefined) member.activeTime = message.createdAt
  if (message.onlyFor === undefined && may(guild, world.bot.id, 'viewChannels', channel)) {
    world.deliver(messageEvent(world, message))
  }
  return message
}

/** Sends a message to the private chat of the bot and a user. */
export function sendToChat(world: World, chat: ChatState, draft: Draft): MessageState {
  const message = store(world, draft, { kind: 'chat', code: chat.code }, undefined)
  chat.latestMessageTime = message.createdAt
  chat.listed = true
  if (draft.authorId !== world.bot.id) chat.unread += 1
  world.deliver(messageEvent(world, message))
  return message
}

function store(
  world: World,
  draft: Draft,
  place: MessageState['place'],
  guild: GuildState | undefined,
): MessageState {
  const { content, mentions } = readContent(world, draft.type, draft.content, guild)
  const message: MessageState = {
    id: world.ids.message(),
    internalId: world.ids.hex(12),
    place,
    authorId: draft.authorId,
    type: draft.type,
    content,
    quoteId: draft.quoteId,
    nonce: draft.nonce ?? '',
    createdAt: world.now(),
    updatedAt: 0,
    mentions,
    attachment: draft.attachment,
    reactions: new Map(),
    pinned: false,
    deleted: false,
    onlyFor: draft.onlyFor,
    variants: new Map(),
  }
  if (draft.onlyFor === undefined) world.messages.set(message.id, message)
  world.publish({
    kind: 'sent',
    message,
    ...(draft.onlyFor !== undefined && { onlyFor: draft.onlyFor }),
  })
  return message
}

/**
 * Checks content and finds its mentions.
 *
 * @throws ApiRefusal 40011 for a card that breaks a rule.
 */
export function readContent(
  world: World,
  type: number,
  content: string,
  guild: GuildState | undefined,
): ReadContent {
  const names = namesIn(world, guild)
  if (type === 1) return { content, mentions: readLegacyText(content, names) }
  if (type === 9) return { content, mentions: readKMarkdown(content, names) }
  if (type === 12) return { content, mentions: { ...noMentions(), users: itemTarget(content) } }
  if (type !== 10) return { content, mentions: noMentions() }
  const cards = readCards(content, { now: world.now(), isUsableMedia: (url) => isUsableMedia(world, url) })
  const texts = cards.texts.map(({ kind, content: text }) =>
    kind === 'kmarkdown' ? readKMarkdown(text, names) : noMentions(text),
  )
  return { content: cards.content, mentions: joinMentions(texts) }
}

/** Whom an item was given to. */
function itemTarget(content: string): string[] {
  const item = parseJson(content)
  const data = isJsonObject(item) && isJsonObject(item.data) ? item.data : {}
  return typeof data.target_id === 'string' ? [data.target_id] : []
}

/** Whether cards may show what is at this URL: uploads, the platform's own pictures, and more when allowed. */
function isUsableMedia(world: World, url: string): boolean {
  if (world.assets.has(url) || /^https:\/\/img\.(?:kookapp|kaiheila)\.cn\//.test(url)) return true
  return world.allowExternalMedia && /^https?:\/\//.test(url)
}

function namesIn(world: World, guild: GuildState | undefined): NameLookup {
  return {
    user: (id) => {
      const nickname = guild?.members.get(id)?.nickname ?? ''
      return nickname === '' ? world.users.get(id)?.username : nickname
    },
    role: (id) => guild?.roles.get(id)?.name,
    channel: (id) => world.channels.get(id)?.name,
  }
}

/**
 * Changes a message for everybody.
 *
 * @param change - The new content; `quoteId` null removes the reply, undefined keeps it.
 */
export function editMessage(
  world: World,
  message: MessageState,
  change: { content: string; quoteId?: string | null | undefined },
): void {
  const guild = guildOfMessage(world, message)
  const { content, mentions } = readContent(world, message.type, change.content, guild)
  message.content = content
  message.mentions = mentions
  message.updatedAt = world.now()
  if (change.quoteId !== undefined) message.quoteId = change.quoteId ?? undefined
  world.publish({ kind: 'edited', message })
  if (message.place.kind === 'chat') {
    world.notify('updated_private_message', {
      ...privateBody(world, message),
      content,
      updated_at: message.updatedAt,
    })
    return
  }
  announceInChannel(world, message, 'updated_message', {
    content,
    mention: mentions.users,
    mention_all: mentions.all,
    mention_here: mentions.here,
    mention_roles: mentions.roles,
    updated_at: message.updatedAt,
  })
}

/** Shows another version of a channel message to one user. */
export function editMessageFor(world: World, message: MessageState, userId: string, source: string): void {
  const { content } = readContent(world, message.type, source, guildOfMessage(world, message))
  message.variants.set(userId, content)
  world.publish({ kind: 'edited', message, onlyFor: userId })
}

export function deleteMessage(world: World, message: MessageState): void {
  world.messages.delete(message.id)
  message.deleted = true
  world.publish({ kind: 'deleted', message })
  if (message.place.kind === 'channel') announceInChannel(world, message, 'deleted_message', {})
  else {
    world.notify('deleted_private_message', { ...privateBody(world, message), deleted_at: world.now() })
  }
}

/** Pins or unpins a channel message. */
export function pinMessage(world: World, message: MessageState, operatorId: string, pinned: boolean): void {
  message.pinned = pinned
  announceInChannel(world, message, pinned ? 'pinned_message' : 'unpinned_message', {
    operator_id: operatorId,
  })
}

/** Adds a reaction; doing it twice changes nothing. */
export function addReaction(world: World, message: MessageState, userId: string, emojiId: string): void {
  const reaction = message.reactions.get(emojiId) ?? { users: new Map<string, number>() }
  if (reaction.users.has(userId)) return
  const guild = guildOfMessage(world, message)
  const channel = message.place.kind === 'channel' ? world.channels.get(message.place.channelId) : undefined
  const needed = message.reactions.has(emojiId) ? 'followReactions' : 'addReactions'
  if (guild !== undefined && !may(guild, userId, needed, channel)) throw forbidden('add reactions')
  message.reactions.set(emojiId, reaction)
  reaction.users.set(userId, world.now())
  announceReaction(world, message, userId, emojiId, true)
}

/** Takes a reaction back. */
export function removeReaction(world: World, message: MessageState, userId: string, emojiId: string): void {
  const reaction = message.reactions.get(emojiId)
  if (reaction?.users.delete(userId) !== true) throw notFound('reaction')
  if (reaction.users.size === 0) message.reactions.delete(emojiId)
  announceReaction(world, message, userId, emojiId, false)
}

function announceReaction(
  world: World,
  message: MessageState,
  userId: string,
  emojiId: string,
  added: boolean,
): void {
  const body = { emoji: { id: emojiId, name: emojiName(world, emojiId) }, user_id: userId }
  if (message.place.kind === 'channel') {
    announceInChannel(world, message, added ? 'added_reaction' : 'deleted_reaction', body)
    return
  }
  world.notify(added ? 'private_added_reaction' : 'private_deleted_reaction', {
    ...body,
    chat_code: message.place.code,
    msg_id: message.id,
  })
}

function announceInChannel(world: World, message: MessageState, type: string, body: JsonObject): void {
  if (message.place.kind !== 'channel') return
  const channel = world.channels.get(message.place.channelId)
  if (channel === undefined) return
  const common = { channel_id: channel.id, channel_type: channel.type, msg_id: message.id }
  world.announce(world.guildOf(channel), type, { ...common, ...body }, channel)
}

/** Who wrote a private message to whom, for the events about it. */
function privateBody(world: World, message: MessageState): JsonObject {
  const code = message.place.kind === 'chat' ? message.place.code : ''
  const fromBot = message.authorId === world.bot.id
  return {
    author_id: message.authorId,
    target_id: fromBot ? (world.chats.get(code)?.userId ?? '') : world.bot.id,
    msg_id: message.id,
    chat_code: code,
  }
}
