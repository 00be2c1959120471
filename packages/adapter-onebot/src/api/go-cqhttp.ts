import type {
  AtAllRemain,
  Device,
  EssenceMessage,
  GroupFileList,
  GroupFileSystem,
  GroupNotice,
  Id,
  LoginInfo,
  RecognizedText,
  SentForward,
  StoredMessage,
  SystemMessages,
  UploadedFile,
} from '../wire/results.ts'
import type { Segment } from '../wire/segment.ts'
import { isRaw, readText } from '../wire/raw.ts'
import { listOf, withNumbers } from './base.ts'
import { SpecApi } from './spec.ts'

/** Which part of a history is asked for. */
export interface HistoryQuery {
  /** Id of the message to begin at; the newest when absent. On go-cqhttp and LLOneBot its sequence number. */
  readonly from?: Id | undefined
  /** How many; go-cqhttp always gives 19. @defaultValue 20 */
  readonly count?: number | undefined
  /** Newest first, where the implementation can. @defaultValue false */
  readonly reverse?: boolean | undefined
}

/**
 * The actions that go-cqhttp added, most of which the others have, too.
 *
 * @see https://docs.go-cqhttp.org/api/
 */
export class GoCqhttpApi extends SpecApi {
  /** Sends messages folded into one. */
  async sendForwardMsg(
    params: { messages: readonly Segment[] } & (
      | { message_type?: 'private'; user_id: Id }
      | { message_type?: 'group'; group_id: Id }
    ),
  ): Promise<SentForward> {
    return forwardResult(await this.call('send_forward_msg', params))
  }

  /** Sends messages folded into one, to a group. */
  async sendGroupForwardMsg(params: { group_id: Id; messages: readonly Segment[] }): Promise<SentForward> {
    return forwardResult(await this.call('send_group_forward_msg', params))
  }

  /** Sends messages folded into one, to a person. */
  async sendPrivateForwardMsg(params: { user_id: Id; messages: readonly Segment[] }): Promise<SentForward> {
    return forwardResult(await this.call('send_private_forward_msg', params))
  }

  /** Marks a message, and those before it, as read. */
  markMsgAsRead(params: { message_id: Id; user_id?: Id; group_id?: Id }): Promise<null> {
    return this.call('mark_msg_as_read', params)
  }

  /** Earlier messages of a group, oldest first. */
  getGroupMsgHistory(params: { group_id: Id } & HistoryQuery): Promise<StoredMessage[]> {
    const { group_id, ...query } = params
    return this.#history('get_group_msg_history', { group_id }, query)
  }

  /** Earlier messages of a private chat, oldest first; go-cqhttp does not know it. */
  getFriendMsgHistory(params: { user_id: Id } & HistoryQuery): Promise<StoredMessage[]> {
    const { user_id, ...query } = params
    return this.#history('get_friend_msg_history', { user_id }, query)
  }

