import {
  Bot,
  type Channel,
  type ChatEvent,
  type Clock,
  type Content,
  type Element,
  failedReceipt,
  type Guild,
  type Logger,
  type Member,
  type Message,
  type MessageSupport,
  MynahError,
  type OutgoingMessage,
  type Page,
  type Receipt,
  type Role,
  toElements,
  type ReplyBudget,
} from '@mynah/core'
import { Acknowledger, needsAck } from './receive/acknowledger.ts'
import type { AckCode } from './api/interactions.ts'
import type { QQApi } from './api/qq-api.ts'
import { type BotParts, buildParts } from './bot-parts.ts'
import type { QQConfig } from './config.ts'
import type { DecodeContext } from './decode/context.ts'
import { decodeChannel, decodeGuild, decodeMember, decodeUser } from './decode/guild-events.ts'
import { decodeGuildMessage, guildContent } from './decode/guild-messages.ts'
import { encode, messageTypes } from './encode/encode.ts'
import { planMessages } from './send/plan.ts'
import { anySupport } from './encode/support.ts'
import { reactionEmoji } from './encode/resources.ts'
import { type CallOptions, sleep } from './http.ts'
import { Inbox, targetIn } from './receive/receive.ts'
import { referrerOf } from './decode/referrer.ts'
import { channelTypeNumber, muteBody, roleBody, rolesIn } from './encode/resources.ts'
import { streamMessage } from './send/stream-message.ts'
import { channelIdOf, isGuildSide, type Target, targetOf } from './encode/target.ts'
import { parseTime } from './decode/time.ts'
import { type Dispatch, isRecord } from './wire/envelope.ts'
import type { GuildMessage } from './wire/guild.ts'

/** The connection of a bot: what starts and ends with it. */
export interface BotConnection {
  stop(): Promise<void>
}

/** How a bot is made. */
export interface QQBotOptions {
  readonly config: QQConfig
  readonly clock: Clock
  readonly logger: Logger
  /** The platform refuses AppID or secret; they are tried again all the same. */
  readonly onRefused?: (reason: string) => void
}

/** How long until it is asked again who the bot is, in ms. */
const introductionsMs = [5000, 10_000, 30_000, 60_000]

const adminRole = '2'

/** One bot of the QQ platform: guilds, groups and one-to-one chats. */
export class QQBot extends Bot {
  readonly platform = 'qq'
  readonly support: MessageSupport = anySupport
  /** The whole OpenAPI, typed. */
  readonly api: QQApi
  readonly #options: QQBotOptions
  readonly #parts: BotParts
  readonly #inbox: Inbox
  readonly #acks: Acknowledger
  readonly #sessions = new Map<string, Promise<Channel>>()
  readonly #onlineWaiters = new Set<() => void>()
  #connection: BotConnection | undefined
  #botId: string | undefined

