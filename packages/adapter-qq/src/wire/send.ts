import type { GuildMessage } from './guild.ts'
import type { Ark, Embed, Keyboard, Markdown } from './content.ts'

/** What makes a message an answer; one of the two ids. */
export interface PassiveFields {
  /** The message that is answered. */
  readonly msg_id?: string
  /** The event that is answered. */
  readonly event_id?: string
}

/** What a message to any place can hold. */
interface MessageBody extends PassiveFields {
  /** The text. */
  readonly content?: string
  /** Markdown in place of a text. */
  readonly markdown?: Markdown
  /** Buttons below it. */
  readonly keyboard?: Keyboard
  /** A card by template. */
  readonly ark?: Ark
}

/** `POST /v2/users/{openid}/messages` and `POST /v2/groups/{group_openid}/messages`. */
export interface ChatMessageBody extends MessageBody {
  /** 0 text, 2 markdown, 3 ark, 6 typing (C2C only), 7 media. */
  readonly msg_type: number
  /** A file that was uploaded. */
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
  /** When it was sent. */
  readonly timestamp?: string | number
  /** The index by which it is quoted. */
  readonly ext_info?: { readonly ref_idx?: string }
  /** Id of the audit. */
  readonly audit_id?: string
  /** What the platform says of the audit. */
  readonly audit_tips?: string
}

/** `POST /channels/{channel_id}/messages` and `POST /dms/{guild_id}/messages`. */
export interface GuildMessageBody extends MessageBody {
  /** A framed text. */
  readonly embed?: Embed
  /** What it quotes. */
  readonly message_reference?: {
    readonly message_id: string
    readonly ignore_get_message_error?: boolean
  }
  /** A URL that the platform copies. */
  readonly image?: string
}

/** The answer to a message to a channel: the message, or the audit it waits for. */
export interface GuildMessageResult extends Partial<GuildMessage> {
  /** Error code of the platform; 0 for none. */
  readonly code?: number
  /** What the platform says in words. */
  readonly message?: string
  /** The audit it waits for. */
  readonly data?: { readonly message_audit?: { readonly audit_id: string } }
}

/** One frame of a streamed message: `POST /v2/users/{openid}/stream_messages`. */
export interface StreamFrame extends PassiveFields {
  /** Whether the text follows what is shown, or replaces it. */
  readonly input_mode: 'append' | 'replace'
  /** 1 more follows, 10 the last one. */
  readonly input_state: 1 | 10
  /** Number of the frame, from 0. */
  readonly index: number
  /** How the text reads. */
  readonly content_type: 'text' | 'markdown'
  /** The text. */
  readonly content_raw: string
  /** The id that the first frame was answered with. */
  readonly stream_msg_id?: string
  /** Number of the answer; unique per answered id. */
  readonly msg_seq?: number
  /** A wake-up message; excludes both ids. */
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
  /** What kind of file it is. */
  readonly file_type: FileType
  /** Where the platform fetches it. */
  readonly url?: string
  /** Base64. */
  readonly file_data?: string
  /** The upload in parts that it finishes. */
  readonly upload_id?: string
  /** Name of the file. */
  readonly file_name?: string
  /** Send at once, at the expense of the proactive quota. */
  readonly srv_send_msg: boolean
}

/** An uploaded file. */
export interface FileResult {
  /** Id of the file. */
  readonly file_uuid?: string
  /** Opaque; goes into the message unchanged. */
  readonly file_info: string
  /** Seconds; 0 is long lived. */
  readonly ttl?: number
  /** Id of the message, where it was sent at once. */
  readonly id?: string
  /** Address of a file that went up in parts. */
  readonly raw_url?: string
}

/** `POST …/upload_prepare`. */
export interface UploadPrepareBody {
  /** What kind of file it is. */
  readonly file_type: FileType
  /** Bytes, as text. */
  readonly file_size: string
  /** Name of the file. */
  readonly file_name: string
  /** MD5 of the file in hex. */
  readonly md5: string
  /** SHA-1 of the file in hex. */
  readonly sha1: string
  /** MD5 of the first 10 002 432 bytes. */
  readonly md5_10m: string
}

/** Where the parts of a file go. */
export interface UploadPlan {
  /** Id of the upload. */
  readonly upload_id: string
  /** Bytes of a part. */
  readonly block_size: string | number
  /** The parts. */
  readonly parts: readonly UploadPart[]
  /** How they are to be stored. */
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
  /** Its number. */
  readonly index: number
  /** Where it is stored. */
  readonly presigned_url: string
  /** Bytes of this part. */
  readonly block_size?: string | number
}

/** `POST …/upload_part_finish`. */
export interface UploadPartBody {
  /** Id of the upload. */
  readonly upload_id: string
  /** Number of the part. */
  readonly part_index: number
  /** Bytes of the part. */
  readonly block_size: number
  /** MD5 of the part in hex. */
  readonly md5: string
}
