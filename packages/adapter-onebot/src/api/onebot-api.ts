import { Actions, type ActionHost } from './actions.ts'
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
export class OneBotApi {
  /** Messages: send, look up, take back, list. */
  readonly messages: MessagesApi
  /** Messages that are folded into one. */
  readonly forwards: ForwardsApi
  /** Reactions to messages. */
  readonly reactions: ReactionsApi
  /** Messages that a group keeps as its essence. */
  readonly essences: EssencesApi
  /** Groups of the account. */
  readonly groups: GroupsApi
  /** Members of groups. */
  readonly members: MembersApi
  /** Announcements of groups. */
  readonly notices: NoticesApi
  /** Albums of groups. */
  readonly albums: AlbumsApi
  /** Requests and invitations that wait for an answer. */
  readonly requests: RequestsApi
  /** People, whether they are friends or not. */
  readonly users: UsersApi
  /** Friends of the account. */
  readonly friends: FriendsApi
  /** The account itself. */
  readonly profile: ProfileApi
  /** Files of groups and private chats. */
  readonly files: FilesApi
  /** Large files in parts (NapCat). */
  readonly streams: StreamsApi
  /** Pictures, recordings and links that were received. */
  readonly media: MediaApi
  /** Saved stickers. */
  readonly stickers: StickersApi
  /** Synthetic voices (NapCat, LLOneBot, Lagrange). */
  readonly voices: VoicesApi
  /** Cards that can be sent as messages. */
  readonly cards: CardsApi
  /** Files that are shared for a short time. */
  readonly flashFiles: FlashFilesApi
  /** Files that go from machine to machine (NapCat). */
  readonly onlineFiles: OnlineFilesApi
  /** Posts of Qzone, and saved notes (NapCat). */
  readonly posts: PostsApi
  /** QQ's guild service (go-cqhttp). */
  readonly guilds: GuildsApi
  /** The OneBot implementation itself. */
  readonly implementation: ImplementationApi
  readonly #actions: Actions

  constructor(host: ActionHost) {
    const actions = new Actions(host)
    this.#actions = actions
    this.messages = new MessagesApi(actions)
    this.forwards = new ForwardsApi(actions)
    this.reactions = new ReactionsApi(actions)
    this.essences = new EssencesApi(actions)
    this.groups = new GroupsApi(actions)
    this.members = new MembersApi(actions)
    this.notices = new NoticesApi(actions)
    this.albums = new AlbumsApi(actions)
    this.requests = new RequestsApi(actions)
    this.users = new UsersApi(actions)
    this.friends = new FriendsApi(actions)
    this.profile = new ProfileApi(actions)
    this.files = new FilesApi(actions)
    this.streams = new StreamsApi(actions)
    this.media = new MediaApi(actions)
    this.stickers = new StickersApi(actions)
    this.voices = new VoicesApi(actions)
    this.cards = new CardsApi(actions)
    this.flashFiles = new FlashFilesApi(actions)
    this.onlineFiles = new OnlineFilesApi(actions)
    this.posts = new PostsApi(actions)
    this.guilds = new GuildsApi(actions)
    this.implementation = new ImplementationApi(actions)
  }

  /**
   * Calls any action, also those without a method of their own and those that begin with `.` or `_`. Parameters
   * that are `undefined` are left out; numeric ids may be strings.
   *
   * @returns `data` of the answer; look at it before you use it.
   * @throws OneBotError; see its `outcome` before trying again.
   */
  call(action: string, params: object = {}, options?: CallOptions): Promise<unknown> {
    return this.#actions.call(action, params, options)
  }
}
