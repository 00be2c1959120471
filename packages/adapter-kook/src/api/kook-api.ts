import type { ChatEvent } from '@mynah/core'

import { type AddressOptions, isAddressed, isMessageData } from '../decode/addressed.ts'
import type { KookHttp, Query } from '../http.ts'
import { BlockListApi } from './block-lists.ts'
import { ChannelApi } from './channels.ts'
import { DirectMessageApi } from './direct-messages.ts'
import { EmojiApi } from './emojis.ts'
import { FriendApi } from './friends.ts'
import { GameApi } from './games.ts'
import { GuildApi } from './guilds.ts'
import { IntimacyApi } from './intimacy.ts'
import { InviteApi } from './invites.ts'
import { MessageApi } from './messages.ts'
import { OwnRoles } from './own-roles.ts'
import { PlatformApi } from './platform.ts'
import { RoleApi } from './roles.ts'
import { TemplateApi } from './templates.ts'
import { ThreadApi } from './threads.ts'
import { UserApi } from './users.ts'
import { UserChatApi } from './user-chats.ts'
import { VoiceApi } from './voice.ts'
import { VoiceStates } from './voice-states.ts'

/**
 * Every call of the platform's HTTP API, by subject, and what the bot remembers of the answers.
 *
 * @see https://developer.kookapp.cn/doc/reference
 */
export class KookApi {
  readonly #http: KookHttp
  readonly #selfId: string
  /** Users that guilds do not let in. */
  readonly blockLists: BlockListApi
  /** Channels of guilds, and who may do what in them. */
  readonly channels: ChannelApi
  /** Messages in private chats. */
  readonly directMessages: DirectMessageApi
  /** Emojis of guilds. */
  readonly emojis: EmojiApi
  /** Friends of the bot. */
  readonly friends: FriendApi
  /** What the bot plays or listens to. */
  readonly games: GameApi
  /** Guilds and their members. */
  readonly guilds: GuildApi
  /** How close users are to the bot. */
  readonly intimacy: IntimacyApi
  /** Invites to guilds and channels. */
  readonly invites: InviteApi
  /** Messages in channels. */
  readonly messages: MessageApi
  /** Gateway, uploads, badges and OAuth2. */
  readonly platform: PlatformApi
  /** Roles of guilds. */
  readonly roles: RoleApi
  /** Message templates. */
  readonly templates: TemplateApi
  /** Posts in thread channels. */
  readonly threads: ThreadApi
  /** Users, and whether the bot is online. */
  readonly users: UserApi
  /** One-to-one chats. */
  readonly userChats: UserChatApi
  /** Speaking in voice channels. */
  readonly voice: VoiceApi
  /** Which voice channels users are in. */
  readonly voiceStates: VoiceStates
  /** Which roles the bot holds. */
  readonly ownRoles: OwnRoles

  /** @param selfId - Id of the bot's account. */
  constructor(http: KookHttp, selfId: string) {
    this.#http = http
    this.#selfId = selfId
    this.blockLists = new BlockListApi(http)
    this.channels = new ChannelApi(http)
    this.directMessages = new DirectMessageApi(http)
    this.emojis = new EmojiApi(http)
    this.friends = new FriendApi(http)
    this.games = new GameApi(http)
    this.guilds = new GuildApi(http)
    this.intimacy = new IntimacyApi(http)
    this.invites = new InviteApi(http)
    this.messages = new MessageApi(http)
    this.platform = new PlatformApi(http)
    this.roles = new RoleApi(http)
    this.templates = new TemplateApi(http)
    this.threads = new ThreadApi(http)
    this.users = new UserApi(http)
    this.userChats = new UserChatApi(http)
    this.voice = new VoiceApi(http)
    this.voiceStates = new VoiceStates(this.channels)
    this.ownRoles = new OwnRoles(this.users, selfId)
  }

  /**
   * Makes a call that has no method here.
   *
   * @param path - Below the version, such as `/guild/list`.
   * @throws PlatformError with the platform's code and message.
   */
  call<T = unknown>(method: 'GET' | 'POST', path: string, parameters: Query = {}): Promise<T> {
    return method === 'GET' ? this.#http.get<T>(path, parameters) : this.#http.post<T>(path, parameters)
  }

  /**
   * Whether a message means the bot: in private, by its name, by a role it holds, or as an answer to it.
   *
   * @param options - `everyone`: `@everyone` and `@online` mean it as well.
   */
  async isAddressed(event: ChatEvent, options: Pick<AddressOptions, 'everyone'> = {}): Promise<boolean> {
    const { message, raw, guild } = event
    if (message === undefined || !isMessageData(raw)) return false
    const namesRole = (raw.extra.mention_roles ?? []).length > 0
    const roleIds = namesRole && guild !== undefined ? await this.ownRoles.in(guild.id) : undefined
    return isAddressed(raw, { ...options, selfId: this.#selfId, roleIds })
  }
}
