import type { ChatEvent } from '@mynah/core'

import { type AddressOptions, isAddressed, isMessageData, mentionedRoles } from '../decode/addressed.ts'
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
import { Resource } from './resource.ts'
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
export class KookApi extends Resource {
  readonly #selfId: string
  /** Users that guilds do not let in. */
  readonly blockLists: BlockListApi = new BlockListApi(this.http)
  /** Channels of guilds, and who may do what in them. */
  readonly channels: ChannelApi = new ChannelApi(this.http)
  /** Messages in private chats. */
  readonly directMessages: DirectMessageApi = new DirectMessageApi(this.http)
  /** Emojis of guilds. */
  readonly emojis: EmojiApi = new EmojiApi(this.http)
  /** Friends of the bot. */
  readonly friends: FriendApi = new FriendApi(this.http)
  /** What the bot plays or listens to. */
  readonly games: GameApi = new GameApi(this.http)
  /** Guilds and their members. */
  readonly guilds: GuildApi = new GuildApi(this.http)
  /** How close users are to the bot. */
  readonly intimacy: IntimacyApi = new IntimacyApi(this.http)
  /** Invites to guilds and channels. */
  readonly invites: InviteApi = new InviteApi(this.http)
  /** Messages in channels. */
  readonly messages: MessageApi = new MessageApi(this.http)
  /** Gateway, uploads, badges and OAuth2. */
  readonly platform: PlatformApi = new PlatformApi(this.http)
  /** Roles of guilds. */
  readonly roles: RoleApi = new RoleApi(this.http)
  /** Message templates. */
  readonly templates: TemplateApi = new TemplateApi(this.http)
  /** Posts in thread channels. */
  readonly threads: ThreadApi = new ThreadApi(this.http)
  /** Users, and whether the bot is online. */
  readonly users: UserApi = new UserApi(this.http)
  /** One-to-one chats. */
  readonly userChats: UserChatApi = new UserChatApi(this.http)
  /** Speaking in voice channels. */
  readonly voice: VoiceApi = new VoiceApi(this.http)
  /** Which voice channels users are in. */
  readonly voiceStates: VoiceStates = new VoiceStates(this.channels)
  /** Which roles the bot holds. */
  readonly ownRoles: OwnRoles

  /** @param selfId - Id of the bot's account. */
  constructor(http: KookHttp, selfId: string) {
    super(http)
    this.#selfId = selfId
    this.ownRoles = new OwnRoles(this.users, selfId)
  }

  /**
   * Makes a call that has no method here.
   *
   * @param path - Below the version, such as `/guild/list`.
   * @throws PlatformError with the platform's code and message.
   */
  call<T = unknown>(method: 'GET' | 'POST', path: string, parameters: Query = {}): Promise<T> {
    return method === 'GET' ? this.http.get<T>(path, parameters) : this.http.post<T>(path, parameters)
  }

  /**
   * Whether a message means the bot: in private, by its name, by a role it holds, or as an answer to it.
   *
   * @param options - `everyone`: `@everyone` and `@online` mean it as well.
   */
  async isAddressed(event: ChatEvent, options: Pick<AddressOptions, 'everyone'> = {}): Promise<boolean> {
    const { message, raw, guild } = event
    if (message === undefined || !isMessageData(raw)) return false
    const namesRole = mentionedRoles(raw).length > 0
    const roleIds = namesRole && guild !== undefined ? await this.ownRoles.in(guild.id) : undefined
    return isAddressed(raw, { ...options, selfId: this.#selfId, roleIds })
  }
}
