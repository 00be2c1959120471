import type { Segment } from './segment.ts'

/** An id: a number on the wire, or the same as a string. */
export type Id = string | number

/** Rank in a group. */
export type GroupRole = 'owner' | 'admin' | 'member'

/** A message that was sent. */
export interface SentMessage {
  /** Id of the message; 0 or missing where nobody tells. */
  message_id: Id
}

/** Messages that were sent folded into one. */
export interface SentForward extends SentMessage {
  /** Id under which the forward can be fetched. */
  forward_id?: string
  /** NapCat's name for it. */
  res_id?: string
}

/** Who sent a message, as far as the implementation knows. */
export interface Sender {
  /** Number on QQ. */
  user_id?: Id
  /** Name on QQ. */
  nickname?: string
  /** Sex, as they told. */
  sex?: 'male' | 'female' | 'unknown'
  /** Age in years, as they told. */
  age?: number
  /** Name in the group; empty where they have none. */
  card?: string
  /** Where they live, as they told. */
  area?: string
  /** Level of activity. */
  level?: string
  /** Rank in the group. */
  role?: GroupRole
  /** Title in the group. */
  title?: string
  /** The group of a temporary chat. */
  group_id?: Id
}

/** A message that was looked up. */
export interface StoredMessage {
  /** Unix seconds. */
  time: number
  /** Where it was said. */
  message_type: 'private' | 'group'
  /** Id of the message. */
  message_id: Id
  /** Another number of the message. */
  real_id?: Id
  /** Number of the message in its conversation. */
  message_seq?: Id
  /** Who wrote it. */
  user_id?: Id
  /** Number of the group. */
  group_id?: Id
  /** Who wrote it. */
  sender: Sender
  /** The content: segments, or text in CQ form. */
  message: readonly Segment[] | string
  /** The message in CQ form. */
  raw_message?: string
}

/** One message of a forward: a node, or an event object, by implementation. */
export interface ForwardedMessage {
  /** `node` where the message stands in `data`. */
  type?: 'node'
  /** The message, where it is a node. */
  data?: { user_id?: Id; nickname?: string; content?: readonly Segment[] | string }
  /** Who wrote it. */
  sender?: Sender
  /** Unix seconds. */
  time?: number
  /** Id of the message. */
  message_id?: Id
  /** The content. */
  content?: readonly Segment[] | string
  /** The content: segments, or text in CQ form. */
  message?: readonly Segment[] | string
}

/** Number and name of an account. */
export interface LoginInfo {
  /** Number on QQ. */
  user_id: Id
  /** Name on QQ. */
  nickname: string
}

/** Anybody. */
export interface Stranger extends LoginInfo {
  /** Sex, as they told. */
  sex?: 'male' | 'female' | 'unknown'
  /** Age in years, as they told. */
  age?: number
  /** Name by which they can be found. */
  qid?: string
  /** Level of activity. */
  level?: number
  /** On how many days in a row they signed in. */
  login_days?: number
  /** Signature. */
  sign?: string
  /** Signature. */
  long_nick?: string
}

/** A friend. */
export interface Friend extends LoginInfo {
  /** Name under which the account lists them. */
  remark?: string
}

/** A group. */
export interface GroupInfo {
  /** Number of the group. */
  group_id: Id
  /** Name of the group. */
  group_name: string
  /** How many members there are. */
  member_count?: number
  /** How many there may be. */
  max_member_count?: number
  /** What the group says about itself. */
  group_memo?: string
  /** When it was made, in Unix seconds. */
  group_create_time?: number
  /** Level of the group. */
  group_level?: number
  /** Name under which the account lists it. */
  group_remark?: string
  /** Whether everybody is mute: not 0. */
  group_all_shut?: number
}

/** A member of a group. */
export interface GroupMember extends LoginInfo {
  /** Number of the group. */
  group_id: Id
  /** Name in the group; empty where they have none. */
  card?: string
  /** Sex, as they told. */
  sex?: 'male' | 'female' | 'unknown'
  /** Age in years, as they told. */
  age?: number
  /** Where they live, as they told. */
  area?: string
  /** Unix seconds. */
  join_time?: number
  /** Unix seconds. */
  last_sent_time?: number
  /** Level of activity. */
  level?: string
  /** Rank in the group. */
  role?: GroupRole
  /** Whether QQ has a bad record of them. */
  unfriendly?: boolean
  /** Title of the member. */
  title?: string
  /** Unix seconds. */
  title_expire_time?: number
  /** Whether their name can be changed. */
  card_changeable?: boolean
  /** Unix seconds. */
  shut_up_timestamp?: number
}

