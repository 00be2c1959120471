import { isRaw, readNumber, readString } from '../wire/raw.ts'
import type {
  Credentials,
  ForwardedMessage,
  Friend,
  GroupHonors,
  GroupInfo,
  GroupMember,
  HonorType,
  Id,
  ImageFile,
  LocalFile,
  LoginInfo,
  SentMessage,
  Status,
  StoredMessage,
  Stranger,
  VersionInfo,
} from '../wire/results.ts'
import type { WireMessage } from '../wire/segment.ts'
import { BadRequestError } from '../errors.ts'
import { ApiBase, listOf, withNumbers } from './base.ts'

/**
 * The actions of the specification, for every implementation.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/api/public.md
 */
export class SpecApi extends ApiBase {
  /** Writes to a person. `group_id` names the group of a temporary chat (go-cqhttp, NapCat). */
  sendPrivateMsg(params: {
    user_id: Id
    message: WireMessage
    auto_escape?: boolean
    group_id?: Id
  }): Promise<SentMessage> {
    return this.call('send_private_msg', params)
  }

  /** Writes to a group. */
  sendGroupMsg(params: { group_id: Id; message: WireMessage; auto_escape?: boolean }): Promise<SentMessage> {
    return this.call('send_group_msg', params)
  }

  /** Writes to a person or a group; one of the two ids is needed. */
  sendMsg(
    params: { message: WireMessage; auto_escape?: boolean } & (
      | { message_type?: 'private'; user_id: Id; group_id?: Id }
      | { message_type?: 'group'; group_id: Id }
    ),
  ): Promise<SentMessage> {
    const hasTarget = 'user_id' in params || 'group_id' in params
    // go-cqhttp answers this with an empty object.
    if (!hasTarget) {
      return Promise.reject(
        new BadRequestError('a message needs user_id or group_id.', { action: 'send_msg', params }),
      )
    }
    return this.call('send_msg', params)
  }

  /** Takes a message back: an own one for about two minutes, any one as an administrator. */
  deleteMsg(params: { message_id: Id }): Promise<null> {
    return this.call('delete_msg', params)
  }

  /** Looks a message up. */
  getMsg(params: { message_id: Id }): Promise<StoredMessage> {
    return this.call('get_msg', params)
  }

  /** The messages of a forward, by the id in its segment. What is folded inside of it may not be fetchable. */
  async getForwardMsg(params: { id: string }): Promise<ForwardedMessage[]> {
    const data = await this.call('get_forward_msg', { id: params.id, message_id: params.id })
    return listOf(data, 'messages', 'message').filter(isRaw)
  }

  /** Likes somebody's profile, ten times a day at most. */
  sendLike(params: { user_id: Id; times?: number }): Promise<null> {
    return this.call('send_like', params)
  }

  /** Removes a member. `reject_add_request` also refuses later requests. */
  setGroupKick(params: { group_id: Id; user_id: Id; reject_add_request?: boolean }): Promise<null> {
    return this.call('set_group_kick', { reject_add_request: false, ...params })
  }

  /** Mutes a member. @param params - `duration` in seconds, 1800 unless given; 0 lifts it. */
  setGroupBan(params: { group_id: Id; user_id: Id; duration?: number }): Promise<null> {
    return this.call('set_group_ban', { ...params, duration: params.duration ?? 1800 })
  }

  /** Mutes an anonymous member, for good. @param params - `duration` in seconds, 1800 unless given. */
  setGroupAnonymousBan(params: {
    group_id: Id
    anonymous?: { id: number; name: string; flag: string }
    anonymous_flag?: string
    duration?: number
  }): Promise<null> {
    return this.call('set_group_anonymous_ban', { ...params, duration: params.duration ?? 1800 })
  }

  /** Mutes everybody but administrators, or ends that. */
  setGroupWholeBan(params: { group_id: Id; enable?: boolean }): Promise<null> {
    return this.call('set_group_whole_ban', { ...params, enable: params.enable ?? true })
  }

  /** Makes a member an administrator, or takes that away; for the owner. */
  setGroupAdmin(params: { group_id: Id; user_id: Id; enable?: boolean }): Promise<null> {
    return this.call('set_group_admin', { ...params, enable: params.enable ?? true })
  }

  /** Allows anonymous chat, or forbids it. */
  setGroupAnonymous(params: { group_id: Id; enable?: boolean }): Promise<null> {
    return this.call('set_group_anonymous', { ...params, enable: params.enable ?? true })
  }

  /** Sets the name of a member in the group; empty takes it away. */
  setGroupCard(params: { group_id: Id; user_id: Id; card?: string }): Promise<null> {
    return this.call('set_group_card', { ...params, card: params.card ?? '' })
  }

  /** Renames a group. */
  setGroupName(params: { group_id: Id; group_name: string }): Promise<null> {
    return this.call('set_group_name', params)
  }

