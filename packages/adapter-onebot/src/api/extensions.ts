import type { FriendCategory, Id, LocalFile, RecentContact } from '../wire/results.ts'
import { GuildServiceApi } from './guild-service.ts'

/**
 * What NapCat, LLOneBot and Lagrange added for messages and people.
 *
 * @see https://napcat.apifox.cn/ (NapCat), https://llonebot.apifox.cn/ (LLOneBot), https://lagrange-onebot.apifox.cn/ (Lagrange)
 */
export class ExtensionApi extends GuildServiceApi {
  /** Nudges a member. */
  groupPoke(params: { group_id: Id; user_id: Id; target_id?: Id }): Promise<null> {
    return this.call('group_poke', params)
  }

  /** Nudges a friend. */
  friendPoke(params: { user_id: Id; target_id?: Id }): Promise<null> {
    return this.call('friend_poke', params)
  }

  /** Nudges somebody; with `group_id` in that group. */
  sendPoke(params: { user_id: Id; group_id?: Id; target_id?: Id }): Promise<null> {
    return this.call('send_poke', params)
  }

  /** Reacts to a message, or takes a reaction back (NapCat, LLOneBot). */
  setMsgEmojiLike(params: { message_id: Id; emoji_id: string; set?: boolean }): Promise<unknown> {
    return this.call('set_msg_emoji_like', params)
  }

  /** Takes a reaction back (LLOneBot). */
  unsetMsgEmojiLike(params: { message_id: Id; emoji_id: string }): Promise<unknown> {
    return this.call('unset_msg_emoji_like', params)
  }

  /** Reacts to a message, or takes a reaction back (Lagrange). */
  setGroupReaction(params: { group_id: Id; message_id: Id; code: string; is_add?: boolean }): Promise<null> {
    return this.call('set_group_reaction', params)
  }

  /** Who reacted with an emoji (NapCat, LLOneBot). */
  fetchEmojiLike(params: {
    message_id: Id
    emojiId: string
    emojiType?: string
    count?: number
    cookie?: string
  }): Promise<{
    emojiLikesList: { tinyId: string; nickName: string; headUrl: string }[]
    cookie: string
    isLastPage: boolean
  }> {
    return this.call('fetch_emoji_like', params)
  }

  /** Who reacted with an emoji (NapCat). */
  getEmojiLikes(params: {
    message_id: Id
    emoji_id: string
    group_id?: Id
    count?: number
  }): Promise<{ emoji_like_list: { user_id: string; nick_name: string }[] }> {
    return this.call('get_emoji_likes', params)
  }

  /** Passes one message on to a friend (NapCat, LLOneBot). */
  forwardFriendSingleMsg(params: { message_id: Id; user_id: Id }): Promise<null> {
    return this.call('forward_friend_single_msg', params)
  }

  /** Passes one message on to a group (NapCat, LLOneBot). */
  forwardGroupSingleMsg(params: { message_id: Id; group_id: Id }): Promise<null> {
    return this.call('forward_group_single_msg', params)
  }

  /** Marks a private chat as read (NapCat). */
  markPrivateMsgAsRead(params: { user_id: Id }): Promise<null> {
    return this.call('mark_private_msg_as_read', params)
  }

  /** Marks a group as read (NapCat). */
  markGroupMsgAsRead(params: { group_id: Id }): Promise<null> {
    return this.call('mark_group_msg_as_read', params)
  }

  /** Marks everything as read (NapCat). */
  markAllAsRead(): Promise<null> {
    return this.call('_mark_all_as_read')
  }

  /** Recent chats (NapCat). */
  getRecentContact(params: { count?: number } = {}): Promise<RecentContact[]> {
    return this.call('get_recent_contact', params)
  }

  /** What a recording says (NapCat). */
  fetchPttText(params: { message_id: Id }): Promise<{ text: string }> {
    return this.call('fetch_ptt_text', params)
  }

  /** What a recording says (LLOneBot). */
  voiceMsgToText(params: { message_id: Id }): Promise<{ text: string }> {
    return this.call('voice_msg_to_text', params)
  }

  /** Shows that the account is typing: `event_type` 1 (NapCat, LLOneBot). */
  setInputStatus(params: { user_id: Id; event_type: number }): Promise<null> {
    return this.call('set_input_status', params)
  }

  /** Changes the account's picture. */
  setQqAvatar(params: { file: string }): Promise<null> {
    return this.call('set_qq_avatar', params)
  }

  /** Changes the account's signature (NapCat). */
  setSelfLongnick(params: { longNick: string }): Promise<unknown> {
    return this.call('set_self_longnick', params)
  }

  /** Changes the account's status (NapCat, LLOneBot). */
  setOnlineStatus(params: { status: number; ext_status: number; battery_status: number }): Promise<null> {
    return this.call('set_online_status', params)
  }

  /** Shows a status in the account's own words (NapCat). */
  setDiyOnlineStatus(params: { face_id: Id; face_type?: Id; wording: string }): Promise<string> {
    return this.call('set_diy_online_status', params)
  }

  /** Who liked a profile (NapCat, LLOneBot). */
  getProfileLike(params: { user_id?: Id; start?: number; count?: number } = {}): Promise<object> {
    return this.call('get_profile_like', params)
  }

  /** Who liked the account's profile (LLOneBot). */
  getProfileLikeMe(params: { start?: number; count?: number } = {}): Promise<object> {
    return this.call('get_profile_like_me', params)
  }

  /** How often a profile was liked (LLOneBot). */
  getProfileLikeCount(params: { user_id?: Id } = {}): Promise<object> {
    return this.call('get_profile_like_count', params)
  }

  /** Sets the name under which a friend is listed (NapCat, LLOneBot). */
  setFriendRemark(params: { user_id: Id; remark: string }): Promise<null> {
    return this.call('set_friend_remark', params)
  }

  /** Moves a friend to another list (LLOneBot). */
  setFriendCategory(params: { user_id: Id; category_id: number }): Promise<null> {
    return this.call('set_friend_category', params)
  }

  /** Friends by list (NapCat, LLOneBot). */
  getFriendsWithCategory(): Promise<FriendCategory[]> {
    return this.call('get_friends_with_category')
  }

  /** Friend requests that QQ filtered out (NapCat, LLOneBot). */
  getDoubtFriendsAddRequest(params: { count?: number } = {}): Promise<{ flag: string }[]> {
    return this.call('get_doubt_friends_add_request', params)
  }

  /** Answers one of them (NapCat, LLOneBot). */
  setDoubtFriendsAddRequest(params: { flag: string; approve: boolean }): Promise<null> {
    return this.call('set_doubt_friends_add_request', params)
  }

  /** Saved stickers, as URLs. */
  fetchCustomFace(params: { count?: number } = {}): Promise<string[]> {
    return this.call('fetch_custom_face', params)
  }

  /** Keys of market faces (Lagrange). */
  fetchMfaceKey(params: { emoji_ids: readonly string[] }): Promise<string[]> {
    return this.call('fetch_mface_key', params)
  }

  /** Keys that renew picture URLs (NapCat, Lagrange). */
  getRkey(): Promise<unknown> {
    return this.call('get_rkey')
  }

  /** A received file on the implementation's machine (NapCat, LLOneBot). */
  getFile(params: { file?: string; file_id?: string; download?: boolean }): Promise<LocalFile> {
    return this.call('get_file', params)
  }
}