/** Honours of groups. */
export type HonorType = 'talkative' | 'performer' | 'legend' | 'strong_newbie' | 'emotion' | 'all'

/** A member who has an honour. */
export interface HonoredMember extends LoginInfo {
  /** Address of the picture. */
  avatar: string
  /** What they did for it. */
  description?: string
}

/** Who bears which honour. */
export interface GroupHonors {
  /** Number of the group. */
  group_id: Id
  /** Who talks most now. */
  current_talkative?: LoginInfo & { avatar: string; day_count: number }
  /** Who talked most. */
  talkative_list?: HonoredMember[]
  /** Whose messages were the hottest. */
  performer_list?: HonoredMember[]
  /** Who has been that for long. */
  legend_list?: HonoredMember[]
  /** New members who talk much. */
  strong_newbie_list?: HonoredMember[]
  /** Who is the source of joy. */
  emotion_list?: HonoredMember[]
}

/** A file on the implementation's machine. */
export interface LocalFile {
  /** Path there. */
  file: string
  /** Where it can be downloaded. */
  url?: string
  /** Bytes. */
  file_size?: number
  /** Name of the file. */
  file_name?: string
  /** What is in it. */
  base64?: string
}

/** A picture on the implementation's machine. */
export interface ImageFile extends LocalFile {
  /** Bytes. */
  size?: number
  /** Name of the file. */
  filename?: string
}

/** How an implementation is doing. */
export interface Status {
  /** `null` when unknown. */
  online: boolean | null
  /** Whether all is well. */
  good: boolean
  /** Counts since it began. */
  stat?: {
    /** Packets that came. */
    packet_received: number
    /** Packets that went. */
    packet_sent: number
    /** Packets that were lost. */
    packet_lost: number
    /** Messages that came. */
    message_received: number
    /** Messages that went. */
    message_sent: number
    /** How often the connection to QQ was cut. */
    disconnect_times: number
    /** How often the account was signed out. */
    lost_times: number
    /** Unix seconds. */
    last_message_time: number
  }
}

/** Who an implementation is. */
export interface VersionInfo {
  /** Name of the implementation. */
  app_name: string
  /** Its version. */
  app_version: string
  /** Version of OneBot, `v11`. */
  protocol_version: string
}

/** Keys of QQ's web pages. */
export interface Credentials {
  /** Cookies of QQ's web pages. */
  cookies: string
  /** Token of QQ's web pages. */
  csrf_token: number
}

/** A client of the account. */
export interface Device {
  /** Number of the client. */
  app_id: number
  /** Name of the device. */
  device_name: string
  /** Kind of the device. */
  device_kind: string
}

/** An essence of a group. */
export interface EssenceMessage {
  /** Who sent it. */
  sender_id: Id
  /** Name of who wrote it. */
  sender_nick: string
  /** Unix seconds; not on NapCat. */
  sender_time?: number
  /** Who made it an essence. */
  operator_id: Id
  /** Name of who made it an essence. */
  operator_nick: string
  /** Unix seconds. */
  operator_time: number
  /** Id of the message. */
  message_id: Id
}

/** Text in a picture. */
export interface RecognizedText {
  /** The pieces of text, and where they stand. */
  texts: { text: string; confidence: number; coordinates: { x: number; y: number }[] }[]
  /** In which language it is. */
  language: string
}

interface GroupSystemMessage {
  /** Id of the request, which is its flag. */
  request_id: Id
  /** Number of the group. */
  group_id: Id
  /** Name of the group. */
  group_name: string
  /** Whether it has been answered. */
  checked: boolean
  /** Who answered it; 0 is nobody. */
  actor: Id
}

/** An invitation of the account to a group. */
export interface InvitedRequest extends GroupSystemMessage {
  /** Who invites. */
  invitor_uin: Id
  /** Name of who invites. */
  invitor_nick: string
}

/** Somebody who wants to join a group. */
export interface JoinRequest extends GroupSystemMessage {
  /** Who wants in. */
  requester_uin: Id
  /** Name of who wants in. */
  requester_nick: string
  /** What they wrote. */
  message: string
}