  /** Leaves a group; an owner may dissolve it. */
  setGroupLeave(params: { group_id: Id; is_dismiss?: boolean }): Promise<null> {
    return this.call('set_group_leave', params)
  }

  /** Gives a member a title; for the owner. @param params - `duration` in seconds, -1 is for good. */
  setGroupSpecialTitle(params: {
    group_id: Id
    user_id: Id
    special_title?: string
    duration?: number
  }): Promise<null> {
    return this.call('set_group_special_title', params)
  }

  /** Answers a friend request by its `flag`. */
  setFriendAddRequest(params: { flag: string; approve?: boolean; remark?: string }): Promise<null> {
    return this.call('set_friend_add_request', { ...params, approve: params.approve ?? true })
  }

  /** Answers a request to join, or an invitation, by its `flag`. */
  setGroupAddRequest(params: {
    flag: string
    sub_type: 'add' | 'invite'
    approve?: boolean
    reason?: string
  }): Promise<null> {
    return this.call('set_group_add_request', { ...params, approve: params.approve ?? true })
  }

  /** The account itself. */
  getLoginInfo(): Promise<LoginInfo> {
    return this.call('get_login_info')
  }

  /** Anybody. */
  getStrangerInfo(params: { user_id: Id; no_cache?: boolean }): Promise<Stranger> {
    return this.call('get_stranger_info', params)
  }

  /** All friends. */
  getFriendList(): Promise<Friend[]> {
    return this.call('get_friend_list')
  }

  /** One group. */
  getGroupInfo(params: { group_id: Id; no_cache?: boolean }): Promise<GroupInfo> {
    return this.call('get_group_info', { no_cache: false, ...params })
  }

  /** All groups of the account. */
  getGroupList(params: { no_cache?: boolean } = {}): Promise<GroupInfo[]> {
    return this.call('get_group_list', params)
  }

  /** One member. */
  getGroupMemberInfo(params: { group_id: Id; user_id: Id; no_cache?: boolean }): Promise<GroupMember> {
    return this.call('get_group_member_info', { no_cache: false, ...params })
  }

  /** All members of a group. */
  getGroupMemberList(params: { group_id: Id; no_cache?: boolean }): Promise<GroupMember[]> {
    return this.call('get_group_member_list', params)
  }

  /** Who bears which honour in a group. */
  getGroupHonorInfo(params: { group_id: Id; type: HonorType }): Promise<GroupHonors> {
    return this.call('get_group_honor_info', params)
  }

  /** Cookies of QQ's web pages. */
  getCookies(params: { domain?: string } = {}): Promise<{ cookies: string; bkn?: string }> {
    return this.call('get_cookies', { domain: '', ...params })
  }

  /** The CSRF token of QQ's web pages. */
  getCsrfToken(): Promise<{ token: number }> {
    return this.call('get_csrf_token')
  }

  /** Both of the above. NapCat calls the second one `token`. */
  async getCredentials(params: { domain?: string } = {}): Promise<Credentials> {
    const data = await this.call('get_credentials', { domain: '', ...params })
    const found = isRaw(data) ? data : {}
    return {
      cookies: readString(found['cookies']) ?? '',
      csrf_token: readNumber(found['csrf_token'] ?? found['token']) ?? 0,
    }
  }

  /** A received recording, converted. */
  async getRecord(params: {
    file: string
    out_format: 'mp3' | 'amr' | 'wma' | 'm4a' | 'spx' | 'ogg' | 'wav' | 'flac'
  }): Promise<LocalFile> {
    return withNumbers(await this.call<LocalFile>('get_record', params), 'file_size')
  }

  /** A received picture; NapCat and LLOneBot give a fresh URL. */
  async getImage(params: { file: string }): Promise<ImageFile> {
    return withNumbers(await this.call<ImageFile>('get_image', params), 'file_size', 'size')
  }

  /** Whether pictures can be sent. */
  canSendImage(): Promise<{ yes: boolean }> {
    return this.call('can_send_image')
  }

  /** Whether recordings can be sent. */
  canSendRecord(): Promise<{ yes: boolean }> {
    return this.call('can_send_record')
  }

  /** How the implementation is doing. */
  getStatus(): Promise<Status> {
    return this.call('get_status')
  }

  /** Who the implementation is. */
  getVersionInfo(): Promise<VersionInfo> {
    return this.call('get_version_info')
  }

  /** Restarts the implementation; expect a disconnect. @param params - `delay` in ms. */
  setRestart(params: { delay?: number } = {}): Promise<null> {
    return this.call('set_restart', params)
  }

  /** Empties its cache. */
  cleanCache(): Promise<null> {
    return this.call('clean_cache')
  }

  /** Does a quick operation as the implementation sees fit; `session.quick` does the same everywhere. */
  handleQuickOperation(params: { context: object; operation: object }): Promise<null> {
    return this.call('.handle_quick_operation', params)
  }
}
