import type { EssenceMessage, GroupNotice, Id } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** Announcements of groups. */
export class NoticesApi extends Resource {
  /** The announcements of a group. */
  list(groupId: Id): Promise<GroupNotice[]> {
    return this.actions.entries('_get_group_notice', { group_id: groupId })
  }

  /** Announces something in a group. */
  send(params: {
    group_id: Id
    content: string
    image?: string
    pinned?: 0 | 1
    type?: number
    confirm_required?: 0 | 1
    is_show_edit_card?: 0 | 1
    tip_window_type?: number
  }): Promise<void> {
    return this.actions.run('_send_group_notice', params)
  }

  /** Takes an announcement back. */
  delete(groupId: Id, noticeId: string): Promise<void> {
    return this.actions.run('_del_group_notice', { group_id: groupId, notice_id: noticeId })
  }
}

/** Messages that a group keeps as its essence. */
export class EssencesApi extends Resource {
  /** The essences of a group. */
  list(groupId: Id): Promise<EssenceMessage[]> {
    return this.actions.entries('get_essence_msg_list', { group_id: groupId })
  }

  /** Makes a message an essence of its group. */
  add(messageId: Id): Promise<void> {
    return this.actions.run('set_essence_msg', { message_id: messageId })
  }

  /** Takes that back. */
  delete(messageId: Id, options: { group_id?: Id } = {}): Promise<void> {
    return this.actions.run('delete_essence_msg', { message_id: messageId, ...options })
  }
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
  list(groupId: Id): Promise<object[]> {
    return this.actions.entries('get_qun_album_list', { group_id: groupId })
  }

  /** Makes an album (LLOneBot). */
  create(params: { group_id: Id; name: string; desc?: string }): Promise<object> {
    return this.actions.object('create_group_album', params)
  }

  /** Deletes an album (LLOneBot). */
  delete(groupId: Id, albumId: string): Promise<void> {
    return this.actions.run('delete_group_album', { group_id: groupId, album_id: albumId })
  }

  /** Pictures of an album. */
  listPictures(params: { group_id: Id; album_id: string; attach_info?: string }): Promise<object> {
    return this.actions.object('get_group_album_media_list', params)
  }

  /** Puts a picture into an album (NapCat). */
  addPicture(params: { group_id: Id; album_id: string; album_name: string; file: string }): Promise<unknown> {
    return this.actions.call('upload_image_to_qun_album', params)
  }

  /** Puts pictures into an album (LLOneBot). */
  addPictures(params: { group_id: Id; album_id: string; files: readonly string[] }): Promise<unknown> {
    return this.actions.call('upload_group_album', params)
  }

  /** Deletes a picture of an album (NapCat). */
  deletePicture(picture: AlbumPicture): Promise<void> {
    return this.actions.run('del_group_album_media', picture)
  }

  /** Likes a picture of an album (NapCat). */
  likePicture(picture: AlbumPicture & { id: string }): Promise<void> {
    return this.actions.run('set_group_album_media_like', picture)
  }

  /** Takes that back (NapCat). */
  unlikePicture(picture: AlbumPicture & { id: string }): Promise<void> {
    return this.actions.run('cancel_group_album_media_like', picture)
  }

  /** Comments on a picture of an album (NapCat). */
  commentPicture(picture: AlbumPicture & { content: string }): Promise<void> {
    return this.actions.run('do_group_album_comment', picture)
  }
}
