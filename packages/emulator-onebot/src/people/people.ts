import { MynahError } from '@mynah/core'
import { Participant } from './participant.ts'
import { OneBotGroup, type GroupHost } from './group.ts'
import { hear } from './heard-message.ts'
import { OneBotUser, type PersonHost } from './user.ts'
import { mediaTypes } from '../wire/segments.ts'
import type { RawEvent, Segment } from '../wire/wire.ts'
import type { Anonymous, Chat, PendingRequest, Person, StoredMessage } from '../world/entities.ts'
import type { EventWriter } from '../world/events.ts'
import type { World } from '../world/world.ts'

/** Everybody who is not the bot: lets them act in the world and reports what they did. */
export class People implements PersonHost, GroupHost {
  readonly world: World
  readonly events: EventWriter
  readonly send: (event: RawEvent | undefined) => Promise<void>
  readonly silence: () => Promise<void>
  readonly #participants = new Map<string, Participant[]>()
  readonly #users = new Map<number, OneBotUser>()

  constructor(world: World, events: EventWriter, hooks: Pick<People, 'send' | 'silence'>) {
    this.world = world
    this.events = events
    this.send = hooks.send
    this.silence = hooks.silence
  }

  /** Finds or makes the fake of a person. */
  user(person: Person): OneBotUser {
    const found = this.#users.get(person.userId)
    if (found !== undefined) return found
    const user = new OneBotUser(person, this)
    this.#users.set(person.userId, user)
    this.#listen(`p${person.userId}`, user)
    return user
  }

  participant(person: Person, groupId: number): Participant {
    const group = this.world.groups.get(groupId)
    if (group === undefined)
      throw new MynahError('TEST_EXPECTATION', `The bot is not in group ${groupId} any more.`)
    this.world.memberOf(group, person)
    return this.#participantIn(`g${groupId}`, person, { kind: 'group', groupId })
  }

  temporaryParticipant(person: Person, groupId: number): Participant {
    const chat: Chat = { kind: 'private', userId: person.userId, tempGroupId: groupId }
    return this.#participantIn(`t${groupId}`, person, chat)
  }

