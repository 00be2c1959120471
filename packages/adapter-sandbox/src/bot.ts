import {
  type Channel,
  type ChatEvent,
  type Content,
  type Element,
  type Guild,
  isElement,
  type Member,
  type Message,
  type MessageSupport,
  MynahError,
  type Page,
  type Receipt,
  type SendOptions,
  type User,
} from '@mynah/core'
import { LocalBot, type OutgoingMessage } from '@mynah/core/adapter'

import type { Activity } from './activity.ts'
import type { EventMaker, SandboxEventName } from './events.ts'
import type { Screen } from './screen.ts'
import { keptElements, show } from './show.ts'
import { botUser, type Place, type World } from './world.ts'

/** Messages on one page of {@link SandboxBot.listMessages}. */
const pageSize = 50

/** What a {@link SandboxBot} works with. */
export interface SandboxBotParts {
  readonly world: World
  readonly events: EventMaker
  readonly screen: Screen
  readonly activity: Activity
}

/** The bot's account in the sandbox. What it does to messages and members is shown, and is real to plugins. */
export class SandboxBot extends LocalBot {
  readonly platform = 'sandbox'
  readonly selfId: string = botUser.id
  readonly support: MessageSupport = { elements: keptElements }
  override readonly isBesideLog = true
  override user: User | undefined = botUser
  readonly #world: World
  readonly #events: EventMaker
  readonly #screen: Screen
  readonly #activity: Activity

  constructor({ world, events, screen, activity }: SandboxBotParts) {
    super()
    this.#world = world
    this.#events = events
    this.#screen = screen
    this.#activity = activity
  }

  /** Hands in what happened; the chat is not quiet until its handlers are done. */
  happen(event: ChatEvent): Promise<void> {
    return this.#activity.handle(event.id, this.handle(event))
  }

  override sendMessage(channelId: string, content: Content, options?: SendOptions): Promise<Receipt> {
    return this.#activity.send(super.sendMessage(channelId, content, options))
  }

  async deliver({ channelId, elements }: OutgoingMessage): Promise<Receipt> {
    const place = this.#world.findPlace(channelId)
    const quoteId = elements.find((node) => isElement(node, 'quote'))?.attrs.id
    const quote = this.#world.messagesOf(channelId).find(({ id }) => id === quoteId)
    const message = this.#world.addMessage(place, botUser, withoutQuote(elements), quote)
    await this.#screen.message(message)
    return { status: 'delivered', messageIds: [message.id] }
  }

  override stop(): Promise<void> {
    return Promise.resolve()
  }

  override async getMessage(channelId: string, messageId: string): Promise<Message> {
    return this.#world.findMessage(channelId, messageId)
  }

  override async listMessages(channelId: string, next?: string): Promise<Page<Message>> {
    this.#world.findPlace(channelId)
    const all = this.#world.messagesOf(channelId)
    const found = next === undefined ? all.length : all.findIndex(({ id }) => id === next)
    const end = found < 0 ? 0 : found
    const start = Math.max(0, end - pageSize)
    const first = all[start]
    return { data: all.slice(start, end), ...(start > 0 && first !== undefined ? { next: first.id } : {}) }
  }

  override async edit({ channelId, messageId = '', elements }: OutgoingMessage): Promise<Receipt> {
    this.#ownMessage(channelId, messageId)
    const message = this.#world.changeMessage(channelId, messageId, withoutQuote(elements))
    this.#screen.notice(`Mynah changed ${messageId}: ${show(message.content)}`)
    return { status: 'delivered', messageIds: [messageId] }
  }

  override async deleteMessage(channelId: string, messageId: string): Promise<void> {
    const message = this.#world.removeMessage(channelId, messageId)
    this.#screen.notice(`Mynah deleted ${messageId}.`)
    this.#happened('message-deleted', this.#world.findPlace(channelId), botUser, { message })
  }

