import {
  type Channel,
  type ChatEvent,
  type Clock,
  type Element,
  type Guild,
  isElement,
  type Logger,
  type LoginStatus,
  type Member,
  type Message,
  type MessageSupport,
  MynahError,
  type Page,
  type Receipt,
  type Role,
  systemClock,
  type User,
} from '@mynah/core'
import { defined, PlatformError, retry } from '@mynah/adapter-kit'
import { BoundedMap, LocalBot, type OutgoingMessage } from '@mynah/core/adapter'

import type { NewChannel } from './api/channels.ts'
import { ChatCodes } from './api/chat-codes.ts'
import { GuildFacts } from './api/guild-facts.ts'
import { KookApi } from './api/kook-api.ts'
import type { KookConfig, KookWebhookConfig } from './config.ts'
import { platform } from './decode/envelope.ts'
import {
  decodeChannel,
  decodeGuild,
  decodeMember,
  decodeRole,
  decodeUser,
  directChannel,
} from './decode/resources.ts'
import { targetOf } from './decode/target.ts'
import { pageOf } from './api/page-of.ts'
import type { KookHttp } from './http.ts'
import { Intake } from './receive/intake.ts'
import { Receiver } from './receive/receive.ts'
import type { Webhook } from './receive/webhook.ts'
import { type Draft, planMessages } from './send/plan.ts'
import { Sender } from './send/sender.ts'
import { toWireEmoji } from './wire/emoji.ts'
import type { KookSelf } from './wire/objects.ts'

/** What a bot works with. */
export interface KookBotOptions {
  /** The account, as `user/me` tells it. */
  readonly self: KookSelf
  /** Carries the calls; it ends with the bot. */
  readonly http: KookHttp
  /** The config of the bot. */
  readonly config: KookConfig
  /** Hears what an operator should know. */
  readonly logger: Logger
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock
  /** The gateway does not take the token; it is tried again all the same. */
  readonly onTokenRefused: () => void
}

const inlineElements = 'at sharp emoji a b i u s spoiler code pre br p quote markdown'
const blockElements = 'image audio video file button button-group card raw:kook'
const ownElements =
  'send template cards card header section paragraph field context divider container image-group image countdown invite font message'

const support: MessageSupport = {
  elements: [
    ...`${inlineElements} ${blockElements}`.split(' '),
    ...ownElements.split(' ').map((name) => `kook-${name}`),
  ],
}

/** How long an answer counts as one for the daily quota, in ms. */
const answerWindowMs = 5 * 60_000
/** How long a guild counts as just entered, in ms. */
const newGuildMs = 60_000
/** Looks at a guild that was just entered and may not be there yet, and the wait between them, in ms. */
const guildTries = 11
const guildRetryMs = 500
const generalFailure = 40_000

/** One KOOK account: it owns the way in, the way out and the calls. */
export class KookBot extends LocalBot {
  /** Name of the platform. */
  readonly platform: string = platform
  /** Id of the account. */
  readonly selfId: string
  /** What messages can be made of. */
  readonly support: MessageSupport = support
  /** Every call of the platform, and what only KOOK has; plugins reach it by `bot.api('kook')`. */
  override readonly platformApi: KookApi
  readonly #options: KookBotOptions
  readonly #clock: Clock
  readonly #guildFacts: GuildFacts
  readonly #chatCodes: ChatCodes
  readonly #sender: Sender
  readonly #receiver: Receiver
  readonly #intake: Intake
  /** Guilds that were just entered, which the platform may not know yet. */
  readonly #entered: BoundedMap<string, true>
  readonly #stopping = new AbortController()

