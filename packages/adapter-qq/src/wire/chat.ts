import type { Attachment, Person } from './person.ts'

/** Who wrote in a C2C chat. */
export interface C2CAuthor extends Person {
  /** Equals `user_openid`. */
  readonly id: string
  /** Id of the person in one-to-one chats. */
  readonly user_openid: string
}

/** Who wrote in a group. */
export interface GroupAuthor extends Person {
  /** Equals `member_openid`. */
  readonly id: string
  /** Differs from the same person's `user_openid`. */
  readonly member_openid: string
  /** Rank in the group. */
  readonly member_role?: 'member' | 'admin' | 'owner'
}

/** A file of a C2C or group message. */
export interface ChatAttachment extends Attachment {
  /** The voice as WAV. */
  readonly voice_wav_url?: string
  /** What was recognised in a voice. */
  readonly asr_refer_text?: string
}

/** Somebody mentioned in a group message. */
export interface ChatMention {
  /** `all` for everybody. */
  readonly scope?: 'single' | 'all'
  /** Id of the person in this place. */
  readonly id?: string
  /** Id of the person in one-to-one chats. */
  readonly user_openid?: string
  /** Id of the person among the members of this group. */
  readonly member_openid?: string
  /** Name in this place. */
  readonly nickname?: string
  /** Name that people see. */
  readonly username?: string
  /** Whether it is a bot. */
  readonly bot?: boolean
  /** Whether it is the bot; also set where everybody is meant. */
  readonly is_you?: boolean
}

/** A shared card. */
export interface ArkData {
  /** tuwen, feed, miniapp, map, contact_card, video_share, music_together. */
  readonly ark_type?: string
  /** What the card is called. */
  readonly ark_name?: string
  /** What the list of chats shows. */
  readonly prompt?: string
  /** What the card holds. */
  readonly fields?: Readonly<Record<string, unknown>>
}

/** What a quoted or forwarded message holds; nests. */
export interface MessageElement {
  /** The index by which it is quoted. */
  readonly msg_idx?: string
  /** Who wrote it. */
  readonly author?: Partial<GroupAuthor & C2CAuthor>
  /** 0 plain, 3 card, 101 parallel, 102 chat record, 103 quote. */
  readonly message_type?: number
  /** The text. */
  readonly content?: string
  /** Files of the message; some pushes have `null`. */
  readonly attachments?: readonly ChatAttachment[] | null
  /** A shared card. */
  readonly ark_data?: ArkData
  /** What is quoted or forwarded. */
  readonly msg_elements?: readonly MessageElement[] | null
}

/** Where a message comes from; `ext` holds `key=value` texts whose values may contain `=`. */
export interface MessageScene {
  /** What kind of place it is. */
  readonly source?: string
  /** `key=value` texts. */
  readonly ext?: readonly string[]
  /** What the link to the bot carried. */
  readonly callback_data?: string
}

interface ChatMessage extends Omit<MessageElement, 'msg_idx' | 'author'> {
  /** Its id. */
  readonly id: string
  /** When it happened. */
  readonly timestamp?: string
  /** Where the message comes from. */
  readonly message_scene?: MessageScene
  /** Who is mentioned; some pushes have `null`. */
  readonly mentions?: readonly ChatMention[] | null
}

/** C2C_MESSAGE_CREATE (official docs: "Message events"). */
export interface C2CMessage extends ChatMessage {
  /** Who wrote it. */
  readonly author: C2CAuthor
}

/** GROUP_AT_MESSAGE_CREATE and GROUP_MESSAGE_CREATE. */
export interface GroupMessage extends ChatMessage {
  /** Who wrote it. */
  readonly author: GroupAuthor
  /** Often repeats `group_openid`. */
  readonly group_id?: string
  /** Id of the group. */
  readonly group_openid: string
}

/** Unix seconds; some pushes carry text. */
export type WireTime = number | string

/** FRIEND_DEL, C2C_MSG_REJECT, C2C_MSG_RECEIVE (official docs: "User events"). */
export interface UserEvent {
  /** Id of the person in one-to-one chats. */
  readonly openid: string
  /** When it happened. */
  readonly timestamp: WireTime
  /** Who it is, in other id spaces. */
  readonly author?: { readonly union_openid?: string }
}

