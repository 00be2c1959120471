import type { AtAllRemain, GroupHonors, GroupInfo, HonorType, Id } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** Groups of the account. */
export class GroupsApi extends Resource {
  /** One group. */
  get(groupId: Id, options: { no_cache?: boolean } = {}): Promise<GroupInfo> {
    return this.actions.object('get_group_info', { group_id: groupId, no_cache: false, ...options })
  }

  /** All groups of the account. */
  list(options: { no_cache?: boolean } = {}): Promise<GroupInfo[]> {
    return this.actions.list('get_group_list', options, 'group_id')
  }

  /** More about a group (NapCat). */
  getDetails(groupId: Id): Promise<object> {
    return this.actions.object('get_group_detail_info', { group_id: groupId })
  }

  /** Even more about a group (NapCat). */
  getExtended(groupId: Id): Promise<object> {
    return this.actions.object('get_group_info_ex', { group_id: groupId })
  }

  /** Renames a group. */
  rename(groupId: Id, name: string): Promise<void> {
    return this.actions.run('set_group_name', { group_id: groupId, group_name: name })
  }

  /** Sets the name under which the account lists a group (NapCat, LLOneBot). */
  setRemark(groupId: Id, remark: string): Promise<void> {
    return this.actions.run('set_group_remark', { group_id: groupId, remark })
  }

  /** Changes a group's picture. */
  setPortrait(params: { group_id: Id; file: string; cache?: 0 | 1 }): Promise<void> {
    return this.actions.run('set_group_portrait', params)
  }

  /** Leaves a group; an owner may dissolve it. */
  leave(groupId: Id, options: { is_dismiss?: boolean } = {}): Promise<void> {
    return this.actions.run('set_group_leave', { group_id: groupId, ...options })
  }

  /** Mutes everybody but administrators, or ends that. */
  mute(groupId: Id, isMuted = true): Promise<void> {
    return this.actions.run('set_group_whole_ban', { group_id: groupId, enable: isMuted })
  }

  /** Allows anonymous chat, or forbids it. */
  allowAnonymous(groupId: Id, isAllowed = true): Promise<void> {
    return this.actions.run('set_group_anonymous', { group_id: groupId, enable: isAllowed })
  }

  /** Who bears which honour in a group. */
  getHonors(groupId: Id, type: HonorType): Promise<GroupHonors> {
    return this.actions.object('get_group_honor_info', { group_id: groupId, type })
  }

  /** How often everybody can still be mentioned today. */
  getAtAllRemain(groupId: Id): Promise<AtAllRemain> {
    return this.actions.object('get_group_at_all_remain', { group_id: groupId })
  }

  /** Signs in to a group for the day. */
  signIn(groupId: Id): Promise<void> {
    return this.actions.run('send_group_sign', { group_id: groupId })
  }

  /** Who has signed in today (NapCat, LLOneBot). */
  listSignedIn(groupId: Id): Promise<{ user_id: Id; nick: string; time: number; rank: number }[]> {
    return this.actions.entries('get_group_signed_list', { group_id: groupId })
  }

  /** How loud a group is (LLOneBot). */
  setMask(groupId: Id, mask: number): Promise<void> {
    return this.actions.run('set_group_msg_mask', { group_id: groupId, mask })
  }

  /** How one gets in (NapCat). */
  setAddOption(params: {
    group_id: Id
    add_type: number
    group_question?: string
    group_answer?: string
  }): Promise<void> {
    return this.actions.run('set_group_add_option', params)
  }

  /** How bots get in (NapCat). */
  setBotAddOption(params: {
    group_id: Id
    robot_member_switch?: number
    robot_member_examine?: number
  }): Promise<void> {
    return this.actions.run('set_group_robot_add_option', params)
  }

  /** Whether the group can be found (NapCat). */
  setSearch(params: { group_id: Id; no_code_finger_open?: number; no_finger_open?: number }): Promise<void> {
    return this.actions.run('set_group_search', params)
  }

  /** Who may invite (NapCat). */
  setInvitePolicy(params: {
    group_id: Id
    policy: 'disabled' | 'require_approval' | 'no_approval' | 'no_approval_under_100'
  }): Promise<void> {
    return this.actions.run('set_group_member_invite_policy', params)
  }

  /** What members may do (NapCat). */
  setPermissions(params: { group_id: Id } & Readonly<Record<string, unknown>>): Promise<void> {
    return this.actions.run('set_group_member_permissions', params)
  }

  /** Whether new members see what was said before (NapCat). */
  setHistoryVisibility(params: { group_id: Id } & Readonly<Record<string, unknown>>): Promise<void> {
    return this.actions.run('set_group_new_member_history_visibility', params)
  }

  /** Makes a message a task of the group (NapCat). */
  setTodo(params: { group_id: Id; message_id?: Id; message_seq?: Id }): Promise<void> {
    return this.actions.run('set_group_todo', params)
  }

  /** Finishes such a task (NapCat). */
  completeTodo(params: { group_id: Id; message_id?: Id; message_seq?: Id }): Promise<void> {
    return this.actions.run('complete_group_todo', params)
  }

  /** Takes such a task back (NapCat). */
  cancelTodo(params: { group_id: Id; message_id?: Id; message_seq?: Id }): Promise<void> {
    return this.actions.run('cancel_group_todo', params)
  }

  /** Switches a bot of the group on or off (Lagrange). */
  setBotStatus(params: { group_id: Id; bot_id: Id; enable: number }): Promise<void> {
    return this.actions.run('set_group_bot_status', params)
  }

  /** Presses a button of a bot (Lagrange). */
  pressBotButton(params: { group_id: Id; bot_id: Id; data_1?: string; data_2?: string }): Promise<void> {
    return this.actions.run('send_group_bot_callback', params)
  }

  /** Presses a button of a bot (NapCat). */
  clickKeyboardButton(params: {
    group_id: Id
    bot_appid: string
    button_id: string
    callback_data: string
    msg_seq: Id
  }): Promise<unknown> {
    return this.actions.call('click_inline_keyboard_button', params)
  }
}
