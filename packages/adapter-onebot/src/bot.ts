import {
  Bot,
  type BotFeature,
  type Channel,
  type ChatEvent,
  type Element,
  type Guild,
  type LoginStatus,
  type Member,
  type Message,
  type MessageSupport,
  MynahError,
  type OutgoingMessage,
  type Page,
  type QuickOperation,
  type Receipt,
  type User,
} from '@mynah/core'

import type { Account, AccountState } from './account.ts'
import { entriesOf, objectOf } from './api/answers.ts'
import { OneBotApi } from './api/api.ts'
import { UnsupportedActionError } from './errors.ts'
import { CatchUp } from './receive/catch-up.ts'
import type { OneBotConfig } from './config.ts'
import { platform } from './decode/event.ts'
import { directChannel, groupChannel, guildOf, memberOf, targetOf, userOf } from './decode/resources.ts'
import { decodeStoredMessage } from './decode/stored.ts'
import { splitAlone, support } from './encode/segments.ts'
import { runQuick } from './send/quick.ts'
import { Sender } from './send/sender.ts'
import { isRaw, readString, readText } from './wire/raw.ts'
import type { GroupInfo, GroupMember } from './wire/results.ts'

/** What of the adapter's config concerns a bot. */
export type BotConfig = Pick<OneBotConfig, 'messageFormat' | 'media' | 'catchUp'>

/** One QQ account behind a OneBot implementation. */
export class OneBotBot extends Bot {
  override readonly platform: string = platform
  override readonly selfId: string
  override readonly support: MessageSupport = support
  /** Every action of OneBot and its family, typed. */
  readonly internal: OneBotApi
  readonly #account: Account
  readonly #sender: Sender
  readonly #catchUp: CatchUp | undefined
  readonly #onStop: () => void

