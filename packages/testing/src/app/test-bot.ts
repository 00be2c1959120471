import {
  type Bot,
  type BotFeature,
  type Channel,
  type ChatEvent,
  type ChatEventName,
  type ChatEvents,
  type Clock,
  type Element,
  findElement,
  type Content,
  type Guild,
  type Member,
  type Message,
  type MessageSupport,
  MynahError,
  type Page,
  type Receipt,
  type Role,
  segment,
  type SendOptions,
  type User,
} from '@mynah/core'
import { LocalBot, type OutgoingMessage } from '@mynah/core/adapter'

import { Mailbox } from '@mynah/core/testing'
import { type BotCall, CallLog, type CallScript, type DeliverScript } from './calls.ts'
import { describeContent, type SentMessage, sentMessage, withoutQuote } from './messages.ts'
import type { World } from './world.ts'

/** What every event has, and a test need not say. */
type Envelope = 'id' | 'type' | 'platformType' | 'platform' | 'selfId' | 'time' | 'raw'

/** What a test says about an event; the rest is made up. */
export type EventFields<E extends ChatEvent> = Omit<E, Envelope> & Partial<Pick<ChatEvent, Envelope>>

/** How a {@link TestBot} is made. */
export interface TestBotParts {
  readonly platform: string
  readonly world: World
  readonly clock: Clock
  readonly support: MessageSupport
  readonly lacks: ReadonlySet<string>
}

/**
 * The bot's account on a platform that is all in memory. Calls change the people, guilds and messages of the
 * test, and tell nobody: what a platform would announce about them is emitted by the test.
 */
export class TestBot extends LocalBot {
  /** Name of the platform that the test chose. */
  readonly platform: string
  /** Id of the account that the test chose. */
  readonly selfId: string
  /** What its platform can show; everything else is made simpler before it is sent. */
  readonly support: MessageSupport
  /** Everything that was sent, oldest first. */
  readonly sent: SentMessage[] = []
  readonly #world: World
  readonly #clock: Clock
  readonly #log: CallLog
  readonly #inboxes = new Map<string, Mailbox<SentMessage>>()
  #onDeliver: DeliverScript | undefined
  #sending = 0

  constructor({ platform, world, clock, support, lacks }: TestBotParts) {
    super()
    this.platform = platform
    this.selfId = world.self.id
    this.user = world.self
    this.support = support
    this.#world = world
    this.#clock = clock
    this.#log = new CallLog(platform, lacks)
    this.setStatus('online')
  }

  /** Calls of methods that platforms may lack, oldest first. */
  get calls(): readonly BotCall[] {
    return this.#log.calls
  }

  /** Messages on their way out. */
  get sending(): number {
    return this.#sending
  }

  protected override supports(feature: BotFeature): boolean {
    return this.#log.supports(feature)
  }

  /**
   * Lets a method do something else than change the test's world, as in
   * `bot.on('getUser', (id) => ({ id, name: 'Ann' }))`; `deliver` stands for sending.
   *
   * @returns Takes it back.
   */
  on(method: 'deliver', script: DeliverScript): () => void
  on<K extends BotFeature>(method: K, script: CallScript<K>): () => void
  on(method: BotFeature | 'deliver', script: DeliverScript & CallScript<BotFeature>): () => void {
    if (method === 'deliver') {
      this.#onDeliver = script
      return () => {
        this.#onDeliver = undefined
      }
    }
    this.#log.script(method, script)
    return () => this.#log.script(method, undefined)
  }

  /**
   * Lets the next call of a method fail; `deliver` stands for sending. Errors that are `retriable` are tried again
   * once the clock moves.
   */
  failNext(
    method: BotFeature | 'deliver',
    error: Error = new MynahError('API_REJECTED', 'The test wants it to fail.'),
  ): void {
    this.#log.failNext(method, error)
  }

  /** Takes the first call that fits; see `TestApp.expectCall`. */
  expectCall: CallLog['expect'] = (...expected) => this.#log.expect(...expected)

  /** What arrived in a channel and was not expected yet. */
  inbox(channelId: string): Mailbox<SentMessage> {
    const inbox = this.#inboxes.get(channelId) ?? new Mailbox(({ content }) => describeContent(content))
    this.#inboxes.set(channelId, inbox)
    return inbox
  }

  /** Makes an event as an adapter would; what is not given is made up. Hand it to {@link emit}. */
  event<K extends ChatEventName>(type: K, fields: EventFields<ChatEvents[K]>): ChatEvents[K]
  event(type: string, fields: EventFields<ChatEvent>): ChatEvent
  event(type: string, fields: EventFields<ChatEvent>): ChatEvent {
    return {
      id: this.#world.newId('event'),
      type,
      platformType: type.startsWith(`${this.platform}/`) ? type : `${this.platform}/${type}`,
      platform: this.platform,
      selfId: this.selfId,
      time: this.#clock.now(),
      raw: {},
      ...fields,
    }
  }

  override async sendMessage(channelId: string, content: Content, options?: SendOptions): Promise<Receipt> {
    this.#sending += 1
    try {
      return await super.sendMessage(channelId, content, options)
    } finally {
      this.#sending -= 1
    }
  }

