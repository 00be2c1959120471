/** Who wrote in a C2C chat. */
export interface C2CAuthor {
  /** Equals `user_openid`. */
  readonly id: string
  readonly user_openid: string
  readonly union_openid?: string
  readonly union_user_account?: string
  readonly username?: string
  readonly bot?: boolean
}

/** Who wrote in a group. */
export interface GroupAuthor {
  /** Equals `member_openid`. */
  readonly id: string
  /** Differs from the same person's `user_openid`. */
  readonly member_openid: string
  readonly member_role?: 'member' | 'admin' | 'owner'
  readonly username?: string
  readonly bot?: boolean
  readonly union_openid?: string
  readonly union_user_account?: string
}

/** A file of a C2C or group message; the URL expires. */
export interface ChatAttachment {
  readonly url: string
  readonly filename?: string
  /** A MIME type, or `voice`, or `file`. */
  readonly content_type?: string
  readonly width?: number
  readonly height?: number
  /** Bytes. */
  readonly size?: number
  /** The voice as WAV. */
  readonly voice_wav_url?: string
  /** What was recognised in a voice. */
  readonly asr_refer_text?: string
}

/** Somebody mentioned in a group message. */
export interface ChatMention {
  readonly scope?: 'single' | 'all'
  readonly id?: string
  readonly user_openid?: string
  readonly member_openid?: string
  readonly nickname?: string
  readonly username?: string
  readonly bot?: boolean
  readonly is_you?: boolean
}

/** A shared card. */
export interface ArkData {
  /** tuwen, feed, miniapp, map, contact_card, video_share, music_together. */
  readonly ark_type?: string
  readonly ark_name?: string
  readonly prompt?: string
  readonly fields?: Readonly<Record<string, unknown>>
}

/** What a quoted or forwarded message holds; nests. */
export interface MessageElement {
  readonly msg_idx?: string
  readonly author?: Partial<GroupAuthor & C2CAuthor>
  readonly message_type?: number
  readonly content?: string
  readonly attachments?: readonly ChatAttachment[] | null
  readonly ark_data?: ArkData
  readonly msg_elements?: readonly MessageElement[] | null
}

/** Where a message comes from; `ext` holds `key=value` texts whose values may contain `=`. */
export interface MessageScene {
  readonly source?: string
  readonly ext?: readonly string[]
  readonly callback_data?: string
}

interface ChatMessage {
  readonly id: string
  readonly content?: string
  readonly timestamp?: string
  /** 0 plain, 3 card, 101 parallel, 102 chat record, 103 quote. */
  readonly message_type?: number
  readonly message_scene?: MessageScene
  readonly attachments?: readonly ChatAttachment[] | null
  readonly mentions?: readonly ChatMention[] | null
  readonly ark_data?: ArkData
  readonly msg_elements?: readonly MessageElement[] | null
}

/** C2C_MESSAGE_CREATE (official docs: "Message events"). */
export interface C2CMessage extends ChatMessage {
  readonly author: C2CAuthor
}

/** GROUP_AT_MESSAGE_CREATE and GROUP_MESSAGE_CREATE. */
export interface GroupMessage extends ChatMessage {
  readonly author: GroupAuthor
  /** Often repeats `group_openid`. */
  readonly group_id?: string
  readonly group_openid: string
}

/** Unix seconds; some pushes carry text. */
export type WireTime = number | string

/** FRIEND_DEL, C2C_MSG_REJECT, C2C_MSG_RECEIVE (official docs: "User events"). */
export interface UserEvent {
  readonly openid: string
  readonly timestamp: WireTime
  readonly author?: { readonly union_openid?: string }
}

/** FRIEND_ADD. */
export interface FriendAddEvent extends UserEvent {
  /** 1000 default, 1001 and 1002 search, 1003 group, 1004 space, 2001 and 2002 profile share, 2003 and 2004 developer link. */
  readonly scene?: number
  /** The `callback_data` of the developer link. */
  readonly scene_param?: string
  readonly nick?: string
  readonly avatar?: string
}

/** GROUP_ADD_ROBOT, GROUP_DEL_ROBOT, GROUP_MSG_REJECT, GROUP_MSG_RECEIVE (official docs: "Group events"). */
export interface GroupEvent {
  readonly group_openid: string
  /** The member who did it, in the id space of the group. */
  readonly op_member_openid: string
  readonly timestamp: WireTime
}

/** GROUP_MEMBER_ADD, GROUP_MEMBER_REMOVE. */
export interface GroupMemberEvent {
  readonly group_openid: string
  readonly member_openid: string
  /** May be empty. */
  readonly user_openid?: string
  readonly timestamp: WireTime
}

/** GROUP_JOIN_REQUEST; also an entry of the list of open requests. */
export interface GroupJoinRequest {
  readonly group_openid: string
  /** To be handed back with the answer. */
  readonly join_request_id: string
  readonly risk_tips?: string
  readonly union_openid?: string
  readonly member_openid: string
  readonly username?: string
  /** RFC 3339. */
  readonly apply_at?: string
  readonly apply_source?: 'self_apply' | 'invited'
  /** Only when invited. */
  readonly invited_by?: string
  readonly bot?: boolean
  readonly verify_info?: {
    readonly method?: 'verify_message' | 'admin_review_qa'
    readonly verify_message?: string
    readonly review_qa_list?: readonly { readonly question: string; readonly answer: string }[]
  }
  /** Only when a strategy accepted it already. */
  readonly auto_approved?: { readonly strategy_id: string }
}

/** SUBSCRIBE_MESSAGE_STATUS; from the official Go SDK, not in the docs. */
export interface SubscribeStatusEvent {
  /** Empty for a user's subscription. */
  readonly group_openid?: string
  readonly openid?: string
  readonly result: readonly {
    readonly template_id?: number
    readonly custom_template_id?: string
    /** 1 allow, 2 reject. */
    readonly op: number
    readonly subscribe_id?: string
    readonly update_ts?: number
  }[]
}

/** ENTER_AIO: a user opened the chat; from the official Go SDK, not in the docs. */
export interface EnterChatEvent {
  readonly user_openid: string
  readonly from_source?: string
}

/** INTERACTION_CREATE (official docs: "Interaction"). */
export interface Interaction {
  /** For the acknowledgement; not the outer id. */
  readonly id: string
  readonly application_id?: string
  /** 11 button, 12 quick menu, 13 feedback, 14 clear session, 15 story, 16 model, 18 to 20 authorisation. */
  readonly type: number
  readonly scene?: string
  /** 0 guild, 1 group, 2 C2C. */
  readonly chat_type?: number
  readonly timestamp?: string
  readonly guild_id?: string
  readonly channel_id?: string
  readonly user_openid?: string
  readonly group_openid?: string
  readonly group_member_openid?: string
  readonly version?: number
  readonly data?: {
    readonly type?: number
    readonly resolved?: InteractionData
    /** A misspelling that one table of the docs has. */
    readonly resoloved?: InteractionData
  }
}

/** What an interaction carries. */
export interface InteractionData {
  readonly button_id?: string
  readonly button_data?: string
  /** Only in guilds. */
  readonly user_id?: string
  readonly message_id?: string
  readonly feature_id?: string
  readonly feedback_opt?: 'LIKE' | 'UNLIKE'
  readonly checked?: number
  readonly action?: string
  readonly message_scene?: { readonly ext?: readonly string[] }
  readonly authorize_data?: { readonly opt_scene?: 'setting' | 'dialog'; readonly scope?: string }
}
