import type { Channel, Guild, Member, Role, User } from '@mynah/core'

import type { TestHost } from './test-host.ts'
import type { GuildState } from './world.ts'

/** Somebody who can be a member: a `TestUser`. */
interface Person {
  readonly id: string
  readonly data: User
}

/** A channel of a guild. */
export interface TestChannel {
  /** The guild it belongs to. */
  readonly guild: TestGuild
  /** As events tell it. */
  readonly channel: Channel
}

/** A guild of a test. Its first channel has the guild's id, as on platforms without channels inside of groups. */
export class TestGuild implements TestChannel {
  /** What the platform knows of it; calls of the bot change it. */
  readonly state: GuildState
  readonly #host: TestHost

  constructor(host: TestHost, state: GuildState) {
    this.#host = host
    this.state = state
  }

  /** Itself: a guild stands for its first channel. */
  get guild(): this {
    return this
  }

  /** As events tell it. */
  get id(): string {
    return this.state.guild.id
  }

  /** As events tell it. */
  get data(): Guild {
    return this.state.guild
  }

  /** The first channel. */
  get channel(): Channel {
    return this.state.channels.get(this.id) ?? { id: this.id, type: 'text' }
  }

  /** Another channel; the same id gives the same one. */
  channelOf(id: string, fields: Partial<Omit<Channel, 'id'>> = {}): TestChannel {
    const channel: Channel = { type: 'text', ...this.state.channels.get(id), ...fields, id }
    this.state.channels.set(id, channel)
    return { guild: this, channel }
  }

  /** Adds a role of the platform. */
  role(id: string, fields: Omit<Role, 'id'> = {}): Role {
    const role = { ...fields, id }
    this.state.roles.set(id, role)
    return role
  }

  /** The user as a member; undefined when it is none. */
  member(user: Person): Member | undefined {
    return this.state.members.get(user.id)
  }

  /** Makes somebody a member, or changes what a member is, without an event. */
  join(user: Person, fields: Omit<Member, 'user'> = {}): Member {
    const member: Member = { role: 'member', ...this.member(user), ...fields, user: user.data }
    this.state.members.set(user.id, member)
    return member
  }

  /** Somebody joins: `guild-member-added`. Resolves when the bot is done with it. */
  add(user: Person, fields: Omit<Member, 'user'> = {}): Promise<void> {
    const member = this.join(user, fields)
    return this.#host.emit('guild-member-added', { ...this.#where(), user: user.data, member })
  }

  /**
   * Somebody leaves, or is removed: `guild-member-removed`. Resolves when the bot is done with it.
   *
   * @param operator - Who removed them.
   */
  remove(user: Person, operator?: Person): Promise<void> {
    this.state.members.delete(user.id)
    return this.#host.emit('guild-member-removed', {
      ...this.#where(),
      user: user.data,
      ...(operator === undefined ? {} : { operator: operator.data }),
    })
  }

  #where(): { guild: Guild; channel: Channel } {
    return { guild: this.data, channel: this.channel }
  }
}