  /** Puts a message into the chat, or does what the test scripted. Called by the app. */
  async deliver(message: OutgoingMessage): Promise<Receipt> {
    this.#log.throwIfFailing('deliver')
    const { channelId, elements, event } = message
    const receipt = await this.#onDeliver?.(message)
    if (receipt !== undefined && receipt.status !== 'delivered') return receipt
    const id = receipt?.messageIds[0] ?? this.#world.newId('message')
    const sent = sentMessage(id, channelId, elements, event)
    const said = this.#said(channelId, elements)
    this.#world
      .messages(channelId)
      .push({ id, ...said, user: this.#world.self, createdAt: this.#clock.now() })
    this.sent.push(sent)
    this.inbox(channelId).push(sent)
    return receipt ?? { status: 'delivered', messageIds: [id] }
  }

  /** What a message says, and beside it what it quotes. */
  #said(channelId: string, elements: readonly Element[]): Pick<Message, 'content' | 'quote'> {
    const content = withoutQuote(elements)
    const id = findElement(elements, 'quote')?.attrs.id
    if (id === undefined) return { content }
    return {
      content,
      quote: this.#world.messages(channelId).find((message) => message.id === id) ?? { id, content: [] },
    }
  }

  /** Its messages in a channel as people see them now: edited, and without those that were taken back. */
  shown(channelId: string): SentMessage[] {
    const now = new Map(this.#world.messages(channelId).map((message) => [message.id, whole(message)]))
    return this.sent.flatMap(({ id, channelId: place, event }) => {
      const content = place === channelId ? now.get(id) : undefined
      return content === undefined ? [] : [sentMessage(id, channelId, content, event)]
    })
  }

  override stop(): Promise<void> {
    return Promise.resolve()
  }

  override getMessage(channelId: string, messageId: string): Promise<Message> {
    return this.#log.run('getMessage', [channelId, messageId], () =>
      this.#world.message(channelId, messageId),
    )
  }
  override listMessages(...args: Parameters<Bot['listMessages']>): Promise<Page<Message>> {
    const [channelId] = args
    return this.#log.run('listMessages', args, () => ({ data: this.#world.messages(channelId) }))
  }
  override async edit({ channelId, messageId = '', elements }: OutgoingMessage): Promise<Receipt> {
    await this.#log.run('updateMessage', [channelId, messageId, elements], () => {
      const message = this.#world.message(channelId, messageId)
      const { content } = this.#said(channelId, elements)
      const updated = { ...message, content, updatedAt: this.#clock.now() }
      this.#world.replaceMessage(channelId, messageId, updated)
    })
    return { status: 'delivered', messageIds: [messageId] }
  }
  override deleteMessage(channelId: string, messageId: string): Promise<void> {
    return this.#log.run('deleteMessage', [channelId, messageId], () =>
      this.#world.replaceMessage(channelId, messageId),
    )
  }
  override pinMessage(channelId: string, messageId: string): Promise<void> {
    return this.#log.run('pinMessage', [channelId, messageId], nothing)
  }
  override unpinMessage(channelId: string, messageId: string): Promise<void> {
    return this.#log.run('unpinMessage', [channelId, messageId], nothing)
  }
  override createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    return this.#log.run('createReaction', [channelId, messageId, emojiId], nothing)
  }
  override deleteReaction(...args: Parameters<Bot['deleteReaction']>): Promise<void> {
    return this.#log.run('deleteReaction', args, nothing)
  }
  override createDirectChannel(...args: Parameters<Bot['createDirectChannel']>): Promise<Channel> {
    const [userId] = args
    return this.#log.run('createDirectChannel', args, () => this.#world.direct(this.#world.user(userId).id))
  }
  override getChannel(channelId: string): Promise<Channel> {
    return this.#log.run('getChannel', [channelId], () => this.#world.place(channelId).channel)
  }
  override listChannels(...args: Parameters<Bot['listChannels']>): Promise<Page<Channel>> {
    const [guildId] = args
    return this.#log.run('listChannels', args, () => pageOf(this.#world.guild(guildId).channels))
  }
  override createChannel(guildId: string, channel: Omit<Channel, 'id'>): Promise<Channel> {
    return this.#log.run('createChannel', [guildId, channel], () => {
      const created = { ...channel, id: this.#world.newId('channel') }
      this.#world.guild(guildId).channels.set(created.id, created)
      return created
    })
  }
  override updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    return this.#log.run('updateChannel', [channelId, changes], () => {
      const { channel, guild } = this.#world.place(channelId)
      guild?.channels.set(channelId, { ...channel, ...changes })
    })
  }
  override deleteChannel(channelId: string): Promise<void> {
    return this.#log.run('deleteChannel', [channelId], () => {
      this.#world.place(channelId).guild?.channels.delete(channelId)
    })
  }
  override getGuild(guildId: string): Promise<Guild> {
    return this.#log.run('getGuild', [guildId], () => {
      const { guild, members } = this.#world.guild(guildId)
      return { memberCount: members.size, ...guild }
    })
  }
  override listGuilds(...args: Parameters<Bot['listGuilds']>): Promise<Page<Guild>> {
    return this.#log.run('listGuilds', args, () => ({
      data: Array.from(this.#world.guilds.values(), ({ guild }) => guild),
    }))
  }
  override leaveGuild(guildId: string): Promise<void> {
    return this.#log.run('leaveGuild', [guildId], () => void this.#world.guilds.delete(guildId))
  }
  override muteGuild(guildId: string, isMuted: boolean): Promise<void> {
    return this.#log.run('muteGuild', [guildId, isMuted], nothing)
  }
  override getMember(guildId: string, userId: string): Promise<Member> {
    return this.#log.run('getMember', [guildId, userId], () => this.#world.member(guildId, userId))
  }
  override listMembers(...args: Parameters<Bot['listMembers']>): Promise<Page<Member>> {
    const [guildId] = args
    return this.#log.run('listMembers', args, () => pageOf(this.#world.guild(guildId).members))
  }
  override kickMember(...args: Parameters<Bot['kickMember']>): Promise<void> {
    const [guildId, userId] = args
    return this.#log.run('kickMember', args, () => {
      this.#world.member(guildId, userId)
      this.#world.guild(guildId).members.delete(userId)
    })
  }
  override muteMember(guildId: string, userId: string, durationMs: number): Promise<void> {
    return this.#log.run('muteMember', [guildId, userId, durationMs], nothing)
  }
  override setMemberNick(guildId: string, userId: string, nick: string): Promise<void> {
    return this.#log.run('setMemberNick', [guildId, userId, nick], () =>
      this.#world.changeMember(guildId, userId, { nick }),
    )
  }
  override setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void> {
    return this.#log.run('setMemberRole', [guildId, userId, role], () =>
      this.#world.changeMember(guildId, userId, { role }),
    )
  }
  override grantRole(guildId: string, userId: string, roleId: string): Promise<void> {
    return this.#log.run('grantRole', [guildId, userId, roleId], () => {
      const { roleIds = [] } = this.#world.member(guildId, userId)
      this.#world.changeMember(guildId, userId, { roleIds: [...roleIds, roleId] })
    })
  }
  override revokeRole(guildId: string, userId: string, roleId: string): Promise<void> {
    return this.#log.run('revokeRole', [guildId, userId, roleId], () => {
      const { roleIds = [] } = this.#world.member(guildId, userId)
      this.#world.changeMember(guildId, userId, { roleIds: roleIds.filter((id) => id !== roleId) })
    })
  }
  override listRoles(...args: Parameters<Bot['listRoles']>): Promise<Page<Role>> {
    const [guildId] = args
    return this.#log.run('listRoles', args, () => pageOf(this.#world.guild(guildId).roles))
  }
  override createRole(guildId: string, role: Omit<Role, 'id'>): Promise<Role> {
    return this.#log.run('createRole', [guildId, role], () => {
      const created = { ...role, id: this.#world.newId('role') }
      this.#world.guild(guildId).roles.set(created.id, created)
      return created
    })
  }
  override updateRole(guildId: string, roleId: string, changes: Partial<Omit<Role, 'id'>>): Promise<void> {
    return this.#log.run('updateRole', [guildId, roleId, changes], () => {
      const { roles } = this.#world.guild(guildId)
      roles.set(roleId, { ...roles.get(roleId), ...changes, id: roleId })
    })
  }
  override deleteRole(guildId: string, roleId: string): Promise<void> {
    return this.#log.run(
      'deleteRole',
      [guildId, roleId],
      () => void this.#world.guild(guildId).roles.delete(roleId),
    )
  }
  override getUser(userId: string): Promise<User> {
    return this.#log.run('getUser', [userId], () => this.#world.user(userId))
  }
  override listFriends(...args: Parameters<Bot['listFriends']>): Promise<Page<User>> {
    return this.#log.run('listFriends', args, () => ({
      data: Array.from(this.#world.friends, (id) => this.#world.user(id)),
    }))
  }
  override deleteFriend(userId: string): Promise<void> {
    return this.#log.run('deleteFriend', [userId], () => void this.#world.friends.delete(userId))
  }
  override answerRequest(...args: Parameters<Bot['answerRequest']>): Promise<void> {
    const [event, isApproved] = args
    return this.#log.run('answerRequest', args, () => {
      if (isApproved && event.type === 'friend-request' && event.user !== undefined) {
        this.#world.friends.add(event.user.id)
      }
    })
  }
  override ackInteraction(event: ChatEvent): Promise<void> {
    return this.#log.run('ackInteraction', [event], nothing)
  }
  override poke(...args: Parameters<Bot['poke']>): Promise<void> {
    return this.#log.run('poke', args, nothing)
  }
}

function nothing(): void {
  // The call is noted, and that is all that there is to it in a test.
}

function pageOf<T>(all: ReadonlyMap<string, T>): Page<T> {
  return { data: Array.from(all.values()) }
}

/** A message as it was sent. */
function whole({ content, quote }: Message): readonly Element[] {
  return quote === undefined ? content : [segment.quote(quote.id), ...content]
}
