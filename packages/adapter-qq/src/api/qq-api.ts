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
import { Resource } from './resource.ts'
import { RoleApi } from './roles.ts'

/** The whole OpenAPI: one property per resource, one method per endpoint. */
export class QQApi extends Resource {
  /** The bot itself. */
  readonly self: SelfApi = new SelfApi(this.http)
  /** Guilds, and what the bot may do there. */
  readonly guilds: GuildApi = new GuildApi(this.http)
  /** Channels of guilds. */
  readonly channels: ChannelApi = new ChannelApi(this.http)
  /** Members of guilds, and who may write. */
  readonly members: MemberApi = new MemberApi(this.http)
  /** Roles of guilds, and rights in channels. */
  readonly roles: RoleApi = new RoleApi(this.http)
  /** Announcements, pinned messages and schedules. */
  readonly notices: NoticeApi = new NoticeApi(this.http)
  /** Reactions, sound, forums and direct message sessions. */
  readonly community: CommunityApi = new CommunityApi(this.http)
  /** Groups, and links that add the bot. */
  readonly groups: GroupApi = new GroupApi(this.http)
  /** Messages everywhere. */
  readonly messages: MessageApi = new MessageApi(this.http)
  /** What only one-to-one chats have. */
  readonly chats: ChatApi
  /** Files for users and groups. */
  readonly files: FileApi = new FileApi(this.http)
  /** Clicks. */
  readonly interactions: InteractionApi
  /** Where the gateway is. */
  readonly gateway: GatewayApi = new GatewayApi(this.http)

  constructor(http: HttpApi, appId: string, host: ChatHost) {
    super(http)
    this.chats = new ChatApi(this.messages, host)
    this.interactions = new InteractionApi(http, appId)
  }

  /**
   * Calls any path with credentials, rates, retries and coded errors: for what is newer than this list.
   *
   * @throws QQApiError when the platform refuses, MynahError when it cannot be reached or the bot stops.
   */
  request<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    return this.http.call<T>(method, path, options)
  }
}
