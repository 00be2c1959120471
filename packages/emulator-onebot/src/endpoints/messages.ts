import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import { readMessage, receivedSegments } from '../wire/segments.ts'
import type { RawEvent } from '../wire/wire.ts'
import type { Chat, StoredMessage } from '../world/entities.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'

const all = 'GNBL'
const recallWindowSeconds = 120
const defaultHistoryLength = 20

const outgoing = (params: Params, { profile }: ActionContext): ReturnType<typeof readMessage> =>
  readMessage(params.raw('message'), params.flag('auto_escape', false), profile)

function sendToGroup(params: Params, context: ActionContext): RawEvent {
  const message = context.outbox.toGroup(params.integer('group_id'), outgoing(params, context))
  return { message_id: message.id }
}

function sendToUser(params: Params, context: ActionContext): RawEvent {
  const tempGroupId = params.integerOr('group_id', undefined)
  const message = context.outbox.toPrivate(params.integer('user_id'), outgoing(params, context), tempGroupId)
  return { message_id: message.id }
}

function sendAnywhere(params: Params, context: ActionContext): unknown {
  const type = params.textOr('message_type', '')
  if (type === 'group') return sendToGroup(params, context)
  if (type === 'private') return sendToUser(params, context)
  if (params.integerOr('group_id', 0) !== 0) return sendToGroup(params, context)
  if (params.integerOr('user_id', 0) !== 0) return sendToUser(params, context)
  if (context.profile.letter === 'G') return emptyAnswer
  throw new ApiRefusal(undefined, { kind: 'badParams', text: 'group_id or user_id is required' })
}

/** go-cqhttp answers `{}` when a message has no target at all. */
export const emptyAnswer: unique symbol = Symbol('empty answer')

/** @throws ApiRefusal when the id is unknown or forgotten. */
export function messageOf(params: Params, { world }: ActionContext, name = 'message_id'): StoredMessage {
  const message = world.messages.get(params.integer(name))
  if (message === undefined || message.recalled) throw new ApiRefusal('MSG_NOT_FOUND')
  return message
}

/** @throws ApiRefusal when the message was not said in a group. */
function groupIdOf(message: StoredMessage): number {
  if (message.chat.kind === 'group') return message.chat.groupId
  throw new ApiRefusal('MSG_NOT_FOUND', { text: '消息不是群消息' })
}

function recall(params: Params, context: ActionContext): null {
  const message = messageOf(params, context)
  const { world, outbox } = context
  const isOwn = message.senderId === world.self.userId
  const isOld = world.time - message.time > recallWindowSeconds
  if (message.chat.kind === 'private') {
    if (!isOwn) throw new ApiRefusal('CANNOT_RECALL_FRIEND_MSG')
    if (isOld) throw new ApiRefusal('RECALL_API_ERROR')
    message.recalled = true
    return null
  }
  const group = outbox.groupOf(message.chat.groupId)
  const botRole = outbox.botRole(group)
  const authorRole = group.members.get(message.senderId)?.role ?? 'member'
  const outranks = botRole === 'owner' || (botRole === 'admin' && (isOwn || authorRole === 'member'))
  if (!outranks && (!isOwn || isOld)) throw new ApiRefusal('RECALL_API_ERROR')
  message.recalled = true
  context.emit(context.events.recalled(message, world.self.userId))
  return null
}

function getMessage(params: Params, context: ActionContext): RawEvent {
  const message = messageOf(params, context)
  const event = context.events.message(message)
  const { letter } = context.profile
  if (letter === 'N') return { ...event, emoji_likes_list: likesOf(message) }
  return letter === 'B' ? event : trimmed(message, event, context)
}

function trimmed(message: StoredMessage, event: RawEvent, { profile }: ActionContext): RawEvent {
  const { time, message_type, message_id, sender } = event
  const data: RawEvent = {
    time,
    message_type,
    message_id,
    real_id: message.seq,
    sender,
    message: event['message'],
  }
  if (profile.letter !== 'G') return data
  data['message_seq'] = message.seq
  data['message_id_v2'] = `${message.senderId}-${message.id}`
  data['group'] = message.chat.kind === 'group'
  if (message.chat.kind === 'group') data['group_id'] = message.chat.groupId
  return data
}

const likesOf = (message: StoredMessage): RawEvent[] =>
  [...message.reactions].map(([emojiId, users]) => ({
    emoji_id: emojiId,
    emoji_type: '1',
    likes_cnt: String(users.size),
  }))

function history(chat: Chat, params: Params, context: ActionContext): RawEvent {
  const { letter } = context.profile
  const name = letter === 'L' ? 'message_id' : 'message_seq'
  const count = letter === 'G' ? defaultHistoryLength - 1 : params.integerOr('count', defaultHistoryLength)
  const from = params.integerOr(name, 0)
  // NapCat and Lagrange count from a message id, the others from the true sequence number.
  const isById = letter === 'N' || letter === 'L'
  const until = (message: StoredMessage): boolean => (isById ? message.id === from : message.seq <= from)
  if (isById && from !== 0 && context.world.messages.get(from) === undefined)
    throw new ApiRefusal('MSG_NOT_FOUND')
  const messages = context.world.messages.history(chat, count, from === 0 ? undefined : until)
  const isReversed = params.flag(letter === 'B' ? 'reverseOrder' : 'reverse_order', false)
  const events = messages.map((message) => context.events.message(message))
  return { messages: isReversed ? events.reverse() : events }
}

