import { Actions, type ActionHost, Resource } from './actions.ts'
import { AlbumsApi, EssencesApi, NoticesApi } from './boards.ts'
import type { CallOptions } from './caller.ts'
import { FilesApi } from './files.ts'
import { ForwardsApi } from './forwards.ts'
import { GroupsApi } from './groups.ts'
import { GuildsApi } from './guilds.ts'
import { ImplementationApi } from './implementation.ts'
import { CardsApi, MediaApi, StickersApi, VoicesApi } from './media.ts'
import { MembersApi } from './members.ts'
import { MessagesApi } from './messages.ts'
import { ProfileApi } from './profile.ts'
import { ReactionsApi } from './reactions.ts'
import { RequestsApi } from './requests.ts'
import { StreamsApi } from './streams.ts'
import { FlashFilesApi, OnlineFilesApi, PostsApi } from './transfers.ts'
import { FriendsApi, UsersApi } from './users.ts'

/**
 * Every action of OneBot 11 and of its family: one property per resource, one method per action. What only some
 * implementations have says so; where two have one thing under two names, the method finds the right one.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/api/public.md (OneBot 11), https://docs.go-cqhttp.org/api/
 *   (go-cqhttp), https://napcat.apifox.cn/ (NapCat), https://llonebot.apifox.cn/ (LLOneBot),
 *   https://lagrange-onebot.apifox.cn/ (Lagrange)
 */
export class OneBotApi extends Resource {
  /** Messages: send, look up, take back, list. */
  readonly messages: MessagesApi = new MessagesApi(this.actions)
  /** Messages that are folded into one. */
  readonly forwards: ForwardsApi = new ForwardsApi(this.actions)
  /** Reactions to messages. */
  readonly reactions: ReactionsApi = new ReactionsApi(this.actions)
  /** Messages that a group keeps as its essence. */
  readonly essences: EssencesApi = new EssencesApi(this.actions)
  /** Groups of the account. */
  readonly groups: GroupsApi = new GroupsApi(this.actions)
  /** Members of groups. */
  readonly members: MembersApi = new MembersApi(this.actions)
  /** Announcements of groups. */
  readonly notices: NoticesApi = new NoticesApi(this.actions)
  /** Albums of groups. */
  readonly albums: AlbumsApi = new AlbumsApi(this.actions)
  /** Requests and invitations that wait for an answer. */
  readonly requests: RequestsApi = new RequestsApi(this.actions)
  /** People, whether they are friends or not. */
  readonly users: UsersApi = new UsersApi(this.actions)
  /** Friends of the account. */
  readonly friends: FriendsApi = new FriendsApi(this.actions)
  /** The account itself. */
  readonly profile: ProfileApi = new ProfileApi(this.actions)
  /** Files of groups and private chats. */
  readonly files: FilesApi = new FilesApi(this.actions)
  /** Large files in parts (NapCat). */
  readonly streams: StreamsApi = new StreamsApi(this.actions)
  /** Pictures, recordings and links that were received. */
  readonly media: MediaApi = new MediaApi(this.actions)
  /** Saved stickers. */
  readonly stickers: StickersApi = new StickersApi(this.actions)
  /** Synthetic voices (NapCat, LLOneBot, Lagrange). */
  readonly voices: VoicesApi = new VoicesApi(this.actions)
  /** Cards that can be sent as messages. */
  readonly cards: CardsApi = new CardsApi(this.actions)
  /** Files that are shared for a short time. */
  readonly flashFiles: FlashFilesApi = new FlashFilesApi(this.actions)
  /** Files that go from machine to machine (NapCat). */
  readonly onlineFiles: OnlineFilesApi = new OnlineFilesApi(this.actions)
  /** Posts of Qzone, and saved notes (NapCat). */
  readonly posts: PostsApi = new PostsApi(this.actions)
  /** QQ's guild service (go-cqhttp). */
  readonly guilds: GuildsApi = new GuildsApi(this.actions)
  /** The OneBot implementation itself. */
  readonly implementation: ImplementationApi = new ImplementationApi(this.actions)

  constructor(host: ActionHost) {
    super(new Actions(host))
  }

  /**
   * Calls any action, also those without a method of their own and those that begin with `.` or `_`. Parameters
   * that are `undefined` are left out; numeric ids may be strings.
   *
   * @returns `data` of the answer; look at it before you use it.
   * @throws OneBotError; see its `outcome` before trying again.
   */
  call(action: string, params: object = {}, options?: CallOptions): Promise<unknown> {
    return this.actions.call(action, params, options)
  }
}
