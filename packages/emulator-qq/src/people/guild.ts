import { createChannel, ensureGuildMember, type QQChannelOptions } from '../world/guilds.ts'
import type { Platform, QQEnvelope } from '../world/platform.ts'
import { channelEvent, guildView, memberView, threadView } from '../world/views.ts'
import type { ChannelState, GuildState, RoleState, ThreadState } from '../world/world.ts'
import { Listener } from './listener.ts'
import type { Person } from './group.ts'

/** A channel of a guild. Expectations on it hear all messages in it, those a member took already included. */
export class QQChannel extends Listener {
  /** What the platform knows of it; calls of the bot change it. */
  readonly state: ChannelState
  readonly #platform: Platform

  constructor(platform: Platform, state: ChannelState) {
    super(state.inbox)
    this.#platform = platform
    this.state = state
  }

  /** The channel's id, as the platform gives it. */
  get id(): string {
    return this.state.id
  }

  /** Publishes a thread in a forum channel: FORUM_THREAD_CREATE, and OPEN_FORUM_THREAD_CREATE. */
  publishThread(author: Person, title: string, text: string): QQEnvelope {
    const thread: ThreadState = {
      id: this.#platform.ids.opaque('B_'),
      authorId: author.state.id,
      title: richText(title),
      content: richText(text),
      createdAt: this.#platform.clock.now(),
    }
    this.state.threads.set(thread.id, thread)
    const { guild, id } = this.state
    const data = { guild_id: guild.id, channel_id: id, author_id: thread.authorId }
    this.#platform.dispatch('OPEN_FORUM_THREAD_CREATE', data)
    return this.#platform.dispatch('FORUM_THREAD_CREATE', threadView(thread, this.state))
  }
}

/** Text as forum events carry it: paragraphs, as JSON text. */
const richText = (text: string): string =>
  JSON.stringify({ paragraphs: [{ elems: [{ text: { text }, type: 1 }], props: {} }] })

/** A guild: what happens in it. */
export class QQGuild {
  /** What the platform knows of it; calls of the bot change it. */
  readonly state: GuildState
  readonly #platform: Platform

  constructor(platform: Platform, state: GuildState) {
    this.#platform = platform
    this.state = state
  }

  /** The guild's id, as the platform gives it. */
  get id(): string {
    return this.state.id
  }

  /** Adds a channel, without an event, or finds the one with the given id. */
  channel(options: QQChannelOptions = {}): QQChannel {
    const known = this.state.channels.get(options.id ?? '')
    return new QQChannel(this.#platform, known ?? createChannel(this.#platform, this.state, options))
  }

  /** Adds a role, without an event. */
  role(name: string): RoleState {
    const id = this.#platform.ids.channel()
    const role = { id, name, color: 4_278_245_297, hoist: 0, memberLimit: 2000 }
    this.state.roles.set(id, role)
    return role
  }

  #guildEvent(event: string, by: Person): QQEnvelope {
    return this.#platform.dispatch(event, { ...guildView(this.state), op_user_id: by.state.id })
  }

  /** Somebody adds the bot: GUILD_CREATE. */
  addBot(by: Person): QQEnvelope {
    this.state.botIn = true
    return this.#guildEvent('GUILD_CREATE', by)
  }

  /** Somebody removes the bot: GUILD_DELETE. */
  removeBot(by: Person): QQEnvelope {
    this.state.botIn = false
    return this.#guildEvent('GUILD_DELETE', by)
  }

  /** Somebody renames the guild: GUILD_UPDATE. */
  rename(by: Person, name: string): QQEnvelope {
    this.state.name = name
    return this.#guildEvent('GUILD_UPDATE', by)
  }

  /** Somebody makes a channel: CHANNEL_CREATE. */
  createChannel(by: Person, options: QQChannelOptions = {}): QQChannel {
    const channel = this.channel(options)
    this.#platform.dispatch('CHANNEL_CREATE', channelEvent(channel.state, by.state.id))
    return channel
  }

  /** Somebody renames a channel: CHANNEL_UPDATE. */
  renameChannel(by: Person, channel: QQChannel, name: string): QQEnvelope {
    channel.state.name = name
    return this.#platform.dispatch('CHANNEL_UPDATE', channelEvent(channel.state, by.state.id))
  }

  /** Somebody removes a channel: CHANNEL_DELETE. */
  deleteChannel(by: Person, channel: QQChannel): QQEnvelope {
    this.state.channels.delete(channel.id)
    return this.#platform.dispatch('CHANNEL_DELETE', channelEvent(channel.state, by.state.id))
  }

  #memberEvent(event: string, person: Person, by: Person): QQEnvelope {
    const member = ensureGuildMember(this.#platform, this.state, person.state)
    const data = { guild_id: this.id, ...memberView(member), op_user_id: by.state.id }
    return this.#platform.dispatch(event, data)
  }

  /** Somebody joins: GUILD_MEMBER_ADD. */
  addMember(person: Person): QQEnvelope {
    return this.#memberEvent('GUILD_MEMBER_ADD', person, person)
  }

  /** Somebody takes another nick: GUILD_MEMBER_UPDATE. */
  renameMember(person: Person, nick: string): QQEnvelope {
    ensureGuildMember(this.#platform, this.state, person.state).nick = nick
    return this.#memberEvent('GUILD_MEMBER_UPDATE', person, person)
  }

  /** Somebody leaves, or is removed by another: GUILD_MEMBER_REMOVE. */
  removeMember(person: Person, by: Person = person): QQEnvelope {
    const envelope = this.#memberEvent('GUILD_MEMBER_REMOVE', person, by)
    this.state.members.delete(person.state.id)
    return envelope
  }

  /** Gives a role to a member, without an event. */
  giveRole(person: Person, { id }: Pick<RoleState, 'id'>): void {
    ensureGuildMember(this.#platform, this.state, person.state).roles.add(id)
  }

  /** What the admins allow the bot to send on its own. */
  configure(settings: {
    dmDisabled?: boolean
    pushDisabled?: boolean
    pushChannels?: readonly QQChannel[]
    pushMaximum?: number
  }): void {
    const { dmDisabled, pushDisabled, pushChannels, pushMaximum } = settings
    if (dmDisabled !== undefined) this.state.dmDisabled = dmDisabled
    if (pushDisabled !== undefined) this.state.pushDisabled = pushDisabled
    if (pushMaximum !== undefined) this.state.pushMaximum = pushMaximum
    if (pushChannels !== undefined) this.state.pushChannels = pushChannels.map(({ id }) => id)
  }
}