function react(params: Params, context: ActionContext, emojiId: string, isAdd: boolean): null {
  const message = messageOf(params, context)
  const groupId = groupIdOf(message)
  const { world } = context
  const users = message.reactions.get(emojiId) ?? new Set()
  message.reactions.set(emojiId, users)
  if (isAdd) users.add(world.self.userId)
  else users.delete(world.self.userId)
  context.emit(context.events.reaction(message, groupId, { userId: world.self.userId, emojiId, isAdd }))
  return null
}

function forwardOne(message: StoredMessage, chat: Chat, { outbox }: ActionContext): null {
  if (chat.kind === 'group') outbox.toGroup(chat.groupId, message.segments)
  else outbox.toPrivate(chat.userId, message.segments)
  return null
}

function markRead(params: Params, context: ActionContext): null {
  if (params.has('message_id')) messageOf(params, context)
  return null
}

function setEssence(params: Params, context: ActionContext, isAdd: boolean): null {
  const message = messageOf(params, context)
  const groupId = groupIdOf(message)
  const { world, outbox } = context
  const group = outbox.groupOf(groupId)
  if (outbox.botRole(group) === 'member') throw new ApiRefusal('PERMISSION_DENIED')
  const operatorId = world.self.userId
  if (isAdd) group.essences.set(message.id, { message, operatorId, operatorTime: world.time })
  else group.essences.delete(message.id)
  context.emit(context.events.essence(message, groupId, operatorId, isAdd))
  return null
}

function listEssence(params: Params, context: ActionContext): RawEvent[] {
  const { world, outbox, profile } = context
  const nickname = (userId: number): string => world.people.get(userId)?.nickname ?? ''
  return [...outbox.groupOf(params.integer('group_id')).essences.values()].map((essence) => ({
    sender_id: essence.message.senderId,
    sender_nick: nickname(essence.message.senderId),
    operator_id: essence.operatorId,
    operator_nick: nickname(essence.operatorId),
    operator_time: essence.operatorTime,
    message_id: essence.message.id,
    ...(profile.letter === 'N'
      ? {
          msg_seq: essence.message.seq,
          msg_random: 0,
          content: receivedSegments(world, essence.message.segments),
        }
      : { sender_time: essence.message.time }),
  }))
}

/** Sending, recalling, looking up and marking messages. */
export const messageActions: ActionTable = {
  send_private_msg: { on: all, run: sendToUser },
  send_group_msg: { on: all, run: sendToGroup },
  send_msg: { on: all, run: sendAnywhere },
  delete_msg: { on: all, run: recall },
  get_msg: { on: all, run: getMessage },
  mark_msg_as_read: { on: all, run: markRead },
  mark_private_msg_as_read: { on: 'N', run: () => null },
  mark_group_msg_as_read: { on: 'N', run: () => null },
  _mark_all_as_read: { on: 'N', run: () => null },
  get_group_msg_history: {
    on: all,
    run: (params, context) => {
      const { groupId } = context.outbox.groupOf(params.integer('group_id'))
      return history({ kind: 'group', groupId }, params, context)
    },
  },
  get_friend_msg_history: {
    on: 'NBL',
    run: (params, context) =>
      history({ kind: 'private', userId: params.integer('user_id') }, params, context),
  },
  set_essence_msg: { on: all, run: (params, context) => setEssence(params, context, true) },
  delete_essence_msg: { on: all, run: (params, context) => setEssence(params, context, false) },
  get_essence_msg_list: { on: all, run: listEssence },
  set_msg_emoji_like: {
    on: 'NB',
    run: (params, context) => react(params, context, params.text('emoji_id'), params.flag('set', true)),
  },
  unset_msg_emoji_like: {
    on: 'B',
    run: (params, context) => react(params, context, params.text('emoji_id'), false),
  },
  set_group_reaction: {
    on: 'L',
    run: (params, context) => {
      context.outbox.groupOf(params.integer('group_id'))
      return react(params, context, params.text('code'), params.flag('is_add', true))
    },
  },
  fetch_emoji_like: {
    on: 'NB',
    run: (params, context) => {
      const users = messageOf(params, context).reactions.get(params.text('emojiId')) ?? new Set()
      const list = [...users].map((userId) => ({
        tinyId: String(userId),
        nickName: context.world.people.get(userId)?.nickname ?? '',
        headUrl: '',
      }))
      return { emojiLikesList: list, cookie: '', isLastPage: true, isFirstPage: true }
    },
  },
  get_emoji_likes: {
    on: 'N',
    run: (params, context) => {
      const users = messageOf(params, context).reactions.get(params.text('emoji_id')) ?? new Set()
      const nickname = (userId: number): string => context.world.people.get(userId)?.nickname ?? ''
      return {
        emoji_like_list: [...users].map((userId) => ({
          user_id: String(userId),
          nick_name: nickname(userId),
        })),
      }
    },
  },
  forward_friend_single_msg: {
    on: 'NB',
    run: (params, context) =>
      forwardOne(messageOf(params, context), { kind: 'private', userId: params.integer('user_id') }, context),
  },
  forward_group_single_msg: {
    on: 'NB',
    run: (params, context) =>
      forwardOne(messageOf(params, context), { kind: 'group', groupId: params.integer('group_id') }, context),
  },
  fetch_ptt_text: { on: 'N', run: (params, context) => ({ text: spokenText(messageOf(params, context)) }) },
  voice_msg_to_text: {
    on: 'B',
    run: (params, context) => ({ text: spokenText(messageOf(params, context)) }),
  },
}

function spokenText(message: StoredMessage): string {
  if (message.segments.some(({ type }) => type === 'record')) return ''
  throw new ApiRefusal('MSG_NOT_FOUND', { text: '消息中没有语音' })
}
