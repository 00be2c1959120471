import type { Call } from '@mynah/adapter-kit'
import type { Friend, FriendCategory, Id, LoginInfo, Stranger } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** People, whether they are friends or not. */
export class UsersApi extends Resource {
  /** Anybody. */
  readonly get: Call<[userId: Id, options?: { no_cache?: boolean }], Stranger> = this.gives(
    'get_stranger_info(user_id)',
  )

  /** Likes somebody's profile, ten times a day at most. */
  readonly like: Call<[userId: Id, times?: number]> = this.does('send_like(user_id, times)')

  /** Nudges somebody; with `group_id` in that group. */
  readonly poke: Call<[userId: Id, options?: { group_id?: Id; target_id?: Id }]> =
    this.does('send_poke(user_id)')

  /** Address of somebody's picture (LLOneBot). */
  readonly getAvatar: Call<[userId: Id], string> = this.says('get_qq_avatar(user_id)', 'url')

  /** The status somebody shows (NapCat). */
  readonly getStatus: Call<[userId: Id], { status: number; ext_status: number }> = this.gives(
    'nc_get_user_status(user_id)',
  )

  /** Which numbers belong to bots (NapCat). */
  readonly listBotRanges: Call<[], object[]> = this.lists('get_robot_uin_range')
}

/** Friends of the account. */
export class FriendsApi extends Resource {
  /** All friends. */
  list(): Promise<Friend[]> {
    return this.actions.list('get_friend_list', {}, 'user_id')
  }

  /** Friends by category (NapCat, LLOneBot). */
  readonly listByCategory: Call<[], FriendCategory[]> = this.lists('get_friends_with_category')

  /** People who have removed the account, or never added it. */
  readonly listUnidirectional: Call<[], (LoginInfo & { source: string })[]> = this.lists(
    'get_unidirectional_friend_list',
  )

  /** Ends a friendship. */
  readonly delete: Call<
    [userId: Id, options?: { temp_block?: boolean; temp_both_del?: boolean; block?: boolean }]
  > = this.does('delete_friend(user_id)')

  /** Removes somebody who has removed the account. */
  readonly deleteUnidirectional: Call<[userId: Id]> = this.does('delete_unidirectional_friend(user_id)')

  /** Sets the name under which a friend is listed (NapCat, LLOneBot). */
  readonly setRemark: Call<[userId: Id, remark: string]> = this.does('set_friend_remark(user_id, remark)')

  /** Moves a friend to another category (LLOneBot). */
  readonly setCategory: Call<[userId: Id, categoryId: number]> = this.does(
    'set_friend_category(user_id, category_id)',
  )

  /** Nudges a friend. */
  readonly poke: Call<[userId: Id, options?: { target_id?: Id }]> = this.does('friend_poke(user_id)')
}
