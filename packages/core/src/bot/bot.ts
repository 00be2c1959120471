import type { MessageSupport } from '../message/support.ts'
import type { Content } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Channel, Guild, LoginStatus, Member, Message, Role, User } from '../model/resources.ts'
import type { Receipt, ReplyBudget } from '../model/receipt.ts'
import type { EditOptions, SendOptions } from './send-options.ts'

/** One page of a list. */
export interface Page<T> {
  /** In the order in which the platform gives them. */
  readonly data: readonly T[]
  /** Where the next page begins; absent on the last one. */
  readonly next?: string
}

/** Whether events arrive, beside whether the account is connected. */
export interface Intake {
  /** When the last event was taken, in ms since 1970; `undefined` when none was yet. */
  readonly lastEventAt: number | undefined
  /** Events that were refused since then. */
  readonly refused: number
}

/** What an account is: plain data. */
export interface BotInfo {
  /** Name of the platform, such as `onebot`. */
  readonly platform: string
  /** Id of the account. */
  readonly selfId: string
  /** `platform:selfId`, unique in an app. */
  readonly key: string
  /** Whether the account is connected. */
  readonly status: LoginStatus
  /** The account as a user, once it is known. */
  readonly user: User | undefined
  /** Methods of {@link BotMethods} that the account has; the others reject with `UNSUPPORTED`. */
  readonly features: readonly BotFeature[]
  /** What its messages can be made of. */
  readonly support: MessageSupport
  /** Whether events arrive. */
  readonly intake: Intake
  /** Whether people see the chat beside the log, as in a terminal: the log then leaves its messages out. */
  readonly isBesideLog: boolean
}

/** What an account is, as of now. */
export function infoOf(bot: BotInfo): BotInfo {
  const { platform, selfId, key, status, user, features, support, intake, isBesideLog } = bot
  return { platform, selfId, key, status, user, features, support, intake, isBesideLog }
}

