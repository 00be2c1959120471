import type { Call, CallWith } from '@mynah/adapter-kit'
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
  readonly create: CallWith<{ files: readonly string[]; name?: string; thumb_path?: string }, object> =
    this.gives('create_flash_task')

  /** Sends a share (NapCat). */
  readonly send: CallWith<{ fileset_id: string; user_id?: Id; group_id?: Id }, object> =
    this.gives('send_flash_msg')

  /** The link of a share (NapCat). */
  readonly getLink: Call<[filesetId: string], unknown> = this.asks('get_share_link(fileset_id)')

  /** The id behind a link (NapCat). */
  readonly getId: Call<[shareCode: string], unknown> = this.asks('get_fileset_id(share_code)')

  /** About a share (NapCat). */
  readonly get: Call<[filesetId: string], object> = this.gives('get_fileset_info(fileset_id)')

  /** Files of a share (NapCat). */
  readonly list: Call<[filesetId: string], object> = this.gives('get_flash_file_list(fileset_id)')

  /** Where a file of a share is (NapCat). */
  readonly getUrl: CallWith<{ fileset_id: string; file_name?: string; file_index?: number }, object> =
    this.gives('get_flash_file_url')

  /** Downloads a share (NapCat). */
  readonly download: Call<[filesetId: string], unknown> = this.asks('download_fileset(fileset_id)')

  /** Shares files (LLOneBot). */
  readonly upload: Call<[title: string, paths: readonly string[]], object> = this.gives(
    'upload_flash_file(title, paths)',
  )

  /** Downloads a share (LLOneBot). */
  readonly downloadShare: CallWith<FlashFileRef, object> = this.gives('download_flash_file')

  /** About a share (LLOneBot). */
  readonly getShare: CallWith<FlashFileRef, object> = this.gives('get_flash_file_info')

  /** Where the files of a share are (LLOneBot). */
  readonly getShareUrls: CallWith<FlashFileRef, object> = this.gives('get_flash_file_download_urls')

  /** Shares it again (LLOneBot). */
  readonly reshare: CallWith<FlashFileRef, object> = this.gives('reshare_flash_file')
}

/** Files that go from machine to machine: "online files" (NapCat). */
export class OnlineFilesApi extends Resource {
  /** Sends a file. */
  readonly send: CallWith<{ user_id: Id; file_path: string; file_name?: string }, unknown> =
    this.asks('send_online_file')

  /** Sends a folder. */
  readonly sendFolder: CallWith<{ user_id: Id; folder_path: string; folder_name?: string }, unknown> =
    this.asks('send_online_folder')

  /** Transfers that wait. */
  readonly list: Call<[userId: Id], object[]> = this.lists('get_online_file_msg(user_id)')

  /** Takes a transfer. */
  readonly receive: CallWith<{ user_id: Id; msg_id: string; element_id: string }, unknown> =
    this.asks('receive_online_file')

  /** Refuses a transfer. */
  readonly refuse: CallWith<{ user_id: Id; msg_id: string; element_id: string }, unknown> =
    this.asks('refuse_online_file')

  /** Gives a transfer up. */
  readonly cancel: CallWith<{ user_id: Id; msg_id: string }, unknown> = this.asks('cancel_online_file')
}

/** Posts of Qzone, and saved notes (NapCat). */
export class PostsApi extends Resource {
  /** Posts to Qzone. */
  readonly send: CallWith<
    {
      content: string
      images?: readonly string[]
      ugc_right?: number
      target_uins?: readonly string[]
    },
    object
  > = this.gives('send_qzone_msg')

  /** Deletes a post. */
  readonly delete: Call<[tid: string]> = this.does('delete_qzone_msg(tid)')

  /** Saves a note. */
  readonly createNote: CallWith<{ rawData: string; brief: string }, unknown> = this.asks('create_collection')

  /** Saved notes. */
  readonly listNotes: CallWith<{ category: Id; count: Id }, unknown> = this.asks('get_collection_list')
}
