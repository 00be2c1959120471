import type { KookDirectMessage, ReactionUser, SentMessage } from '../wire/messages.ts'
import { type HistoryQuery, type MessageChanges, type NewMessage, walkBack } from './messages.ts'
import { Resource } from './resource.ts'

/** A chat by its code, or by the user it is with. */
export type ChatTarget =
  | { readonly chat_code: string; readonly target_id?: never }
  | { readonly target_id: string; readonly chat_code?: never }

/** A private message to be sent. */
export type NewDirectMessage = Omit<NewMessage, 'target_id' | 'temp_target_id'> & ChatTarget

/** Private messages. @see https://developer.kookapp.cn/doc/http/direct-message */
export class DirectMessageApi extends Resource {
  /** A part of the history, oldest first. `GET direct-message/list` */
  list(
    chat: ChatTarget,
    query: Omit<HistoryQuery, 'pin'> = {},
  ): Promise<{ readonly items: readonly KookDirectMessage[] }> {
    return this.http.get('/direct-message/list', { ...chat, ...query })
  }

  /** The whole history, newest page first, oldest message first in a page. */
  history(chat: ChatTarget): AsyncGenerator<KookDirectMessage, void, undefined> {
    return walkBack((query) => this.list(chat, query))
  }

  /** One message. `GET direct-message/view` */
  get(chatCode: string, messageId: string): Promise<KookDirectMessage> {
    return this.http.get('/direct-message/view', { chat_code: chatCode, msg_id: messageId })
  }

  /** Sends; a `target_id` begins the chat when there is none. `POST direct-message/create` */
  create(message: NewDirectMessage): Promise<SentMessage> {
    return this.http.send('/direct-message/create', message)
  }

  /** Changes a KMarkdown or card message. `POST direct-message/update` */
  update(messageId: string, changes: Omit<MessageChanges, 'temp_target_id'>): Promise<void> {
    return this.http.send('/direct-message/update', { msg_id: messageId, ...changes })
  }

  /** Deletes an own message. `POST direct-message/delete` */
  delete(messageId: string): Promise<void> {
    return this.http.post('/direct-message/delete', { msg_id: messageId })
  }

  /** Who reacted with an emoji. `GET direct-message/reaction-list` */
  reactions(messageId: string, emoji?: string): Promise<readonly ReactionUser[]> {
    return this.http.get('/direct-message/reaction-list', { msg_id: messageId, emoji })
  }

  /** Reacts. `POST direct-message/add-reaction` */
  addReaction(messageId: string, emoji: string): Promise<void> {
    return this.http.post('/direct-message/add-reaction', { msg_id: messageId, emoji })
  }

  /** Takes back a reaction. `POST direct-message/delete-reaction` */
  deleteReaction(messageId: string, emoji: string, userId?: string): Promise<void> {
    return this.http.post('/direct-message/delete-reaction', { msg_id: messageId, emoji, user_id: userId })
  }
}