  /** @internal Made by the adapter. */
  constructor(account: Account, config: BotConfig, onStop: () => void) {
    super()
    this.selfId = account.selfId
    this.internal = new OneBotApi(account)
    this.#account = account
    this.#onStop = onStop
    this.#sender = new Sender({
      account,
      api: this.internal,
      config,
      author: () => ({ id: this.selfId, name: this.user?.name ?? this.selfId }),
    })
    if (config.catchUp > 0) {
      const { selfId, internal: api } = this
      const { logger } = account
      this.#catchUp = new CatchUp({ selfId, api, logger, emit: (event) => this.emit(event) }, config.catchUp)
    }
  }

  /** How the account is doing: connections, calls under way, last event. */
  get state(): AccountState {
    return this.#account.state
  }

  /** @internal Begins to hear of the account. Called when the bot is part of an app. */
  start(): void {
    this.#account.listener = {
      event: (event) => this.#receive(event),
      status: (status: LoginStatus) => this.setStatus(status),
      refused: (reason) => this.refused(reason),
      connected: (isAgain) => void this.#connected(isAgain),
    }
  }

  override stop(): Promise<void> {
    this.#onStop()
    this.#account.stop()
    return Promise.resolve()
  }

  override supports(feature: BotFeature): boolean {
    const isReaction = feature === 'createReaction' || feature === 'deleteReaction'
    return super.supports(feature) && !(isReaction && this.#account.quirks.reactions === 'none')
  }

  #receive(event: ChatEvent): Promise<void> {
    if (event.type === 'message-created') this.#catchUp?.note(event)
    return this.emit(event)
  }

  async #connected(isAgain: boolean): Promise<void> {
    try {
      const info = await this.internal.getLoginInfo()
      this.user = userOf(this.selfId, { ...info })
    } catch (err) {
      this.#account.logger.debug({ err, selfId: this.selfId }, 'The name of the account is not known')
    }
    if (isAgain) await this.#catchUp?.run()
  }

  // --- messages

  override arrange(parts: Element[][], _message: OutgoingMessage): Element[][] {
    return parts.length === 1 && parts[0]?.length === 1 ? parts : parts.flatMap(splitAlone)
  }

  override deliver(message: OutgoingMessage): Promise<Receipt> {
    return this.#sender.send(message)
  }

  override async getMessage(channelId: string, messageId: string): Promise<Message> {
    const stored = await this.internal.getMsg({ message_id: messageId })
    const message = decodeStoredMessage(objectOf('get_msg', stored), this.selfId, channelId)
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
        ? await this.internal.getGroupMsgHistory({ group_id: target.groupId, ...query })
        : await this.internal.getFriendMsgHistory({ user_id: target.userId, ...query })
    const byId = this.#account.quirks.historyBy === 'id'
    const page = stored.filter(({ message_id }) => !(byId && String(message_id) === next))
    const [oldest] = page
    const before = byId ? readString(oldest?.message_id) : seqBefore(oldest?.message_seq)
    const data = page.map((message) => decodeStoredMessage(message, this.selfId, channelId))
    return before === undefined ? { data } : { data, next: before }
  }

  override async deleteMessage(_channelId: string, messageId: string): Promise<void> {
    await this.internal.deleteMsg({ message_id: messageId })
  }

  override async pinMessage(_channelId: string, messageId: string): Promise<void> {
    await this.internal.setEssenceMsg({ message_id: messageId })
  }

  override async unpinMessage(_channelId: string, messageId: string): Promise<void> {
    await this.internal.deleteEssenceMsg({ message_id: messageId })
  }

  override async createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    await this.#react(channelId, messageId, emojiId, true)
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
    await this.#react(channelId, messageId, emojiId, false)
  }

  async #react(channelId: string, message_id: string, emoji_id: string, isAdd: boolean): Promise<void> {
    const { reactions } = this.#account.quirks
    if (reactions === 'group-reaction') {
      await this.internal.setGroupReaction({ group_id: channelId, message_id, code: emoji_id, is_add: isAdd })
    } else if (reactions === 'emoji-like-unset' && !isAdd) {
      await this.internal.unsetMsgEmojiLike({ message_id, emoji_id })
    } else if (reactions === 'none') {
      throw new MynahError('UNSUPPORTED', 'go-cqhttp has no reactions.')
    } else {
      await this.internal.setMsgEmojiLike({ message_id, emoji_id, set: isAdd })
    }
  }

  // --- channels and guilds

  /** A private chat. @param guildId - The group both are in, for somebody who is no friend. */
  override createDirectChannel(userId: string, guildId?: string): Promise<Channel> {
    if (guildId !== undefined) this.#account.temporaryChats.remember(userId, guildId)
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
      await this.internal.setGroupName({ group_id: channelId, group_name: changes.name })
    }
  }

  override async getGuild(guildId: string): Promise<Guild> {
    const info = await this.internal.getGroupInfo({ group_id: guildId })
    return guildFrom(guildId, objectOf('get_group_info', info))
  }

  override async listGuilds(): Promise<Page<Guild>> {
    const groups = entriesOf('get_group_list', await this.internal.getGroupList(), 'group_id')
    return { data: groups.map((info) => guildFrom(String(info.group_id), info)) }
  }

  override async leaveGuild(guildId: string): Promise<void> {
    await this.internal.setGroupLeave({ group_id: guildId })
  }

  override async muteGuild(guildId: string, isMuted: boolean): Promise<void> {
    await this.internal.setGroupWholeBan({ group_id: guildId, enable: isMuted })
  }

  // --- members

  override async getMember(guildId: string, userId: string): Promise<Member> {
    const info = await this.internal.getGroupMemberInfo({ group_id: guildId, user_id: userId })
    return memberFrom(userId, objectOf('get_group_member_info', info))
  }

  override async listMembers(guildId: string): Promise<Page<Member>> {
    const answer = await this.internal.getGroupMemberList({ group_id: guildId })
    const members = entriesOf('get_group_member_list', answer, 'user_id')
    return { data: members.map((info) => memberFrom(String(info.user_id), info)) }
  }

  override async kickMember(
    guildId: string,
    userId: string,
    { permanent = false }: { permanent?: boolean } = {},
  ): Promise<void> {
    await this.internal.setGroupKick({ group_id: guildId, user_id: userId, reject_add_request: permanent })
  }

  override async muteMember(guildId: string, userId: string, durationMs: number): Promise<void> {
    const duration = Math.ceil(durationMs / 1000)
    await this.internal.setGroupBan({ group_id: guildId, user_id: userId, duration })
  }

  override async setMemberNick(guildId: string, userId: string, nick: string): Promise<void> {
    await this.internal.setGroupCard({ group_id: guildId, user_id: userId, card: nick })
  }

  override async setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void> {
    await this.internal.setGroupAdmin({ group_id: guildId, user_id: userId, enable: role === 'admin' })
  }

  // --- people

  override async getUser(userId: string): Promise<User> {
    const info = await this.internal.getStrangerInfo({ user_id: userId })
    return userOf(userId, { ...objectOf('get_stranger_info', info) })
  }

  override async listFriends(): Promise<Page<User>> {
    const friends = entriesOf('get_friend_list', await this.internal.getFriendList(), 'user_id')
    return { data: friends.map((friend) => userOf(String(friend.user_id), { ...friend })) }
  }

  override async deleteFriend(userId: string): Promise<void> {
    await this.internal.deleteFriend({ user_id: userId })
  }

  override async answerRequest(event: ChatEvent, isApproved: boolean, comment?: string): Promise<void> {
    const referrer = isRaw(event.referrer) ? event.referrer : {}
    const flag = readText(referrer['flag'])
    if (flag === undefined)
      throw new MynahError('UNSUPPORTED', `${event.type} is no request that can be answered.`)
    if (referrer['kind'] === 'friend') {
      const remark = isApproved && comment !== undefined ? { remark: comment } : {}
      await this.internal.setFriendAddRequest({ flag, approve: isApproved, ...remark })
      return
    }
    const reason = !isApproved && comment !== undefined ? { reason: comment } : {}
    const sub_type = referrer['subType'] === 'invite' ? 'invite' : 'add'
    await this.internal.setGroupAddRequest({ flag, sub_type, approve: isApproved, ...reason })
  }

  override async poke(userId: string, guildId?: string): Promise<void> {
    try {
      if (guildId === undefined) await this.internal.friendPoke({ user_id: userId })
      else await this.internal.groupPoke({ group_id: guildId, user_id: userId })
    } catch (error) {
      if (!(error instanceof UnsupportedActionError)) throw error
      const message = [{ type: 'poke', data: { qq: userId } }]
      if (guildId === undefined) await this.internal.sendPrivateMsg({ user_id: userId, message })
      else await this.internal.sendGroupMsg({ group_id: guildId, message })
    }
  }

  /** @throws MynahError of the first part that failed; `UNSUPPORTED` for events that take none. */
  override quick(event: ChatEvent, operation: QuickOperation): Promise<void> {
    const reply = async (to: ChatEvent, content: readonly Element[]): Promise<void> => {
      const receipt = await this.sendMessage(to.channel?.id ?? '', content, { event: to })
      if (receipt.status === 'failed') throw receipt.error
    }
    const host = {
      account: this.#account,
      api: this.internal,
      reply,
      answerRequest: (to: ChatEvent, isApproved: boolean, comment?: string) =>
        this.answerRequest(to, isApproved, comment),
    }
    return runQuick(host, event, operation)
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
