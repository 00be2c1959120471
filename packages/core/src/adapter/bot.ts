import { MynahError } from '../errors/mynah-error.ts'
import type { MessageSupport } from '../message/degrade.ts'
import type { Content, Element } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Channel, Guild, LoginStatus, Member, Message, Role, User } from '../model/resources.ts'
import type { OutgoingMessage, SendOptions } from './outgoing.ts'
import { failedReceipt, type Receipt, type ReplyBudget } from '../bot/receipt.ts'

/** One page of a list; `next` is there when more follows. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly next?: string
}

/** Answers that a platform takes along with its event; adapters add theirs by augmentation. */
export interface QuickOperation {}

/** Whether events arrive, beside whether the account is connected. */
export interface Intake {
  /** When the last event was taken, in ms since 1970; `undefined` when none was yet. */
  readonly lastEventAt: number | undefined
  /** Events that were refused since then. */
  readonly refused: number
}

/** What a bot needs of the app it is in. */
export interface BotHost {
  dispatch(bot: Bot, event: ChatEvent): Promise<void>
  send(bot: Bot, channelId: string, content: Content, options: SendOptions | undefined): Promise<Receipt>
  statusChanged(bot: Bot): void
  /** Events were lost on their way in. */
  eventsRefused(bot: Bot, reason: string, count: number): void
}

/** Methods that a platform may lack; see {@link Bot.features}. */
const optionalMethods = [
  'getMessage',
  'listMessages',
  'updateMessage',
  'deleteMessage',
  'pinMessage',
  'unpinMessage',
  'createReaction',
  'deleteReaction',
  'createDirectChannel',
  'getChannel',
  'listChannels',
  'createChannel',
  'updateChannel',
  'deleteChannel',
  'getGuild',
  'listGuilds',
  'leaveGuild',
  'muteGuild',
  'getMember',
  'listMembers',
  'kickMember',
  'muteMember',
  'setMemberNick',
  'setMemberRole',
  'grantRole',
  'revokeRole',
  'listRoles',
  'createRole',
  'updateRole',
  'deleteRole',
  'getUser',
  'listFriends',
  'deleteFriend',
  'answerRequest',
  'ackInteraction',
  'poke',
  'quick',
] as const

/** Name of a method that a platform may lack. */
export type BotFeature = (typeof optionalMethods)[number]

/**
 * One account that is signed in to one platform: every way to act on the platform that plugins share.
 * Arguments and results are plain data. Methods that a platform lacks reject with `UNSUPPORTED`;
 * {@link features} tells beforehand.
 */
export abstract class Bot {
  /** Name of the platform, such as `onebot`. */
  abstract readonly platform: string
  /** Id of the account. */
  abstract readonly selfId: string
  /** What its messages can be made of. */
  abstract readonly support: MessageSupport
  /** Whether people see the chat beside the log, as in a terminal: the log then leaves its messages out. */
  readonly isBesideLog: boolean = false
  /** The account as a user, once it is known. */
  user: User | undefined
  #status: LoginStatus = 'connecting'
  #lastEventAt: number | undefined
  #refused = 0
  #host: BotHost | undefined

  /** `platform:selfId`, unique in an app. */
  get key(): string {
    return `${this.platform}:${this.selfId}`
  }

  get status(): LoginStatus {
    return this.#status
  }