/** Requests and invitations that wait. */
export interface SystemMessages {
  /** Invitations of the account. */
  invited_requests: InvitedRequest[] | null
  /** People who want in. */
  join_requests: JoinRequest[] | null
}

/** How often everybody can still be mentioned today. */
export interface AtAllRemain {
  /** Whether everybody can be mentioned. */
  can_at_all: boolean
  /** How often in this group, by all together. */
  remain_at_all_count_for_group: number
  /** How often by the account. */
  remain_at_all_count_for_uin: number
}

/** An announcement. */
export interface GroupNotice {
  /** Id of the announcement. */
  notice_id?: string
  /** Who sent it. */
  sender_id: Id
  /** Unix seconds. */
  publish_time: number
  /** What is announced. */
  message: { text: string; images: { height: string; width: string; id: string }[] }
}

/** A file of a group. */
export interface GroupFile {
  /** Number of the group. */
  group_id: Id
  /** Id of the file. */
  file_id: string
  /** Name of the file. */
  file_name: string
  /** Kind of the file, which go-cqhttp needs to find it. */
  busid: number
  /** Bytes. */
  file_size: number
  /** Unix seconds. */
  upload_time: number
  /** Unix seconds; 0 is forever. */
  dead_time: number
  /** When it was changed, in Unix seconds. */
  modify_time: number
  /** How often it was downloaded. */
  download_times: number
  /** Who put it there. */
  uploader: Id
  /** Name of who put it there. */
  uploader_name: string
}

/** A folder of a group. */
export interface GroupFolder {
  /** Number of the group. */
  group_id: Id
  /** Id of the folder. */
  folder_id: string
  /** Name of the folder. */
  folder_name: string
  /** When it was made, in Unix seconds. */
  create_time: number
  /** Who made it. */
  creator: Id
  /** Name of who made it. */
  creator_name: string
  /** How many files are in it. */
  total_file_count: number
}

/** What lies in a folder. */
export interface GroupFileList {
  /** The files. */
  files: GroupFile[] | null
  /** The folders. */
  folders: GroupFolder[] | null
}

/** How full the files of a group are. */
export interface GroupFileSystem {
  /** How many files there are. */
  file_count: number
  /** How many there may be. */
  limit_count: number
  /** Bytes. */
  used_space: number
  /** Bytes. */
  total_space: number
}

/** What an upload gives where the implementation tells: NapCat and LLOneBot do. */
export interface UploadedFile {
  /** Id of the file. */
  file_id?: string
}

/** Progress of `upload_file_stream`. */
export interface StreamProgress {
  /** A part, the end, or a failure. */
  type: 'stream' | 'response' | 'error'
  /** Id of the transfer. */
  stream_id: string
  /** What has been done. */
  status?: 'file_created' | 'chunk_received' | 'file_complete'
  /** How many parts have come. */
  received_chunks?: number
  /** How many parts there are. */
  total_chunks?: number
  /** Where the file is on the implementation's machine. */
  file_path?: string
  /** Bytes. */
  file_size?: number
  /** SHA-256 of the file, in hex. */
  sha256?: string
}

/** A person or channel of the (closed) guild service has ids of 64 bits, as strings. */
export interface ServiceGuild {
  /** Id of the guild. */
  guild_id: string
  /** Name of the guild. */
  guild_name: string
  /** Number of the guild that people see. */
  guild_display_id: string
}

/** A member of a guild of the guild service. */
export interface ServiceMember {
  /** Id in the guild service. */
  tiny_id: string
  /** Name on QQ. */
  nickname: string
  /** Title in the guild. */
  title?: string
  /** Id of the role. */
  role_id?: string
  /** Name of the role. */
  role_name?: string
}

/** A recent chat on NapCat. */
export interface RecentContact {
  /** Number of the person or group. */
  peerUin: string
  /** Its name. */
  peerName: string
  /** Name under which the account lists them. */
  remark: string
  /** Unix seconds. */
  msgTime: string
  /** 1 a person, 2 a group. */
  chatType: number
  /** Id of the last message. */
  msgId: string
  /** Who wrote it. */
  sendNickName: string
  /** The last message; the name is NapCat's. */
  lastestMsg?: object
}

/** A list of friends. */
export interface FriendCategory {
  /** Number of the category. */
  categoryId: number
  /** Its name. */
  categoryName: string
  /** How many friends are in it. */
  categoryMbCount: number
  /** The friends in it. */
  buddyList: Friend[]
}
