import {
  type Channel,
  type Element,
  type Guild,
  type Member,
  type Message,
  MynahError,
  type User,
} from '@mynah/core'

/** The bot's own account. */
export const botUser: User = { id: 'mynah', name: 'Mynah', isBot: true }

/** Guild that stands for a guild nobody has named. */
export const defaultGuild = 'home'

/** Messages a channel keeps; older ones are forgotten. */
const historyLimit = 1000

/** A group of people in the sandbox. */
export interface SandboxGuild {
  readonly guild: Guild
  readonly members: Map<string, Member>
  /** Until when a member may not write, in ms since 1970. */
  readonly mutedUntil: Map<string, number>
}

/** A channel and where it belongs. */
export interface Place {
  readonly channel: Channel
  /** `undefined` for a direct chat. */
  readonly guildId: string | undefined
}

/** Everybody and everything in the sandbox, in memory. */
export class World {
  readonly users: Map<string, User> = new Map<string, User>([[botUser.id, botUser]])
  readonly guilds: Map<string, SandboxGuild> = new Map()
  readonly places: Map<string, Place> = new Map()
  readonly #messages = new Map<string, Message[]>()
  /** Emoji ids by message id, each with the users who reacted. */
  readonly #reactions = new Map<string, Map<string, Set<string>>>()
  #nextId = 1

  /** Id that the next message will get. */
  get nextId(): string {
    return String(this.#nextId)
  }

  /** The user of that name; a new one when there is none. */
  user(id: string): User {
    const known = this.users.get(id)
    if (known !== undefined) return known
    const user: User = { id, name: id }
    this.users.set(id, user)
    return user
  }

  /** The direct chat of a user with the bot. */
  directPlace(userId: string): Place {
    return this.#place(`direct:${userId}`, { type: 'direct', name: userId }, undefined)
  }

  /** A channel of a guild; without a name the one that every guild has. */
  guildPlace(guildId: string, channelName?: string): Place {
    this.guild(guildId)
    return channelName === undefined
      ? this.#place(guildId, { type: 'text', name: guildId }, guildId)
      : this.#place(`${guildId}#${channelName}`, { type: 'text', name: channelName }, guildId)
  }

  /** The guild of that name; a new one, with the bot as its administrator, when there is none. */
  guild(id: string): SandboxGuild {
    const known = this.guilds.get(id)
    if (known !== undefined) return known
    const members = new Map<string, Member>([[botUser.id, { user: botUser, role: 'admin' }]])
    const created: SandboxGuild = { guild: { id, name: id }, members, mutedUntil: new Map() }
    this.guilds.set(id, created)
    return created
  }

  /** Makes a user a member; the first person in a guild owns it. */
  enter(guildId: string, user: User): Member {
    const { members } = this.guild(guildId)
    const known = members.get(user.id)
    if (known !== undefined) return known
    const isFirst = members.size === 1
    const member: Member = { user, role: isFirst ? 'owner' : 'member', joinedAt: Date.now() }
    members.set(user.id, member)
    return member
  }

  /** @throws MynahError `API_REJECTED` when there is no such channel. */
  findPlace(channelId: string): Place {
    const place = this.places.get(channelId)
    if (place !== undefined) return place
    throw missing(`channel ${channelId}`, 'channels come into being with :in and :as')
  }

  /** @throws MynahError `API_REJECTED` when there is no such guild. */
  findGuild(guildId: string): SandboxGuild {
    const guild = this.guilds.get(guildId)
    if (guild !== undefined) return guild
    throw missing(`guild ${guildId}`, 'guilds come into being with :in')
  }

  /** @throws MynahError `API_REJECTED` when the guild or the member is not there. */
  findMember(guildId: string, userId: string): Member {
    const member = this.findGuild(guildId).members.get(userId)
    if (member !== undefined) return member
    throw missing(`member ${userId} in guild ${guildId}`, 'people enter with :in or :join')
  }

  /** @throws MynahError `API_REJECTED` when there is no such user. */
  findUser(userId: string): User {
    const user = this.users.get(userId)
    if (user !== undefined) return user
    throw missing(`user ${userId}`, 'users come into being with :as')
  }

  /** @throws MynahError `API_REJECTED` when the guild or the member is not there. */
  changeMember(guildId: string, userId: string, changes: Partial<Member>): Member {
    const member = { ...this.findMember(guildId, userId), ...changes }
    this.findGuild(guildId).members.set(userId, member)
    return member
  }

  /** Writes a message into a channel. */
  addMessage(place: Place, user: User, content: readonly Element[], quote?: Message): Message {
    const { channel, guildId } = place
    const guild = guildId === undefined ? undefined : this.guild(guildId)
    const member = guild?.members.get(user.id)
    const message: Message = {
      id: this.nextId,
      content,
      user,
      ...(member === undefined ? {} : { member }),
      ...(guild === undefined ? {} : { guild: guild.guild }),
      channel,
      createdAt: Date.now(),
      ...(quote === undefined ? {} : { quote }),
    }
    this.#nextId += 1
    const messages = this.messagesOf(channel.id)
    messages.push(message)
    if (messages.length > historyLimit) messages.shift()
    return message
  }

  /** Messages of a channel, oldest first. */
  messagesOf(channelId: string): Message[] {
    const known = this.#messages.get(channelId)
    if (known !== undefined) return known
    const messages: Message[] = []
    this.#messages.set(channelId, messages)
    return messages
  }

  /** @throws MynahError `API_REJECTED` when there is no such message. */
  findMessage(channelId: string, messageId: string): Message {
    this.findPlace(channelId)
    const message = this.messagesOf(channelId).find(({ id }) => id === messageId)
    if (message !== undefined) return message
    throw missing(`message ${messageId} in ${channelId}`, 'its id stands in front of each message')
  }

  /** @throws MynahError `API_REJECTED` when there is no such message. */
  changeMessage(channelId: string, messageId: string, content: readonly Element[]): Message {
    const old = this.findMessage(channelId, messageId)
    const message: Message = { ...old, content, updatedAt: Date.now() }
    const messages = this.messagesOf(channelId)
    messages[messages.indexOf(old)] = message
    return message
  }

  /** @throws MynahError `API_REJECTED` when there is no such message. */
  removeMessage(channelId: string, messageId: string): Message {
    const message = this.findMessage(channelId, messageId)
    const messages = this.messagesOf(channelId)
    messages.splice(messages.indexOf(message), 1)
    this.#reactions.delete(messageId)
    return message
  }

  /** Ids of the users who reacted to a message with an emoji. */
  reactionsTo(messageId: string, emojiId: string): Set<string> {
    const byEmoji = this.#reactions.get(messageId) ?? new Map<string, Set<string>>()
    this.#reactions.set(messageId, byEmoji)
    const users = byEmoji.get(emojiId) ?? new Set<string>()
    byEmoji.set(emojiId, users)
    return users
  }

  #place(id: string, channel: Omit<Channel, 'id'>, guildId: string | undefined): Place {
    const known = this.places.get(id)
    if (known !== undefined) return known
    const place: Place = { channel: { id, ...channel }, guildId }
    this.places.set(id, place)
    return place
  }
}

function missing(what: string, hint: string): MynahError {
  return new MynahError('API_REJECTED', `The sandbox has no ${what}; ${hint}.`)
}
