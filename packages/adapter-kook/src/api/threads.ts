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
  categories(channelId: string): Promise<{ readonly list: readonly unknown[] }> {
    return this.http.get('/category/list', { channel_id: channelId })
  }

  /** Writes a thread; the content is card JSON. `POST thread/create` */
  create(thread: NewThread): Promise<unknown> {
    return this.http.post('/thread/create', thread)
  }

  /** Answers a thread. `POST thread/reply` */
  reply(reply: ThreadReply): Promise<unknown> {
    return this.http.post('/thread/reply', reply)
  }

  /** One thread. `GET thread/view` */
  get(channelId: string, threadId: string): Promise<unknown> {
    return this.http.get('/thread/view', { channel_id: channelId, thread_id: threadId })
  }

  /** Threads of a channel, at most 30 at once. `GET thread/list` */
  list(channelId: string, query: ThreadQuery = {}): Promise<{ readonly items: readonly unknown[] }> {
    return this.http.get('/thread/list', { channel_id: channelId, ...query })
  }

  /** Deletes a thread or one answer. `POST thread/delete` */
  delete(
    channelId: string,
    what: { readonly thread_id: string } | { readonly post_id: string },
  ): Promise<void> {
    return this.http.post('/thread/delete', { channel_id: channelId, ...what })
  }

  /** Answers of a thread. `GET thread/post` */
  posts(
    channelId: string,
    threadId: string,
    query: PostQuery = {},
  ): Promise<{ readonly items: readonly unknown[] }> {
    return this.http.get('/thread/post', { channel_id: channelId, thread_id: threadId, ...query })
  }
}
