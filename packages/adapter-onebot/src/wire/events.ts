import type { Segment } from './segment.ts'
import type { Id, Sender, Status } from './results.ts'

/**
 * Events as implementations send them. Fields with `?` are missing on some; all of them may carry more.
 *
 * @see https://github.com/botuniverse/onebot-11/tree/master/event
 */
export interface EventCommon {
  /** Unix seconds. */
  time: number
  /** The account that the event is for. */
  self_id: Id
}

/** Who wrote an anonymous message. */
export interface Anonymous {
  /** Number of the mask. */
  id: number
  /** Name of the mask. */
  name: string
  /** For `set_group_anonymous_ban`; opaque. */
  flag: string
}

/** What messages have in common. */
interface MessageCommon extends EventCommon {
  /** Id of the message. */
  message_id: Id
  /** Number of the person it is about. */
  user_id: Id
  /** The content: segments, or text in CQ form. */
  message: Segment[] | string
  /** The message in CQ form. */
  raw_message: string
  /** Number of a font; means nothing any more. */
  font: number
  /** Who wrote it. */
  sender: Sender
  /** Form of `message`. */
  message_format?: 'array' | 'string'
  /** Number of the message in its conversation. */
  message_seq?: Id
  /** Another number of the message. */
  real_id?: Id
  /** Number of the message in its conversation, as QQ has it. */
  real_seq?: string
}

/** A message in a private chat. */
export interface PrivateMessage extends MessageCommon {
  /** Class of the event. */
  post_type: 'message' | 'message_sent'
  /** Where it was said. */
  message_type: 'private'
  /** How the two know each other; `group` and `group_self` are temporary chats. */
  sub_type: 'friend' | 'group' | 'group_self' | 'other' | 'normal'
  /** Who received it. */
  target_id?: Id
  /** Where a temporary chat comes from, as a number of QQ. */
  temp_source?: number
}

/** A message in a group. */
export interface GroupMessage extends MessageCommon {
  /** Class of the event. */
  post_type: 'message' | 'message_sent'
  /** Where it was said. */
  message_type: 'group'
  /** Whether it is anonymous, or a hint of QQ. */
  sub_type: 'normal' | 'anonymous' | 'notice'
  /** Number of the group. */
  group_id: Id
  /** Name of the group. */
  group_name?: string
  /** Who wrote it, where that is hidden. */
  anonymous?: Anonymous | null
}

/** A message of the guild service (go-cqhttp). */
export interface GuildMessage extends EventCommon {
  /** Class of the event. */
  post_type: 'message'
  /** Where it was said. */
  message_type: 'guild'
  /** Kind of the event, more exactly. */
  sub_type: 'channel'
  /** Id of the guild. */
  guild_id: string
  /** Id of the channel. */
  channel_id: string
  /** Number of the person it is about. */
  user_id: string
  /** Id of the account in the guild service. */
  self_tiny_id: string
  /** Id of the message. */
  message_id: string
  /** The content: segments, or text in CQ form. */
  message: Segment[] | string
  /** Who wrote it. */
  sender: { user_id: Id; tiny_id: string; nickname: string }
}

/** A notice of one class. */
interface Notice<Type extends string> extends EventCommon {
  /** Class of the event. */
  post_type: 'notice'
  /** Class of the notice. */
  notice_type: Type
}

/** A notice about somebody. */
interface PersonNotice<Type extends string> extends Notice<Type> {
  /** Number of the person it is about. */
  user_id: Id
}

/** A notice about somebody in a group. */
interface MemberNotice<Type extends string> extends PersonNotice<Type> {
  /** Number of the group. */
  group_id: Id
}

/** A notice of class `notify`. */
interface Notify<SubType extends string> extends Notice<'notify'> {
  /** Kind of the event, more exactly. */
  sub_type: SubType
}

/** A notice of class `notify` about somebody in a group. */
interface MemberNotify<SubType extends string> extends Notify<SubType> {
  /** Number of the group. */
  group_id: Id
  /** Number of the person it is about. */
  user_id: Id
}

/** A file as notices describe it. */
export interface NoticeFile {
  /** Id of the file. */
  id: string
  /** Name of the file. */
  name: string
  /** Bytes. */
  size: number
  /** Kind of the file, which go-cqhttp needs to find it. */
  busid: number
  /** Where it can be downloaded. */
  url?: string
}

