import { isRecord, readText } from '@mynah/adapter-kit'
import {
  type BotFeature,
  type Channel,
  type ChatEvent,
  type Clock,
  type Element,
  type Guild,
  type Logger,
  type Member,
  type Message,
  type MessageSupport,
  MynahError,
  type Page,
  type Receipt,
  type User,
} from '@mynah/core'
import { type Acceptance, type BotHost, LocalBot, type OutgoingMessage } from '@mynah/core/adapter'

import { OneBotApi } from './api/onebot-api.ts'
import { OneBotError } from './errors.ts'
import { CatchUp } from './receive/catch-up.ts'
import { Connections } from './receive/connections.ts'
import type { Account } from './receive/host.ts'
import { Receiver } from './receive/receive.ts'
import { RecentMessages } from './receive/recent-messages.ts'
import type { OneBotConfig } from './config.ts'
import { platform } from './decode/parts.ts'
import { directChannel, groupChannel, guildOf, memberOf, targetOf, userOf } from './decode/resources.ts'
import { decodeStoredMessage } from './decode/stored.ts'
import { support } from './encode/segments.ts'
import { planMessages } from './send/plan.ts'
import { Sender } from './send/sender.ts'
import { TemporaryChats } from './send/temporary-chats.ts'
import { readString } from './wire/raw.ts'
import type { GroupInfo, GroupMember } from './wire/results.ts'

/** What of the adapter's config concerns a bot. */
export type BotConfig = Pick<
  OneBotConfig,
  'messageFormat' | 'media' | 'catchUp' | 'maxCalls' | 'maxMessageAge' | 'webhook'
>

/** What a bot is made of. */
export interface BotOptions {
  readonly selfId: string
  readonly config: BotConfig
  readonly logger: Logger
  readonly clock: Clock
  readonly onStop: () => void
}

/** One QQ account behind a OneBot implementation: owns its connections, its way in and its way out. */
export class OneBotBot extends LocalBot implements Account {
  override readonly platform: string = platform
  override readonly selfId: string
  override readonly support: MessageSupport = support
  /** Every action of OneBot and its family, typed. */
  override readonly platformApi: OneBotApi
  /** @internal Connections of this account. */
  readonly connections: Connections
  /** @internal The way in. */
  readonly receiver: Receiver
  readonly #logger: Logger
  readonly #temporaryChats = new TemporaryChats()
  readonly #recentMessages: RecentMessages
  readonly #sender: Sender
  readonly #catchUp: CatchUp | undefined
  readonly #onStop: () => void
  readonly #hasWebhook: boolean