/** Ways to act on a platform that one may lack; see {@link BotInfo.features}. */
export interface BotMethods {
  /** One message by its id. */
  getMessage(channelId: string, messageId: string): Promise<Message>
  /** Messages of a channel, newest page first, oldest message first in a page. */
  listMessages(channelId: string, next?: string): Promise<Page<Message>>
  /**
   * Puts other content in the place of a message of the bot, which goes the way of all messages: components, outgoing
   * middleware, degradation, order.
   *
   * @throws MynahError `SEND_TOO_LONG` for what would be several messages, before anything is changed; else why the
   * message could not be changed.
   */
  updateMessage(channelId: string, messageId: string, content: Content, options?: EditOptions): Promise<void>
  /** Takes a message back. */
  deleteMessage(channelId: string, messageId: string): Promise<void>
  /** Pins a message in its channel. */
  pinMessage(channelId: string, messageId: string): Promise<void>
  /** Takes the pin of a message away. */
  unpinMessage(channelId: string, messageId: string): Promise<void>
  /** Adds a reaction of the bot to a message. */
  createReaction(channelId: string, messageId: string, emojiId: string): Promise<void>
  /** Takes back a reaction of the bot, or of `userId`. */
  deleteReaction(channelId: string, messageId: string, emojiId: string, userId?: string): Promise<void>
  /** The one-to-one chat with somebody; `guildId` where the platform wants to know the place they share. */
  createDirectChannel(userId: string, guildId?: string): Promise<Channel>
  /** One channel by its id. */
  getChannel(channelId: string): Promise<Channel>
  /** Channels of a guild. */
  listChannels(guildId: string, next?: string): Promise<Page<Channel>>
  /** Makes a channel in a guild. */
  createChannel(guildId: string, channel: Omit<Channel, 'id'>): Promise<Channel>
  /** Changes a channel; what is left out stays. */
  updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void>
  /** Removes a channel. */
  deleteChannel(channelId: string): Promise<void>
  /** One guild by its id. */
  getGuild(guildId: string): Promise<Guild>
  /** Guilds that the bot is in. */
  listGuilds(next?: string): Promise<Page<Guild>>
  /** Leaves a guild. */
  leaveGuild(guildId: string): Promise<void>
  /** Keeps everybody but administrators from writing, or lets them again. */
  muteGuild(guildId: string, isMuted: boolean): Promise<void>
  /** One member of a guild. */
  getMember(guildId: string, userId: string): Promise<Member>
  /** Members of a guild. */
  listMembers(guildId: string, next?: string): Promise<Page<Member>>
  /** Removes somebody from a guild; `permanent` keeps them from coming back. */
  kickMember(guildId: string, userId: string, options?: { permanent?: boolean }): Promise<void>
  /** @param durationMs - How long; 0 ends it. */
  muteMember(guildId: string, userId: string, durationMs: number): Promise<void>
  /** @param nick - Name shown in the guild; empty takes it away. */
  setMemberNick(guildId: string, userId: string, nick: string): Promise<void>
  /** Makes a member an administrator, or takes that away. */
  setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void>
  /** Gives a member a role. */
  grantRole(guildId: string, userId: string, roleId: string): Promise<void>
  /** Takes a role from a member. */
  revokeRole(guildId: string, userId: string, roleId: string): Promise<void>
  /** Roles of a guild. */
  listRoles(guildId: string, next?: string): Promise<Page<Role>>
  /** Makes a role in a guild. */
  createRole(guildId: string, role: Omit<Role, 'id'>): Promise<Role>
  /** Changes a role; what is left out stays. */
  updateRole(guildId: string, roleId: string, changes: Partial<Omit<Role, 'id'>>): Promise<void>
  /** Removes a role. */
  deleteRole(guildId: string, roleId: string): Promise<void>
  /** One person by their id. */
  getUser(userId: string): Promise<User>
  /** Friends of the account. */
  listFriends(next?: string): Promise<Page<User>>
  /** Ends a friendship. */
  deleteFriend(userId: string): Promise<void>
  /**
   * Accepts or refuses what a `friend-request`, `guild-request` or `guild-member-request` asks for.
   *
   * @param comment - The reason of a refusal, or the remark for a new friend.
   */
  answerRequest(event: ChatEvent, isApproved: boolean, comment?: string): Promise<void>
  /** Tells the platform that a pressed button was seen. */
  ackInteraction(event: ChatEvent): Promise<void>
  /** Pokes somebody, in a guild or in a one-to-one chat. */
  poke(userId: string, guildId?: string): Promise<void>
}

/** Name of a method that a platform may lack. */
export type BotFeature = keyof BotMethods

/**
 * The platforms' own APIs by platform. Adapters add theirs:
 *
 * ```ts
 * declare module '@mynah/core' {
 *   interface PlatformApis { qq: QQApi }
 * }
 * ```
 */
export interface PlatformApis {}

/**
 * One account that is signed in to one platform: every way to act on the platform that plugins share.
 * Arguments and results are plain data. Methods that a platform lacks reject with `UNSUPPORTED`;
 * {@link BotInfo.features} tells beforehand.
 */
export interface Bot extends BotInfo, BotMethods {
  /**
   * Sends a message. What the platform cannot show is degraded, long text becomes several messages.
   * Never rejects: the receipt says what happened.
   */
  sendMessage(channelId: string, content: Content, options?: SendOptions): Promise<Receipt>
  /**
   * Methods of {@link BotMethods} that the account has in one place, where {@link BotInfo.features} differ by place:
   * groups of a platform may refuse what its guilds allow. Makes no call of the platform.
   *
   * @param channelId - The place, as events tell it.
   */
  featuresIn(channelId: string): Promise<readonly BotFeature[]>
  /** What may still be said about an event; `undefined` on platforms that do not count answers. */
  replyBudget(event: ChatEvent): Promise<ReplyBudget | undefined>
  /**
   * The platform's own API.
   *
   * @throws MynahError `UNSUPPORTED` when the account is of another platform.
   */
  api<K extends keyof PlatformApis>(platform: K): PlatformApis[K]
}
