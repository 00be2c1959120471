import type { Friend, FriendCategory, Id, LoginInfo, Stranger } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** People, whether they are friends or not. */
export class UsersApi extends Resource {
  /** Anybody. */
  get(userId: Id, options: { no_cache?: boolean } = {}): Promise<Stranger> {
    return this.actions.object('get_stranger_info', { user_id: userId, ...options })
  }

  /** Likes somebody's profile, ten times a day at most. */
  like(userId: Id, times?: number): Promise<void> {
    return this.actions.run('send_like', { user_id: userId, times })
  }

  /** Nudges somebody; with `group_id` in that group. */
  poke(userId: Id, options: { group_id?: Id; target_id?: Id } = {}): Promise<void> {
    return this.actions.run('send_poke', { user_id: userId, ...options })
  }

  /** Address of somebody's picture (LLOneBot). */
  getAvatar(userId: Id): Promise<string> {
    return this.actions.text('get_qq_avatar', { user_id: userId }, 'url')
  }

  /** The status somebody shows (NapCat). */
  getStatus(userId: Id): Promise<{ status: number; ext_status: number }> {
    return this.actions.object('nc_get_user_status', { user_id: userId })
  }

  /** Which numbers belong to bots (NapCat). */
  listBotRanges(): Promise<object[]> {
    return this.actions.entries('get_robot_uin_range')
  }
}

/** Friends of the account. */
export class FriendsApi extends Resource {
  /** All friends. */
  list(): Promise<Friend[]> {
    return this.actions.list('get_friend_list', {}, 'user_id')
  }

  /** Friends by category (NapCat, LLOneBot). */
  listByCategory(): Promise<FriendCategory[]> {
    return this.actions.entries('get_friends_with_category')
  }

  /** People who have removed the account, or never added it. */
  listUnidirectional(): Promise<(LoginInfo & { source: string })[]> {
    return this.actions.entries('get_unidirectional_friend_list')
  }

  /** Ends a friendship. */
  delete(
    userId: Id,
    options: { temp_block?: boolean; temp_both_del?: boolean; block?: boolean } = {},
  ): Promise<void> {
    return this.actions.run('delete_friend', { user_id: userId, ...options })
  }

  /** Removes somebody who has removed the account. */
  deleteUnidirectional(userId: Id): Promise<void> {
    return this.actions.run('delete_unidirectional_friend', { user_id: userId })
  }

  /** Sets the name under which a friend is listed (NapCat, LLOneBot). */
  setRemark(userId: Id, remark: string): Promise<void> {
    return this.actions.run('set_friend_remark', { user_id: userId, remark })
  }

  /** Moves a friend to another category (LLOneBot). */
  setCategory(userId: Id, categoryId: number): Promise<void> {
    return this.actions.run('set_friend_category', { user_id: userId, category_id: categoryId })
  }

  /** Nudges a friend. */
  poke(userId: Id, options: { target_id?: Id } = {}): Promise<void> {
    return this.actions.run('friend_poke', { user_id: userId, ...options })
  }
}
