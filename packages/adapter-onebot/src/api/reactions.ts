import { MynahError } from '@mynah/core'

import type { Id } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** Reactions to messages. */
export class ReactionsApi extends Resource {
  /**
   * Reacts to a message, or takes the own reaction back, in the words of the implementation.
   *
   * @throws MynahError `UNSUPPORTED` on go-cqhttp, which has no reactions.
   */
  set(groupId: Id, messageId: Id, emojiId: string, isAdd: boolean): Promise<void> {
    const { reactions } = this.actions.host.quirks
    const about = { message_id: messageId, emoji_id: emojiId }
    if (reactions === 'none') throw new MynahError('UNSUPPORTED', 'go-cqhttp has no reactions.')
    if (reactions === 'emoji-like-unset' && !isAdd) return this.actions.run('unset_msg_emoji_like', about)
    if (reactions !== 'group-reaction')
      return this.actions.run('set_msg_emoji_like', { ...about, set: isAdd })
    const params = { group_id: groupId, message_id: messageId, code: emojiId, is_add: isAdd }
    return this.actions.run('set_group_reaction', params)
  }

  /** Who reacted with an emoji, page by page (NapCat, LLOneBot). */
  list(params: {
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
    return this.actions.object('fetch_emoji_like', params)
  }

  /** Who reacted with an emoji (NapCat). */
  listUsers(params: {
    message_id: Id
    emoji_id: string
    group_id?: Id
    count?: number
  }): Promise<{ emoji_like_list: { user_id: string; nick_name: string }[] }> {
    return this.actions.object('get_emoji_likes', params)
  }

  /** Joins an emoji chain in a group (Lagrange). */
  joinGroupChain(params: { group_id: Id; message_id: Id; emoji_id: number }): Promise<void> {
    return this.actions.run('.join_group_emoji_chain', params)
  }

  /** Joins an emoji chain with a friend (Lagrange). */
  joinFriendChain(params: { user_id: Id; message_id: Id; emoji_id: number }): Promise<void> {
    return this.actions.run('.join_friend_emoji_chain', params)
  }
}
