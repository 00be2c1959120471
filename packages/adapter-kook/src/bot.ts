import {
  Bot,
  type Channel,
  type ChatEvent,
  type Clock,
  type Content,
  type Element,
  type Guild,
  isElement,
  type Member,
  type Message,
  type MessageSupport,
  MynahError,
  type OutgoingMessage,
  type Page,
  type Receipt,
  type Role,
  systemClock,
  type User,
} from '@mynah/core'
import { PlatformError } from '@mynah/adapter-kit'

import { BoundedMap } from './api/bounded-map.ts'
import { platform } from './decode/envelope.ts'
import {
  decodeChannel,
  decodeGuild,
  decodeMember,
  decodeRole,
  decodeUser,
  directChannel,
  placeOf,
} from './decode/resources.ts'
import { type Draft, planMessages } from './send/plan.ts'
import { hasNext, type KookHttp, type PagedList } from './http.ts'
import { KookInternal } from './internal.ts'
import { Messenger } from './send/sender.ts'
import type { KookSelf } from './wire/objects.ts'

/** What a bot works with. */
export interface KookBotOptions {
  /** The account, as `user/me` tells it. */
  readonly self: KookSelf
  readonly http: KookHttp
  /** Name the message that is answered. */
  readonly nameAnswered: boolean
  /** Hosts that media may be read from although they are not public. @defaultValue none */
  readonly privateHosts?: readonly string[]
  /** Waits between two looks at a guild that was just entered, in ms. @defaultValue 500 */
  readonly guildRetryMs?: number
  readonly clock?: Clock
}

const inlineElements = 'at sharp emoji a b i u s spoiler code pre br p quote markdown'
const blockElements = 'image audio video file button button-group card raw:kook'
const ownElements =
  'send template cards card header section paragraph field context divider container image-group image countdown invite font message'

const support: MessageSupport = {
  elements: new Set([
    ...`${inlineElements} ${blockElements}`.split(' '),
    ...ownElements.split(' ').map((name) => `kook-${name}`),
  ]),
}

/** How long an answer counts as one for the daily quota, in ms. */
const answerWindowMs = 5 * 60_000
/** How long a guild counts as just entered, in ms. */
const newGuildMs = 60_000
/** Further looks at a guild that was just entered and is not there yet. */
const guildTries = 10
const generalFailure = 40_000

/** One KOOK account. What only KOOK has is in {@link KookBot.internal}. */
export class KookBot extends Bot {
  readonly platform: string = platform
  readonly selfId: string
  readonly support: MessageSupport = support
  /** Every call of the API, voice states, and sending with all options. */
  readonly internal: KookInternal
  /** @internal */
  readonly messenger: Messenger
  readonly #options: KookBotOptions
  /** When guilds were entered, which the platform may not know yet. */
  readonly #enteredAt = new BoundedMap<string, number>(100)
  readonly #closers: (() => Promise<void>)[] = []
  readonly #clock: Clock
  readonly #stopping = new AbortController()

  constructor(options: KookBotOptions) {
    super()
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.selfId = options.self.id
    this.user = decodeUser(options.self)
    this.internal = new KookInternal(options.http, this.selfId, () => this.messenger)
    this.messenger = new Messenger(this.internal, options.privateHosts)
    this.#closers.push(() => options.http.stop())
  }

  /** Something that ends with the bot, before its calls do. */
  closeWith(close: () => Promise<void>): void {
    this.#closers.unshift(close)
  }

  override emit(event: ChatEvent): Promise<void> {
    if (event.type === 'guild-added' && event.guild !== undefined)
      this.#enteredAt.set(event.guild.id, this.#clock.monotonic())
    return super.emit(event)
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    for (const close of this.#closers) await close()
  }

  /** @throws MynahError `BOT_OFFLINE` when the bot is stopped. */
  async #sleep(delayMs: number): Promise<void> {
    const { signal } = this.#stopping
    signal.throwIfAborted()
    let wake = (): void => {}
    const cancel = this.#clock.setTimeout(() => wake(), delayMs)
    await new Promise<void>((resolve) => {
      wake = resolve
      signal.addEventListener('abort', wake, { once: true })
    })
    signal.removeEventListener('abort', wake)
    cancel()
    signal.throwIfAborted()
  }

