import type { Segment } from './segment.ts'

/** An id: a number on the wire, or the same as a string. */
export type Id = string | number

/** Rank in a group. */
export type GroupRole = 'owner' | 'admin' | 'member'

export interface SentMessage {
  message_id: Id
}

export interface SentForward extends SentMessage {
  /** Id under which the forward can be fetched. */
  forward_id?: string
  /** NapCat's name for it. */
  res_id?: string
}

/** Who sent a message, as far as the implementation knows. */
export interface Sender {
  user_id?: Id
  nickname?: string
  sex?: 'male' | 'female' | 'unknown'
  age?: number
  card?: string
  area?: string
  level?: string
  role?: GroupRole
  title?: string
  /** The group of a temporary chat. */
  group_id?: Id
}

export interface StoredMessage {
  time: number
  message_type: 'private' | 'group'
  message_id: Id
  real_id?: Id
  message_seq?: Id
  user_id?: Id
  group_id?: Id
  sender: Sender
  message: readonly Segment[] | string
  raw_message?: string
}

/** One message of a forward: a node, or an event object, by implementation. */
export interface ForwardedMessage {
  type?: 'node'
  data?: { user_id?: Id; nickname?: string; content?: readonly Segment[] | string }
  sender?: Sender
  time?: number
  message_id?: Id
  content?: readonly Segment[] | string
  message?: readonly Segment[] | string
}

export interface LoginInfo {
  user_id: Id
  nickname: string
}

export interface Stranger extends LoginInfo {
  sex?: 'male' | 'female' | 'unknown'
  age?: number
  qid?: string
  level?: number
  login_days?: number
  sign?: string
  long_nick?: string
}

export interface Friend extends LoginInfo {
  remark?: string
}

export interface GroupInfo {
  group_id: Id
  group_name: string
  member_count?: number
  max_member_count?: number
  group_memo?: string
  group_create_time?: number
  group_level?: number
  group_remark?: string
  group_all_shut?: number
}

export interface GroupMember extends LoginInfo {
  group_id: Id
  card?: string
  sex?: 'male' | 'female' | 'unknown'
  age?: number
  area?: string
  /** Unix seconds. */
  join_time?: number
  /** Unix seconds. */
  last_sent_time?: number
  level?: string
  role?: GroupRole
  unfriendly?: boolean
  title?: string
  /** Unix seconds. */
  title_expire_time?: number
  card_changeable?: boolean
  /** Unix seconds. */
  shut_up_timestamp?: number
}

export type HonorType = 'talkative' | 'performer' | 'legend' | 'strong_newbie' | 'emotion' | 'all'

export interface HonoredMember extends LoginInfo {
  avatar: string
  description?: string
}

export interface GroupHonors {
  group_id: Id
  current_talkative?: LoginInfo & { avatar: string; day_count: number }
  talkative_list?: HonoredMember[]
  performer_list?: HonoredMember[]
  legend_list?: HonoredMember[]
  strong_newbie_list?: HonoredMember[]
  emotion_list?: HonoredMember[]
}

/** A file on the implementation's machine. */
export interface LocalFile {
  /** Path there. */
  file: string
  url?: string
  /** Bytes. */
  file_size?: number
  file_name?: string
  base64?: string
}

export interface ImageFile extends LocalFile {
  /** Bytes. */
  size?: number
  filename?: string
}

export interface Status {
  /** `null` when unknown. */
  online: boolean | null
  good: boolean
  stat?: {
    packet_received: number
    packet_sent: number
    packet_lost: number
    message_received: number
    message_sent: number
    disconnect_times: number
    lost_times: number
    /** Unix seconds. */
    last_message_time: number
  }
}

export interface VersionInfo {
  app_name: string
  app_version: string
  protocol_version: string
}

export interface Credentials {
  cookies: string
  csrf_token: number
}

export interface Device {
  app_id: number
  device_name: string
  device_kind: string
}

export interface EssenceMessage {
  sender_id: Id
  sender_nick: string
  /** Unix seconds; not on NapCat. */
  sender_time?: number
  operator_id: Id
  operator_nick: string
  /** Unix seconds. */
  operator_time: number
  message_id: Id
}

export interface RecognizedText {
  texts: { text: string; confidence: number; coordinates: { x: number; y: number }[] }[]
  language: string
}

export interface SystemMessages {
  invited_requests:
    | {
        request_id: Id
        invitor_uin: Id
        invitor_nick: string
        group_id: Id
        group_name: string
        checked: boolean
        actor: Id
      }[]
    | null
  join_requests:
    | {
        request_id: Id
        requester_uin: Id
        requester_nick: string
        message: string
        group_id: Id
        group_name: string
        checked: boolean
        actor: Id
      }[]
    | null
}

export interface AtAllRemain {
  can_at_all: boolean
  remain_at_all_count_for_group: number
  remain_at_all_count_for_uin: number
}

export interface GroupNotice {
  notice_id?: string
  sender_id: Id
  /** Unix seconds. */
  publish_time: number
  message: { text: string; images: { height: string; width: string; id: string }[] }
}

export interface GroupFile {
  group_id: Id
  file_id: string
  file_name: string
  busid: number
  /** Bytes. */
  file_size: number
  /** Unix seconds. */
  upload_time: number
  /** Unix seconds; 0 is forever. */
  dead_time: number
  modify_time: number
  download_times: number
  uploader: Id
  uploader_name: string
}

export interface GroupFolder {
  group_id: Id
  folder_id: string
  folder_name: string
  create_time: number
  creator: Id
  creator_name: string
  total_file_count: number
}

export interface GroupFileList {
  files: GroupFile[] | null
  folders: GroupFolder[] | null
}

export interface GroupFileSystem {
  file_count: number
  limit_count: number
  /** Bytes. */
  used_space: number
  /** Bytes. */
  total_space: number
}

/** What an upload gives where the implementation tells: NapCat and LLOneBot do. */
export interface UploadedFile {
  file_id?: string
}

/** Progress of `upload_file_stream`. */
export interface StreamProgress {
  type: 'stream' | 'response' | 'error'
  stream_id: string
  status?: 'file_created' | 'chunk_received' | 'file_complete'
  received_chunks?: number
  total_chunks?: number
  file_path?: string
  file_size?: number
  sha256?: string
}

/** A person or channel of the (closed) guild service has ids of 64 bits, as strings. */
export interface ServiceGuild {
  guild_id: string
  guild_name: string
  guild_display_id: string
}

export interface ServiceMember {
  tiny_id: string
  nickname: string
  title?: string
  role_id?: string
  role_name?: string
}

/** A recent chat on NapCat. */
export interface RecentContact {
  peerUin: string
  peerName: string
  remark: string
  /** Unix seconds. */
  msgTime: string
  chatType: number
  msgId: string
  sendNickName: string
  lastestMsg?: object
}

/** A list of friends. */
export interface FriendCategory {
  categoryId: number
  categoryName: string
  categoryMbCount: number
  buddyList: Friend[]
}