/** A file was put into a group. */
export interface GroupUploadNotice extends MemberNotice<'group_upload'> {
  /** The file. */
  file: NoticeFile
}

/** A member was made an administrator, or is none any more. */
export interface GroupAdminNotice extends MemberNotice<'group_admin'> {
  /** Kind of the event, more exactly. */
  sub_type: 'set' | 'unset'
}

/** A member left, or was removed. */
export interface GroupDecreaseNotice extends MemberNotice<'group_decrease'> {
  /** Kind of the event, more exactly. */
  sub_type: 'leave' | 'kick' | 'kick_me' | 'disband'
  /** Who did it. */
  operator_id: Id
}

/** Somebody joined a group. */
export interface GroupIncreaseNotice extends MemberNotice<'group_increase'> {
  /** Kind of the event, more exactly. */
  sub_type: 'approve' | 'invite'
  /** Who did it. */
  operator_id?: Id
}

/** `user_id` 0 is everybody. */
export interface GroupBanNotice extends MemberNotice<'group_ban'> {
  /** Kind of the event, more exactly. */
  sub_type: 'ban' | 'lift_ban'
  /** Who did it. */
  operator_id: Id
  /** Seconds; -1 for everybody. */
  duration: number
}

/** Somebody is a friend now. */
export interface FriendAddNotice extends PersonNotice<'friend_add'> {
  /** The new friend. */
  user_id: Id
}

/** A message of a group was taken back. */
export interface GroupRecallNotice extends MemberNotice<'group_recall'> {
  /** Who did it. */
  operator_id: Id
  /** Id of the message. */
  message_id: Id
  /** What QQ shows about it. */
  tip?: string
}

/** A message of a private chat was taken back. */
export interface FriendRecallNotice extends PersonNotice<'friend_recall'> {
  /** Id of the message. */
  message_id: Id
  /** What QQ shows about it. */
  tip?: string
}

/** Somebody nudged somebody, or took that back. */
export interface PokeNotice extends Notify<'poke' | 'poke_recall'> {
  /** Number of the group. */
  group_id?: Id
  /** Who poked; on NapCat in a private chat the partner, see `sender_id`. */
  user_id: Id
  /** Who sent it. */
  sender_id?: Id
  /** Who was poked. */
  target_id: Id
  /** What QQ itself says; differs between copies of one notice. */
  raw_info?: unknown
  /** What was done, in words. */
  action?: string
  /** Words behind the name of who was poked. */
  suffix?: string
  /** Picture of what was done. */
  action_img_url?: string
}

/** Somebody got most of a red packet. */
export interface LuckyKingNotice extends MemberNotify<'lucky_king'> {
  /** Who sent the red packet. */
  user_id: Id
  /** Who got most of it. */
  target_id: Id
}

/** A member got an honour. */
export interface HonorNotice extends MemberNotify<'honor'> {
  /** Who has it now. */
  user_id: Id
  /** Which honour. */
  honor_type: 'talkative' | 'performer' | 'emotion' | (string & {})
}

/** A member got a title. */
export interface TitleNotice extends MemberNotify<'title'> {
  /** Title of the member. */
  title: string
}

/** Somebody liked the profile of the account. */
export interface ProfileLikeNotice extends Notify<'profile_like'> {
  /** Who did it. */
  operator_id: Id
  /** Name of who did it. */
  operator_nick: string
  /** How often. */
  times: number
}

/** Somebody types. */
export interface InputStatusNotice extends Notify<'input_status'> {
  /** Number of the person it is about. */
  user_id: Id
  /** 0 in private chats. */
  group_id: Id
  /** What they do: 1 is typing. */
  event_type: number
  /** The same, in words. */
  status_text: string
}

/** A group has another name (NapCat). */
export interface GroupNameNotice extends MemberNotify<'group_name'> {
  /** The new name. */
  name_new: string
}

/** A grey line of QQ; members can forge it, so its content is not to be trusted. */
export interface GrayTipNotice extends MemberNotify<'gray_tip'> {
  /** Id of the message. */
  message_id: Id
  /** Kind of the line, as a number of QQ. */
  busi_id: string
  /** The content. */
  content: string
  /** What QQ itself says; differs between copies of one notice. */
  raw_info?: unknown
}