/** FRIEND_ADD. */
export interface FriendAddEvent extends UserEvent {
  /** 1000 default, 1001 and 1002 search, 1003 group, 1004 space, 2001 and 2002 profile share, 2003 and 2004 developer link. */
  readonly scene?: number
  /** The `callback_data` of the developer link. */
  readonly scene_param?: string
  /** Name of the person. */
  readonly nick?: string
  /** Address of the picture. */
  readonly avatar?: string
}

/** GROUP_ADD_ROBOT, GROUP_DEL_ROBOT, GROUP_MSG_REJECT, GROUP_MSG_RECEIVE (official docs: "Group events"). */
export interface GroupEvent {
  /** Id of the group. */
  readonly group_openid: string
  /** The member who did it, in the id space of the group. */
  readonly op_member_openid: string
  /** When it happened. */
  readonly timestamp: WireTime
}

/** GROUP_MEMBER_ADD, GROUP_MEMBER_REMOVE. */
export interface GroupMemberEvent {
  /** Id of the group. */
  readonly group_openid: string
  /** Id of the person among the members of this group. */
  readonly member_openid: string
  /** May be empty. */
  readonly user_openid?: string
  /** When it happened. */
  readonly timestamp: WireTime
}

/** GROUP_JOIN_REQUEST; also an entry of the list of open requests. */
export interface GroupJoinRequest {
  /** Id of the group. */
  readonly group_openid: string
  /** To be handed back with the answer. */
  readonly join_request_id: string
  /** What the platform warns of. */
  readonly risk_tips?: string
  /** Names the same person in every id space; only after an application to the platform. */
  readonly union_openid?: string
  /** Id of the person among the members of this group. */
  readonly member_openid: string
  /** Name that people see. */
  readonly username?: string
  /** RFC 3339. */
  readonly apply_at?: string
  /** Whether somebody else asked. */
  readonly apply_source?: 'self_apply' | 'invited'
  /** Only when invited. */
  readonly invited_by?: string
  /** Whether it is a bot. */
  readonly bot?: boolean
  /** What the person wrote. */
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
  /** Id of the person in one-to-one chats. */
  readonly openid?: string
  /** What was decided, template by template. */
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
  /** Id of the person in one-to-one chats. */
  readonly user_openid: string
  /** From where. */
  readonly from_source?: string
}

/** INTERACTION_CREATE (official docs: "Interaction"). */
export interface Interaction {
  /** For the acknowledgement; not the outer id. */
  readonly id: string
  /** Id of the application. */
  readonly application_id?: string
  /** 11 button, 12 quick menu, 13 feedback, 14 clear session, 15 story, 16 model, 18 to 20 authorisation. */
  readonly type: number
  /** The kind of place, in words. */
  readonly scene?: string
  /** 0 guild, 1 group, 2 C2C. */
  readonly chat_type?: number
  /** When it happened. */
  readonly timestamp?: string
  /** Id of the guild. */
  readonly guild_id?: string
  /** Id of the channel. */
  readonly channel_id?: string
  /** Id of the person in one-to-one chats. */
  readonly user_openid?: string
  /** Id of the group. */
  readonly group_openid?: string
  /** Id of the person among the members of this group. */
  readonly group_member_openid?: string
  /** Version of the payload. */
  readonly version?: number
  /** What was done. */
  readonly data?: {
    readonly type?: number
    readonly resolved?: InteractionData
    /** A misspelling that one table of the docs has. */
    readonly resoloved?: InteractionData
  }
}

/** What an interaction carries. */
export interface InteractionData {
  /** Id of the button. */
  readonly button_id?: string
  /** What the button carries. */
  readonly button_data?: string
  /** Only in guilds. */
  readonly user_id?: string
  /** Id of the message. */
  readonly message_id?: string
  /** Id of the entry of the menu. */
  readonly feature_id?: string
  /** How a message was rated. */
  readonly feedback_opt?: 'LIKE' | 'UNLIKE'
  /** 1 chosen, 0 taken back. */
  readonly checked?: number
  /** What was done, in words. */
  readonly action?: string
  /** Where the message comes from. */
  readonly message_scene?: { readonly ext?: readonly string[] }
  /** What was authorised, and where. */
  readonly authorize_data?: { readonly opt_scene?: 'setting' | 'dialog'; readonly scope?: string }
}
