import type { Clock } from '@mynah/core'
import type { JsonObject } from '@mynah/emulator-kit'
import { Ids } from './ids.ts'
import type {
  AssetState,
  ChannelState,
  ChatState,
  FriendRequestState,
  GameState,
  GuildState,
  IntimacyState,
  InviteState,
  MessageState,
  PipeState,
  TemplateState,
  ThreadState,
  UserState,
} from './model.ts'
import { may } from './permissions.ts'

/** What happened to a message, for those who watch the chat as a person would. */
export interface ChatChange {
  readonly kind: 'sent' | 'edited' | 'deleted'
  readonly message: MessageState
  /** When only one user sees the change. */
  readonly onlyFor?: string
}

/** What the world needs to know about the platform it lives in. */
export interface WorldOptions {
  readonly clock: Clock
  readonly botName: string
  /** Where uploaded media can be fetched. */
  readonly assetBaseUrl: () => string
  /** Whether cards may show media that was not uploaded. */
  readonly allowExternalMedia: boolean
}

/** Bot-owned settings, as in the developer console and the user's own profile. */
interface BotProfile {
  readonly clientId: string
  activity: JsonObject | undefined
  music: JsonObject | undefined
}

/**
 * Everything the platform knows: users, guilds, messages and what belongs to them. It is the only state of
 * the emulator; REST calls and emulated people change it, and what the bot may know of a change is delivered
 * as an event.
 */
export class World {
  readonly ids: Ids = new Ids()
  readonly bot: UserState
  readonly profile: BotProfile
  readonly users: Map<string, UserState> = new Map()
  readonly guilds: Map<string, GuildState> = new Map()
  readonly channels: Map<string, ChannelState> = new Map()
  readonly messages: Map<string, MessageState> = new Map()
  readonly chats: Map<string, ChatState> = new Map()
  readonly assets: Map<string, AssetState> = new Map()
  readonly invites: Map<string, InviteState> = new Map()
  readonly friends: Set<string> = new Set()
  readonly blockedUsers: Set<string> = new Set()
  readonly friendRequests: Map<number, FriendRequestState> = new Map()
  readonly intimacies: Map<string, IntimacyState> = new Map()
  readonly games: Map<number, GameState> = new Map()
  readonly templates: Map<string, TemplateState> = new Map()
  readonly pipes: Map<string, PipeState> = new Map()
  readonly threads: Map<string, ThreadState> = new Map()
  readonly allowExternalMedia: boolean
  /** Called with every change of a message. */
  readonly watchers: Set<(change: ChatChange) => void> = new Set()
  /** Takes the `d` of an event to the bot; set by whoever delivers. */
  deliver: (data: JsonObject) => void = () => undefined
  readonly assetBaseUrl: () => string
  readonly #clock: Clock

  constructor(options: WorldOptions) {
    this.#clock = options.clock
    this.assetBaseUrl = options.assetBaseUrl
    this.allowExternalMedia = options.allowExternalMedia
    this.bot = this.addUser({ username: options.botName, bot: true })
    this.profile = { clientId: this.ids.hex(8), activity: undefined, music: undefined }
    this.addUser({ id: '3900775823', username: '系统通知', identifyNum: '0001', system: true })
  }

  now(): number {
    return this.#clock.now()
  }

  addUser(user: Partial<UserState> & { username: string }): UserState {
    const id = user.id ?? this.ids.user()
    const state: UserState = {
      id,
      username: user.username,
      identifyNum: user.identifyNum ?? id.slice(-4).padStart(4, '0'),
      avatar: user.avatar ?? 'https://img.kookapp.cn/avatars/2024-02/default.jpg/icon',
      bot: user.bot ?? false,
      system: user.system ?? false,
      online: user.online ?? true,
      status: user.status ?? 1,
      mobileVerified: user.mobileVerified ?? true,
      blocksBot: user.blocksBot ?? false,
    }
    this.users.set(id, state)
    return state
  }

  channelsOf(guild: GuildState): ChannelState[] {
    return [...this.channels.values()].filter((channel) => channel.guildId === guild.id)
  }

  guildOf(channel: ChannelState): GuildState {
    const guild = this.guilds.get(channel.guildId)
    if (guild === undefined) throw new TypeError(`channel ${channel.id} outlived its guild`)
    return guild
  }

  /** The bot's chat with a user, made when there was none. */
  chatWith(userId: string): ChatState {
    const known = [...this.chats.values()].find((chat) => chat.userId === userId)
    if (known !== undefined) return known
    const chat: ChatState = {
      code: this.ids.hex(16),
      userId,
      lastReadTime: 0,
      latestMessageTime: 0,
      unread: 0,
      listed: true,
    }
    this.chats.set(chat.code, chat)
    return chat
  }

  /** Delivers a system event of a guild, when the bot is in it and may see the channel concerned. */
  announce(guild: GuildState, type: string, body: unknown, channel?: ChannelState): void {
    if (!guild.members.has(this.bot.id)) return
    if (channel !== undefined && !may(guild, this.bot.id, 'viewChannels', channel)) return
    this.deliver(this.systemEvent('GROUP', guild.id, type, body))
  }

  /** Delivers a system event addressed to the bot itself. */
  notify(type: string, body: unknown): void {
    this.deliver(this.systemEvent('PERSON', this.bot.id, type, body))
  }

  systemEvent(channelType: 'GROUP' | 'PERSON', targetId: string, type: string, body: unknown): JsonObject {
    return {
      channel_type: channelType,
      type: 255,
      target_id: targetId,
      author_id: '1',
      content: '[系统消息]',
      extra: { type, body },
      msg_id: this.ids.message(),
      msg_timestamp: this.now(),
      nonce: '',
    }
  }

  /** Tells the watchers about a message. */
  publish(change: ChatChange): void {
    for (const watch of this.watchers) watch(change)
  }
}
