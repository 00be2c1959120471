import {
  type Channel,
  type Guild,
  type Member,
  type Message,
  MynahError,
  type Role,
  type User,
} from '@mynah/core'

/** A guild and what is in it. */
export interface GuildState {
  guild: Guild
  readonly channels: Map<string, Channel>
  readonly members: Map<string, Member>
  readonly roles: Map<string, Role>
}

/** Where something happens. */
export interface Place {
  readonly channel: Channel
  readonly guild: GuildState | undefined
}

/** The platform of a test: people, guilds, channels and all that was written. */
export class World {
  readonly self: User
  readonly users: Map<string, User> = new Map()
  readonly friends: Set<string> = new Set()
  readonly guilds: Map<string, GuildState> = new Map()
  readonly #direct = new Map<string, Channel>()
  readonly #messages = new Map<string, Message[]>()
  readonly #counts = new Map<string, number>()

  constructor(self: User) {
    this.self = self
    this.users.set(self.id, self)
  }

  /** `message-1`, `message-2` and so on: the same in each run. */
  newId(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    return `${kind}-${count}`
  }

  /** The one-to-one chat with somebody. */
  direct(userId: string): Channel {
    const channel: Channel = this.#direct.get(userId) ?? { id: `direct-${userId}`, type: 'direct' }
    this.#direct.set(userId, channel)
    return channel
  }

  /** @throws MynahError `API_REJECTED`. */
  user(userId: string): User {
    return this.users.get(userId) ?? refuse(`There is no user ${userId}`)
  }

  /** @throws MynahError `API_REJECTED`. */
  guild(guildId: string): GuildState {
    return this.guilds.get(guildId) ?? refuse(`There is no guild ${guildId}`)
  }

  /** @throws MynahError `API_REJECTED`. */
  member(guildId: string, userId: string): Member {
    return this.guild(guildId).members.get(userId) ?? refuse(`${userId} is not a member of ${guildId}`)
  }

  /** @throws MynahError `API_REJECTED`. */
  changeMember(guildId: string, userId: string, changes: Partial<Member>): void {
    const member = this.member(guildId, userId)
    this.guild(guildId).members.set(userId, { ...member, ...changes })
  }

  /** @throws MynahError `API_REJECTED`. */
  place(channelId: string): Place {
    for (const guild of this.guilds.values()) {
      const channel = guild.channels.get(channelId)
      if (channel !== undefined) return { channel, guild }
    }
    const channel = Array.from(this.#direct.values()).find(({ id }) => id === channelId)
    return channel === undefined ? refuse(`There is no channel ${channelId}`) : { channel, guild: undefined }
  }

  /** What was written in a channel, oldest first. */
  messages(channelId: string): Message[] {
    const messages = this.#messages.get(channelId) ?? []
    this.#messages.set(channelId, messages)
    return messages
  }

  /** @throws MynahError `API_REJECTED`. */
  message(channelId: string, messageId: string): Message {
    const message = this.messages(channelId).find(({ id }) => id === messageId)
    return message ?? refuse(`There is no message ${messageId} in ${channelId}`)
  }

  /** Changes a message, or takes it away. @throws MynahError `API_REJECTED`. */
  replaceMessage(channelId: string, messageId: string, ...replacement: readonly Message[]): void {
    const message = this.message(channelId, messageId)
    const messages = this.messages(channelId)
    messages.splice(messages.indexOf(message), 1, ...replacement)
  }
}

function refuse(why: string): never {
  throw new MynahError('API_REJECTED', `${why}; make it by t.user() or t.guild() first.`)
}
