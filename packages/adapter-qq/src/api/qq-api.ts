import type { CallOptions, HttpApi } from '../http.ts'
import { ChannelApi } from './channels.ts'
import { ChatApi, type ChatHost } from './chat.ts'
import { CommunityApi } from './community.ts'
import { FileApi } from './files.ts'
import { GatewayApi } from './gateway.ts'
import { GroupApi } from './groups.ts'
import { GuildApi, SelfApi } from './guilds.ts'
import { InteractionApi } from './interactions.ts'
import { MemberApi } from './members.ts'
import { MessageApi } from './messages.ts'
import { NoticeApi } from './notices.ts'
import { RoleApi } from './roles.ts'

/** The whole OpenAPI: one property per resource, one method per endpoint. */
export class QQApi {
  /** The bot itself. */
  readonly self: SelfApi
  /** Guilds, and what the bot may do there. */
  readonly guilds: GuildApi
  /** Channels of guilds. */
  readonly channels: ChannelApi
  /** Members of guilds, and who may write. */
  readonly members: MemberApi
  /** Roles of guilds, and rights in channels. */
  readonly roles: RoleApi
  /** Announcements, pinned messages and schedules. */
  readonly notices: NoticeApi
  /** Reactions, sound, forums and direct message sessions. */
  readonly community: CommunityApi
  /** Groups, and links that add the bot. */
  readonly groups: GroupApi
  /** Messages everywhere. */
  readonly messages: MessageApi
  /** What only one-to-one chats have. */
  readonly chats: ChatApi
  /** Files for users and groups. */
  readonly files: FileApi
  /** Clicks. */
  readonly interactions: InteractionApi
  /** Where the gateway is. */
  readonly gateway: GatewayApi
  readonly #http: HttpApi

  constructor(http: HttpApi, appId: string, host: ChatHost) {
    this.#http = http
    this.self = new SelfApi(http)
    this.guilds = new GuildApi(http)
    this.channels = new ChannelApi(http)
    this.members = new MemberApi(http)
    this.roles = new RoleApi(http)
    this.notices = new NoticeApi(http)
    this.community = new CommunityApi(http)
    this.groups = new GroupApi(http)
    this.messages = new MessageApi(http)
    this.chats = new ChatApi(this.messages, host)
    this.files = new FileApi(http)
    this.interactions = new InteractionApi(http, appId)
    this.gateway = new GatewayApi(http)
  }

  /**
   * Calls any path with credentials, rates, retries and coded errors: for what is newer than this list.
   *
   * @throws QQApiError when the platform refuses, MynahError when it cannot be reached or the bot stops.
   */
  request<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    return this.#http.call<T>(method, path, options)
  }
}