  /** Whether events arrive. */
  get intake(): Intake {
    return { lastEventAt: this.#lastEventAt, refused: this.#refused }
  }

  /** Optional methods that this bot has. */
  get features(): ReadonlySet<BotFeature> {
    return new Set(optionalMethods.filter((name) => this.supports(name)))
  }

  /** Whether an optional method is there; adapters narrow it where an implementation lacks one. */
  supports(feature: BotFeature): boolean {
    return this[feature] !== Bot.prototype[feature]
  }

  /** Called by the app when the bot is added. */
  attach(host: BotHost): void {
    this.#host = host
  }

  /** Called by the adapter: an event came in. Resolves when all handlers are done; never rejects. */
  emit(event: ChatEvent): Promise<void> {
    return this.#host === undefined ? Promise.resolve() : this.#host.dispatch(this, event)
  }

  /** Called by the app: an event was taken, `at` in ms since 1970. */
  taken(at: number): void {
    this.#lastEventAt = at
    this.#refused = 0
  }

  /**
   * Called by whoever has to refuse events: they are counted, and an operator is told.
   *
   * @param reason - Why, in words for an operator; one of few.
   */
  refused(reason: string, count = 1): void {
    this.#refused += count
    this.#host?.eventsRefused(this, reason, count)
  }

  /** Called by the adapter: the connection changed. */
  setStatus(status: LoginStatus): void {
    if (this.#status === status) return
    this.#status = status
    this.#host?.statusChanged(this)
  }

  /** Ends connections and timers. Called when the bot is removed. */
  abstract stop(): Promise<void>

  /**
   * Sends a message. What the platform cannot show is degraded, long text becomes several messages.
   * Never rejects: the receipt says what happened.
   */
  sendMessage(channelId: string, content: Content, options?: SendOptions): Promise<Receipt> {
    if (this.#host !== undefined) return this.#host.send(this, channelId, content, options)
    return Promise.resolve(failedReceipt(new MynahError('BOT_OFFLINE', `${this.key} is not part of an app.`)))
  }

  /**
   * Puts one message on the wire; the outgoing path calls it with elements that {@link support} allows.
   *
   * @throws MynahError with `retriable` set only where trying again cannot send the message twice.
   */
  abstract deliver(message: OutgoingMessage): Promise<Receipt>

  /** The last word on how a message is cut into parts, for platforms that count answers. */
  arrange(parts: Element[][], _message: OutgoingMessage): Element[][] | Promise<Element[][]> {
    return parts
  }

  /** What may still be said about an event; `undefined` on platforms that do not count answers. */
  replyBudget(_event: ChatEvent): ReplyBudget | undefined {
    return undefined
  }

  #unsupported(method: BotFeature): Promise<never> {
    return Promise.reject(
      new MynahError(
        'UNSUPPORTED',
        `${this.platform} has no ${method}; ask bot.supports('${method}') first.`,
      ),
    )
  }

  getMessage(_channelId: string, _messageId: string): Promise<Message> {
    return this.#unsupported('getMessage')
  }
  /** Messages of a channel, newest page first, oldest message first in a page. */
  listMessages(_channelId: string, _next?: string): Promise<Page<Message>> {
    return this.#unsupported('listMessages')
  }
  updateMessage(_channelId: string, _messageId: string, _content: Content): Promise<void> {
    return this.#unsupported('updateMessage')
  }
  deleteMessage(_channelId: string, _messageId: string): Promise<void> {
    return this.#unsupported('deleteMessage')
  }
  pinMessage(_channelId: string, _messageId: string): Promise<void> {
    return this.#unsupported('pinMessage')
  }
  unpinMessage(_channelId: string, _messageId: string): Promise<void> {
    return this.#unsupported('unpinMessage')
  }
  createReaction(_channelId: string, _messageId: string, _emojiId: string): Promise<void> {
    return this.#unsupported('createReaction')
  }
  /** Takes back a reaction of the bot, or of `userId`. */
  deleteReaction(_channelId: string, _messageId: string, _emojiId: string, _userId?: string): Promise<void> {
    return this.#unsupported('deleteReaction')
  }
  createDirectChannel(_userId: string, _guildId?: string): Promise<Channel> {
    return this.#unsupported('createDirectChannel')
  }
  getChannel(_channelId: string): Promise<Channel> {
    return this.#unsupported('getChannel')
  }
  listChannels(_guildId: string, _next?: string): Promise<Page<Channel>> {
    return this.#unsupported('listChannels')
  }
  createChannel(_guildId: string, _channel: Omit<Channel, 'id'>): Promise<Channel> {
    return this.#unsupported('createChannel')
  }
  updateChannel(_channelId: string, _changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    return this.#unsupported('updateChannel')
  }
  deleteChannel(_channelId: string): Promise<void> {
    return this.#unsupported('deleteChannel')
  }
  getGuild(_guildId: string): Promise<Guild> {
    return this.#unsupported('getGuild')
  }
  listGuilds(_next?: string): Promise<Page<Guild>> {
    return this.#unsupported('listGuilds')
  }
  leaveGuild(_guildId: string): Promise<void> {
    return this.#unsupported('leaveGuild')
  }
  /** Keeps everybody but administrators from writing, or lets them again. */
  muteGuild(_guildId: string, _isMuted: boolean): Promise<void> {
    return this.#unsupported('muteGuild')
  }
  getMember(_guildId: string, _userId: string): Promise<Member> {
    return this.#unsupported('getMember')
  }
  listMembers(_guildId: string, _next?: string): Promise<Page<Member>> {
    return this.#unsupported('listMembers')
  }
  kickMember(_guildId: string, _userId: string, _options?: { permanent?: boolean }): Promise<void> {
    return this.#unsupported('kickMember')
  }
  /** @param _durationMs - How long; 0 ends it. */
  muteMember(_guildId: string, _userId: string, _durationMs: number): Promise<void> {
    return this.#unsupported('muteMember')
  }
  /** @param _nick - Name shown in the guild; empty takes it away. */
  setMemberNick(_guildId: string, _userId: string, _nick: string): Promise<void> {
    return this.#unsupported('setMemberNick')
  }
  setMemberRole(_guildId: string, _userId: string, _role: 'admin' | 'member'): Promise<void> {
    return this.#unsupported('setMemberRole')
  }
  grantRole(_guildId: string, _userId: string, _roleId: string): Promise<void> {
    return this.#unsupported('grantRole')
  }
  revokeRole(_guildId: string, _userId: string, _roleId: string): Promise<void> {
    return this.#unsupported('revokeRole')
  }
  listRoles(_guildId: string, _next?: string): Promise<Page<Role>> {
    return this.#unsupported('listRoles')
  }
  createRole(_guildId: string, _role: Omit<Role, 'id'>): Promise<Role> {
    return this.#unsupported('createRole')
  }
  updateRole(_guildId: string, _roleId: string, _changes: Partial<Omit<Role, 'id'>>): Promise<void> {
    return this.#unsupported('updateRole')
  }
  deleteRole(_guildId: string, _roleId: string): Promise<void> {
    return this.#unsupported('deleteRole')
  }
  getUser(_userId: string): Promise<User> {
    return this.#unsupported('getUser')
  }
  listFriends(_next?: string): Promise<Page<User>> {
    return this.#unsupported('listFriends')
  }
  deleteFriend(_userId: string): Promise<void> {
    return this.#unsupported('deleteFriend')
  }
  /**
   * Accepts or refuses what a `friend-request`, `guild-request` or `guild-member-request` asks for.
   *
   * @param _comment - The reason of a refusal, or the remark for a new friend.
   */
  answerRequest(_event: ChatEvent, _isApproved: boolean, _comment?: string): Promise<void> {
    return this.#unsupported('answerRequest')
  }
  /** Tells the platform that a pressed button was seen. */
  ackInteraction(_event: ChatEvent): Promise<void> {
    return this.#unsupported('ackInteraction')
  }
  poke(_userId: string, _guildId?: string): Promise<void> {
    return this.#unsupported('poke')
  }
  /** Answers an event by what the platform takes along with it. */
  quick(_event: ChatEvent, _operation: QuickOperation): Promise<void> {
    return this.#unsupported('quick')
  }
}
