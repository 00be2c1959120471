import type { Call, CallWith } from '@mynah/adapter-kit'
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
  readonly list: Call<
    [chat: ChatTarget, query?: Omit<HistoryQuery, 'pin'>],
    { readonly items: readonly KookDirectMessage[] }
  > = this.reads('/direct-message/list')

  /** The whole history, newest page first, oldest message first in a page. */
  history(chat: ChatTarget): AsyncGenerator<KookDirectMessage, void, undefined> {
    return walkBack((query) => this.list(chat, query))
  }

  /** One message. `GET direct-message/view` */
  readonly get: Call<[chatCode: string, messageId: string], KookDirectMessage> = this.reads(
    '/direct-message/view(chat_code, msg_id)',
  )

  /** Sends; a `target_id` begins the chat when there is none. `POST direct-message/create` */
  readonly create: CallWith<NewDirectMessage, SentMessage> = this.sends('/direct-message/create')

  /** Changes a KMarkdown or card message. `POST direct-message/update` */
  readonly update: Call<[messageId: string, changes: Omit<MessageChanges, 'temp_target_id'>]> = this.sends(
    '/direct-message/update(msg_id)',
  )

  /** Deletes an own message. `POST direct-message/delete` */
  readonly delete: Call<[messageId: string]> = this.does('/direct-message/delete(msg_id)')

  /** Who reacted with an emoji. `GET direct-message/reaction-list` */
  readonly reactions: Call<[messageId: string, emoji?: string], readonly ReactionUser[]> = this.reads(
    '/direct-message/reaction-list(msg_id, emoji)',
  )

  /** Reacts. `POST direct-message/add-reaction` */
  readonly addReaction: Call<[messageId: string, emoji: string]> = this.does(
    '/direct-message/add-reaction(msg_id, emoji)',
  )

  /** Takes back a reaction. `POST direct-message/delete-reaction` */
  readonly deleteReaction: Call<[messageId: string, emoji: string, userId?: string]> = this.does(
    '/direct-message/delete-reaction(msg_id, emoji, user_id)',
  )
}
