import type { Call } from '@mynah/adapter-kit'
import type { Id, SystemMessages } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** Requests and invitations that wait for an answer. */
export class RequestsApi extends Resource {
  /** Answers a friend request by its `flag`. @param options - `remark` names the new friend. */
  answerFriend(flag: string, isApproved = true, options: { remark?: string } = {}): Promise<void> {
    return this.actions.run('set_friend_add_request', { flag, approve: isApproved, ...options })
  }

  /** Answers a request to join, or an invitation, by its `flag`. @param options - `reason` of a refusal. */
  answerGroup(
    flag: string,
    subType: 'add' | 'invite',
    isApproved = true,
    options: { reason?: string } = {},
  ): Promise<void> {
    const params = { flag, sub_type: subType, approve: isApproved, ...options }
    return this.actions.run('set_group_add_request', params)
  }

  /** Requests and invitations of groups. */
  readonly listGroup: Call<[count?: number], SystemMessages> = this.gives('get_group_system_msg(count)')

  /** Requests of groups (Lagrange). */
  readonly listPending: Call<[], object[]> = this.lists('get_group_requests')

  /** Requests that QQ filtered out (NapCat). */
  readonly getIgnored: Call<[], object> = this.gives('get_group_ignored_notifies')

  /** Requests to join that QQ filtered out (NapCat, LLOneBot). */
  readonly listIgnored: Call<[groupId?: Id], object[]> = this.lists('get_group_ignore_add_request(group_id)')

  /** Friend requests that QQ filtered out (NapCat, LLOneBot). */
  readonly listDoubtful: Call<[count?: number], { flag: string }[]> = this.lists(
    'get_doubt_friends_add_request(count)',
  )

  /** Answers one of them (NapCat, LLOneBot). */
  readonly answerDoubtful: Call<[flag: string, isApproved: boolean]> = this.does(
    'set_doubt_friends_add_request(flag, approve)',
  )
}
