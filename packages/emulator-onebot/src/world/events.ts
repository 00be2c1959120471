import { stringifyCq } from '../wire/cq-code.ts'
import type { Profile } from '../wire/profile.ts'
import { receivedSegments } from '../wire/segments.ts'
import type { RawEvent, Segment } from '../wire/wire.ts'
import type { Group, GroupFile, Member, PendingRequest, Person, StoredMessage } from './entities.ts'
import type { World } from './world.ts'

/** Writes the event objects of the profile. */
export class EventWriter {
  readonly #world: World
  readonly #profile: Profile
  readonly #format: 'array' | 'string'
  readonly #startTime: number

  constructor(world: World, format: 'array' | 'string') {
    this.#world = world
    this.#profile = world.profile
    this.#format = format
    this.#startTime = world.time
  }

  /** `message`, or `message_sent` for the account's own messages where the profile has it. */
  message(message: StoredMessage): RawEvent {
    const { letter, font } = this.#profile
    const isOwn = message.senderId === this.#world.self.userId
    const segments = receivedSegments(this.#world, message.segments)
    const cq = stringifyCq(segments)
    const tempGroupId = message.chat.kind === 'private' ? message.chat.tempGroupId : undefined
    const isTemporary = tempGroupId !== undefined
    const asArray = this.#format === 'array' || (letter === 'L' && isTemporary)
    const event: RawEvent = {
      time: message.time,
      self_id: this.#world.self.userId,
      post_type: isOwn && letter !== 'L' ? 'message_sent' : 'message',
      message_type: message.chat.kind,
      sub_type: this.#subType(message, isOwn),
      message_id: message.id,
      user_id: message.anonymous === undefined ? message.senderId : 80_000_000,
      message: asArray ? segments : cq,
      raw_message: letter === 'N' ? cq.trim() : cq,
      font,
      sender: this.#sender(message),
    }
    if (message.chat.kind === 'group') {
      event['group_id'] = message.chat.groupId
      if (letter === 'G' || letter === 'L') event['anonymous'] = message.anonymous ?? null
      else event['group_name'] = this.#world.groups.get(message.chat.groupId)?.name ?? ''
    } else {
      // NapCat names the partner, whoever wrote.
      event['target_id'] = isOwn || letter === 'N' ? message.chat.userId : this.#world.self.userId
      if (letter === 'B') delete event['target_id']
      if (isTemporary && (letter === 'G' || letter === 'N')) event['temp_source'] = 0
      if (isTemporary && letter === 'N') event['group_id'] = tempGroupId
    }
    this.#addProfileFields(event, message, segments, isOwn)
    return event
  }

  #addProfileFields(event: RawEvent, message: StoredMessage, segments: Segment[], isOwn: boolean): void {
    switch (this.#profile.letter) {
      case 'G':
        if (message.chat.kind === 'group') event['message_seq'] = message.seq
        return
      case 'L':
        event['message_style'] = null
        return
      case 'B':
        event['message_seq'] = message.seq
        break
      case 'N':
        event['message_seq'] = message.id
        event['real_id'] = message.id
        event['real_seq'] = String(message.seq)
        if (isOwn) {
          event['message_sent_type'] = 'self'
          event['target_id'] = message.chat.kind === 'group' ? message.chat.groupId : message.chat.userId
        }
    }
    event['message_format'] = event['message'] === segments ? 'array' : 'string'
  }

