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
import { PlatformApi } from './platform.ts'
import { RoleApi } from './roles.ts'
import { TemplateApi } from './templates.ts'
import { ThreadApi } from './threads.ts'
import { UserApi } from './users.ts'
import { UserChatApi } from './user-chats.ts'
import { VoiceApi } from './voice.ts'

/**
 * Every call of the platform's HTTP API, by subject.
 *
 * @see https://developer.kookapp.cn/doc/reference
 */
export class KookApi {
  readonly #http: KookHttp
  readonly blockList: BlockListApi
  readonly channel: ChannelApi
  readonly directMessage: DirectMessageApi
  readonly emoji: EmojiApi
  readonly friend: FriendApi
  readonly game: GameApi
  readonly guild: GuildApi
  readonly intimacy: IntimacyApi
  readonly invite: InviteApi
  readonly message: MessageApi
  readonly platform: PlatformApi
  readonly role: RoleApi
  readonly template: TemplateApi
  readonly thread: ThreadApi
  readonly user: UserApi
  readonly userChat: UserChatApi
  readonly voice: VoiceApi

  constructor(http: KookHttp) {
    this.#http = http
    this.blockList = new BlockListApi(http)
    this.channel = new ChannelApi(http)
    this.directMessage = new DirectMessageApi(http)
    this.emoji = new EmojiApi(http)
    this.friend = new FriendApi(http)
    this.game = new GameApi(http)
    this.guild = new GuildApi(http)
    this.intimacy = new IntimacyApi(http)
    this.invite = new InviteApi(http)
    this.message = new MessageApi(http)
    this.platform = new PlatformApi(http)
    this.role = new RoleApi(http)
    this.template = new TemplateApi(http)
    this.thread = new ThreadApi(http)
    this.user = new UserApi(http)
    this.userChat = new UserChatApi(http)
    this.voice = new VoiceApi(http)
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
}
