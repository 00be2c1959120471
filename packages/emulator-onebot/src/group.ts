import type { Voice } from './chat.ts'
import type { FakeUser } from './people.ts'
import type { RawEvent } from './wire.ts'
import type { Group, Member, Role, StoredMessage } from './world/entities.ts'
import type { EventWriter } from './world/events.ts'
import type { MemberInfo, World } from './world/world.ts'

/** What a group needs of the emulator. */
export interface GroupStage {
  readonly world: World
  readonly events: EventWriter
  send(event: RawEvent | undefined): Promise<void>
  upload(
    user: FakeUser,
    chat: Voice['chat'],
    file: { name: string; bytes: Uint8Array },
  ): Promise<StoredMessage>
}

/**
 * A group that the bot is in. {@link FakeGroup.add} arranges the scene and is not reported; everything
 * else happens in front of the bot.
 */
export class FakeGroup {
  readonly groupId: number
  readonly #group: Group
  readonly #stage: GroupStage

  constructor(group: Group, stage: GroupStage) {
    this.groupId = group.groupId
    this.#group = group
    this.#stage = stage
  }

  get name(): string {
    return this.#group.name
  }

  /** Makes people members, or changes rank, card and so on of one, unnoticed. */
  add(user: FakeUser, info: MemberInfo = {}): this {
    this.#stage.world.join(this.#group, user.person, info)
    return this
  }

  /** What the platform knows of a member. @throws MynahError `TEST_EXPECTATION` */
  member(user: FakeUser): Member {
    return this.#stage.world.memberOf(this.#group, user.person)
  }

  /** Somebody comes in: let in by a member, or invited. */
  join(user: FakeUser, how: { by?: FakeUser; way?: 'approve' | 'invite' } = {}): Promise<void> {
    this.add(user)
    const { events } = this.#stage
    return this.#stage.send(
      events.increase(this.#group, user.userId, how.by?.userId ?? 0, how.way ?? 'approve'),
    )
  }

  leave(user: FakeUser): Promise<void> {
    this.#group.members.delete(user.userId)
    return this.#stage.send(this.#stage.events.left(this.#group, user.userId))
  }

  kick(user: FakeUser, by: FakeUser): Promise<void> {
    this.#group.members.delete(user.userId)
    return this.#stage.send(this.#stage.events.kicked(this.#group, user.userId, by.userId))
  }

  /** The bot is removed; it knows the group no more. */
  kickBot(by: FakeUser): Promise<void> {
    const { world, events } = this.#stage
    world.groups.delete(this.groupId)
    return this.#stage.send(events.kicked(this.#group, world.self.userId, by.userId))
  }

  /** The owner ends the group. */
  dissolve(by: FakeUser): Promise<void> {
    const { world, events } = this.#stage
    world.groups.delete(this.groupId)
    return this.#stage.send(events.dissolved(this.#group, by.userId))
  }

  /** @param seconds - 0 lifts the mute. */
  mute(user: FakeUser, by: FakeUser, seconds: number): Promise<void> {
    return this.#mute(this.member(user), by, seconds)
  }

  /** @param seconds - 0 lifts the mute. */
  muteBot(by: FakeUser, seconds: number): Promise<void> {
    const { world } = this.#stage
    return this.#mute(world.memberOf(this.#group, world.self), by, seconds)
  }

  muteAll(by: FakeUser, enable = true): Promise<void> {
    this.#group.wholeBan = enable
    return this.#stage.send(this.#stage.events.muted(this.#group, 0, by.userId, enable ? -1 : 0))
  }

  /** Rank of the bot, changed unnoticed. */
  setBotRole(role: Role): this {
    const { world } = this.#stage
    world.memberOf(this.#group, world.self).role = role
    return this
  }

  setAdmin(user: FakeUser, enable = true): Promise<void> {
    this.member(user).role = enable ? 'admin' : 'member'
    const fields = { sub_type: enable ? 'set' : 'unset', group_id: this.groupId, user_id: user.userId }
    return this.#stage.send(this.#stage.events.notice('group_admin', fields))
  }

  /** Changes a member's card; the bot is told when the member next speaks. */
  setCard(user: FakeUser, card: string): this {
    const member = this.member(user)
    member.unnoticedCard ??= member.card
    member.card = card
    return this
  }

  rename(name: string, by: FakeUser): Promise<void> {
    this.#group.name = name
    return this.#stage.send(this.#stage.events.renamed(this.#group, by.userId))
  }

  /** Puts a file into the group: a message with the file, and the notice of the upload. */
  upload(user: FakeUser, name: string, bytes: Uint8Array): Promise<StoredMessage> {
    return this.#stage.upload(user, { kind: 'group', groupId: this.groupId }, { name, bytes })
  }

  #mute(member: Member, by: FakeUser, seconds: number): Promise<void> {
    const { world, events } = this.#stage
    member.mutedUntil = seconds === 0 ? 0 : world.time + seconds
    return this.#stage.send(events.muted(this.#group, member.person.userId, by.userId, seconds))
  }
}
