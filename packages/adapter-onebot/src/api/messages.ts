import type { Call, CallWith } from '@mynah/adapter-kit'
import { OneBotError } from '../errors.ts'
import type { Id, RecentContact, SentMessage, StoredMessage } from '../wire/results.ts'
import type { WireMessage } from '../wire/segment.ts'
import { Resource } from './actions.ts'

/** Which part of a history is asked for. */
export interface HistoryQuery {
  /** Id of the message to begin at; the newest when absent. On go-cqhttp and LLOneBot its sequence number. */
  readonly from?: Id | undefined
  /** How many; go-cqhttp always gives 19. @defaultValue 20 */
  readonly count?: number | undefined
  /** Newest first, where the implementation can. @defaultValue false */
  readonly reverse?: boolean | undefined
}

/** Where `messages.send` writes to; one of the two ids is needed. */
export type MessageTarget =
  /** A person; `group_id` names the group of a temporary chat. */
  | { message_type?: 'private'; user_id: Id; group_id?: Id }
  /** A group. */
  | { message_type?: 'group'; group_id: Id }

/** Messages: send, look up, take back, list. */
export class MessagesApi extends Resource {
  /**
   * Writes to a person or a group (`send_msg`).
   *
   * @throws OneBotError of kind `bad-request` when neither id is there.
   */
  send(params: { message: WireMessage; auto_escape?: boolean } & MessageTarget): Promise<SentMessage> {
    const hasTarget = 'user_id' in params || 'group_id' in params
    // go-cqhttp answers this with an empty object.
    if (hasTarget) return this.actions.object('send_msg', params)
    const details = { action: 'send_msg', params }
    return Promise.reject(new OneBotError('bad-request', 'a message needs user_id or group_id.', details))
  }

  /** Writes to a person. `group_id` names the group of a temporary chat (go-cqhttp, NapCat). */
  readonly sendPrivate: Call<
    [userId: Id, message: WireMessage, options?: { auto_escape?: boolean; group_id?: Id }],
    SentMessage
  > = this.gives('send_private_msg(user_id, message)')

  /** Writes to a group. */
  readonly sendGroup: Call<
    [groupId: Id, message: WireMessage, options?: { auto_escape?: boolean }],
    SentMessage
  > = this.gives('send_group_msg(group_id, message)')

  /** Looks a message up. */
  readonly get: Call<[messageId: Id], StoredMessage> = this.gives('get_msg(message_id)')

  /** Takes a message back: an own one for about two minutes, any one as an administrator. */
  readonly delete: Call<[messageId: Id]> = this.does('delete_msg(message_id)')

  /** Earlier messages of a group, oldest first. */
  listGroup(groupId: Id, query: HistoryQuery = {}): Promise<StoredMessage[]> {
    return this.#history('get_group_msg_history', { group_id: groupId }, query)
  }

  /** Earlier messages of a private chat, oldest first; go-cqhttp does not know it. */
  listPrivate(userId: Id, query: HistoryQuery = {}): Promise<StoredMessage[]> {
    return this.#history('get_friend_msg_history', { user_id: userId }, query)
  }

  async #history(action: string, chat: object, query: HistoryQuery): Promise<StoredMessage[]> {
    const { historyFrom, historyReverse } = this.actions.host.quirks
    const { from, count = 20, reverse = false } = query
    const params = {
      ...chat,
      count,
      ...(from === undefined ? {} : { [historyFrom]: from }),
      ...(historyReverse === undefined ? {} : { [historyReverse]: reverse }),
    }
    const found = await this.actions.entries<StoredMessage>(action, params, 'messages')
    return found.filter((stored) => 'message' in stored)
  }

  /** Marks a message, and those before it, as read. */
  readonly markRead: CallWith<{ message_id: Id; user_id?: Id; group_id?: Id }> = this.does('mark_msg_as_read')

  /** Marks a private chat as read (NapCat). */
  readonly markPrivateRead: Call<[userId: Id]> = this.does('mark_private_msg_as_read(user_id)')

  /** Marks a group as read (NapCat). */
  readonly markGroupRead: Call<[groupId: Id]> = this.does('mark_group_msg_as_read(group_id)')

  /** Marks everything as read (NapCat). */
  readonly markAllRead: Call<[]> = this.does('_mark_all_as_read')

  /** Passes one message on to a friend (NapCat, LLOneBot). */
  forwardToFriend(messageId: Id, userId: Id): Promise<void> {
    return this.actions.run('forward_friend_single_msg', { message_id: messageId, user_id: userId })
  }

  /** Passes one message on to a group (NapCat, LLOneBot). */
  forwardToGroup(messageId: Id, groupId: Id): Promise<void> {
    return this.actions.run('forward_group_single_msg', { message_id: messageId, group_id: groupId })
  }

  /** What a recording says (NapCat, LLOneBot). */
  readonly transcribe: Call<[messageId: Id], string> = this.says('fetch_ptt_text(message_id)', 'text')

  /** Recent chats (NapCat). */
  readonly listContacts: Call<[count?: number], RecentContact[]> = this.lists('get_recent_contact(count)')

  /** Shows that the account is typing: `event_type` 1 (NapCat, LLOneBot). */
  setTyping(userId: Id, eventType = 1): Promise<void> {
    return this.actions.run('set_input_status', { user_id: userId, event_type: eventType })
  }

  /** Does a quick operation of an event as the implementation sees fit (`.handle_quick_operation`). */
  readonly handleQuick: CallWith<{ context: object; operation: object }> =
    this.does('.handle_quick_operation')
}
