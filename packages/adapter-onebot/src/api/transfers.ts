import type { Id } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** A share as LLOneBot names it: by its link or its id. */
export interface FlashFileRef {
  /** Its link. */
  readonly share_link?: string
  /** Its id; one of the two is needed. */
  readonly file_set_id?: string
}

/** Files that are shared for a short time: "flash files". */
export class FlashFilesApi extends Resource {
  /** Shares files (NapCat). */
  create(params: { files: readonly string[]; name?: string; thumb_path?: string }): Promise<object> {
    return this.actions.object('create_flash_task', params)
  }

  /** Sends a share (NapCat). */
  send(params: { fileset_id: string; user_id?: Id; group_id?: Id }): Promise<object> {
    return this.actions.object('send_flash_msg', params)
  }

  /** The link of a share (NapCat). */
  getLink(filesetId: string): Promise<unknown> {
    return this.actions.call('get_share_link', { fileset_id: filesetId })
  }

  /** The id behind a link (NapCat). */
  getId(shareCode: string): Promise<unknown> {
    return this.actions.call('get_fileset_id', { share_code: shareCode })
  }

  /** About a share (NapCat). */
  get(filesetId: string): Promise<object> {
    return this.actions.object('get_fileset_info', { fileset_id: filesetId })
  }

  /** Files of a share (NapCat). */
  list(filesetId: string): Promise<object> {
    return this.actions.object('get_flash_file_list', { fileset_id: filesetId })
  }

  /** Where a file of a share is (NapCat). */
  getUrl(params: { fileset_id: string; file_name?: string; file_index?: number }): Promise<object> {
    return this.actions.object('get_flash_file_url', params)
  }

  /** Downloads a share (NapCat). */
  download(filesetId: string): Promise<unknown> {
    return this.actions.call('download_fileset', { fileset_id: filesetId })
  }

  /** Shares files (LLOneBot). */
  upload(title: string, paths: readonly string[]): Promise<object> {
    return this.actions.object('upload_flash_file', { title, paths })
  }

  /** Downloads a share (LLOneBot). */
  downloadShare(share: FlashFileRef): Promise<object> {
    return this.actions.object('download_flash_file', share)
  }

  /** About a share (LLOneBot). */
  getShare(share: FlashFileRef): Promise<object> {
    return this.actions.object('get_flash_file_info', share)
  }

  /** Where the files of a share are (LLOneBot). */
  getShareUrls(share: FlashFileRef): Promise<object> {
    return this.actions.object('get_flash_file_download_urls', share)
  }

  /** Shares it again (LLOneBot). */
  reshare(share: FlashFileRef): Promise<object> {
    return this.actions.object('reshare_flash_file', share)
  }
}

/** Files that go from machine to machine: "online files" (NapCat). */
export class OnlineFilesApi extends Resource {
  /** Sends a file. */
  send(params: { user_id: Id; file_path: string; file_name?: string }): Promise<unknown> {
    return this.actions.call('send_online_file', params)
  }

  /** Sends a folder. */
  sendFolder(params: { user_id: Id; folder_path: string; folder_name?: string }): Promise<unknown> {
    return this.actions.call('send_online_folder', params)
  }

  /** Transfers that wait. */
  list(userId: Id): Promise<object[]> {
    return this.actions.entries('get_online_file_msg', { user_id: userId })
  }

  /** Takes a transfer. */
  receive(params: { user_id: Id; msg_id: string; element_id: string }): Promise<unknown> {
    return this.actions.call('receive_online_file', params)
  }

  /** Refuses a transfer. */
  refuse(params: { user_id: Id; msg_id: string; element_id: string }): Promise<unknown> {
    return this.actions.call('refuse_online_file', params)
  }

  /** Gives a transfer up. */
  cancel(params: { user_id: Id; msg_id: string }): Promise<unknown> {
    return this.actions.call('cancel_online_file', params)
  }
}

/** Posts of Qzone, and saved notes (NapCat). */
export class PostsApi extends Resource {
  /** Posts to Qzone. */
  send(params: {
    content: string
    images?: readonly string[]
    ugc_right?: number
    target_uins?: readonly string[]
  }): Promise<object> {
    return this.actions.object('send_qzone_msg', params)
  }

  /** Deletes a post. */
  delete(tid: string): Promise<void> {
    return this.actions.run('delete_qzone_msg', { tid })
  }

  /** Saves a note. */
  createNote(params: { rawData: string; brief: string }): Promise<unknown> {
    return this.actions.call('create_collection', params)
  }

  /** Saved notes. */
  listNotes(params: { category: Id; count: Id }): Promise<unknown> {
    return this.actions.call('get_collection_list', params)
  }
}
