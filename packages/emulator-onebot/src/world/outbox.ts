import { ApiRefusal } from '../calls/refusal.ts'
import { acceptOutgoing } from '../wire/segments.ts'
import type { Segment } from '../wire/wire.ts'
import type { Chat, Group, Member, StoredMessage } from './entities.ts'
import type { World } from './world.ts'

/** Puts messages of the bot into the world, if the platform lets them through. */
export class Outbox {
  readonly #world: World
  readonly #onSent: (message: StoredMessage) => void

  /** @param onSent - Called for every message that went out. */
  constructor(world: World, onSent: (message: StoredMessage) => void) {
    this.#world = world
    this.#onSent = onSent
  }

  /** @throws ApiRefusal when the platform would refuse the message. */
  toGroup(groupId: number, segments: readonly Segment[]): StoredMessage {
    const group = this.groupOf(groupId)
    const accepted = acceptOutgoing(this.#world, segments)
    const muted = this.#world.mutedReason(group)
    if (muted !== undefined) {
      const text = muted === 'muted' ? '发送失败，你已被禁言' : '发送失败，全员禁言中'
      throw new ApiRefusal('SEND_MSG_API_ERROR', { text, resultNumber: 120 })
    }
    return this.put({ kind: 'group', groupId }, accepted)
  }

  /**
   * @param tempGroupId - The group that a temporary chat goes through, when the caller named one.
   * @throws ApiRefusal when the user cannot be reached or the platform would refuse the message.
   */
  toPrivate(userId: number, segments: readonly Segment[], tempGroupId?: number): StoredMessage {
    const chat = this.#privateChat(userId, tempGroupId)
    return this.put(chat, acceptOutgoing(this.#world, segments))
  }

  /** Stores and announces what was accepted already. */
  put(chat: Chat, segments: readonly Segment[]): StoredMessage {
    const { time, self, messages } = this.#world
    const draft = { time, chat, senderId: self.userId, segments, anonymous: undefined }
    const message = messages.add(draft)
    this.#onSent(message)
    return message
  }

  /** @throws ApiRefusal when the bot is not in the group. */
  groupOf(groupId: number): Group {
    const group = this.#world.groups.get(groupId)
    if (group === undefined) throw new ApiRefusal('GROUP_NOT_FOUND')
    return group
  }

  /** @throws ApiRefusal when there is no such group or no such member. */
  memberOf(groupId: number, userId: number): { group: Group; member: Member } {
    const group = this.groupOf(groupId)
    const member = group.members.get(userId)
    if (member === undefined) throw new ApiRefusal('MEMBER_NOT_FOUND')
    return { group, member }
  }

  #privateChat(userId: number, tempGroupId: number | undefined): Chat {
    const person = this.#world.people.get(userId)
    if (person?.isFriend === true || person?.isOneWay === true) return { kind: 'private', userId }
    const { letter } = this.#world.profile
    const named = letter === 'G' || letter === 'N' ? tempGroupId : undefined
    const groupId = named ?? this.#world.tempSessions.get(userId)
    const group = groupId === undefined ? undefined : this.#world.groups.get(groupId)
    if (group?.members.has(userId) !== true) throw new ApiRefusal('FRIEND_NOT_FOUND')
    if (letter === 'G' && !this.#world.tempSessions.has(userId) && this.botRole(group) === 'member') {
      throw new ApiRefusal('SEND_MSG_API_ERROR', { text: '机器人不是管理员，无法发起临时会话' })
    }
    return { kind: 'private', userId, tempGroupId: group.groupId }
  }

  /** Rank of the bot in the group. */
  botRole(group: Group): Member['role'] {
    return group.members.get(this.#world.self.userId)?.role ?? 'member'
  }
}
