import type { Call, CallWith } from '@mynah/adapter-kit'
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
  readonly getDetails: Call<[groupId: Id], object> = this.gives('get_group_detail_info(group_id)')

  /** Even more about a group (NapCat). */
  readonly getExtended: Call<[groupId: Id], object> = this.gives('get_group_info_ex(group_id)')

  /** Renames a group. */
  readonly rename: Call<[groupId: Id, name: string]> = this.does('set_group_name(group_id, group_name)')

  /** Sets the name under which the account lists a group (NapCat, LLOneBot). */
  readonly setRemark: Call<[groupId: Id, remark: string]> = this.does('set_group_remark(group_id, remark)')

  /** Changes a group's picture. */
  readonly setPortrait: CallWith<{ group_id: Id; file: string; cache?: 0 | 1 }> =
    this.does('set_group_portrait')

  /** Leaves a group; an owner may dissolve it. */
  readonly leave: Call<[groupId: Id, options?: { is_dismiss?: boolean }]> =
    this.does('set_group_leave(group_id)')

  /** Mutes everybody but administrators, or ends that. */
  mute(groupId: Id, isMuted = true): Promise<void> {
    return this.actions.run('set_group_whole_ban', { group_id: groupId, enable: isMuted })
  }

  /** Allows anonymous chat, or forbids it. */
  allowAnonymous(groupId: Id, isAllowed = true): Promise<void> {
    return this.actions.run('set_group_anonymous', { group_id: groupId, enable: isAllowed })
  }

  /** Who bears which honour in a group. */
  readonly getHonors: Call<[groupId: Id, type: HonorType], GroupHonors> = this.gives(
    'get_group_honor_info(group_id, type)',
  )

  /** How often everybody can still be mentioned today. */
  readonly getAtAllRemain: Call<[groupId: Id], AtAllRemain> = this.gives('get_group_at_all_remain(group_id)')

  /** Signs in to a group for the day. */
  readonly signIn: Call<[groupId: Id]> = this.does('send_group_sign(group_id)')

  /** Who has signed in today (NapCat, LLOneBot). */
  readonly listSignedIn: Call<[groupId: Id], { user_id: Id; nick: string; time: number; rank: number }[]> =
    this.lists('get_group_signed_list(group_id)')

  /** How loud a group is (LLOneBot). */
  readonly setMask: Call<[groupId: Id, mask: number]> = this.does('set_group_msg_mask(group_id, mask)')

  /** How one gets in (NapCat). */
  readonly setAddOption: CallWith<{
    group_id: Id
    add_type: number
    group_question?: string
    group_answer?: string
  }> = this.does('set_group_add_option')

  /** How bots get in (NapCat). */
  readonly setBotAddOption: CallWith<{
    group_id: Id
    robot_member_switch?: number
    robot_member_examine?: number
  }> = this.does('set_group_robot_add_option')

  /** Whether the group can be found (NapCat). */
  readonly setSearch: CallWith<{ group_id: Id; no_code_finger_open?: number; no_finger_open?: number }> =
    this.does('set_group_search')

  /** Who may invite (NapCat). */
  readonly setInvitePolicy: CallWith<{
    group_id: Id
    policy: 'disabled' | 'require_approval' | 'no_approval' | 'no_approval_under_100'
  }> = this.does('set_group_member_invite_policy')

  /** What members may do (NapCat). */
  readonly setPermissions: CallWith<{ group_id: Id } & Readonly<Record<string, unknown>>> = this.does(
    'set_group_member_permissions',
  )

  /** Whether new members see what was said before (NapCat). */
  readonly setHistoryVisibility: CallWith<{ group_id: Id } & Readonly<Record<string, unknown>>> = this.does(
    'set_group_new_member_history_visibility',
  )

  /** Makes a message a task of the group (NapCat). */
  readonly setTodo: CallWith<{ group_id: Id; message_id?: Id; message_seq?: Id }> =
    this.does('set_group_todo')

  /** Finishes such a task (NapCat). */
  readonly completeTodo: CallWith<{ group_id: Id; message_id?: Id; message_seq?: Id }> =
    this.does('complete_group_todo')

  /** Takes such a task back (NapCat). */
  readonly cancelTodo: CallWith<{ group_id: Id; message_id?: Id; message_seq?: Id }> =
    this.does('cancel_group_todo')

  /** Switches a bot of the group on or off (Lagrange). */
  readonly setBotStatus: CallWith<{ group_id: Id; bot_id: Id; enable: number }> =
    this.does('set_group_bot_status')

  /** Presses a button of a bot (Lagrange). */
  readonly pressBotButton: CallWith<{ group_id: Id; bot_id: Id; data_1?: string; data_2?: string }> =
    this.does('send_group_bot_callback')

  /** Presses a button of a bot (NapCat). */
  readonly clickKeyboardButton: CallWith<
    {
      group_id: Id
      bot_appid: string
      button_id: string
      callback_data: string
      msg_seq: Id
    },
    unknown
  > = this.asks('click_inline_keyboard_button')
}