  #participantIn(key: string, person: Person, chat: Chat): Participant {
    const found = this.#participants.get(key)?.find((participant) => participant.person === person)
    if (found !== undefined) return found
    const participant = new Participant(person, chat, this)
    this.#listen(key, participant)
    return participant
  }

  #listen(key: string, participant: Participant): void {
    const participants = this.#participants.get(key)
    if (participants === undefined) this.#participants.set(key, [participant])
    else participants.push(participant)
  }

  /** Lets those present hear what the bot said. */
  overhear(message: StoredMessage): void {
    const { chat } = message
    const key = chat.kind === 'group' ? `g${chat.groupId}` : `p${chat.userId}`
    const participants =
      chat.kind === 'private' && chat.tempGroupId !== undefined ? `t${chat.tempGroupId}` : key
    const present = this.#participants.get(participants)
    if (present === undefined) return
    const heard = hear(this.world, message)
    for (const participant of present) {
      if (chat.kind === 'group' || participant.person.userId === chat.userId) participant.hear(heard)
    }
  }

  async say(person: Person, chat: Chat, segments: Segment[], anonymous?: Anonymous): Promise<StoredMessage> {
    const { world, events } = this
    if (chat.kind === 'group') await this.#beforeSpeaking(person, chat.groupId)
    else if (chat.tempGroupId !== undefined) world.tempSessions.set(person.userId, chat.tempGroupId)
    const stored = segments.map((segment) => this.#store(segment))
    const message = world.messages.add({
      time: world.time,
      chat,
      senderId: person.userId,
      segments: stored,
      anonymous,
    })
    await this.send(events.message(message))
    return message
  }

  async #beforeSpeaking(person: Person, groupId: number): Promise<void> {
    const group = this.world.groups.get(groupId)
    const member = group?.members.get(person.userId)
    if (group === undefined || member === undefined) {
      throw new MynahError('TEST_EXPECTATION', `${person.nickname} is not in group ${groupId} any more.`)
    }
    member.lastSentTime = this.world.time
    if (member.unnoticedCard === undefined) return
    const change = { card_new: member.card, card_old: member.unnoticedCard }
    member.unnoticedCard = undefined
    await this.send(
      this.events.notice('group_card', { group_id: groupId, user_id: person.userId, ...change }),
    )
  }

  #store(segment: Segment): Segment {
    const { type, data } = segment
    if (!mediaTypes.has(type) || typeof data['file'] !== 'string') return segment
    const name = typeof data['name'] === 'string' ? data['name'] : undefined
    try {
      return { type, data: { ...data, file: this.world.media.accept(data['file'], name).md5 } }
    } catch (cause) {
      const source = data['file'].slice(0, 80)
      throw new MynahError('TEST_EXPECTATION', `This ${type} cannot be sent: ${source}`, { cause })
    }
  }

  poke(person: Person, chat: Chat): Promise<void> {
    const place = chat.kind === 'group' ? { groupId: chat.groupId } : { friendId: person.userId }
    return this.send(this.events.poke(person.userId, this.world.self.userId, place))
  }

  recall(person: Person, messageId: number): Promise<void> {
    const message = this.#messageOf(messageId)
    message.recalled = true
    return this.send(this.events.recalled(message, person.userId))
  }

  react(person: Person, messageId: number, emojiId: string, isAdd: boolean): Promise<void> {
    const message = this.#messageOf(messageId)
    if (message.chat.kind !== 'group')
      throw new MynahError('TEST_EXPECTATION', 'Reactions exist in groups only.')
    const users = message.reactions.get(emojiId) ?? new Set()
    message.reactions.set(emojiId, users)
    if (isAdd) users.add(person.userId)
    else users.delete(person.userId)
    const change = { userId: person.userId, emojiId, isAdd }
    return this.send(this.events.reaction(message, message.chat.groupId, change))
  }

  async request(about: Parameters<PersonHost['request']>[0]): Promise<PendingRequest> {
    const { world, events } = this
    const { letter } = world.profile
    const { kind, userId, groupId = 0, comment = '', invitorId = 0 } = about
    const serial = world.longId()
    const uid = world.person({ userId }).uid
    const flags = {
      G: serial,
      N: serial,
      B: kind === 'friend' ? uid : `${groupId}|${serial}|${kind === 'add' ? 7 : 1}|0`,
      L: kind === 'friend' ? uid : `${serial}-${groupId}-${kind === 'add' ? 1 : 2}`,
    }
    const request = { flag: flags[letter], kind, userId, groupId, comment, invitorId, answered: false }
    world.requests.set(request.flag, request)
    await this.send(events.request(request))
    // Lagrange tells of a new friend as soon as somebody asks.
    if (kind === 'friend' && letter === 'L') await this.send(events.friendAdded(world.person({ userId })))
    return request
  }

  upload(user: OneBotUser, chat: Chat, file: { name: string; bytes: Uint8Array }): Promise<StoredMessage> {
    return this.sendFile(user.person, chat, file)
  }

  async sendFile(
    person: Person,
    chat: Chat,
    file: { name: string; bytes: Uint8Array },
  ): Promise<StoredMessage> {
    const { world, events } = this
    const { letter } = world.profile
    const media = world.media.add(Buffer.from(file.bytes), file.name)
    const time = world.time
    const segments = [{ type: 'file', data: { file: media.md5, name: file.name } }]
    const message = world.messages.add({
      time,
      chat,
      senderId: person.userId,
      segments,
      anonymous: undefined,
    })
    const size = file.bytes.length
    if (chat.kind === 'group') {
      const group = world.groups.get(chat.groupId)
      if (group === undefined) throw new MynahError('TEST_EXPECTATION', `There is no group ${chat.groupId}.`)
      const fileId = `/${media.md5}`
      const place = { folderId: '/', uploadTime: time, deadTime: 0, uploader: person.userId }
      const groupFile = { fileId, name: file.name, size, busid: 102, media: media.md5, ...place }
      group.files.set(fileId, groupFile)
      await this.send(events.message(message))
      await this.send(events.uploaded(group, groupFile))
    } else if (letter === 'N' || letter === 'B') {
      await this.send(events.message(message))
    } else {
      const more = letter === 'L' ? { id: media.md5, hash: media.md5 } : {}
      const fields = { user_id: person.userId, file: { name: file.name, size, url: media.url, ...more } }
      await this.send(events.notice('offline_file', fields))
    }
    return message
  }

  group(groupId: number): OneBotGroup {
    const group = this.world.groups.get(groupId)
    if (group === undefined) throw new MynahError('TEST_EXPECTATION', `There is no group ${groupId}.`)
    return new OneBotGroup(group, this)
  }

  #messageOf(messageId: number): StoredMessage {
    const message = this.world.messages.get(messageId)
    if (message === undefined) throw new MynahError('TEST_EXPECTATION', `There is no message ${messageId}.`)
    return message
  }
}