  /** @param options - The account, what it connects by, and its config. */
  constructor(options: KookBotOptions) {
    super()
    const { self, http, config, logger, clock = systemClock } = options
    this.#options = options
    this.#clock = clock
    this.#entered = new BoundedMap({ maxEntries: 100, maxAgeMs: newGuildMs, clock })
    this.selfId = self.id
    this.user = decodeUser(self)
    const api = new KookApi(http, self.id)
    this.platformApi = api
    this.#guildFacts = new GuildFacts(api.guilds, clock)
    this.#chatCodes = new ChatCodes(api.userChats)
    this.#sender = new Sender({ api, chatCodes: this.#chatCodes, privateHosts: config.media.privateHosts })
    this.#receiver = new Receiver({
      guildFacts: this.#guildFacts,
      selfId: self.id,
      ignoreBots: config.ignoreBots,
      ignoreNotices: config.ignoreNotices,
      ownRoles: api.ownRoles,
      chatCodes: this.#chatCodes,
      watchers: [api.ownRoles, api.voiceStates, this.#guildFacts, this.#chatCodes, this],
      logger,
      emit: (event) => this.emit(event),
    })
    this.#intake = new Intake({
      bot: this,
      config,
      calls: api,
      receive: (data, signal, passage) => this.#receiver.receive(data, signal, passage),
      onTokenRefused: options.onTokenRefused,
      logger,
      clock,
    })
  }

  /** Connects to the gateway, and stays connected until the bot stops. */
  connect(): Promise<void> {
    return this.#intake.connect()
  }

  /** What answers the requests of the webhook. */
  webhook(config: KookWebhookConfig): Promise<Webhook> {
    return this.#intake.webhook(config)
  }

  /** @internal Learns from an event. */
  watch({ type, guild }: ChatEvent): void {
    if (type === 'guild-added' && guild !== undefined) this.#entered.set(guild.id, true)
  }

  /** Ends the connection and all calls. */
  async stop(): Promise<void> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    await this.#intake.stop()
    await this.#options.http.stop()
  }

  /** Called by the ways in: the connection changed. */
  override setStatus(status: LoginStatus): void {
    // What happens meanwhile may be lost.
    if (status !== 'online') {
      const { ownRoles, voiceStates } = this.platformApi
      for (const memory of [ownRoles, voiceStates, this.#guildFacts]) memory.forget()
    }
    super.setStatus(status)
  }

  /** One element for each message that goes on the wire. */
  override prepare(parts: Element[][]): Draft[][] {
    return parts.flatMap((elements) => planMessages(elements)).map((draft) => [draft])
  }

  /** Sends what the elements become. @throws MynahError or PlatformError when it cannot be sent. */
  async deliver({ channelId, elements, event }: OutgoingMessage): Promise<Receipt> {
    const replyTo = this.#answered(event)
    const messageIds: string[] = []
    for (const draft of draftsIn(elements)) {
      const { msg_id: id } = await this.#sender.send(channelId, draft, replyTo)
      messageIds.push(id)
    }
    return { status: 'delivered', messageIds }
  }

  #answered(event: ChatEvent | undefined): string | undefined {
    if (!this.#options.config.nameAnswered || event?.type !== 'message-created') return undefined
    return this.#clock.now() - event.time < answerWindowMs ? event.message?.id : undefined
  }

  override getMessage(channelId: string, messageId: string): Promise<Message> {
    return this.#sender.get(channelId, messageId)
  }
  override listMessages(channelId: string, next?: string): Promise<Page<Message>> {
    return this.#sender.list(channelId, next)
  }
  override async edit({ channelId, messageId = '', elements }: OutgoingMessage): Promise<Receipt> {
    await this.#sender.update(channelId, messageId, elements)
    return { status: 'delivered', messageIds: [messageId] }
  }
  override deleteMessage(channelId: string, messageId: string): Promise<void> {
    return this.#sender.callsFor(channelId).delete(messageId)
  }
  override pinMessage(channelId: string, messageId: string): Promise<void> {
    return this.platformApi.messages.pin(guildChannel(channelId), messageId)
  }
  override unpinMessage(channelId: string, messageId: string): Promise<void> {
    return this.platformApi.messages.unpin(guildChannel(channelId), messageId)
  }
  override createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    return this.#sender.callsFor(channelId).addReaction(messageId, toWireEmoji(emojiId))
  }
  override deleteReaction(
    channelId: string,
    messageId: string,
    emojiId: string,
    userId?: string,
  ): Promise<void> {
    return this.#sender.callsFor(channelId).deleteReaction(messageId, toWireEmoji(emojiId), userId)
  }

  override async createDirectChannel(userId: string): Promise<Channel> {
    return directChannel(await this.#chatCodes.open(userId), userId)
  }
  override async getChannel(channelId: string): Promise<Channel> {
    if (targetOf(channelId).kind === 'channel')
      return decodeChannel(await this.platformApi.channels.get(channelId))
    return { id: await this.#sender.chatCodeOf(channelId), type: 'direct' }
  }
  override listChannels(guildId: string, next?: string): Promise<Page<Channel>> {
    return pageOf(this.platformApi.channels.list(guildId), next, decodeChannel)
  }
  override async createChannel(guildId: string, channel: Omit<Channel, 'id'>): Promise<Channel> {
    const { name = '', type, parentId } = channel
    const made: NewChannel =
      type === 'category'
        ? { name, is_category: 1 }
        : { name, type: type === 'voice' ? 2 : 1, ...defined({ parent_id: parentId }) }
    return decodeChannel(await this.platformApi.channels.create(guildId, made))
  }
  /** Changes name and category; an empty `parentId` leaves the category. */
  override async updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    const { name, parentId } = changes
    const parent = parentId === '' ? '0' : parentId
    await this.platformApi.channels.update(channelId, defined({ name, parent_id: parent }))
  }
  override deleteChannel(channelId: string): Promise<void> {
    return this.platformApi.channels.delete(channelId)
  }

  /** A guild; one that was just entered may need a moment to be there, which is waited for. */
  override async getGuild(guildId: string): Promise<Guild> {
    const isTooEarly = (error: unknown): boolean =>
      this.#entered.has(guildId) && error instanceof PlatformError && error.platformCode === generalFailure
    const guild = await retry(
      {
        decide: (error) => ({ repeat: isTooEarly(error), afterMs: guildRetryMs }),
        maxAttempts: guildTries,
        clock: this.#clock,
        signal: this.#stopping.signal,
      },
      () => this.platformApi.guilds.get(guildId),
    )
    return decodeGuild(guild)
  }
  override listGuilds(next?: string): Promise<Page<Guild>> {
    return pageOf(this.platformApi.guilds.list(), next, decodeGuild)
  }
  override leaveGuild(guildId: string): Promise<void> {
    return this.platformApi.guilds.leave(guildId)
  }
  /** A member with its rank: `admin` has a role with the permission of an administrator. */
  override async getMember(guildId: string, userId: string): Promise<Member> {
    const member = decodeMember(await this.platformApi.users.get(userId, guildId))
    return this.#guildFacts.withRank(guildId, userId, member)
  }
  override listMembers(guildId: string, next?: string): Promise<Page<Member>> {
    return pageOf(this.platformApi.guilds.users(guildId), next, decodeMember)
  }
  /** Removes a member; `permanent` puts them on the block list, which needs the permission to ban. */
  override kickMember(guildId: string, userId: string, options: { permanent?: boolean } = {}): Promise<void> {
    return options.permanent === true
      ? this.platformApi.blockLists.create(guildId, userId)
      : this.platformApi.guilds.kick(guildId, userId)
  }
  override setMemberNick(guildId: string, userId: string, nick: string): Promise<void> {
    return this.platformApi.guilds.setNickname(guildId, nick, userId === this.selfId ? undefined : userId)
  }

  override async grantRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.platformApi.roles.grant(guildId, userId, roleNumber(roleId))
  }
  override async revokeRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.platformApi.roles.revoke(guildId, userId, roleNumber(roleId))
  }
  override listRoles(guildId: string, next?: string): Promise<Page<Role>> {
    return pageOf(this.platformApi.roles.list(guildId), next, decodeRole)
  }
  override async createRole(guildId: string, role: Omit<Role, 'id'>): Promise<Role> {
    const made = await this.platformApi.roles.create(guildId, role.name)
    if (role.color === undefined) return decodeRole(made)
    return decodeRole(await this.platformApi.roles.update(guildId, made.role_id, { color: role.color }))
  }
  override async updateRole(
    guildId: string,
    roleId: string,
    changes: Partial<Omit<Role, 'id'>>,
  ): Promise<void> {
    await this.platformApi.roles.update(guildId, roleNumber(roleId), changes)
  }
  override deleteRole(guildId: string, roleId: string): Promise<void> {
    return this.platformApi.roles.delete(guildId, roleNumber(roleId))
  }

  override async getUser(userId: string): Promise<User> {
    return decodeUser(await this.platformApi.users.get(userId))
  }
  override async listFriends(): Promise<Page<User>> {
    const { friend } = await this.platformApi.friends.list('friend')
    return { data: friend.map(({ friend_info: info }) => decodeUser(info)) }
  }
  override deleteFriend(userId: string): Promise<void> {
    return this.platformApi.friends.delete(userId)
  }
  /** KOOK waits for nothing after a click, so there is nothing to tell it. */
  override ackInteraction(): Promise<void> {
    return Promise.resolve()
  }
}

/** Messages that {@link KookBot.prepare} has made already, or else those that the elements become. */
function draftsIn(elements: readonly Element[]): readonly Draft[] {
  const made = elements.filter((node) => isElement(node, 'kook-message'))
  return made.length > 0 ? made : planMessages(elements)
}

function guildChannel(channelId: string): string {
  if (targetOf(channelId).kind === 'channel') return channelId
  throw new MynahError('UNSUPPORTED', 'KOOK pins messages only in channels, not in private chats.')
}

function roleNumber(roleId: string): number {
  const number = Number(roleId)
  if (Number.isSafeInteger(number)) return number
  throw new MynahError('API_REJECTED', `${roleId} is no id of a KOOK role; those are whole numbers.`)
}
