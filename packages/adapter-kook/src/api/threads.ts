import type { Call, CallWith } from '@mynah/adapter-kit'
import { Resource } from './resource.ts'

/** A thread to be written. */
export interface NewThread {
  /** The thread channel. */
  readonly channel_id: string
  /** The guild of the channel. */
  readonly guild_id: string
  /** Its title. */
  readonly title: string
  /** Cards as JSON. */
  readonly content: string
  /** The category of the channel. */
  readonly category_id?: string
  /** URL of a picture. */
  readonly cover?: string
  /** Ids of its tags. */
  readonly tag_ids?: readonly string[]
}

/** An answer to a thread. */
export interface ThreadReply {
  /** The thread channel. */
  readonly channel_id: string
  /** The thread. */
  readonly thread_id: string
  /** Cards as JSON. */
  readonly content: string
  /** The answer that is answered. */
  readonly reply_id?: string
}

/** Which threads are listed. */
export interface ThreadQuery {
  /** Only those of this category. */
  readonly categoryId?: string
  /** The order, as a number. */
  readonly sort?: number
  /** Most threads that come, at most 30. */
  readonly page_size?: number
  /** The moment to list from, as the platform gives it. */
  readonly time?: number
}

/** Which answers are listed. */
export interface PostQuery {
  /** The order, as the platform names it. */
  readonly order?: string
  /** Only answers to this one. */
  readonly post_id?: string
  /** The moment to list from, as the platform gives it. */
  readonly time?: number
  /** The page, counted from 1. */
  readonly page?: number
  /** Most answers on a page. */
  readonly page_size?: number
}

/** Posts in thread channels, as other clients know them; the documentation of the API leaves them out. */
export class ThreadApi extends Resource {
  /** Categories of a thread channel. `GET category/list` */
  readonly categories: Call<[channelId: string], { readonly list: readonly unknown[] }> = this.reads(
    '/category/list(channel_id)',
  )

  /** Writes a thread; the content is card JSON. `POST thread/create` */
  readonly create: CallWith<NewThread, unknown> = this.does('/thread/create')

  /** Answers a thread. `POST thread/reply` */
  readonly reply: CallWith<ThreadReply, unknown> = this.does('/thread/reply')

  /** One thread. `GET thread/view` */
  readonly get: Call<[channelId: string, threadId: string], unknown> = this.reads(
    '/thread/view(channel_id, thread_id)',
  )

  /** Threads of a channel, at most 30 at once. `GET thread/list` */
  readonly list: Call<[channelId: string, query?: ThreadQuery], { readonly items: readonly unknown[] }> =
    this.reads('/thread/list(channel_id)')

  /** Deletes a thread or one answer. `POST thread/delete` */
  readonly delete: Call<
    [channelId: string, what: { readonly thread_id: string } | { readonly post_id: string }]
  > = this.does('/thread/delete(channel_id)')

  /** Answers of a thread. `GET thread/post` */
  readonly posts: Call<
    [channelId: string, threadId: string, query?: PostQuery],
    { readonly items: readonly unknown[] }
  > = this.reads('/thread/post(channel_id, thread_id)')
}
