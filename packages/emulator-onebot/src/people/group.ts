import type { Participant } from './participant.ts'
import type { OneBotUser } from './user.ts'
import type { RawEvent } from '../wire/wire.ts'
import type { Group, Member, Role, StoredMessage } from '../world/entities.ts'
import type { EventWriter } from '../world/events.ts'
import type { MemberInfo, World } from '../world/world.ts'

/** What a group needs of the emulator. */
export interface GroupHost {
  readonly world: World
  readonly events: EventWriter
  send(event: RawEvent | undefined): Promise<void>
  upload(
    user: OneBotUser,
    chat: Participant['chat'],
    file: { name: string; bytes: Uint8Array },
  ): Promise<StoredMessage>
}

/**
 * A group that the bot is in. {@link OneBotGroup.add} makes things ready and is not reported; everything
 * else happens in front of the bot.
 */
export class OneBotGroup {
  /** The group's number. */
  readonly groupId: number
  readonly #group: Group
  readonly #host: GroupHost

  constructor(group: Group, host: GroupHost) {
    this.groupId = group.groupId
    this.#group = group
    this.#host = host
  }

  /** The name as it is now. */
  get name(): string {
    return this.#group.name
  }

  /** Makes people members, or changes rank, card and so on of one, unnoticed. */
  add(user: OneBotUser, info: MemberInfo = {}): this {
    this.#host.world.join(this.#group, user.person, info)
    return this
  }

  /** What the platform knows of a member. @throws MynahError `TEST_EXPECTATION` */
  member(user: OneBotUser): Member {
    return this.#host.world.memberOf(this.#group, user.person)
  }

  /** Somebody comes in: let in by a member, or invited. */
  join(user: OneBotUser, how: { by?: OneBotUser; way?: 'approve' | 'invite' } = {}): Promise<void> {
    this.add(user)
    const { events } = this.#host
    return this.#host.send(
      events.increase(this.#group, user.userId, how.by?.userId ?? 0, how.way ?? 'approve'),
    )
  }

  /** A member leaves: `group_decrease`, `leave`. */
  leave(user: OneBotUser): Promise<void> {
    this.#group.members.delete(user.userId)
    return this.#host.send(this.#host.events.left(this.#group, user.userId))
  }

  /** A member is removed: `group_decrease`, `kick`. */
  kick(user: OneBotUser, by: OneBotUser): Promise<void> {
    this.#group.members.delete(user.userId)
    return this.#host.send(this.#host.events.kicked(this.#group, user.userId, by.userId))
  }

  /** The bot is removed; it knows the group no more. */
  kickBot(by: OneBotUser): Promise<void> {
    const { world, events } = this.#host
    world.groups.delete(this.groupId)
    return this.#host.send(events.kicked(this.#group, world.self.userId, by.userId))
  }

  /** The owner ends the group. */
  dissolve(by: OneBotUser): Promise<void> {
    const { world, events } = this.#host
    world.groups.delete(this.groupId)
    return this.#host.send(events.dissolved(this.#group, by.userId))
  }

  /** @param seconds - 0 lifts the mute. */
  mute(user: OneBotUser, by: OneBotUser, seconds: number): Promise<void> {
    return this.#mute(this.member(user), by, seconds)
  }

  /** @param seconds - 0 lifts the mute. */
  muteBot(by: OneBotUser, seconds: number): Promise<void> {
    const { world } = this.#host
    return this.#mute(world.memberOf(this.#group, world.self), by, seconds)
  }

  /** Lets nobody but the owner and admins speak, or ends that. */
  muteAll(by: OneBotUser, enable = true): Promise<void> {
    this.#group.wholeBan = enable
    return this.#host.send(this.#host.events.muted(this.#group, 0, by.userId, enable ? -1 : 0))
  }

  /** Rank of the bot, changed unnoticed. */
  setBotRole(role: Role): this {
    const { world } = this.#host
    world.memberOf(this.#group, world.self).role = role
    return this
  }

  /** Makes a member an admin, or ends that: `group_admin`. */
  setAdmin(user: OneBotUser, enable = true): Promise<void> {
    this.member(user).role = enable ? 'admin' : 'member'
    const fields = { sub_type: enable ? 'set' : 'unset', group_id: this.groupId, user_id: user.userId }
    return this.#host.send(this.#host.events.notice('group_admin', fields))
  }

  /** Changes a member's card; the bot is told when the member next speaks. */
  setCard(user: OneBotUser, card: string): this {
    const member = this.member(user)
    member.unnoticedCard ??= member.card
    member.card = card
    return this
  }

  /** Changes the name; the bot is told where the implementation does. */
  rename(name: string, by: OneBotUser): Promise<void> {
    this.#group.name = name
    return this.#host.send(this.#host.events.renamed(this.#group, by.userId))
  }

  /** Puts a file into the group: a message with the file, and the notice of the upload. */
  upload(user: OneBotUser, name: string, bytes: Uint8Array): Promise<StoredMessage> {
    return this.#host.upload(user, { kind: 'group', groupId: this.groupId }, { name, bytes })
  }

  #mute(member: Member, by: OneBotUser, seconds: number): Promise<void> {
    const { world, events } = this.#host
    member.mutedUntil = seconds === 0 ? 0 : world.time + seconds
    return this.#host.send(events.muted(this.#group, member.person.userId, by.userId, seconds))
  }
}