  constructor(options: QQBotOptions) {
    super()
    this.#options = options
    const { config, clock, logger } = options
    this.#parts = buildParts(config, {
      clock,
      logger,
      whenOnline: (signal) => this.#whenOnline(signal),
      ...(options.onRefused === undefined ? {} : { onRefused: options.onRefused }),
    })
    this.api = this.#parts.api
    this.#inbox = new Inbox({ ...this.#parts, logger })
    this.#acks = new Acknowledger(this.api.interactions, clock, logger)
  }

  /** The AppID. In guilds the platform knows the bot under another id, see {@link guildUserId}. */
  get selfId(): string {
    return this.#options.config.appId
  }

  /** The bot's id as a user of guilds, once it is known. */
  get guildUserId(): string | undefined {
    return this.#botId
  }

  /** Where logins get their credentials from. */
  get credentials(): BotParts['credentials'] {
    return this.#parts.credentials
  }

  /** Ties the life of a connection to that of the bot. */
  use(connection: BotConnection): void {
    this.#connection = connection
  }

  /** Asks who the bot is, where no READY tells it. */
  async loadSelf(): Promise<void> {
    const self = await this.api.self.get()
    this.#botId = self.id
    this.user = { ...decodeUser(self), id: this.selfId }
  }

  /**
   * Asks who the bot is until the platform tells, where no READY does: mentions of it in guilds are not known
   * before. Never rejects.
   */
  async introduce(): Promise<void> {
    const { clock, logger } = this.#options
    const { signal } = this.#parts
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        return await this.loadSelf()
      } catch (err) {
        // The client that asks has told an operator why.
        logger.debug(
          { err },
          'Who the bot is could not be asked; mentions of it in guilds are not recognised',
        )
      }
      const delayMs = introductionsMs[Math.min(tries, introductionsMs.length - 1)] ?? 0
      await sleep(clock, delayMs, signal).catch(() => logger.debug('The bot was stopped'))
    }
  }

  /** An event came in, over the gateway or as a push. Never throws: an odd one harms none behind it. */
  receive(envelope: Dispatch): void {
    try {
      this.#receive(envelope)
    } catch (err) {
      this.refused('an event could not be taken')
      this.#options.logger.debug({ err, event: envelope.t }, 'Why an event could not be taken')
    }
  }

  #receive(envelope: Dispatch): void {
    if (envelope.t === 'READY') this.#learnSelf(envelope.d)
    const received = this.#inbox.take(envelope, this.#decodeContext())
    if (received === undefined) return
    const { event, referrer } = received
    const handlers = this.emit(event)
    const id = referrer?.interactionId
    if (id !== undefined && this.#options.config.autoAck && needsAck(event.raw))
      void this.#acks.follow(id, handlers)
  }

  /** The gateway is there: calls that waited for it go on. */
  markOnline(): void {
    this.setStatus('online')
    for (const resolve of this.#onlineWaiters) resolve()
    this.#onlineWaiters.clear()
  }

  override async stop(): Promise<void> {
    await this.#connection?.stop()
    await this.#parts.stop()
    this.setStatus('offline')
  }

  /** Calls any path with credentials, rates, retries and coded errors. */
  request<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    return this.#parts.http.call<T>(method, path, options)
  }

  /** What can still be said about an event; `undefined` for events that have no place. */
  override replyBudget(event: ChatEvent): ReplyBudget | undefined {
    const referrer = referrerOf(event)
    const target = referrer === undefined ? undefined : targetIn(referrer)
    return referrer === undefined || target === undefined
      ? undefined
      : this.#parts.replies.budget(target, referrer)
  }

  override arrange(parts: Element[][], message: OutgoingMessage): Element[][] {
    const target = targetOf(message.channelId)
    const room = this.#parts.replies.room(target, referrerOf(message.event))
    const isOneText = !message.elements.some(
      ({ type, attrs }) => type === 'message' && attrs['forward'] !== true,
    )
    return planMessages(parts, target.kind, room, isOneText)
  }

  override async deliver({ channelId, elements, event, signal }: OutgoingMessage): Promise<Receipt> {
    const target = targetOf(channelId)
    return this.#parts.sender.send(target, this.#encode(elements, target), referrerOf(event), signal)
  }

  #encode(elements: readonly Element[], { kind }: Target): ReturnType<typeof encode> {
    const selfIds = { selfId: this.selfId, botId: this.#botId }
    return encode(elements, { kind, selfIds, quoteIndex: (id) => this.#parts.index.get(id) })
  }

  /**
   * Shows that the bot is typing, in the one-to-one chat of an event.
   *
   * @param seconds - At most 60.
   * @throws MynahError `UNSUPPORTED` elsewhere, `REPLY_WINDOW_CLOSED` when the event cannot be answered.
   */
  async sendTyping(event: ChatEvent, seconds = 10): Promise<void> {
    const { target, claim } = this.#claimC2C(event, 'claimSequence')
    const outcome = await this.api.messages.send(target, {
      msg_type: messageTypes.typing,
      input_notify: { input_type: 1, input_second: Math.min(60, Math.max(1, Math.round(seconds))) },
      ...claim.passive,
      ...(claim.msgSeq === undefined ? {} : { msg_seq: claim.msgSeq }),
    })
    if ('error' in outcome) throw outcome.error
  }

  /**
   * Shows a text while it is being made, as one answer to a one-to-one message. Never rejects.
   *
   * @param options - `contentType` tells how the text reads. @defaultValue markdown
   */
  async streamMessage(
    event: ChatEvent,
    source: AsyncIterable<string>,
    options: { readonly contentType?: 'text' | 'markdown' } = {},
  ): Promise<Receipt> {
    const { contentType = 'markdown' } = options
    try {
      const { target, claim } = this.#claimC2C(event, 'claim')
      return await streamMessage(source, {
        messages: this.api.messages,
        openid: target.id,
        claim,
        contentType,
        clock: this.#options.clock,
        signal: this.#parts.signal,
        sendRest: (text) => this.sendMessage(channelIdOf(target), text, { event }),
      })
    } catch (error) {
      return failedReceipt(error)
    }
  }

  #claimC2C(event: ChatEvent, how: 'claim' | 'claimSequence') {
    const referrer = referrerOf(event)
    const target = referrer === undefined ? undefined : targetIn(referrer)
    if (referrer === undefined || target?.kind !== 'c2c') {
      throw new MynahError('UNSUPPORTED', 'Only one-to-one chats have this.')
    }
    const claim = this.#parts.replies.windows[how](target, referrer)
    if (claim === undefined)
      throw new MynahError('REPLY_WINDOW_CLOSED', 'The message cannot be answered any more.')
    return { target, claim }
  }

  override async getMessage(channelId: string, messageId: string): Promise<Message> {
    return this.#message(await this.api.messages.get(guildChannel(channelId), messageId))
  }

  override async listMessages(channelId: string, next?: string): Promise<Page<Message>> {
    const limit = 20
    const page = await this.api.messages.list(guildChannel(channelId), {
      limit,
      ...(next === undefined ? {} : { before: next }),
    })
    const data = page
      .map((message) => this.#message(message))
      .sort((one, other) => (one.createdAt ?? 0) - (other.createdAt ?? 0))
    const [oldest] = data
    return { data, ...(oldest === undefined || page.length < limit ? {} : { next: oldest.id }) }
  }

  /** Changes Markdown and buttons of a message of the bot; the platform edits nothing else. */
  override async updateMessage(channelId: string, messageId: string, content: Content): Promise<void> {
    const id = guildChannel(channelId)
    const request = this.#encode(toElements(content), { kind: 'channel', id })
    if (request.kind !== 'guild' || request.body.markdown === undefined) {
      throw new MynahError('UNSUPPORTED', 'Only Markdown messages and buttons can be changed.')
    }
    await this.api.messages.edit(id, messageId, request.body)
  }

  override deleteMessage(channelId: string, messageId: string): Promise<void> {
    return this.api.messages.delete(targetOf(channelId), messageId)
  }

  override async pinMessage(channelId: string, messageId: string): Promise<void> {
    await this.api.notices.pin(guildChannel(channelId), messageId)
  }

  override async unpinMessage(channelId: string, messageId: string): Promise<void> {
    await this.api.notices.unpin(guildChannel(channelId), messageId)
  }

  override async createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    await this.api.community.addReaction(guildChannel(channelId), messageId, reactionEmoji(emojiId))
  }

  override async deleteReaction(
    channelId: string,
    messageId: string,
    emojiId: string,
    userId?: string,
  ): Promise<void> {
    if (userId !== undefined && userId !== this.selfId) {
      throw new MynahError('UNSUPPORTED', 'A bot can take back only its own reactions.')
    }
    await this.api.community.removeReaction(guildChannel(channelId), messageId, reactionEmoji(emojiId))
  }

  /** A one-to-one chat by `user_openid`, or with a member of a guild, for which a session is made once. */
  override createDirectChannel(userId: string, guildId?: string): Promise<Channel> {
    if (guildId === undefined) {
      return Promise.resolve({ id: channelIdOf({ kind: 'c2c', id: userId }), type: 'direct' })
    }
    const key = `${guildId}:${userId}`
    const known = this.#sessions.get(key)
    if (known !== undefined) return known
    const session = this.#createSession(userId, guildId)
    this.#sessions.set(key, session)
    session.catch(() => this.#sessions.delete(key))
    return session
  }

  async #createSession(userId: string, guildId: string): Promise<Channel> {
    const { guild_id: id } = await this.api.community.createSession(userId, guildIdOf(guildId))
    return { id: channelIdOf({ kind: 'dm', id }), type: 'direct' }
  }

  override async getChannel(channelId: string): Promise<Channel> {
    const { kind, id } = targetOf(channelId)
    if (kind === 'channel') return decodeChannel(await this.api.channels.get(id))
    if (kind !== 'group') return { id: channelId, type: 'direct' }
    const { name } = await this.getGuild(id)
    return { id, type: 'text', ...(name === undefined ? {} : { name }) }
  }

  override async listChannels(guildId: string): Promise<Page<Channel>> {
    if (!isGuildSide(guildId)) return { data: [await this.getChannel(guildId)] }
    return { data: (await this.api.guilds.channels(guildId)).map(decodeChannel) }
  }

  override async createChannel(guildId: string, channel: Omit<Channel, 'id'>): Promise<Channel> {
    const { name, type, parentId } = channel
    const body = { type: channelTypeNumber(type), name: name ?? '' }
    return decodeChannel(
      await this.api.channels.create(guildIdOf(guildId), {
        ...body,
        ...(parentId === undefined ? {} : { parent_id: parentId }),
      }),
    )
  }

  override async updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    const { name, parentId } = changes
    await this.api.channels.update(guildChannel(channelId), {
      ...(name === undefined ? {} : { name }),
      ...(parentId === undefined ? {} : { parent_id: parentId }),
    })
  }

  override async deleteChannel(channelId: string): Promise<void> {
    await this.api.channels.delete(guildChannel(channelId))
  }

  override async getGuild(guildId: string): Promise<Guild> {
    if (isGuildSide(guildId)) return decodeGuild(await this.api.guilds.get(guildId))
    const { group_name: name, group_member_num: memberCount } = await this.api.groups.info(guildId)
    return {
      id: guildId,
      ...(name === undefined ? {} : { name }),
      ...(memberCount === undefined ? {} : { memberCount }),
    }
  }

  /** Guilds; the platform does not tell in which groups a bot is. */
  override async listGuilds(next?: string): Promise<Page<Guild>> {
    const limit = 100
    const page = await this.api.self.guilds({ limit, ...(next === undefined ? {} : { after: next }) })
    const last = page.at(-1)
    return {
      data: page.map(decodeGuild),
      ...(last === undefined || page.length < limit ? {} : { next: last.id }),
    }
  }

  override async muteGuild(guildId: string, isMuted: boolean): Promise<void> {
    const body = isMuted ? muteBody(Infinity) : muteBody(0)
    await this.api.members.muteAll(guildIdOf(guildId), body)
  }

  override async getMember(guildId: string, userId: string): Promise<Member> {
    if (isGuildSide(guildId)) return decodeMember(await this.api.members.get(guildId, userId))
    const { nick, joined_at, member_role: role } = await this.api.groups.member(guildId, userId)
    const joinedAt = parseTime(joined_at)
    return {
      user: { id: userId },
      ...(nick ? { nick } : {}),
      ...(joinedAt === null ? {} : { joinedAt }),
      ...(role === undefined ? {} : { role }),
    }
  }

  /** Members of a guild; pages may overlap. */
  override async listMembers(guildId: string, next?: string): Promise<Page<Member>> {
    const page = await this.api.members.list(guildIdOf(guildId), next)
    const last = page.at(-1)?.user?.id
    return { data: page.map(decodeMember), ...(last === undefined || last === next ? {} : { next: last }) }
  }

  override async kickMember(
    guildId: string,
    userId: string,
    options: { permanent?: boolean } = {},
  ): Promise<void> {
    await this.api.members.remove(guildIdOf(guildId), userId, { add_blacklist: options.permanent ?? false })
  }

  override muteMember(guildId: string, userId: string, durationMs: number): Promise<void> {
    if (isGuildSide(guildId)) return this.api.members.mute(guildId, userId, muteBody(durationMs))
    const until = new Date(this.#options.clock.now() + durationMs).toISOString().replace(/\.\d+Z$/, 'Z')
    return this.api.groups.mute(guildId, [
      {
        op: durationMs === 0 ? 'del' : 'add',
        member_openid: userId,
        mute_expire_at: durationMs === 0 ? '' : until,
      },
    ])
  }

  override async setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void> {
    const { roles } = this.api
    const id = guildIdOf(guildId)
    const change = role === 'admin' ? 'grant' : 'revoke'
    await roles[change](id, userId, adminRole)
  }

  override async grantRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.api.roles.grant(guildIdOf(guildId), userId, roleId)
  }

  override async revokeRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.api.roles.revoke(guildIdOf(guildId), userId, roleId)
  }

  override async listRoles(guildId: string): Promise<Page<Role>> {
    return { data: rolesIn((await this.api.roles.list(guildIdOf(guildId))).roles) }
  }

  override async createRole(guildId: string, role: Omit<Role, 'id'>): Promise<Role> {
    const { role_id: id } = await this.api.roles.create(guildIdOf(guildId), roleBody(role))
    return { ...role, id }
  }

  override async updateRole(
    guildId: string,
    roleId: string,
    changes: Partial<Omit<Role, 'id'>>,
  ): Promise<void> {
    await this.api.roles.update(guildIdOf(guildId), roleId, roleBody(changes))
  }

  override async deleteRole(guildId: string, roleId: string): Promise<void> {
    await this.api.roles.delete(guildIdOf(guildId), roleId)
  }

  override async answerRequest(event: ChatEvent, isApproved: boolean, comment?: string): Promise<void> {
    const referrer = referrerOf(event)
    const { guild, user } = event
    if (referrer?.joinRequestId === undefined || guild === undefined || user === undefined) {
      throw new MynahError('UNSUPPORTED', `${event.platformType} asks for nothing.`)
    }
    await this.api.groups.decide(guild.id, user.id, {
      op: isApproved ? 'approve' : 'decline',
      join_request_id: referrer.joinRequestId,
      ...(isApproved || comment === undefined ? {} : { reject_reason: comment }),
    })
  }

  /** @param code - What the user is told. @defaultValue 0, done */
  override async ackInteraction(event: ChatEvent, code: AckCode = 0): Promise<void> {
    const id = referrerOf(event)?.interactionId
    if (id === undefined) throw new MynahError('UNSUPPORTED', `${event.platformType} is no interaction.`)
    await this.#acks.acknowledge(id, code)
  }

  #message(message: GuildMessage): Message {
    return decodeGuildMessage(message, guildContent(message, this.#decodeContext()))
  }

  #decodeContext(): DecodeContext {
    return { selfId: this.selfId, botId: this.#botId, receivedAt: this.#options.clock.now() }
  }

  #learnSelf(d: unknown): void {
    const user = isRecord(d) ? d['user'] : undefined
    if (!isRecord(user) || typeof user['id'] !== 'string') return
    const { id, username } = user
    this.#botId = id
    this.user = {
      ...this.user,
      id: this.selfId,
      isBot: true,
      ...(typeof username === 'string' ? { name: username } : {}),
    }
  }

  #whenOnline(signal: AbortSignal | undefined): Promise<void> {
    if (this.status === 'online') return Promise.resolve()
    return new Promise((resolve, reject) => {
      const stopped = (): void => reject(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
      this.#onlineWaiters.add(resolve)
      this.#parts.signal.addEventListener('abort', stopped, { once: true })
      signal?.addEventListener('abort', stopped, { once: true })
    })
  }
}

/** @throws MynahError `UNSUPPORTED` for places that are no channel of a guild. */
function guildChannel(channelId: string): string {
  const { kind, id } = targetOf(channelId)
  if (kind === 'channel') return id
  throw new MynahError('UNSUPPORTED', 'Only channels of guilds have this.')
}

/** @throws MynahError `UNSUPPORTED` for groups. */
function guildIdOf(guildId: string): string {
  if (isGuildSide(guildId)) return guildId
  throw new MynahError('UNSUPPORTED', 'Only guilds have this, groups have not.')
}
