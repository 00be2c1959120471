import type { Call } from '@mynah/adapter-kit'
import type { GroupMember, Id } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** Members of groups. */
export class MembersApi extends Resource {
  /** One member. */
  get(groupId: Id, userId: Id, options: { no_cache?: boolean } = {}): Promise<GroupMember> {
    const params = { group_id: groupId, user_id: userId, no_cache: false, ...options }
    return this.actions.object('get_group_member_info', params)
  }

  /** All members of a group. */
  list(groupId: Id, options: { no_cache?: boolean } = {}): Promise<GroupMember[]> {
    return this.actions.list('get_group_member_list', { group_id: groupId, ...options }, 'user_id')
  }

  /** Members who are muted (NapCat, LLOneBot). */
  readonly listMuted: Call<[groupId: Id], object[]> = this.lists('get_group_shut_list(group_id)')

  /** Removes a member. `reject_add_request` also refuses later requests. */
  kick(groupId: Id, userId: Id, options: { reject_add_request?: boolean } = {}): Promise<void> {
    const params = { group_id: groupId, user_id: userId, reject_add_request: false, ...options }
    return this.actions.run('set_group_kick', params)
  }

  /** Removes several members (NapCat, LLOneBot). `reject_add_request` also refuses later requests. */
  kickMany(
    groupId: Id,
    userIds: readonly Id[],
    options: { reject_add_request?: boolean } = {},
  ): Promise<void> {
    // The one implementation reads the ids as text from `user_id`, the other one from `user_ids`.
    const params = { group_id: groupId, user_id: userIds.map(String), user_ids: userIds, ...options }
    return this.actions.run('set_group_kick_members', params)
  }

  /** Mutes a member. @param seconds - How long; 0 lifts it. */
  mute(groupId: Id, userId: Id, seconds = 1800): Promise<void> {
    return this.actions.run('set_group_ban', { group_id: groupId, user_id: userId, duration: seconds })
  }

  /** Mutes an anonymous member, for good. @param seconds - How long. */
  muteAnonymous(groupId: Id, anonymousFlag: string, seconds = 1800): Promise<void> {
    const params = { group_id: groupId, anonymous_flag: anonymousFlag, duration: seconds }
    return this.actions.run('set_group_anonymous_ban', params)
  }

  /** Makes a member an administrator, or takes that away; for the owner. */
  setAdmin(groupId: Id, userId: Id, isAdmin = true): Promise<void> {
    return this.actions.run('set_group_admin', { group_id: groupId, user_id: userId, enable: isAdmin })
  }

  /** Sets the name of a member in the group; empty takes it away. */
  setCard(groupId: Id, userId: Id, card = ''): Promise<void> {
    return this.actions.run('set_group_card', { group_id: groupId, user_id: userId, card })
  }

  /** Gives a member a title; for the owner. @param options - `duration` in seconds, -1 is for good. */
  readonly setTitle: Call<[groupId: Id, userId: Id, title: string, options?: { duration?: number }]> =
    this.does('set_group_special_title(group_id, user_id, special_title)')

  /** Nudges a member. */
  readonly poke: Call<[groupId: Id, userId: Id, options?: { target_id?: Id }]> = this.does(
    'group_poke(group_id, user_id)',
  )
}
