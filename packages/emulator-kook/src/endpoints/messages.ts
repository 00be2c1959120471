import { nothing, type ApiCall, type Endpoint, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import { badParameter, forbidden, impossible, notFound, unauthorized } from '../calls/refusal.ts'
import { emojiId } from '../world/emojis.ts'
import {
  addReaction,
  deleteMessage,
  editMessage,
  editMessageFor,
  pinMessage,
  removeReaction,
  sendToChannel,
} from '../world/messages.ts'
import type { ChannelState, MessageState } from '../world/model.ts'
import { memberView, messageView } from '../world/views.ts'
import { channelMessageOf, channelOf, demand } from './lookup.ts'
import { editedContent, outgoingOf, renderTemplate } from './message-content.ts'

const create: Endpoint = (call) => {
  const { params, world } = call
  const channel = channelOf(call, 'target_id')
  if (channel.type !== 1 && channel.type !== 2) throw badParameter('target_id', 'takes no messages')
  const guild = world.guildOf(channel)
  demand(call, guild, 'sendMessages', channel)
  const { type, content, attachment } = outgoingOf(call, 9)
  if (attachment !== undefined) demand(call, guild, 'uploadFiles', channel)
  const onlyFor = params.optionalString('temp_target_id')
  if (onlyFor !== undefined && !guild.members.has(onlyFor)) throw notFound('temp_target_id')
  const message = sendToChannel(world, channel, {
    authorId: call.caller.id,
    type,
    content,
    attachment,
    onlyFor,
    nonce: params.optionalString('nonce'),
    quoteId: quoteIn(call, (quoted) => isIn(quoted, channel)) ?? undefined,
  })
  return sentView(message)
}

/** Messages of channels: send, edit, delete, read, react, pin, pipes. */
export const messageEndpoints: Endpoints = {
  'POST message/create': create,
  'POST channel/message': create,

  'GET message/list': (call) => {
    const channel = channelOf(call, 'target_id')
    const stored = [...call.world.messages.values()].filter((message) => isIn(message, channel))
    const messages = call.params.boolean('pin', false) ? stored.filter((message) => message.pinned) : stored
    return { items: slice(call, messages).map((message) => messageView(call.world, message, call.caller.id)) }
  },

  'GET message/view': (call) => {
    const { message, channel } = channelMessageOf(call)
    return { ...messageView(call.world, message, call.caller.id), channel_id: channel.id }
  },

  'POST message/update': (call) => {
    const { message, channel, guild } = channelMessageOf(call)
    demandOwnMarkup(call, message)
    const content = editedContent(call, message.type)
    const onlyFor = call.params.optionalString('temp_target_id')
    if (onlyFor === undefined) {
      const quoteId = quoteIn(call, (quoted) => isIn(quoted, channel))
      editMessage(call.world, message, { content, quoteId })
    } else if (guild.members.has(onlyFor)) editMessageFor(call.world, message, onlyFor, content)
    else throw notFound('temp_target_id')
    return nothing
  },

  'POST message/delete': (call) => {
    const { message, channel, guild } = channelMessageOf(call)
    if (message.authorId !== call.caller.id) demand(call, guild, 'manageMessages', channel)
    deleteMessage(call.world, message)
    return nothing
  },

  'GET message/reaction-list': (call) => {
    const { message, guild } = channelMessageOf(call)
    const reaction = message.reactions.get(emojiId(call.world, call.params.string('emoji')))
    return [...(reaction?.users ?? [])].map(([id, time]) => ({
      ...memberView(call.world, guild, id),
      reaction_time: time,
    }))
  },

  'POST message/add-reaction': (call) => {
    const { message } = channelMessageOf(call)
    addReaction(call.world, message, call.caller.id, emojiId(call.world, call.params.string('emoji')))
    return nothing
  },

  'POST message/delete-reaction': (call) => {
    const { message, channel, guild } = channelMessageOf(call)
    const userId = call.params.optionalString('user_id') ?? call.caller.id
    if (userId !== call.caller.id) demand(call, guild, 'manageMessages', channel)
    removeReaction(call.world, message, userId, emojiId(call.world, call.params.string('emoji')))
    return nothing
  },

  'POST message/pin': (call) => pin(call, true),
  'POST message/unpin': (call) => pin(call, false),

  'POST message/send-pipemsg': (call) => {
    const pipe = call.world.pipes.get(call.query.optionalString('access_token') ?? '')
    if (pipe === undefined) throw unauthorized(40101)
    const channel = call.world.channels.get(call.query.optionalString('target_id') ?? pipe.channelId)
    const home = call.world.channels.get(pipe.channelId)
    if (channel === undefined || channel.guildId !== home?.guildId) throw notFound('channel')
    const template = call.world.templates.get(pipe.templateId ?? '')
    const message = sendToChannel(call.world, channel, {
      authorId: call.caller.id,
      type: template?.type ?? call.query.choice('type', [1, 9, 10], 9),
      content: template === undefined ? call.params.string('content') : renderTemplate(template, call.body),
    })
    return { ...sentView(message), not_permissions_mention: [] }
  },
}

/** The answer of a send call; it holds no content. */
export const sentView = (message: MessageState): JsonObject => ({
  msg_id: message.id,
  msg_timestamp: message.createdAt,
  nonce: message.nonce,
})

const isIn = (message: MessageState, channel: ChannelState): boolean =>
  message.place.kind === 'channel' && message.place.channelId === channel.id

/** The message `quote` names: undefined when it was left out, null when it was given as empty. */
export function quoteIn(
  call: ApiCall,
  isHere: (message: MessageState) => boolean,
): string | null | undefined {
  const id = call.params.optionalString('quote')
  if (id === undefined) return undefined
  if (id === '') return null
  const quoted = call.world.messages.get(id)
  if (quoted === undefined || !isHere(quoted)) throw notFound('quoted message')
  return id
}

/** Only own messages of types 9 and 10 can be edited. */
export function demandOwnMarkup(call: ApiCall, message: MessageState): void {
  if (message.authorId !== call.caller.id) throw forbidden('edit the messages of others')
  if (message.type !== 9 && message.type !== 10) throw impossible('only KMarkdown and cards can be edited')
}

/** A part of a history: `before` and `after` exclude the reference, `around` centres on it. */
export function slice(call: ApiCall, messages: readonly MessageState[]): readonly MessageState[] {
  const size = Math.min(call.params.optionalInt('page_size', { min: 1 }) ?? 50, 50)
  const reference = call.params.optionalString('msg_id') ?? ''
  if (reference === '') return messages.slice(-size)
  const at = messages.findIndex((message) => message.id === reference)
  if (at < 0) throw notFound('reference message')
  const flag = call.params.word('flag', ['before', 'around', 'after'], 'before')
  if (flag === 'before') return messages.slice(Math.max(0, at - size), at)
  if (flag === 'after') return messages.slice(at + 1, at + 1 + size)
  const from = Math.max(0, at - Math.floor(size / 2))
  return messages.slice(from, from + size)
}

function pin(call: ApiCall, pinned: boolean): unknown {
  const { message, channel, guild } = channelMessageOf(call)
  if (call.params.string('target_id') !== channel.id) throw badParameter('target_id', 'is another channel')
  demand(call, guild, 'manageMessages', channel)
  pinMessage(call.world, message, call.caller.id, pinned)
  return nothing
}