  async #history(action: string, chat: object, query: HistoryQuery): Promise<StoredMessage[]> {
    const { historyFrom, historyReverse } = this.quirks
    const { from, count = 20, reverse = false } = query
    const data = await this.call(action, {
      ...chat,
      count,
      ...(from === undefined ? {} : { [historyFrom]: from }),
      ...(historyReverse === undefined ? {} : { [historyReverse]: reverse }),
    })
    return listOf(data, 'messages').filter(isStoredMessage)
  }

  /** Makes a message an essence of its group. */
  setEssenceMsg(params: { message_id: Id }): Promise<null> {
    return this.call('set_essence_msg', params)
  }

  /** Takes that back. */
  deleteEssenceMsg(params: { message_id: Id; group_id?: Id }): Promise<null> {
    return this.call('delete_essence_msg', params)
  }

  /** The essences of a group. */
  getEssenceMsgList(params: { group_id: Id }): Promise<EssenceMessage[]> {
    return this.call('get_essence_msg_list', params)
  }

  /** Reads the text in a picture. */
  ocrImage(params: { image: string }): Promise<RecognizedText> {
    return this.call('ocr_image', params)
  }

  /** Downloads a file to the implementation's machine. */
  downloadFile(params: {
    url?: string
    base64?: string
    name?: string
    thread_count?: number
    headers?: string | readonly string[]
  }): Promise<{ file: string }> {
    return this.call('download_file', params)
  }

  /** Whether QQ thinks that a link is safe: 1 safe, 2 unknown, 3 dangerous. */
  checkUrlSafely(params: { url: string }): Promise<{ level: 1 | 2 | 3 }> {
    return this.call('check_url_safely', params)
  }

  /** Friends who have removed the account, or never added it. */
  getUnidirectionalFriendList(): Promise<(LoginInfo & { source: string })[]> {
    return this.call('get_unidirectional_friend_list')
  }

  /** Removes one of them. */
  deleteUnidirectionalFriend(params: { user_id: Id }): Promise<null> {
    return this.call('delete_unidirectional_friend', params)
  }

  /** Ends a friendship. */
  deleteFriend(params: {
    user_id: Id
    temp_block?: boolean
    temp_both_del?: boolean
    block?: boolean
  }): Promise<null> {
    return this.call('delete_friend', params)
  }

  /** Changes the account's profile. */
  setQqProfile(params: {
    nickname?: string
    company?: string
    email?: string
    college?: string
    personal_note?: string
    sex?: Id
  }): Promise<null> {
    return this.call('set_qq_profile', params)
  }

  /** Other clients of the account. */
  async getOnlineClients(params: { no_cache?: boolean } = {}): Promise<Device[]> {
    return listOf(await this.call('get_online_clients', params), 'clients').filter(isDevice)
  }

  /** Device names that can be shown. */
  getModelShow(params: { model: string }): Promise<{
    variants: { model_show: string; need_pay: boolean }[]
  }> {
    return this.call('_get_model_show', params)
  }

  /** Shows one of them. */
  setModelShow(params: { model: string; model_show: string }): Promise<null> {
    return this.call('_set_model_show', params)
  }

  /** The account of a company ("Qidian"). */
  qidianGetAccountInfo(): Promise<{ master_id: number; ext_name: string; create_time: number }> {
    return this.call('qidian_get_account_info')
  }

  /** Requests and invitations that wait. */
  getGroupSystemMsg(params: { count?: number } = {}): Promise<SystemMessages> {
    return this.call('get_group_system_msg', params)
  }

  /** How often everybody can still be mentioned today. */
  getGroupAtAllRemain(params: { group_id: Id }): Promise<AtAllRemain> {
    return this.call('get_group_at_all_remain', params)
  }

  /** Changes a group's picture. */
  setGroupPortrait(params: { group_id: Id; file: string; cache?: 0 | 1 }): Promise<null> {
    return this.call('set_group_portrait', params)
  }

  /** Signs in to a group for the day. */
  sendGroupSign(params: { group_id: Id }): Promise<null> {
    return this.call('send_group_sign', params)
  }

  /** Announces something in a group. */
  sendGroupNotice(params: {
    group_id: Id
    content: string
    image?: string
    pinned?: 0 | 1
    type?: number
    confirm_required?: 0 | 1
    is_show_edit_card?: 0 | 1
    tip_window_type?: number
  }): Promise<null> {
    return this.call('_send_group_notice', params)
  }

  /** The announcements of a group. */
  getGroupNotice(params: { group_id: Id }): Promise<GroupNotice[]> {
    return this.call('_get_group_notice', params)
  }

  /** Takes an announcement back. */
  delGroupNotice(params: { group_id: Id; notice_id: string }): Promise<null> {
    return this.call('_del_group_notice', params)
  }

  /** Puts a file into a group. On go-cqhttp and Lagrange `file` is a path on their machine. */
  uploadGroupFile(
    params: { group_id: Id; file: string; name: string; folder?: string },
    options: { timeoutMs?: number } = {},
  ): Promise<UploadedFile | null> {
    const { folder } = params
    return this.call(
      'upload_group_file',
      folder === undefined ? params : { ...params, folder_id: folder },
      options,
    )
  }

  /** Sends a file to a person. On go-cqhttp and Lagrange `file` is a path on their machine. */
  uploadPrivateFile(
    params: { user_id: Id; file: string; name: string },
    options: { timeoutMs?: number } = {},
  ): Promise<UploadedFile | null> {
    return this.call('upload_private_file', params, options)
  }

  /** What lies at the top of a group's files. */
  async getGroupRootFiles(params: { group_id: Id; file_count?: number }): Promise<GroupFileList> {
    return fileList(await this.call<GroupFileList>('get_group_root_files', params))
  }

  /** What lies in a folder. */
  async getGroupFilesByFolder(params: {
    group_id: Id
    folder_id: string
    file_count?: number
  }): Promise<GroupFileList> {
    return fileList(await this.call<GroupFileList>('get_group_files_by_folder', params))
  }

  /** Where a file of a group can be downloaded. `busid` is needed by go-cqhttp. */
  getGroupFileUrl(params: { group_id: Id; file_id: string; busid?: number }): Promise<{ url: string }> {
    return this.call('get_group_file_url', params)
  }

  /** Where a file of a private chat can be downloaded (NapCat, LLOneBot, Lagrange). */
  getPrivateFileUrl(params: { file_id: string; user_id?: Id; file_hash?: string }): Promise<{ url: string }> {
    return this.call('get_private_file_url', params)
  }

  /** How full a group's files are. */
  async getGroupFileSystemInfo(params: { group_id: Id }): Promise<GroupFileSystem> {
    const data = await this.call<GroupFileSystem>('get_group_file_system_info', params)
    return withNumbers(data, 'file_count', 'limit_count', 'used_space', 'total_space')
  }

  /** Makes a folder at the top. */
  createGroupFileFolder(params: { group_id: Id; name: string; parent_id?: string }): Promise<null> {
    return this.call('create_group_file_folder', { parent_id: '/', folder_name: params.name, ...params })
  }

  /** Deletes a file. */
  deleteGroupFile(params: { group_id: Id; file_id: string; busid?: number }): Promise<null> {
    return this.call('delete_group_file', params)
  }

  /** Deletes a folder. */
  deleteGroupFolder(params: { group_id: Id; folder_id: string }): Promise<null> {
    return this.call('delete_group_folder', params)
  }

  /** Moves a file to another folder (NapCat, LLOneBot, Lagrange). */
  moveGroupFile(params: {
    group_id: Id
    file_id: string
    parent_directory: string
    target_directory: string
  }): Promise<unknown> {
    return this.call('move_group_file', {
      ...params,
      current_parent_directory: params.parent_directory,
      target_parent_directory: params.target_directory,
    })
  }

  /** Renames a file (NapCat, LLOneBot). */
  renameGroupFile(params: {
    group_id: Id
    file_id: string
    current_parent_directory: string
    new_name: string
  }): Promise<unknown> {
    return this.call('rename_group_file', params)
  }

  /** Renames a folder (LLOneBot, Lagrange). */
  renameGroupFileFolder(params: { group_id: Id; folder_id: string; new_folder_name: string }): Promise<null> {
    return this.call('rename_group_file_folder', params)
  }

  /** Reads the event filter again. */
  reloadEventFilter(params: { file: string }): Promise<null> {
    return this.call('reload_event_filter', params)
  }

  /** Splits Chinese text into words. */
  getWordSlices(params: { content: string }): Promise<{ slices: string[] }> {
    return this.call('.get_word_slices', params)
  }

  /** The actions that the implementation knows. */
  getSupportedActions(): Promise<string[]> {
    return this.call('get_supported_actions')
  }

  /** Events that wait, where events are fetched by HTTP. @param params - `timeout` in seconds. */
  getUpdates(params: { limit?: number; timeout?: number } = {}): Promise<object[]> {
    return this.call('get_updates', params)
  }
}

/** Lagrange gives the bare id. */
function forwardResult(data: unknown): SentForward {
  if (typeof data === 'string') return { message_id: 0, forward_id: data }
  if (!isRaw(data)) return { message_id: 0 }
  const id = readText(data['forward_id']) ?? readText(data['res_id'])
  const messageId =
    typeof data['message_id'] === 'number' ? data['message_id'] : Number(data['message_id'] ?? 0)
  return id === undefined ? { message_id: messageId } : { message_id: messageId, forward_id: id }
}

function fileList(list: GroupFileList): GroupFileList {
  return { ...list, files: list.files?.map((file) => withNumbers(file, 'file_size', 'busid')) ?? [] }
}

const isStoredMessage = (value: unknown): value is StoredMessage => isRaw(value) && 'message' in value
const isDevice = (value: unknown): value is Device => isRaw(value) && 'app_id' in value