  override async createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    this.#world.findMessage(channelId, messageId)
    this.#world.reactionsTo(messageId, emojiId).add(botUser.id)
    this.#screen.notice(`Mynah reacted to ${messageId} with ${emojiId}.`)
  }

  override async deleteReaction(
    channelId: string,
    messageId: string,
    emojiId: string,
    userId: string = botUser.id,
  ): Promise<void> {
    this.#world.findMessage(channelId, messageId)
    if (!this.#world.reactionsTo(messageId, emojiId).delete(userId)) {
      throw new MynahError('API_REJECTED', `${userId} has not reacted to ${messageId} with ${emojiId}.`)
    }
    this.#screen.notice(`Mynah took the reaction ${emojiId} off ${messageId}.`)
  }

  override async createDirectChannel(userId: string): Promise<Channel> {
    this.#world.findUser(userId)
    return this.#world.directPlace(userId).channel
  }

  override async getChannel(channelId: string): Promise<Channel> {
    return this.#world.findPlace(channelId).channel
  }

  override async listChannels(guildId: string): Promise<Page<Channel>> {
    this.#world.findGuild(guildId)
    const places = Array.from(this.#world.places.values()).filter((place) => place.guildId === guildId)
    return { data: places.map(({ channel }) => channel) }
  }

  override async getGuild(guildId: string): Promise<Guild> {
    const { guild, members } = this.#world.findGuild(guildId)
    return { ...guild, memberCount: members.size }
  }

  override async listGuilds(): Promise<Page<Guild>> {
    const own = Array.from(this.#world.guilds).filter(([, { members }]) => members.has(botUser.id))
    return { data: await Promise.all(own.map(([id]) => this.getGuild(id))) }
  }

  override async getMember(guildId: string, userId: string): Promise<Member> {
    return this.#world.findMember(guildId, userId)
  }

  override async listMembers(guildId: string): Promise<Page<Member>> {
    return { data: Array.from(this.#world.findGuild(guildId).members.values()) }
  }

  override async kickMember(guildId: string, userId: string): Promise<void> {
    const { user = this.#world.user(userId) } = this.#world.findMember(guildId, userId)
    this.#world.findGuild(guildId).members.delete(userId)
    this.#screen.notice(`Mynah removed ${userId} from ${guildId}.`)
    this.#happened('guild-member-removed', this.#world.guildPlace(guildId), user, { operator: botUser })
  }

  override async muteMember(guildId: string, userId: string, durationMs: number): Promise<void> {
    const { user = this.#world.user(userId) } = this.#world.findMember(guildId, userId)
    const place = this.#world.guildPlace(guildId)
    this.#world.findGuild(guildId).mutedUntil.set(userId, Date.now() + durationMs)
    if (durationMs > 0) {
      this.#screen.notice(`Mynah muted ${userId} in ${guildId} for ${durationMs / 1000} s.`)
      this.#happened('guild-member-muted', place, user, { operator: botUser, duration: durationMs })
    } else {
      this.#screen.notice(`Mynah lets ${userId} write in ${guildId} again.`)
      this.#happened('guild-member-unmuted', place, user, { operator: botUser })
    }
  }

  override async setMemberNick(guildId: string, userId: string, nick: string): Promise<void> {
    const shown = nick === '' ? userId : nick
    this.#changeMember(guildId, userId, { nick: shown }, `called ${shown}`)
  }

  override async setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void> {
    this.#changeMember(guildId, userId, { role }, `of rank ${role}`)
  }

  override async leaveGuild(guildId: string): Promise<void> {
    this.#world.findGuild(guildId).members.delete(botUser.id)
    this.#screen.notice(`Mynah left ${guildId}.`)
    this.#happened('guild-removed', this.#world.guildPlace(guildId), botUser, {})
  }

  override async getUser(userId: string): Promise<User> {
    return this.#world.findUser(userId)
  }

  override async answerRequest(
    { type, user, guild }: ChatEvent,
    isApproved: boolean,
    comment?: string,
  ): Promise<void> {
    const whose = user?.id ?? guild?.id ?? 'nobody'
    const words = comment === undefined ? '' : `: ${comment}`
    this.#screen.notice(`Mynah ${isApproved ? 'accepted' : 'refused'} the ${type} of ${whose}${words}`)
  }

  override ackInteraction(): Promise<void> {
    return Promise.resolve()
  }

  override async poke(userId: string): Promise<void> {
    this.#world.findUser(userId)
    this.#screen.notice(`Mynah poked ${userId}.`)
  }

  #ownMessage(channelId: string, messageId: string): void {
    const { user } = this.#world.findMessage(channelId, messageId)
    if (user?.id === botUser.id) return
    throw new MynahError('API_REJECTED', `Message ${messageId} is not the bot's own; it can only delete it.`)
  }

  #changeMember(guildId: string, userId: string, changes: Partial<Member>, result: string): void {
    const { user = this.#world.user(userId) } = this.#world.changeMember(guildId, userId, changes)
    this.#screen.notice(`In ${guildId}, ${userId} is now ${result}.`)
    this.#happened('guild-member-updated', this.#world.guildPlace(guildId), user, { operator: botUser })
  }

  /** Tells plugins what the bot did, as platforms tell it. */
  #happened(type: SandboxEventName, place: Place, user: User, fields: Partial<ChatEvent>): void {
    void this.happen(this.#events.make(type, { place, user, line: '' }, fields))
  }
}

/** What a message says, without what it quotes. */
function withoutQuote(elements: readonly Element[]): Element[] {
  return elements.filter(({ type }) => type !== 'quote')
}
