import { nothing, page, type ApiCall, type Endpoint, type Endpoints } from '../calls/endpoint.ts'
import { forbidden, notFound } from '../calls/refusal.ts'
import { emojiId } from '../world/emojis.ts'
import { addReaction, deleteMessage, editMessage, removeReaction, sendToChat } from '../world/messages.ts'
import type { ChatState, MessageState } from '../world/model.ts'
import { chatView, directMessageView, userView } from '../world/views.ts'
import { chatByCode, chatOf, directMessageOf, userOf } from './lookup.ts'
import { editedContent, outgoingOf } from './message-content.ts'
import { demandOwnMarkup, quoteIn, sentView, slice } from './messages.ts'

const isIn = (message: MessageState, chat: ChatState): boolean =>
  message.place.kind === 'chat' && message.place.code === chat.code

const create: Endpoint = (call) => {
  const chat = chatOf(call)
  const { type, content, attachment } = outgoingOf(call, 1)
  if (call.params.has('temp_target_id')) throw forbidden('send temporary messages to a private chat')
  if (call.world.users.get(chat.userId)?.blocksBot === true) throw forbidden('write to this user')
  const message = sendToChat(call.world, chat, {
    authorId: call.caller.id,
    type,
    content,
    attachment,
    nonce: call.params.optionalString('nonce'),
    quoteId: quoteIn(call, (quoted) => isIn(quoted, chat)) ?? undefined,
  })
  return sentView(message)
}

const update: Endpoint = (call) => {
  const message = directMessageOf(call)
  demandOwnMarkup(call, message)
  const content = editedContent(call, message.type)
  const quoteId = quoteIn(call, (quoted) => isSamePlace(quoted, message))
  editMessage(call.world, message, { content, quoteId })
  return nothing
}

const remove: Endpoint = (call) => {
  const message = directMessageOf(call)
  if (message.authorId !== call.caller.id) throw forbidden('delete the messages of others')
  deleteMessage(call.world, message)
  return nothing
}

/** Private messages and the chats they are in. */
export const directMessageEndpoints: Endpoints = {
  'POST direct-message/create': create,
  'POST direct-message/update': update,
  'POST direct-message/delete': remove,

  // The names of these calls before 2021, which some clients still use.
  'POST user-chat/create-msg': create,
  'POST user-chat/update-msg': update,
  'POST user-chat/delete-msg': remove,

  'GET direct-message/list': (call) => {
    const chat = chatOf(call)
    const messages = [...call.world.messages.values()].filter((message) => isIn(message, chat))
    return { items: slice(call, messages).map((message) => directMessageView(call.world, message)) }
  },

  'GET direct-message/view': (call) => {
    const chat = chatByCode(call)
    const message = directMessageOf(call)
    if (!isIn(message, chat)) throw notFound('message')
    return directMessageView(call.world, message)
  },

  'GET direct-message/reaction-list': (call) => {
    const { reactions } = directMessageOf(call)
    const wanted = call.params.has('emoji') ? emojiId(call.world, call.params.string('emoji')) : undefined
    return [...reactions]
      .filter(([id]) => wanted === undefined || id === wanted)
      .flatMap(([, reaction]) => [...reaction.users])
      .flatMap(([id, time]) => {
        const user = call.world.users.get(id)
        return user === undefined ? [] : [{ ...userView(user), reaction_time: time }]
      })
  },

  'POST direct-message/add-reaction': (call) => {
    const emoji = emojiId(call.world, call.params.string('emoji'))
    addReaction(call.world, directMessageOf(call), call.caller.id, emoji)
    return nothing
  },

  'POST direct-message/delete-reaction': (call) => {
    const userId = call.params.optionalString('user_id') ?? call.caller.id
    if (userId !== call.caller.id) throw forbidden('take back the reactions of others')
    const emoji = emojiId(call.world, call.params.string('emoji'))
    removeReaction(call.world, directMessageOf(call), userId, emoji)
    return nothing
  },

  'GET user-chat/list': (call) => {
    const chats = [...call.world.chats.values()].filter((chat) => chat.listed)
    return page(call, chats, (chat) => chatView(call.world, chat))
  },

  'GET user-chat/view': (call) => {
    const chat = chatByCode(call)
    const user = call.world.users.get(chat.userId)
    return {
      ...chatView(call.world, chat),
      is_friend: call.world.friends.has(chat.userId),
      is_blocked: call.world.blockedUsers.has(chat.userId),
      is_target_blocked: user?.blocksBot ?? false,
    }
  },

  'POST user-chat/create': (call) => chatView(call.world, openChat(call)),

  'POST user-chat/delete': (call) => {
    chatByCode(call).listed = false
    return nothing
  },
}

function openChat(call: ApiCall): ChatState {
  const chat = call.world.chatWith(userOf(call, 'target_id').id)
  chat.listed = true
  return chat
}

const isSamePlace = (a: MessageState, b: MessageState): boolean =>
  a.place.kind === 'chat' && b.place.kind === 'chat' && a.place.code === b.place.code
