import { ApiRefusal } from '../calls/refusal.ts'
import { toInteger, type Params } from '../calls/params.ts'
import { acceptOutgoing, readMessage, receivedSegments } from '../wire/segments.ts'
import { isJsonObject } from '@mynah/emulator-kit'
import { textOfValue, type RawEvent, type Segment } from '../wire/wire.ts'
import type { Chat, StoredMessage } from '../world/entities.ts'
import type { ForwardNode } from '../world/world.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'

const all = 'GNBL'
const deepest = 3
const mostNodes = 100

/**
 * Reads the `messages` of a forward: nodes by message id, or made up.
 *
 * @throws ApiRefusal when there is none, too many, or something that is no node.
 */
function readNodes(value: unknown, context: ActionContext, depth = 1): ForwardNode[] {
  const list = isJsonObject(value) ? [value] : value
  if (!Array.isArray(list) || list.length === 0) throw new ApiRefusal('EMPTY_NODES')
  if (list.length > mostNodes) throw new ApiRefusal('SEND_MSG_API_ERROR', { text: '合并转发消息过多' })
  if (depth > deepest) throw new ApiRefusal('SEND_MSG_API_ERROR', { text: '合并转发嵌套过深' })
  return list.map((item) => readNode(item, context, depth))
}

function readNode(item: unknown, context: ActionContext, depth: number): ForwardNode {
  const data = isJsonObject(item) && item['type'] === 'node' ? item['data'] : undefined
  if (!isJsonObject(data)) throw new ApiRefusal('EMPTY_NODES', { text: '合并转发只能包含 node' })
  const { world } = context
  if (data['id'] != null && data['content'] == null)
    return nodeOf(storedMessage(data['id'], context), context)
  return {
    userId: toInteger(data['user_id'] ?? data['uin']) ?? world.self.userId,
    nickname: textOfValue(data['nickname'] ?? data['name'] ?? world.self.nickname),
    time: toInteger(data['time']) ?? world.time,
    groupId: 0,
    segments: readContent(data['content'], context, depth),
  }
}

function readContent(content: unknown, context: ActionContext, depth: number): Segment[] {
  const segments = readMessage(content, false, context.profile)
  if (!segments.some(({ type }) => type === 'node')) return acceptOutgoing(context.world, segments)
  return [context.world.forward(readNodes(content, context, depth + 1))]
}

function storedMessage(id: unknown, { world }: ActionContext): StoredMessage {
  const message = world.messages.get(toInteger(id) ?? 0)
  if (message === undefined) throw new ApiRefusal('MSG_NOT_FOUND')
  return message
}

function nodeOf(message: StoredMessage, { world }: ActionContext): ForwardNode {
  return {
    userId: message.senderId,
    nickname: world.people.get(message.senderId)?.nickname ?? '',
    time: message.time,
    groupId: message.chat.kind === 'group' ? message.chat.groupId : 0,
    segments: message.segments,
  }
}

function send(target: 'group' | 'private', params: Params, context: ActionContext): RawEvent {
  const nodes = params.raw('messages') ?? (context.profile.letter === 'N' ? params.raw('message') : undefined)
  const segment = context.world.forward(readNodes(nodes, context))
  const message =
    target === 'group'
      ? context.outbox.toGroup(params.integer('group_id'), [segment])
      : context.outbox.toPrivate(params.integer('user_id'), [segment])
  const id = String(segment.data['id'])
  const result = { message_id: message.id, forward_id: id }
  return context.profile.letter === 'N' ? { ...result, res_id: id } : result
}

function sendAnywhere(params: Params, context: ActionContext): unknown {
  const type = params.textOr('message_type', params.integerOr('group_id', 0) === 0 ? 'private' : 'group')
  const result = send(type === 'group' ? 'group' : 'private', params, context)
  return context.profile.letter === 'L' ? result['forward_id'] : result
}

function getForward(params: Params, context: ActionContext): RawEvent {
  const { world, profile } = context
  const asked = profile.letter === 'L' ? params.text('id') : params.firstText('message_id', 'id')
  const carried = world.messages.get(toInteger(asked) ?? 0)?.segments.find(({ type }) => type === 'forward')
  const nodes = world.forwards.get(carried === undefined ? asked : textOfValue(carried.data['id']))
  if (nodes === undefined) throw new ApiRefusal('MSG_NOT_FOUND')
  const items = nodes.map((node) => describe(node, context))
  return profile.letter === 'L' ? { message: items } : { messages: items }
}

function describe(node: ForwardNode, context: ActionContext): RawEvent {
  const { world, profile, events } = context
  const content = receivedSegments(world, node.segments)
  const { userId, nickname, time, groupId } = node
  const { letter } = profile
  if (letter === 'L') return { type: 'node', data: { user_id: String(userId), nickname, content } }
  if (letter === 'G') return { content, sender: { nickname, user_id: userId }, time, group_id: groupId }
  if (letter === 'N') return events.message(asMessage(node))
  const sender = { user_id: userId, nickname, card: '' }
  return { content, sender, time, message_format: 'array', message_type: groupId === 0 ? 'private' : 'group' }
}

function asMessage({ userId, time, groupId, segments }: ForwardNode): StoredMessage {
  const chat: Chat = groupId === 0 ? { kind: 'private', userId } : { kind: 'group', groupId }
  const fresh = { recalled: false, reactions: new Map<string, Set<number>>() }
  return { id: 0, seq: 0, time, chat, senderId: userId, segments, anonymous: undefined, ...fresh }
}

/** Merged histories. */
export const forwardActions: ActionTable = {
  send_forward_msg: { on: all, run: sendAnywhere },
  send_group_forward_msg: { on: all, run: (params, context) => send('group', params, context) },
  send_private_forward_msg: { on: all, run: (params, context) => send('private', params, context) },
  get_forward_msg: { on: all, run: getForward },
}
