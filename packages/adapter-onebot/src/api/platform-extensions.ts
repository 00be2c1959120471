import type { Id, SentMessage, StreamProgress } from '../wire/results.ts'
import { GroupExtensionApi } from './group-extensions.ts'

/**
 * What only one or two of the implementations have: voices, cards, shares, direct transfers, Qzone.
 *
 * @see https://napcat.apifox.cn/ (NapCat), https://llonebot.apifox.cn/ (LLOneBot), https://lagrange-onebot.apifox.cn/ (Lagrange)
 */
export class PlatformExtensionApi extends GroupExtensionApi {
  /** One part of an upload; the last call has `is_complete`. The result's `file_path` is a file source. */
  uploadFileStream(params: {
    stream_id: string
    chunk_data?: string
    chunk_index?: number
    total_chunks?: number
    file_size?: number
    expected_sha256?: string
    filename?: string
    is_complete?: boolean
    reset?: boolean
    verify_only?: boolean
    file_retention?: number
  }): Promise<StreamProgress> {
    return this.call('upload_file_stream', params)
  }

  /** Deletes what was uploaded in parts. */
  cleanStreamTempFile(): Promise<unknown> {
    return this.call('clean_stream_temp_file')
  }

  /** Synthetic voices (NapCat, LLOneBot, Lagrange). */
  getAiCharacters(params: {
    group_id: Id
    chat_type?: number
  }): Promise<
    { type: string; characters: { character_id: string; character_name: string; preview_url: string }[] }[]
  > {
    return this.call('get_ai_characters', params)
  }

  /** Says a text with a synthetic voice; gives a URL (NapCat, Lagrange). */
  getAiRecord(params: { character: string; group_id: Id; text: string }): Promise<string> {
    return this.call('get_ai_record', params)
  }

  /** Says a text with a synthetic voice in a group. */
  sendGroupAiRecord(params: { character: string; group_id: Id; text: string }): Promise<SentMessage> {
    return this.call('send_group_ai_record', params)
  }

  /** Makes the card of a mini app (NapCat). */
  getMiniAppArk(params: Readonly<Record<string, unknown>>): Promise<object> {
    return this.call('get_mini_app_ark', params)
  }

  /** Makes the card of a person or group (NapCat). */
  sendArkShare(params: { user_id?: Id; group_id?: Id; phone_number?: string }): Promise<object> {
    return this.call('send_ark_share', params)
  }

  /** Makes the card of a group (NapCat). */
  sendGroupArkShare(params: { group_id: Id }): Promise<string> {
    return this.call('send_group_ark_share', params)
  }

  /** Makes the card of a song (Lagrange). */
  getMusicArk(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.call('get_music_ark', params)
  }

  /** Saved stickers, in detail (NapCat). */
  fetchCustomFaceDetail(params: { count?: number } = {}): Promise<object[]> {
    return this.call('fetch_custom_face_detail', params)
  }

  /** Saves a sticker (NapCat). */
  addCustomFace(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.call('add_custom_face', params)
  }

  /** Deletes a saved sticker (NapCat). */
  deleteCustomFace(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.call('delete_custom_face', params)
  }

  /** Describes a saved sticker (NapCat). */
  setCustomFaceDesc(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.call('set_custom_face_desc', params)
  }

  /** Stickers for a word (LLOneBot). */
  getRecommendFace(params: { word: string }): Promise<object> {
    return this.call('get_recommend_face', params)
  }

  /** Keys that renew picture URLs (NapCat). */
  ncGetRkey(): Promise<unknown> {
    return this.call('nc_get_rkey')
  }

  /** Keys that renew picture URLs, from NapCat's server. */
  getRkeyServer(): Promise<unknown> {
    return this.call('get_rkey_server')
  }

  /** A secret of the client (NapCat). */
  getClientkey(): Promise<{ clientkey: string }> {
    return this.call('get_clientkey')
  }

  /** Whether packets can be sent (NapCat). */
  ncGetPacketStatus(): Promise<unknown> {
    return this.call('nc_get_packet_status')
  }

  /** The status somebody shows (NapCat). */
  ncGetUserStatus(params: { user_id: Id }): Promise<{ status: number; ext_status: number }> {
    return this.call('nc_get_user_status', params)
  }

  /** Which numbers belong to bots (NapCat). */
  getRobotUinRange(): Promise<object[]> {
    return this.call('get_robot_uin_range')
  }

  /** Sends a packet of the QQ protocol (NapCat). */
  sendPacket(params: { cmd: string; data: string; rsp?: boolean }): Promise<unknown> {
    return this.call('send_packet', params)
  }

  /** Ends the implementation (NapCat). */
  botExit(): Promise<null> {
    return this.call('bot_exit')
  }

  /** Translates words to Chinese (NapCat). */
  translateEn2zh(params: { words: readonly string[] }): Promise<string[]> {
    return this.call('translate_en2zh', params)
  }

  /** Saves a note (NapCat). */
  createCollection(params: { rawData: string; brief: string }): Promise<unknown> {
    return this.call('create_collection', params)
  }

  /** Saved notes (NapCat). */
  getCollectionList(params: { category: Id; count: Id }): Promise<unknown> {
    return this.call('get_collection_list', params)
  }

