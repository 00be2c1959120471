import type { Id } from '../wire/results.ts'
import { ExtensionApi } from './extensions.ts'

/**
 * What NapCat, LLOneBot and Lagrange added for groups.
 *
 * @see https://napcat.apifox.cn/ (NapCat), https://llonebot.apifox.cn/ (LLOneBot), https://lagrange-onebot.apifox.cn/ (Lagrange)
 */
export class GroupExtensionApi extends ExtensionApi {
  /** Sets the name under which a group is listed (NapCat, LLOneBot). */
  setGroupRemark(params: { group_id: Id; remark: string }): Promise<null> {
    return this.call('set_group_remark', params)
  }

  /** Removes several members (NapCat). */
  setGroupKickMembers(params: {
    group_id: Id
    user_id: readonly string[]
    reject_add_request?: boolean
  }): Promise<null> {
    return this.call('set_group_kick_members', params)
  }

  /** Removes several members (LLOneBot). */
  batchDeleteGroupMember(params: { group_id: Id; user_ids: readonly Id[] }): Promise<null> {
    return this.call('batch_delete_group_member', params)
  }

  /** Muted members (NapCat, LLOneBot). */
  getGroupShutList(params: { group_id: Id }): Promise<object[]> {
    return this.call('get_group_shut_list', params)
  }

  /** More about a group (NapCat). */
  getGroupInfoEx(params: { group_id: Id }): Promise<object> {
    return this.call('get_group_info_ex', params)
  }

  /** All about a group (NapCat). */
  getGroupDetailInfo(params: { group_id: Id }): Promise<object> {
    return this.call('get_group_detail_info', params)
  }

  /** Requests that QQ filtered out (NapCat). */
  getGroupIgnoredNotifies(): Promise<object> {
    return this.call('get_group_ignored_notifies')
  }

  /** Requests to join that QQ filtered out (NapCat, LLOneBot). */
  getGroupIgnoreAddRequest(params: { group_id?: Id } = {}): Promise<object[]> {
    return this.call('get_group_ignore_add_request', params)
  }

  /** Requests that wait (Lagrange). */
  getGroupRequests(): Promise<object[]> {
    return this.call('get_group_requests')
  }

  /** How one gets in (NapCat). */
  setGroupAddOption(params: {
    group_id: Id
    add_type: number
    group_question?: string
    group_answer?: string
  }): Promise<null> {
    return this.call('set_group_add_option', params)
  }

  /** How bots get in (NapCat). */
  setGroupRobotAddOption(params: {
    group_id: Id
    robot_member_switch?: number
    robot_member_examine?: number
  }): Promise<null> {
    return this.call('set_group_robot_add_option', params)
  }

  /** Whether the group can be found (NapCat). */
  setGroupSearch(params: {
    group_id: Id
    no_code_finger_open?: number
    no_finger_open?: number
  }): Promise<null> {
    return this.call('set_group_search', params)
  }

  /** Who may invite (NapCat). */
  setGroupMemberInvitePolicy(params: {
    group_id: Id
    policy: 'disabled' | 'require_approval' | 'no_approval' | 'no_approval_under_100'
  }): Promise<null> {
    return this.call('set_group_member_invite_policy', params)
  }

  /** What members may do (NapCat). */
  setGroupMemberPermissions(params: { group_id: Id } & Readonly<Record<string, unknown>>): Promise<null> {
    return this.call('set_group_member_permissions', params)
  }

  /** Whether new members see what was said before (NapCat). */
  setGroupNewMemberHistoryVisibility(
    params: { group_id: Id } & Readonly<Record<string, unknown>>,
  ): Promise<null> {
    return this.call('set_group_new_member_history_visibility', params)
  }

  /** Makes a message a task of the group (NapCat). */
  setGroupTodo(params: { group_id: Id; message_id?: Id; message_seq?: Id }): Promise<null> {
    return this.call('set_group_todo', params)
  }

  /** Finishes such a task (NapCat). */
  completeGroupTodo(params: { group_id: Id; message_id?: Id; message_seq?: Id }): Promise<null> {
    return this.call('complete_group_todo', params)
  }

