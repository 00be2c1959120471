import type { GuildMessage } from './guild.ts'
import type { Ark, Embed, Keyboard, Markdown } from './content.ts'

/** What makes a message an answer; one of the two ids. */
export interface PassiveFields {
  readonly msg_id?: string
  readonly event_id?: string
}

/** `POST /v2/users/{openid}/messages` and `POST /v2/groups/{group_openid}/messages`. */
export interface ChatMessageBody extends PassiveFields {
  /** 0 text, 2 markdown, 3 ark, 6 typing (C2C only), 7 media. */
  readonly msg_type: number
  readonly content?: string
  readonly markdown?: Markdown
  readonly keyboard?: Keyboard
  readonly ark?: Ark
  readonly media?: { readonly file_info: string }
  /** Unique per answered id, 1 to 4294967295. */
  readonly msg_seq?: number
  /** A `REFIDX_…` index, not a message id. */
  readonly message_reference?: { readonly message_id: string }
  /** A wake-up message; excludes both ids. */
  readonly is_wakeup?: boolean
  /** `input_type`: 1 typing, 2 cancel; seconds up to 60. */
  readonly input_notify?: { readonly input_type: number; readonly input_second: number }
}

/** The answer to a message to a user or a group. */
export interface ChatMessageResult {
  /** Absent while the message is audited. */
  readonly id?: string
  readonly timestamp?: string | number
  readonly ext_info?: { readonly ref_idx?: string }
  readonly audit_id?: string
  readonly audit_tips?: string
}

/** `POST /channels/{channel_id}/messages` and `POST /dms/{guild_id}/messages`. */
export interface GuildMessageBody extends PassiveFields {
  readonly content?: string
  readonly embed?: Embed
  readonly ark?: Ark
  readonly markdown?: Markdown
  readonly keyboard?: Keyboard
  readonly message_reference?: {
    readonly message_id: string
    readonly ignore_get_message_error?: boolean
  }
  /** A URL that the platform copies. */
  readonly image?: string
}

/** The answer to a message to a channel: the message, or the audit it waits for. */
export interface GuildMessageResult extends Partial<GuildMessage> {
  readonly code?: number
  readonly message?: string
  readonly data?: { readonly message_audit?: { readonly audit_id: string } }
}

/** One frame of a streamed message: `POST /v2/users/{openid}/stream_messages`. */
export interface StreamFrame extends PassiveFields {
  readonly input_mode: 'append' | 'replace'
  /** 1 more follows, 10 the last one. */
  readonly input_state: 1 | 10
  readonly index: number
  readonly content_type: 'text' | 'markdown'
  readonly content_raw: string
  /** The id that the first frame was answered with. */
  readonly stream_msg_id?: string
  readonly msg_seq?: number
  readonly is_wakeup?: boolean
}

/** The answer to a frame. */
export interface StreamResult extends ChatMessageResult {
  /** How many characters still fit. */
  readonly remain_msg_len?: number
}

/** 1 picture, 2 video, 3 voice, 4 any file. */
export type FileType = 1 | 2 | 3 | 4

/** `POST /v2/users/{openid}/files` and `POST /v2/groups/{group_openid}/files`. */
export interface FileBody {
  readonly file_type: FileType
  readonly url?: string
  /** Base64. */
  readonly file_data?: string
  readonly upload_id?: string
  readonly file_name?: string
  /** Send at once, at the expense of the proactive quota. */
  readonly srv_send_msg: boolean
}

/** An uploaded file. */
export interface FileResult {
  readonly file_uuid?: string
  /** Opaque; goes into the message unchanged. */
  readonly file_info: string
  /** Seconds; 0 is long lived. */
  readonly ttl?: number
  readonly id?: string
  readonly raw_url?: string
}

/** `POST …/upload_prepare`. */
export interface UploadPrepareBody {
  readonly file_type: FileType
  readonly file_size: string
  readonly file_name: string
  readonly md5: string
  readonly sha1: string
  /** MD5 of the first 10 002 432 bytes. */
  readonly md5_10m: string
}

/** Where the parts of a file go. */
export interface UploadPlan {
  readonly upload_id: string
  readonly block_size: string | number
  readonly parts: readonly UploadPart[]
  readonly upload_config?: {
    readonly concurrency?: number
    /** Seconds. */
    readonly retry_timeout?: number
    /** Seconds. */
    readonly retry_delay?: number
  }
}

/** One part; servers count from 0 or from 1. */
export interface UploadPart {
  readonly index: number
  readonly presigned_url: string
  readonly block_size?: string | number
}

/** `POST …/upload_part_finish`. */
export interface UploadPartBody {
  readonly upload_id: string
  readonly part_index: number
  readonly block_size: number
  readonly md5: string
}