/** A group has another name (Lagrange). */
export interface GroupNameChangeNotice extends Notice<'group_name_change'> {
  /** Number of the group. */
  group_id: Id
  /** The new name. */
  name: string
}

/** Noticed when the member next speaks; empty means that there is no card. */
export interface GroupCardNotice extends MemberNotice<'group_card'> {
  /** The name from now on. */
  card_new: string
  /** The name before. */
  card_old: string
}

/** Somebody sent a file in a private chat. */
export interface OfflineFileNotice extends PersonNotice<'offline_file'> {
  /** The file. */
  file: { name: string; size: number; url: string; id?: string; hash?: string }
}

/** Another client of the account came or went. */
export interface ClientStatusNotice extends Notice<'client_status'> {
  /** The device. */
  client: { app_id: number; device_name: string; device_kind: string }
  /** Whether it came or went. */
  online: boolean
}

/** A message became an essence of its group, or is none any more. */
export interface EssenceNotice extends Notice<'essence'> {
  /** Kind of the event, more exactly. */
  sub_type: 'add' | 'delete'
  /** Number of the group. */
  group_id?: Id
  /** Who sent it. */
  sender_id: Id
  /** Who did it. */
  operator_id: Id
  /** Id of the message. */
  message_id: Id
}

/** Somebody reacted to a message (NapCat, LLOneBot). */
export interface EmojiLikeNotice extends Notice<'group_msg_emoji_like'> {
  /** Number of the group. */
  group_id: Id
  /** Number of the person it is about. */
  user_id?: Id
  /** Id of the message. */
  message_id: Id
  /** The reactions, with how many of each there are. */
  likes: { emoji_id: string; count: number }[]
  /** Whether it was added; on some it is missing, see `sub_type`. */
  is_add?: boolean
}

/** Somebody reacted to a message (Lagrange). */
export interface ReactionNotice extends Notice<'reaction'> {
  /** Kind of the event, more exactly. */
  sub_type: 'add' | 'remove'
  /** Number of the group. */
  group_id: Id
  /** Id of the message. */
  message_id: Id
  /** Who did it. */
  operator_id: Id
  /** Number of the emoji. */
  code: string
  /** How many there are now. */
  count: number
}

/** A group was dissolved. */
export type GroupDismissNotice = MemberNotice<'group_dismiss'>

/** QQ has signed the account out. */
export interface BotOfflineNotice extends Notice<'bot_offline'> {
  /** Number of the person it is about. */
  user_id?: Id
  /** Why, in a word of QQ. */
  tag: string
  /** Why, in words for a person. */
  message: string
}

/** The account is signed in again. */
export interface BotOnlineNotice extends Notice<'bot_online'> {
  /** Why. */
  reason: 'Login' | 'Reconnect'
}

/** A transfer from machine to machine went on or ended (NapCat, LLOneBot). */
export interface OnlineFileNotice extends Notice<'online_file_receive' | 'online_file_send'> {
  /** Kind of the event, more exactly. */
  sub_type: 'cancel' | 'receive' | 'refuse'
  /** Who is on the other side. */
  peer_id: Id
}

/** A share for a short time went on (LLOneBot). */
export interface FlashFileNotice extends Notice<'flash_file'> {
  /** Kind of the event, more exactly. */
  sub_type: 'downloading' | 'downloaded' | 'uploading' | 'uploaded'
  /** Title of the share. */
  title: string
  /** Link of the share. */
  share_link: string
  /** Id of the share. */
  file_set_id: string
  /** The files. */
  files: { name: string; size: number; path?: string }[]
  /** Bytes that have come. */
  downloaded_size?: number
  /** Bytes that have gone. */
  uploaded_size?: number
  /** Bytes in all. */
  total_size?: number
  /** Bytes per second. */
  speed?: number
  /** How long it will still take, in seconds. */
  remain_seconds?: number
}

/** Notices of the guild service. `user_id` has lost digits; use `operator_id`. */
interface ServiceNotice<Type extends string> extends PersonNotice<Type> {
  /** Id of the guild. */
  guild_id: string
  /** Id of the channel. */
  channel_id: string
  /** Id of the account in the guild service. */
  self_tiny_id: string
  /** Who did it. */
  operator_id: string
}