  /** Presses a button of a bot (NapCat). */
  clickInlineKeyboardButton(params: {
    group_id: Id
    bot_appid: string
    button_id: string
    callback_data: string
    msg_seq: Id
  }): Promise<unknown> {
    return this.call('click_inline_keyboard_button', params)
  }

  /** Shares files for a short time (NapCat). */
  createFlashTask(params: { files: readonly string[]; name?: string; thumb_path?: string }): Promise<object> {
    return this.call('create_flash_task', params)
  }

  /** Sends such a share (NapCat). */
  sendFlashMsg(params: { fileset_id: string; user_id?: Id; group_id?: Id }): Promise<object> {
    return this.call('send_flash_msg', params)
  }

  /** The link of such a share (NapCat). */
  getShareLink(params: { fileset_id: string }): Promise<unknown> {
    return this.call('get_share_link', params)
  }

  /** Downloads such a share (NapCat). */
  downloadFileset(params: { fileset_id: string }): Promise<unknown> {
    return this.call('download_fileset', params)
  }

  /** About such a share (NapCat). */
  getFilesetInfo(params: { fileset_id: string }): Promise<object> {
    return this.call('get_fileset_info', params)
  }

  /** The id behind such a link (NapCat). */
  getFilesetId(params: { share_code: string }): Promise<unknown> {
    return this.call('get_fileset_id', params)
  }

  /** Files of such a share (NapCat). */
  getFlashFileList(params: { fileset_id: string }): Promise<object> {
    return this.call('get_flash_file_list', params)
  }

  /** Where a file of such a share is (NapCat). */
  getFlashFileUrl(params: { fileset_id: string; file_name?: string; file_index?: number }): Promise<object> {
    return this.call('get_flash_file_url', params)
  }

  /** Shares files for a short time (LLOneBot). */
  uploadFlashFile(params: { title: string; paths: readonly string[] }): Promise<object> {
    return this.call('upload_flash_file', params)
  }

  /** Downloads such a share (LLOneBot). */
  downloadFlashFile(params: { share_link?: string; file_set_id?: string }): Promise<object> {
    return this.call('download_flash_file', params)
  }

  /** About such a share (LLOneBot). */
  getFlashFileInfo(params: { share_link?: string; file_set_id?: string }): Promise<object> {
    return this.call('get_flash_file_info', params)
  }

  /** Where the files of such a share are (LLOneBot). */
  getFlashFileDownloadUrls(params: { share_link?: string; file_set_id?: string }): Promise<object> {
    return this.call('get_flash_file_download_urls', params)
  }

  /** Shares it again (LLOneBot). */
  reshareFlashFile(params: { share_link?: string; file_set_id?: string }): Promise<object> {
    return this.call('reshare_flash_file', params)
  }

  /** Sends a file directly (NapCat). */
  sendOnlineFile(params: { user_id: Id; file_path: string; file_name?: string }): Promise<unknown> {
    return this.call('send_online_file', params)
  }

  /** Sends a folder directly (NapCat). */
  sendOnlineFolder(params: { user_id: Id; folder_path: string; folder_name?: string }): Promise<unknown> {
    return this.call('send_online_folder', params)
  }

  /** Direct transfers that wait (NapCat). */
  getOnlineFileMsg(params: { user_id: Id }): Promise<object[]> {
    return this.call('get_online_file_msg', params)
  }

  /** Takes a direct transfer (NapCat). */
  receiveOnlineFile(params: { user_id: Id; msg_id: string; element_id: string }): Promise<unknown> {
    return this.call('receive_online_file', params)
  }

  /** Refuses a direct transfer (NapCat). */
  refuseOnlineFile(params: { user_id: Id; msg_id: string; element_id: string }): Promise<unknown> {
    return this.call('refuse_online_file', params)
  }

  /** Gives a direct transfer up (NapCat). */
  cancelOnlineFile(params: { user_id: Id; msg_id: string }): Promise<unknown> {
    return this.call('cancel_online_file', params)
  }

  /** Posts to Qzone (NapCat). */
  sendQzoneMsg(params: {
    content: string
    images?: readonly string[]
    ugc_right?: number
    target_uins?: readonly string[]
  }): Promise<object> {
    return this.call('send_qzone_msg', params)
  }

  /** Deletes a post (NapCat). */
  deleteQzoneMsg(params: { tid: string }): Promise<null> {
    return this.call('delete_qzone_msg', params)
  }

  /** Joins an emoji chain in a group (Lagrange). */
  joinGroupEmojiChain(params: { group_id: Id; message_id: Id; emoji_id: number }): Promise<null> {
    return this.call('.join_group_emoji_chain', params)
  }

  /** Joins an emoji chain with a friend (Lagrange). */
  joinFriendEmojiChain(params: { user_id: Id; message_id: Id; emoji_id: number }): Promise<null> {
    return this.call('.join_friend_emoji_chain', params)
  }

  /** Uploads a picture and gives its URL (Lagrange). */
  uploadImage(params: { file: string }): Promise<string> {
    return this.call('upload_image', params)
  }

  /** The picture of somebody (LLOneBot). */
  getQqAvatar(params: { user_id: Id }): Promise<{ url: string }> {
    return this.call('get_qq_avatar', params)
  }

  /** Reads a QR code (LLOneBot). */
  scanQrcode(params: { file: string }): Promise<unknown> {
    return this.call('scan_qrcode', params)
  }
}