  #subType(message: StoredMessage, isOwn: boolean): string {
    if (message.chat.kind === 'group') return message.anonymous === undefined ? 'normal' : 'anonymous'
    if (message.chat.tempGroupId !== undefined)
      return isOwn && this.#profile.letter === 'G' ? 'group_self' : 'group'
    const partner = this.#world.people.get(message.chat.userId)
    return partner?.isOneWay === true ? 'other' : 'friend'
  }

  #sender(message: StoredMessage): RawEvent {
    const { letter } = this.#profile
    const { chat, anonymous } = message
    if (anonymous !== undefined) {
      const plain = { sex: 'unknown', age: 0, area: '', level: '1', role: 'member', title: '' }
      return { user_id: 80_000_000, nickname: anonymous.name, card: '', ...plain }
    }
    const person = this.#world.person({ userId: message.senderId })
    if (chat.kind === 'group') {
      const member = this.#world.groups.get(chat.groupId)?.members.get(person.userId)
      const card = member?.card ?? ''
      const role = member?.role ?? 'member'
      const base = { user_id: person.userId, nickname: person.nickname, card, role }
      if (letter === 'N') return base
      const title = member?.title ?? ''
      const level = member?.level ?? ''
      if (letter === 'B') return { ...base, title, level }
      return { ...base, sex: person.sex, age: person.age, area: member?.area ?? '', level, title }
    }
    const sender: RawEvent = { user_id: person.userId, nickname: person.nickname }
    if (letter === 'N' || letter === 'B') sender['card'] = ''
    else sender['sex'] = person.sex
    if (letter === 'G') sender['age'] = person.age
    // NapCat has the group at the top, Lagrange nowhere.
    const namesGroup = letter === 'G' || letter === 'B'
    if (namesGroup && chat.tempGroupId !== undefined) sender['group_id'] = chat.tempGroupId
    return sender
  }

  /** A notice with the given fields. */
  notice(type: string, fields: RawEvent): RawEvent {
    return { ...this.#head('notice'), notice_type: type, ...fields }
  }

  notify(subType: string, fields: RawEvent): RawEvent {
    return this.notice('notify', { sub_type: subType, ...fields })
  }

  increase(group: Group, userId: number, operatorId: number, way: 'approve' | 'invite'): RawEvent {
    const isG = this.#profile.letter === 'G'
    return this.notice('group_increase', {
      sub_type: isG ? 'approve' : way,
      group_id: group.groupId,
      operator_id: isG ? 0 : operatorId,
      user_id: userId,
    })
  }

  left(group: Group, userId: number): RawEvent {
    const { letter } = this.#profile
    return this.notice('group_decrease', {
      sub_type: 'leave',
      group_id: group.groupId,
      operator_id: letter === 'N' || letter === 'L' ? 0 : userId,
      user_id: userId,
    })
  }

  kicked(group: Group, userId: number, operatorId: number): RawEvent {
    return this.notice('group_decrease', {
      sub_type: userId === this.#world.self.userId ? 'kick_me' : 'kick',
      group_id: group.groupId,
      operator_id: operatorId,
      user_id: userId,
    })
  }

  dissolved(group: Group, operatorId: number): RawEvent {
    const { letter } = this.#profile
    const groupId = group.groupId
    if (letter === 'B') return this.notice('group_dismiss', { group_id: groupId, user_id: operatorId })
    if (letter === 'G') return this.kicked(group, this.#world.self.userId, operatorId)
    const userId = this.#world.self.userId
    const fields = { sub_type: 'disband', group_id: groupId, user_id: userId, operator_id: operatorId }
    return this.notice('group_decrease', fields)
  }

  /** @param duration - Seconds; 0 lifts the mute, -1 is for as long as the whole group is muted. */
  muted(group: Group, userId: number, operatorId: number, duration: number): RawEvent {
    return this.notice('group_ban', {
      sub_type: duration === 0 ? 'lift_ban' : 'ban',
      group_id: group.groupId,
      operator_id: operatorId,
      user_id: userId,
      duration,
    })
  }

  recalled(message: StoredMessage, operatorId: number): RawEvent {
    const tip = this.#profile.letter === 'L' ? { tip: '' } : {}
    if (message.chat.kind === 'private') {
      return this.notice('friend_recall', { user_id: message.chat.userId, message_id: message.id, ...tip })
    }
    return this.notice('group_recall', {
      group_id: message.chat.groupId,
      user_id: message.senderId,
      operator_id: operatorId,
      message_id: message.id,
      ...tip,
    })
  }

  poke(pokerId: number, targetId: number, place: { groupId: number } | { friendId: number }): RawEvent {
    const { letter } = this.#profile
    const more: RawEvent =
      letter === 'L'
        ? { action: '戳了戳', suffix: '', action_img_url: 'https://example.com/nudge.png' }
        : letter === 'G'
          ? { sender_id: pokerId }
          : { raw_info: [] }
    if ('groupId' in place) {
      return this.notify('poke', { group_id: place.groupId, user_id: pokerId, target_id: targetId, ...more })
    }
    // NapCat names the chat partner in user_id and the poker only in sender_id.
    const userId = letter === 'N' ? place.friendId : pokerId
    return this.notify('poke', { sender_id: pokerId, user_id: userId, target_id: targetId, ...more })
  }

  reaction(
    message: StoredMessage,
    groupId: number,
    change: { userId: number; emojiId: string; isAdd: boolean },
  ): RawEvent | undefined {
    const { userId, emojiId, isAdd } = change
    const count = message.reactions.get(emojiId)?.size ?? 0
    const where = { group_id: groupId, message_id: message.id }
    if (this.#profile.letter === 'G') return undefined
    if (this.#profile.letter === 'L') {
      const sub_type = isAdd ? 'add' : 'remove'
      return this.notice('reaction', { sub_type, ...where, operator_id: userId, code: emojiId, count })
    }
    const likes = [{ emoji_id: emojiId, count: Math.max(1, count) }]
    return this.notice('group_msg_emoji_like', { ...where, user_id: userId, likes, is_add: isAdd })
  }

  renamed(group: Group, operatorId: number): RawEvent | undefined {
    const { letter } = this.#profile
    if (letter === 'L') return this.notice('group_name_change', { group_id: group.groupId, name: group.name })
    if (letter !== 'N') return undefined
    return this.notify('group_name', { group_id: group.groupId, user_id: operatorId, name_new: group.name })
  }

  titled(group: Group, member: Member): RawEvent | undefined {
    if (this.#profile.letter === 'L') return undefined
    const fields = { group_id: group.groupId, user_id: member.person.userId, title: member.title }
    return this.notify('title', fields)
  }

  essence(message: StoredMessage, groupId: number, operatorId: number, isAdd: boolean): RawEvent | undefined {
    const { letter } = this.#profile
    if (letter === 'G' && operatorId === this.#world.self.userId) return undefined
    if (letter === 'N' && !isAdd) return undefined
    return this.notice('essence', {
      sub_type: isAdd ? 'add' : 'delete',
      group_id: groupId,
      ...(letter === 'N' ? { user_id: message.senderId } : {}),
      sender_id: message.senderId,
      operator_id: operatorId,
      message_id: message.id,
    })
  }

  uploaded(group: Group, file: GroupFile): RawEvent {
    const { letter } = this.#profile
    const url = letter === 'G' || letter === 'L' ? { url: this.#world.media.find(file.media)?.url ?? '' } : {}
    return this.notice('group_upload', {
      group_id: group.groupId,
      user_id: file.uploader,
      file: { id: file.fileId, name: file.name, size: file.size, busid: file.busid, ...url },
    })
  }

  request(request: PendingRequest): RawEvent {
    const { letter } = this.#profile
    const head = { ...this.#head('request'), request_type: request.kind === 'friend' ? 'friend' : 'group' }
    const { userId, flag, comment } = request
    if (request.kind === 'friend') {
      const via = letter === 'B' ? { via: '' } : {}
      return { ...head, user_id: userId, comment: letter === 'L' ? null : comment, flag, ...via }
    }
    const invitor = request.kind === 'add' && letter !== 'N' ? { invitor_id: request.invitorId } : {}
    const where = { sub_type: request.kind, group_id: request.groupId, user_id: userId }
    return { ...head, ...where, ...invitor, comment, flag }
  }

  friendAdded(person: Person): RawEvent {
    return this.notice('friend_add', { user_id: person.userId })
  }

  /** The first frame of a connection; go-cqhttp's tells when the process started. */
  lifecycle(subType: 'connect' | 'enable' | 'disable'): RawEvent {
    const event = { ...this.#head('meta_event'), meta_event_type: 'lifecycle', sub_type: subType }
    if (this.#profile.letter !== 'G' || subType !== 'connect') return event
    return { ...event, _post_method: 2, time: this.#startTime }
  }

  heartbeat(status: RawEvent, intervalMs: number): RawEvent {
    return { ...this.#head('meta_event'), meta_event_type: 'heartbeat', status, interval: intervalMs }
  }

  #head(postType: string): RawEvent {
    return { time: this.#world.time, self_id: this.#world.self.userId, post_type: postType }
  }
}