  /** Takes such a task back (NapCat). */
  cancelGroupTodo(params: { group_id: Id; message_id?: Id; message_seq?: Id }): Promise<null> {
    return this.call('cancel_group_todo', params)
  }

  /** Who has signed in today (NapCat, LLOneBot). */
  getGroupSignedList(params: {
    group_id: Id
  }): Promise<{ user_id: number; nick: string; time: number; rank: number }[]> {
    return this.call('get_group_signed_list', params)
  }

  /** Switches a bot of the group on or off (Lagrange). */
  setGroupBotStatus(params: { group_id: Id; bot_id: Id; enable: number }): Promise<null> {
    return this.call('set_group_bot_status', params)
  }

  /** Presses a button of a bot (Lagrange). */
  sendGroupBotCallback(params: {
    group_id: Id
    bot_id: Id
    data_1?: string
    data_2?: string
  }): Promise<null> {
    return this.call('send_group_bot_callback', params)
  }

  /** How loud a group is (LLOneBot). */
  setGroupMsgMask(params: { group_id: Id; mask: number }): Promise<null> {
    return this.call('set_group_msg_mask', params)
  }

  /** Keeps a temporary file of a group (NapCat). */
  transGroupFile(params: { group_id: Id; file_id: string }): Promise<unknown> {
    return this.call('trans_group_file', params)
  }

  /** Keeps a temporary file of a group (LLOneBot). */
  setGroupFileForever(params: { group_id: Id; file_id: string }): Promise<null> {
    return this.call('set_group_file_forever', params)
  }

  /** Albums of a group (NapCat). */
  getQunAlbumList(params: { group_id: Id }): Promise<object[]> {
    return this.call('get_qun_album_list', params)
  }

  /** Albums of a group (LLOneBot). */
  getGroupAlbumList(params: { group_id: Id }): Promise<object[]> {
    return this.call('get_group_album_list', params)
  }

  /** Makes an album (LLOneBot). */
  createGroupAlbum(params: { group_id: Id; name: string; desc?: string }): Promise<object> {
    return this.call('create_group_album', params)
  }

  /** Deletes an album (LLOneBot). */
  deleteGroupAlbum(params: { group_id: Id; album_id: string }): Promise<null> {
    return this.call('delete_group_album', params)
  }

  /** Pictures of an album. */
  getGroupAlbumMediaList(params: { group_id: Id; album_id: string; attach_info?: string }): Promise<object> {
    return this.call('get_group_album_media_list', params)
  }

  /** Puts a picture into an album (NapCat). */
  uploadImageToQunAlbum(params: {
    group_id: Id
    album_id: string
    album_name: string
    file: string
  }): Promise<unknown> {
    return this.call('upload_image_to_qun_album', params)
  }

  /** Puts pictures into an album (LLOneBot). */
  uploadGroupAlbum(params: { group_id: Id; album_id: string; files: readonly string[] }): Promise<unknown> {
    return this.call('upload_group_album', params)
  }

  /** Deletes a picture of an album (NapCat). */
  delGroupAlbumMedia(params: { group_id: Id; album_id: string; lloc: string }): Promise<null> {
    return this.call('del_group_album_media', params)
  }

  /** Likes a picture of an album (NapCat). */
  setGroupAlbumMediaLike(params: {
    group_id: Id
    album_id: string
    lloc: string
    id: string
    /** Which upload the picture came with. */
    batch_id?: string
  }): Promise<null> {
    return this.call('set_group_album_media_like', params)
  }

  /** Takes that back (NapCat). */
  cancelGroupAlbumMediaLike(params: {
    group_id: Id
    album_id: string
    lloc: string
    id: string
    /** Which upload the picture came with. */
    batch_id?: string
  }): Promise<null> {
    return this.call('cancel_group_album_media_like', params)
  }

  /** Comments on a picture of an album (NapCat). */
  doGroupAlbumComment(params: {
    group_id: Id
    album_id: string
    lloc: string
    content: string
    /** Which upload the picture came with. */
    batch_id?: string
  }): Promise<null> {
    return this.call('do_group_album_comment', params)
  }
}
