import type { Call, CallWith } from '@mynah/adapter-kit'
import type { KookMessage, ReactionUser, SentMessage } from '../wire/messages.ts'
import { Resource } from './resource.ts'

/** Which part of a history. `before` and `after` leave the reference out, `around` centres on it. */
export interface HistoryQuery {
  /** The reference; the newest messages without it. */
  readonly msg_id?: string
  /** Where the messages lie from the reference. @defaultValue 'before' */
  readonly flag?: 'before' | 'around' | 'after'
  /** Only pinned ones; only without a reference. */
  readonly pin?: 0 | 1
  /** Most messages that come. @defaultValue 50 */
  readonly page_size?: number
}

/** A message to be sent. */
export interface NewMessage {
  /** 9 KMarkdown, 10 cards; 2 to 4 and 8 are media by their URL. */
  readonly type: number
  /** The channel. */
  readonly target_id: string
  /** KMarkdown, cards as JSON, or the URL of media. */
  readonly content: string
  /** The message to answer. */
  readonly quote?: string
  /** Answering within 5 minutes takes less of the daily quota. Not in the documentation. */
  readonly reply_msg_id?: string
  /** Comes back in the answer and the event. */
  readonly nonce?: string
  /** Only this user sees it, and it is not kept. */
  readonly temp_target_id?: string
  /** The content is the input of this template. */
  readonly template_id?: string
}

/** What of a message changes: an empty `quote` removes the answer, without one it stays. */
export type MessageChanges = Pick<
  NewMessage,
  'content' | 'quote' | 'reply_msg_id' | 'temp_target_id' | 'template_id'
>

const pageSize = 50

/** Asks for the messages before one, or for the newest ones. */
export function queryBefore(messageId: string | undefined): HistoryQuery {
  return { page_size: pageSize, ...(messageId !== undefined && { msg_id: messageId, flag: 'before' }) }
}

/** The oldest message of a part of a history; `undefined` when nothing comes before it. */
export function oldestOf(items: readonly { readonly id: string }[]): string | undefined {
  return items.length < pageSize ? undefined : items[0]?.id
}

/** Walks a history back until a page is short. */
export async function* walkBack<T extends { readonly id: string }>(
  read: (query: HistoryQuery) => Promise<{ readonly items: readonly T[] }>,
): AsyncGenerator<T, void, undefined> {
  let oldest: string | undefined
  do {
    const { items } = await read(queryBefore(oldest))
    yield* items
    oldest = oldestOf(items)
  } while (oldest !== undefined)
}

/** Messages in channels. @see https://developer.kookapp.cn/doc/http/message */
export class MessageApi extends Resource {
  /** A part of the history, oldest first. `GET message/list` */
  readonly list: Call<[channelId: string, query?: HistoryQuery], { readonly items: readonly KookMessage[] }> =
    this.reads('/message/list(target_id)')

  /** The whole history, newest page first, oldest message first in a page. */
  history(channelId: string): AsyncGenerator<KookMessage, void, undefined> {
    return walkBack((query) => this.list(channelId, query))
  }

  /** One message. `GET message/view` */
  readonly get: Call<[messageId: string], KookMessage> = this.reads('/message/view(msg_id)')

  /** Sends; `target_id` is the channel. `POST message/create` */
  readonly create: CallWith<NewMessage, SentMessage> = this.sends('/message/create')

  /** Changes a KMarkdown or card message; the new content is of the same kind. `POST message/update` */
  readonly update: Call<[messageId: string, changes: MessageChanges]> = this.sends('/message/update(msg_id)')

  /** Deletes a message. `POST message/delete` */
  readonly delete: Call<[messageId: string]> = this.does('/message/delete(msg_id)')

  /** Who reacted with an emoji, given as the platform writes it. `GET message/reaction-list` */
  readonly reactions: Call<[messageId: string, emoji: string], readonly ReactionUser[]> = this.reads(
    '/message/reaction-list(msg_id, emoji)',
  )

  /** Reacts. `POST message/add-reaction` */
  readonly addReaction: Call<[messageId: string, emoji: string]> = this.does(
    '/message/add-reaction(msg_id, emoji)',
  )

  /** Takes back a reaction, the own one without `userId`. `POST message/delete-reaction` */
  readonly deleteReaction: Call<[messageId: string, emoji: string, userId?: string]> = this.does(
    '/message/delete-reaction(msg_id, emoji, user_id)',
  )

  /**
   * Sends through a message pipe, without the bot's credentials. With a template the whole body is its input.
   * `POST message/send-pipemsg`
   */
  sendPipe(
    accessToken: string,
    body: object,
    query: { readonly type?: 1 | 9 | 10; readonly target_id?: string } = {},
  ): Promise<SentMessage> {
    return this.http.postOpen('/message/send-pipemsg', body, { access_token: accessToken, ...query })
  }

  /** Pins a message. Not in the documentation. `POST message/pin` */
  readonly pin: Call<[channelId: string, messageId: string]> = this.does('/message/pin(target_id, msg_id)')

  /** Unpins a message. Not in the documentation. `POST message/unpin` */
  readonly unpin: Call<[channelId: string, messageId: string]> = this.does(
    '/message/unpin(target_id, msg_id)',
  )
}
