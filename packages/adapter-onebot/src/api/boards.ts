import type { Call, CallWith } from '@mynah/adapter-kit'
import type { EssenceMessage, GroupNotice, Id } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** Announcements of groups. */
export class NoticesApi extends Resource {
  /** The announcements of a group. */
  readonly list: Call<[groupId: Id], GroupNotice[]> = this.lists('_get_group_notice(group_id)')

  /** Announces something in a group. */
  readonly send: CallWith<{
    group_id: Id
    content: string
    image?: string
    pinned?: 0 | 1
    type?: number
    confirm_required?: 0 | 1
    is_show_edit_card?: 0 | 1
    tip_window_type?: number
  }> = this.does('_send_group_notice')

  /** Takes an announcement back. */
  readonly delete: Call<[groupId: Id, noticeId: string]> = this.does('_del_group_notice(group_id, notice_id)')
}

/** Messages that a group keeps as its essence. */
export class EssencesApi extends Resource {
  /** The essences of a group. */
  readonly list: Call<[groupId: Id], EssenceMessage[]> = this.lists('get_essence_msg_list(group_id)')

  /** Makes a message an essence of its group. */
  readonly add: Call<[messageId: Id]> = this.does('set_essence_msg(message_id)')

  /** Takes that back. */
  readonly delete: Call<[messageId: Id, options?: { group_id?: Id }]> = this.does(
    'delete_essence_msg(message_id)',
  )
}

/** A picture of an album. */
export interface AlbumPicture {
  /** The group whose album it is. */
  readonly group_id: Id
  /** The album, as `list` names it. */
  readonly album_id: string
  /** The picture's name at QQ, as `listPictures` gives it. */
  readonly lloc: string
  /** Which upload the picture came with. */
  readonly batch_id?: string
}

/** Albums of groups. */
export class AlbumsApi extends Resource {
  /** Albums of a group (NapCat, LLOneBot). */
  readonly list: Call<[groupId: Id], object[]> = this.lists('get_qun_album_list(group_id)')

  /** Makes an album (LLOneBot). */
  readonly create: CallWith<{ group_id: Id; name: string; desc?: string }, object> =
    this.gives('create_group_album')

  /** Deletes an album (LLOneBot). */
  readonly delete: Call<[groupId: Id, albumId: string]> = this.does('delete_group_album(group_id, album_id)')

  /** Pictures of an album. */
  readonly listPictures: CallWith<{ group_id: Id; album_id: string; attach_info?: string }, object> =
    this.gives('get_group_album_media_list')

  /** Puts a picture into an album (NapCat). */
  readonly addPicture: CallWith<
    { group_id: Id; album_id: string; album_name: string; file: string },
    unknown
  > = this.asks('upload_image_to_qun_album')

  /** Puts pictures into an album (LLOneBot). */
  readonly addPictures: CallWith<{ group_id: Id; album_id: string; files: readonly string[] }, unknown> =
    this.asks('upload_group_album')

  /** Deletes a picture of an album (NapCat). */
  readonly deletePicture: CallWith<AlbumPicture> = this.does('del_group_album_media')

  /** Likes a picture of an album (NapCat). */
  readonly likePicture: CallWith<AlbumPicture & { id: string }> = this.does('set_group_album_media_like')

  /** Takes that back (NapCat). */
  readonly unlikePicture: CallWith<AlbumPicture & { id: string }> = this.does('cancel_group_album_media_like')

  /** Comments on a picture of an album (NapCat). */
  readonly commentPicture: CallWith<AlbumPicture & { content: string }> = this.does('do_group_album_comment')
}
