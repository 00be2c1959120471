import { Resource } from './resource.ts'

export interface NewThread {
  readonly channel_id: string
  readonly guild_id: string
  readonly title: string
  readonly content: string
  readonly category_id?: string
  readonly cover?: string
  readonly tag_ids?: readonly string[]
}

export interface ThreadReply {
  readonly channel_id: string
  readonly thread_id: string
  readonly content: string
  readonly reply_id?: string
}

export interface ThreadQuery {
  readonly categoryId?: string
  readonly sort?: number
  readonly page_size?: number
  readonly time?: number
}

export interface PostQuery {
  readonly order?: string
  readonly post_id?: string
  readonly time?: number
  readonly page?: number
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
