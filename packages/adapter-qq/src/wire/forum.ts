/** Text with structure: JSON text on the wire, an array in some samples of the docs (official docs: "Forum"). */
export type ForumContent = string | readonly RichObject[]

/** One piece of rich text (official docs: "RichObject"). `type`: 1 text, 2 at, 3 URL, 4 emoji, 5 channel, 10 video, 11 image. */
export interface RichObject {
  /** 1 text, 2 at, 3 URL, 4 emoji, 5 channel, 10 video, 11 image. */
  readonly type?: number
  /** A text. */
  readonly text_info?: { readonly text: string }
  /** A mention. */
  readonly at_info?: {
    /** 1 user, 2 role, 3 guild. */
    readonly type: number
    readonly user_info?: { readonly id: string; readonly nick?: string }
    readonly role_info?: {
      readonly role_id: number | string
      readonly name?: string
      readonly color?: number
    }
    readonly guild_info?: { readonly guild_id: string; readonly guild_name?: string }
  }
  /** A link. */
  readonly url_info?: { readonly url: string; readonly display_text?: string }
  /** An emoji. */
  readonly emoji_info?: {
    readonly id: string
    readonly type: string | number
    readonly name?: string
    readonly url?: string
  }
  /** A channel. */
  readonly channel_info?: { readonly channel_id: string | number; readonly channel_name?: string }
}

/** The JSON inside `content` (official docs: "RichText"). */
export interface RichText {
  /** Its paragraphs. */
  readonly paragraphs: readonly {
    readonly elems?: readonly RichTextElement[]
    /** `alignment`: 0 left, 1 middle, 2 right. */
    readonly props?: { readonly alignment?: number }
  }[]
}

/** One element of a paragraph. `type`: 1 text, 2 image, 3 video, 4 URL. */
export interface RichTextElement {
  /** 1 text, 2 image, 3 video, 4 URL. */
  readonly type?: number
  /** A text and how it looks. */
  readonly text?: {
    readonly text?: string
    readonly props?: { readonly font_bold?: boolean; readonly italic?: boolean; readonly underline?: boolean }
  }
  /** A picture. */
  readonly image?: {
    readonly third_url?: string
    readonly width_percent?: number
    readonly plat_image?: PlatformImage
  }
  /** A film. */
  readonly video?: {
    readonly third_url?: string
    readonly plat_video?: PlatformImage & {
      readonly video_id?: string
      readonly duration?: number
      readonly cover?: PlatformImage
    }
  }
  /** A link. */
  readonly url?: { readonly url: string; readonly desc?: string }
}

/** A picture or film that the platform hosts. */
export interface PlatformImage {
  /** Address. */
  readonly url?: string
  /** Width in pixels. */
  readonly width?: number
  /** Height in pixels. */
  readonly height?: number
  /** Id of the picture. */
  readonly image_id?: string
}

interface ForumEvent {
  /** Id of the guild. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id: string
  /** Id of who wrote it. */
  readonly author_id: string
}

/** What a thread is. Ids are texts; the samples of the docs have numbers. */
export interface ThreadInfo {
  /** Id of the thread. */
  readonly thread_id: string | number
  /** Its title. */
  readonly title?: ForumContent
  /** What was written. */
  readonly content?: ForumContent
  /** When it was written. */
  readonly date_time?: string
}

/** FORUM_THREAD_CREATE, FORUM_THREAD_UPDATE, FORUM_THREAD_DELETE. */
export interface ForumThreadEvent extends ForumEvent {
  /** The thread. */
  readonly thread_info: ThreadInfo
}

/** FORUM_POST_CREATE, FORUM_POST_DELETE: a post is a comment on a thread. */
export interface ForumPostEvent extends ForumEvent {
  /** The comment. */
  readonly post_info: Omit<ThreadInfo, 'title'> & { readonly post_id: string | number }
}

/** FORUM_REPLY_CREATE, FORUM_REPLY_DELETE: a reply answers a post. */
export interface ForumReplyEvent extends ForumEvent {
  /** The answer. */
  readonly reply_info: ForumPostEvent['post_info'] & { readonly reply_id: string | number }
}

/** FORUM_PUBLISH_AUDIT_RESULT. */
export interface ForumAuditEvent extends ForumEvent {
  /** Id of the thread. */
  readonly thread_id: string | number
  /** Id of the comment. */
  readonly post_id: string | number
  /** Id of the answer. */
  readonly reply_id: string | number
  /** 1 thread, 2 post, 3 reply. */
  readonly type: number
  /** 0 passed, 1 failed. */
  readonly result: number
  /** Why it failed. */
  readonly err_msg: string
  /** Id of the audit. */
  readonly task_id?: string
  /** When it was written. */
  readonly date_time?: string
}

/** The seven OPEN_FORUM_* events: no content and no id. */
export type OpenForumEvent = ForumEvent