/** Reactions in the guild service changed. */
export interface ServiceReactionsNotice extends ServiceNotice<'message_reactions_updated'> {
  /** Id of the message. */
  message_id: string
  /** All reactions that there are now. */
  current_reactions: {
    /** Id of the emoji. */
    emoji_id: string
    /** Place of the emoji in its list. */
    emoji_index: number
    /** Kind of the emoji. */
    emoji_type: number
    /** Name of the emoji. */
    emoji_name: string
    /** How many there are now. */
    count: number
    /** Whether the account is among them. */
    clicked: boolean
  }[]
}

/** A message of the guild service was taken back. */
export interface ServiceRecallNotice extends ServiceNotice<'guild_channel_recall'> {
  /** Id of the message. */
  message_id: string
}

/** A channel of the guild service. */
export interface ServiceChannelInfo {
  /** Id of the channel. */
  channel_id: string
  /** 1 text, 2 voice, 5 live, 7 topics. */
  channel_type: number
  /** Name of the channel. */
  channel_name: string
  /** Guild of the channel. */
  owner_guild_id: string
  /** Who made it. */
  creator_tiny_id: string
  /** When it was made, in Unix seconds. */
  create_time: number
  /** Which of the slow modes is on. */
  current_slow_mode: number
  /** Who may write, as a number of QQ. */
  talk_permission: number
  /** Who sees it, as a number of QQ. */
  visible_type: number
  /** Slow modes that there are. */
  slow_modes: {
    /** Number of the mode. */
    slow_mode_key: number
    /** Name of the mode. */
    slow_mode_text: string
    /** Messages in each period. */
    speak_frequency: number
    /** The period, in seconds. */
    slow_mode_circle: number
  }[]
}

/** A channel of the guild service was made or deleted. */
export interface ServiceChannelNotice extends ServiceNotice<'channel_created' | 'channel_destroyed'> {
  /** The channel. */
  channel_info: ServiceChannelInfo
}

/** A channel of the guild service was changed. */
export interface ServiceChannelUpdatedNotice extends ServiceNotice<'channel_updated'> {
  /** The channel before. */
  old_info: ServiceChannelInfo
  /** The channel from now on. */
  new_info: ServiceChannelInfo
}

/** What requests have in common. */
interface RequestCommon extends EventCommon {
  /** Class of the event. */
  post_type: 'request'
  /** Number of the person it is about. */
  user_id: Id
  /** What they wrote. */
  comment: string | null
  /** With which it is answered; opaque. */
  flag: string
}

/** Somebody wants to be a friend. */
export interface FriendRequest extends RequestCommon {
  /** Class of the request. */
  request_type: 'friend'
  /** Through whom they know the account. */
  via?: string
}

/** Somebody wants into a group, or invites the account. */
export interface GroupRequest extends RequestCommon {
  /** Class of the request. */
  request_type: 'group'
  /** `add`: `user_id` wants in; `invite`: `user_id` invites the account. */
  sub_type: 'add' | 'invite'
  /** Number of the group. */
  group_id: Id
  /** Who invited them. */
  invitor_id?: Id
  /** The group they come from. */
  source_group_id?: Id
}

/** The implementation has connected, or was switched on or off. */
export interface LifecycleEvent extends EventCommon {
  /** Class of the event. */
  post_type: 'meta_event'
  /** Class of the event. */
  meta_event_type: 'lifecycle'
  /** Kind of the event, more exactly. */
  sub_type: 'enable' | 'disable' | 'connect'
}

/** The implementation is alive. */
export interface HeartbeatEvent extends EventCommon {
  /** Class of the event. */
  post_type: 'meta_event'
  /** Class of the event. */
  meta_event_type: 'heartbeat'
  /** How it is doing. */
  status: Status
  /** Ms. */
  interval: number
}

