import type { HttpApi } from '../http.ts'
import { ChannelApi } from './channels.ts'
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
  readonly self: SelfApi
  readonly guilds: GuildApi
  readonly channels: ChannelApi
  readonly members: MemberApi
  readonly roles: RoleApi
  readonly notices: NoticeApi
  readonly community: CommunityApi
  readonly groups: GroupApi
  readonly messages: MessageApi
  readonly files: FileApi
  readonly interactions: InteractionApi
  readonly gateway: GatewayApi

  constructor(http: HttpApi, appId: string) {
    this.self = new SelfApi(http)
    this.guilds = new GuildApi(http)
    this.channels = new ChannelApi(http)
    this.members = new MemberApi(http)
    this.roles = new RoleApi(http)
    this.notices = new NoticeApi(http)
    this.community = new CommunityApi(http)
    this.groups = new GroupApi(http)
    this.messages = new MessageApi(http)
    this.files = new FileApi(http)
    this.interactions = new InteractionApi(http, appId)
    this.gateway = new GatewayApi(http)
  }
}