  /** @internal Made by the adapter. */
  constructor({ selfId, config, logger, clock, onStop }: BotOptions) {
    super()
    this.selfId = selfId
    this.#logger = logger
    this.#onStop = onStop
    this.#hasWebhook = config.webhook.length > 0
    this.#recentMessages = new RecentMessages(selfId)
    const connections = new Connections({
      selfId,
      logger,
      maxCalls: config.maxCalls,
      onStatus: (status) => this.setStatus(status),
      onConnected: (isAgain) => void this.#connected(isAgain),
    })
    const api = new OneBotApi(connections)
    const receiver = new Receiver({
      selfId,
      logger,
      clock,
      connections,
      temporaryChats: this.#temporaryChats,
      recentMessages: this.#recentMessages,
      maxMessageAgeMs: config.maxMessageAge,
      emit: (event, signal) => this.#emit(event, signal),
      onSettled: (listener) => this.onSettled(listener),
      refused: (reason, count) => this.refused(reason, count),
      keys: () => this.keys,
    })
    this.connections = connections
    this.receiver = receiver
    this.platformApi = api
    this.#sender = new Sender({
      selfId,
      logger,
      api,
      connections,
      config,
      temporaryChats: this.#temporaryChats,
      answerOf: (eventId) => receiver.answerOf(eventId),
      author: () => ({ id: selfId, name: this.user?.name ?? selfId }),
    })
    if (config.catchUp > 0) {
      const emit = (event: ChatEvent): Promise<unknown> => this.emit(this.#recentMessages.complete(event))
      this.#catchUp = new CatchUp({ selfId, api, logger, emit }, config.catchUp)
    }
  }

  override attach(host: BotHost): void {
    super.attach(host)
    if (this.#hasWebhook) void this.receiver.open()
  }

  override async stop(): Promise<void> {
    this.#onStop()
    this.connections.stop()
    await this.receiver.stop()
  }

  protected override supports(feature: BotFeature): boolean {
    const isReaction = feature === 'createReaction' || feature === 'deleteReaction'
    return super.supports(feature) && !(isReaction && this.connections.quirks.reactions === 'none')
  }

  #emit(event: ChatEvent, signal: AbortSignal): Promise<Acceptance | 'refused'> {
    if (event.type === 'message-created') this.#catchUp?.note(event)
    return this.emit(event, signal)
  }

  async #connected(isAgain: boolean): Promise<void> {
    try {
      const info = await this.platformApi.profile.get()
      this.user = userOf(this.selfId, { ...info })
    } catch (err) {
      this.#logger.debug({ err, selfId: this.selfId }, 'The name of the account is not known')
    }
    if (isAgain) await this.#catchUp?.run()
  }

  // --- messages

  override prepare(parts: Element[][], _message: OutgoingMessage): Element[][] {
    return parts.length === 1 && parts[0]?.length === 1 ? parts : parts.flatMap(planMessages)
  }

  override async deliver(message: OutgoingMessage): Promise<Receipt> {
    const receipt = await this.#sender.send(message)
    for (const id of receipt.messageIds) this.#recentMessages.noteOwn(message.channelId, id)
    return receipt
  }

  override async getMessage(channelId: string, messageId: string): Promise<Message> {
    const stored = await this.platformApi.messages.get(messageId)
    const message = decodeStoredMessage(stored, this.selfId, channelId)
    return message.id === '' ? { ...message, id: messageId } : message
  }

  /** `next` is where the page before begins. Not on go-cqhttp for private chats. */
  override async listMessages(channelId: string, next?: string): Promise<Page<Message>> {
    const target = targetOf(channelId)
    const query = next === undefined ? {} : { from: next }
    if (target.kind === 'guild')
      throw new MynahError('UNSUPPORTED', 'Channels of the guild service have no history.')
    const stored =
      target.kind === 'group'
        ? await this.platformApi.messages.listGroup(target.groupId, query)
        : await this.platformApi.messages.listPrivate(target.userId, query)
    const byId = this.connections.quirks.historyBy === 'id'
    const page = stored.filter(({ message_id }) => !(byId && String(message_id) === next))
    const [oldest] = page
    const before = byId ? readString(oldest?.message_id) : seqBefore(oldest?.message_seq)
    const data = page.map((message) => decodeStoredMessage(message, this.selfId, channelId))
    return before === undefined ? { data } : { data, next: before }
  }

  override async deleteMessage(_channelId: string, messageId: string): Promise<void> {
    await this.platformApi.messages.delete(messageId)
  }

  override async pinMessage(_channelId: string, messageId: string): Promise<void> {
    await this.platformApi.essences.add(messageId)
  }

  override async unpinMessage(_channelId: string, messageId: string): Promise<void> {
    await this.platformApi.essences.delete(messageId)
  }

  override async createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    await this.platformApi.reactions.set(channelId, messageId, emojiId, true)
  }

  override async deleteReaction(
    channelId: string,
    messageId: string,
    emojiId: string,
    userId?: string,
  ): Promise<void> {
    if (userId !== undefined && userId !== this.selfId) {
      throw new MynahError('UNSUPPORTED', 'Only the own reactions of the account can be taken back.')
    }
    await this.platformApi.reactions.set(channelId, messageId, emojiId, false)
  }

  // --- channels and guilds

  /** A private chat. @param guildId - The group both are in, for somebody who is no friend. */
  override createDirectChannel(userId: string, guildId?: string): Promise<Channel> {
    if (guildId !== undefined) this.#temporaryChats.remember(userId, guildId)
    return Promise.resolve(directChannel(userId))
  }

  override async getChannel(channelId: string): Promise<Channel> {
    const target = targetOf(channelId)
    if (target.kind === 'private') return directChannel(target.userId)
    if (target.kind === 'guild') return { id: channelId, type: 'text', parentId: target.guildId }
    return groupChannel(await this.getGuild(target.groupId))
  }

  override async listChannels(guildId: string): Promise<Page<Channel>> {
    return { data: [groupChannel(await this.getGuild(guildId))] }
  }

  /** Renames a group. */
  override async updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    if (changes.name !== undefined) {
      await this.platformApi.groups.rename(channelId, changes.name)
    }
  }

  override async getGuild(guildId: string): Promise<Guild> {
    return guildFrom(guildId, await this.platformApi.groups.get(guildId))
  }

  override async listGuilds(): Promise<Page<Guild>> {
    const groups = await this.platformApi.groups.list()
    return { data: groups.map((info) => guildFrom(String(info.group_id), info)) }
  }

  override async leaveGuild(guildId: string): Promise<void> {
    await this.platformApi.groups.leave(guildId)
  }

  override async muteGuild(guildId: string, isMuted: boolean): Promise<void> {
    await this.platformApi.groups.mute(guildId, isMuted)
  }

  // --- members

  override async getMember(guildId: string, userId: string): Promise<Member> {
    return memberFrom(userId, await this.platformApi.members.get(guildId, userId))
  }

  override async listMembers(guildId: string): Promise<Page<Member>> {
    const members = await this.platformApi.members.list(guildId)
    return { data: members.map((info) => memberFrom(String(info.user_id), info)) }
  }

  override async kickMember(
    guildId: string,
    userId: string,
    { permanent = false }: { permanent?: boolean } = {},
  ): Promise<void> {
    await this.platformApi.members.kick(guildId, userId, { reject_add_request: permanent })
  }

  override async muteMember(guildId: string, userId: string, durationMs: number): Promise<void> {
    await this.platformApi.members.mute(guildId, userId, Math.ceil(durationMs / 1000))
  }

  override async setMemberNick(guildId: string, userId: string, nick: string): Promise<void> {
    await this.platformApi.members.setCard(guildId, userId, nick)
  }

  override async setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void> {
    await this.platformApi.members.setAdmin(guildId, userId, role === 'admin')
  }

  // --- people

  override async getUser(userId: string): Promise<User> {
    return userOf(userId, { ...(await this.platformApi.users.get(userId)) })
  }

  override async listFriends(): Promise<Page<User>> {
    const friends = await this.platformApi.friends.list()
    return { data: friends.map((friend) => userOf(String(friend.user_id), { ...friend })) }
  }

  override async deleteFriend(userId: string): Promise<void> {
    await this.platformApi.friends.delete(userId)
  }

  override async answerRequest(event: ChatEvent, isApproved: boolean, comment?: string): Promise<void> {
    const referrer = isRecord(event.referrer) ? event.referrer : {}
    const flag = readText(referrer['flag'])
    if (flag === undefined)
      throw new MynahError('UNSUPPORTED', `${event.type} is no request that can be answered.`)
    if (this.#answerQuickly(event, isApproved, comment)) return
    if (referrer['kind'] === 'friend') {
      const remark = isApproved && comment !== undefined ? { remark: comment } : {}
      await this.platformApi.requests.answerFriend(flag, isApproved, remark)
      return
    }
    const reason = !isApproved && comment !== undefined ? { reason: comment } : {}
    const subType = referrer['subType'] === 'invite' ? 'invite' : 'add'
    await this.platformApi.requests.answerGroup(flag, subType, isApproved, reason)
  }

  /** Where calls cannot be made, the answer of the webhook request says it. */
  #answerQuickly(event: ChatEvent, approve: boolean, comment: string | undefined): boolean {
    if (this.connections.callConnection !== undefined) return false
    const words = comment === undefined ? {} : { [approve ? 'remark' : 'reason']: comment }
    return this.receiver.answerOf(event.id)?.add({ approve, ...words }) ?? false
  }

  override async poke(userId: string, guildId?: string): Promise<void> {
    try {
      if (guildId === undefined) await this.platformApi.friends.poke(userId)
      else await this.platformApi.members.poke(guildId, userId)
    } catch (error) {
      if (!OneBotError.is(error, 'unknown-action')) throw error
      const message = [{ type: 'poke', data: { qq: userId } }]
      if (guildId === undefined) await this.platformApi.messages.sendPrivate(userId, message)
      else await this.platformApi.messages.sendGroup(guildId, message)
    }
  }
}

/** The number before a sequence number, which may have more digits than a number holds. */
function seqBefore(seq: unknown): string | undefined {
  const text = readString(seq) ?? ''
  const before = /^\d+$/.test(text) ? BigInt(text) - 1n : 0n
  return before > 0n ? String(before) : undefined
}

/** The id that was asked for holds, also where an answer leaves it out. */
function guildFrom(id: string, info: GroupInfo): Guild {
  const { member_count: memberCount } = info
  const guild = guildOf(id, { ...info })
  return memberCount === undefined || memberCount === 0 ? guild : { ...guild, memberCount }
}

function memberFrom(id: string, info: GroupMember): Member {
  return { user: userOf(id, { ...info }), ...memberOf({ ...info }) }
}