/** Every event that the adapter knows, by the name it is emitted under. */
export interface OneBotEvents {
  /** A message in a private chat. */
  'onebot/message.private': PrivateMessage
  /** A message in a group. */
  'onebot/message.group': GroupMessage
  /** A message of the guild service. */
  'onebot/message.guild': GuildMessage
  /** The account itself wrote in a private chat. */
  'onebot/message_sent.private': PrivateMessage
  /** The account itself wrote in a group. */
  'onebot/message_sent.group': GroupMessage
  /** A file was put into a group. */
  'onebot/notice.group_upload': GroupUploadNotice
  /** A member was made an administrator, or is none any more. */
  'onebot/notice.group_admin': GroupAdminNotice
  /** A member left, or was removed. */
  'onebot/notice.group_decrease': GroupDecreaseNotice
  /** Somebody joined a group. */
  'onebot/notice.group_increase': GroupIncreaseNotice
  /** A member or everybody was muted, or may write again. */
  'onebot/notice.group_ban': GroupBanNotice
  /** A group was dissolved. */
  'onebot/notice.group_dismiss': GroupDismissNotice
  /** A message of a group was taken back. */
  'onebot/notice.group_recall': GroupRecallNotice
  /** A member has another name in the group. */
  'onebot/notice.group_card': GroupCardNotice
  /** A group has another name (Lagrange). */
  'onebot/notice.group_name_change': GroupNameChangeNotice
  /** Somebody reacted to a message (NapCat, LLOneBot). */
  'onebot/notice.group_msg_emoji_like': EmojiLikeNotice
  /** Somebody reacted to a message (Lagrange). */
  'onebot/notice.reaction': ReactionNotice
  /** Somebody is a friend now. */
  'onebot/notice.friend_add': FriendAddNotice
  /** A message of a private chat was taken back. */
  'onebot/notice.friend_recall': FriendRecallNotice
  /** Somebody sent a file in a private chat. */
  'onebot/notice.offline_file': OfflineFileNotice
  /** Another client of the account came or went. */
  'onebot/notice.client_status': ClientStatusNotice
  /** A message became an essence of its group, or is none any more. */
  'onebot/notice.essence': EssenceNotice
  /** QQ has signed the account out. */
  'onebot/notice.bot_offline': BotOfflineNotice
  /** The account is signed in again. */
  'onebot/notice.bot_online': BotOnlineNotice
  /** A transfer from machine to machine went on or ended (NapCat, LLOneBot). */
  'onebot/notice.online_file_receive': OnlineFileNotice
  /** A transfer from machine to machine went on or ended (NapCat, LLOneBot). */
  'onebot/notice.online_file_send': OnlineFileNotice
  /** A share for a short time went on (LLOneBot). */
  'onebot/notice.flash_file': FlashFileNotice
  /** Somebody nudged somebody, or took that back. */
  'onebot/notice.notify.poke': PokeNotice
  /** Somebody nudged somebody, or took that back. */
  'onebot/notice.notify.poke_recall': PokeNotice
  /** Somebody got most of a red packet. */
  'onebot/notice.notify.lucky_king': LuckyKingNotice
  /** A member got an honour. */
  'onebot/notice.notify.honor': HonorNotice
  /** A member got a title. */
  'onebot/notice.notify.title': TitleNotice
  /** Somebody liked the profile of the account. */
  'onebot/notice.notify.profile_like': ProfileLikeNotice
  /** Somebody types. */
  'onebot/notice.notify.input_status': InputStatusNotice
  /** A group has another name (NapCat). */
  'onebot/notice.notify.group_name': GroupNameNotice
  /** QQ shows a grey line. */
  'onebot/notice.notify.gray_tip': GrayTipNotice
  /** Reactions in the guild service changed. */
  'onebot/notice.message_reactions_updated': ServiceReactionsNotice
  /** A message of the guild service was taken back. */
  'onebot/notice.guild_channel_recall': ServiceRecallNotice
  /** A channel of the guild service was made or deleted. */
  'onebot/notice.channel_created': ServiceChannelNotice
  /** A channel of the guild service was made or deleted. */
  'onebot/notice.channel_destroyed': ServiceChannelNotice
  /** A channel of the guild service was changed. */
  'onebot/notice.channel_updated': ServiceChannelUpdatedNotice
  /** Somebody wants to be a friend. */
  'onebot/request.friend': FriendRequest
  /** Somebody wants into a group, or invites the account. */
  'onebot/request.group': GroupRequest
  /** The implementation has connected, or was switched on or off. */
  'onebot/meta_event.lifecycle': LifecycleEvent
  /** The implementation is alive. */
  'onebot/meta_event.heartbeat': HeartbeatEvent
}

/** Any of them; `post_type` and the second level tell them apart. */
export type OneBotEvent = OneBotEvents[keyof OneBotEvents]