  /** One element for each message that goes on the wire. */
  override arrange(parts: Element[][]): Draft[][] {
    return parts.flatMap((elements) => planMessages(elements)).map((draft) => [draft])
  }

  async deliver({ channelId, elements, event }: OutgoingMessage): Promise<Receipt> {
    const replyTo = this.#answered(event)
    const messageIds: string[] = []
    for (const draft of draftsIn(elements)) {
      const { msg_id: id } = await this.messenger.send(channelId, draft, { replyTo })
      messageIds.push(id)
    }
    return { status: 'delivered', messageIds }
  }

  #answered(event: ChatEvent | undefined): string | undefined {
    if (!this.#options.nameAnswered || event?.type !== 'message-created') return undefined
    return this.#clock.now() - event.time < answerWindowMs ? event.message?.id : undefined
  }

  override getMessage(channelId: string, messageId: string): Promise<Message> {
    return this.messenger.view(channelId, messageId)
  }
  override listMessages(channelId: string, next?: string): Promise<Page<Message>> {
    return this.messenger.list(channelId, next)
  }
  override updateMessage(channelId: string, messageId: string, content: Content): Promise<void> {
    return this.messenger.update(channelId, messageId, content)
  }
  override deleteMessage(channelId: string, messageId: string): Promise<void> {
    return this.messenger.delete(channelId, messageId)
  }
  override pinMessage(channelId: string, messageId: string): Promise<void> {
    return this.internal.message.pin(guildChannel(channelId), messageId)
  }
  override unpinMessage(channelId: string, messageId: string): Promise<void> {
    return this.internal.message.unpin(guildChannel(channelId), messageId)
  }
  override createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    return this.messenger.react(channelId, messageId, emojiId)
  }
  override deleteReaction(
    channelId: string,
    messageId: string,
    emojiId: string,
    userId?: string,
  ): Promise<void> {
    return this.messenger.unreact(channelId, messageId, emojiId, userId)
  }

  override async createDirectChannel(userId: string): Promise<Channel> {
    return directChannel(await this.messenger.openChat(userId), userId)
  }
  override async getChannel(channelId: string): Promise<Channel> {
    if (placeOf(channelId).kind === 'channel')
      return decodeChannel(await this.internal.channel.view(channelId))
    return { id: await this.messenger.chatCodeOf(channelId), type: 'direct' }
  }
  override listChannels(guildId: string, next?: string): Promise<Page<Channel>> {
    return pageOf(this.internal.channel.list(guildId), next, decodeChannel)
  }
  override async createChannel(guildId: string, channel: Omit<Channel, 'id'>): Promise<Channel> {
    const { name = '', type, parentId } = channel
    const made =
      type === 'category'
        ? { name, is_category: 1 as const }
        : {
            name,
            type: type === 'voice' ? (2 as const) : (1 as const),
            ...(parentId === undefined ? {} : { parent_id: parentId }),
          }
    return decodeChannel(await this.internal.channel.create(guildId, made))
  }
  /** Changes name and category; an empty `parentId` leaves the category. */
  override async updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    const { name, parentId } = changes
    await this.internal.channel.update(channelId, {
      ...(name === undefined ? {} : { name }),
      ...(parentId === undefined ? {} : { parent_id: parentId === '' ? '0' : parentId }),
    })
  }
  override deleteChannel(channelId: string): Promise<void> {
    return this.internal.channel.delete(channelId)
  }

  /** A guild; one that was just entered may need a moment to be there, which is waited for. */
  override async getGuild(guildId: string): Promise<Guild> {
    for (let tries = 1; ; tries += 1) {
      try {
        return decodeGuild(await this.internal.guild.view(guildId))
      } catch (error) {
        const isNew = this.#clock.monotonic() - (this.#enteredAt.get(guildId) ?? -Infinity) < newGuildMs
        const isTooEarly = isNew && error instanceof PlatformError && error.platformCode === generalFailure
        if (!isTooEarly || tries > guildTries) throw error
        await this.#sleep(this.#options.guildRetryMs ?? 500)
      }
    }
  }
  override listGuilds(next?: string): Promise<Page<Guild>> {
    return pageOf(this.internal.guild.list(), next, decodeGuild)
  }
  override leaveGuild(guildId: string): Promise<void> {
    return this.internal.guild.leave(guildId)
  }
  /** A member with its rank: `admin` has a role with the permission of an administrator. */
  override async getMember(guildId: string, userId: string): Promise<Member> {
    const member = decodeMember(await this.internal.user.view(userId, guildId))
    return this.internal.ranks.withRank(guildId, userId, member)
  }
  override listMembers(guildId: string, next?: string): Promise<Page<Member>> {
    return pageOf(this.internal.guild.users(guildId), next, decodeMember)
  }
  /** Removes a member; `permanent` puts them on the block list, which needs the permission to ban. */
  override kickMember(guildId: string, userId: string, options: { permanent?: boolean } = {}): Promise<void> {
    return options.permanent === true
      ? this.internal.blockList.create(guildId, userId)
      : this.internal.guild.kick(guildId, userId)
  }
  override setMemberNick(guildId: string, userId: string, nick: string): Promise<void> {
    return this.internal.guild.setNickname(guildId, nick, userId === this.selfId ? undefined : userId)
  }

  override async grantRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.internal.role.grant(guildId, userId, roleNumber(roleId))
  }
  override async revokeRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.internal.role.revoke(guildId, userId, roleNumber(roleId))
  }
  override listRoles(guildId: string, next?: string): Promise<Page<Role>> {
    return pageOf(this.internal.role.list(guildId), next, decodeRole)
  }
  override async createRole(guildId: string, role: Omit<Role, 'id'>): Promise<Role> {
    const made = await this.internal.role.create(guildId, role.name)
    if (role.color === undefined) return decodeRole(made)
    return decodeRole(await this.internal.role.update(guildId, made.role_id, { color: role.color }))
  }
  override async updateRole(
    guildId: string,
    roleId: string,
    changes: Partial<Omit<Role, 'id'>>,
  ): Promise<void> {
    await this.internal.role.update(guildId, roleNumber(roleId), changes)
  }
  override deleteRole(guildId: string, roleId: string): Promise<void> {
    return this.internal.role.delete(guildId, roleNumber(roleId))
  }

  override async getUser(userId: string): Promise<User> {
    return decodeUser(await this.internal.user.view(userId))
  }
  override async listFriends(): Promise<Page<User>> {
    const { friend } = await this.internal.friend.list('friend')
    return { data: friend.map(({ friend_info: info }) => decodeUser(info)) }
  }
  override deleteFriend(userId: string): Promise<void> {
    return this.internal.friend.delete(userId)
  }
  /** KOOK waits for nothing after a click, so there is nothing to tell it. */
  override ackInteraction(): Promise<void> {
    return Promise.resolve()
  }
}

/** Messages that {@link KookBot.arrange} has made already, or else those that the elements become. */
function draftsIn(elements: readonly Element[]): readonly Draft[] {
  const made = elements.filter((node) => isElement(node, 'kook-message'))
  return made.length > 0 ? made : planMessages(elements)
}

async function pageOf<Wire, T>(
  list: PagedList<Wire>,
  next: string | undefined,
  decode: (item: Wire) => T,
): Promise<Page<T>> {
  const number = next === undefined ? 1 : Number(next)
  const page = await list.page(number)
  return {
    data: page.items.map((item) => decode(item)),
    ...(hasNext(page) ? { next: String(number + 1) } : {}),
  }
}

function guildChannel(channelId: string): string {
  if (placeOf(channelId).kind === 'channel') return channelId
  throw new MynahError('UNSUPPORTED', 'KOOK pins messages only in channels, not in private chats.')
}

function roleNumber(roleId: string): number {
  const number = Number(roleId)
  if (Number.isSafeInteger(number)) return number
  throw new MynahError('API_REJECTED', `${roleId} is no id of a KOOK role; those are whole numbers.`)
}
