import type { KookHttp, Query } from '../http.ts'
import { BlockListApi } from './block-list.ts'
import { ChannelApi } from './channel.ts'
import { DirectMessageApi } from './direct-message.ts'
import { EmojiApi } from './emoji.ts'
import { FriendApi } from './friend.ts'
import { GameApi } from './game.ts'
import { GuildApi } from './guild.ts'
import { IntimacyApi } from './intimacy.ts'
import { InviteApi } from './invite.ts'
import { MessageApi } from './message.ts'
import { PlatformApi } from './platform.ts'
import { RoleApi } from './role.ts'
import { TemplateApi } from './template.ts'
import { ThreadApi } from './thread.ts'
import { UserApi } from './user.ts'
import { UserChatApi } from './user-chat.ts'
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
