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
  self_id: Id
}

/** Who wrote an anonymous message. */
export interface Anonymous {
  id: number
  name: string
  /** For `set_group_anonymous_ban`; opaque. */
  flag: string
}

interface MessageCommon extends EventCommon {
  message_id: Id
  user_id: Id
  message: Segment[] | string
  /** The message in CQ form. */
  raw_message: string
  font: number
  sender: Sender
  message_format?: 'array' | 'string'
  message_seq?: Id
  real_id?: Id
  real_seq?: string
}

export interface PrivateMessage extends MessageCommon {
  post_type: 'message' | 'message_sent'
  message_type: 'private'
  sub_type: 'friend' | 'group' | 'group_self' | 'other' | 'normal'
  /** Who received it. */
  target_id?: Id
  temp_source?: number
}

export interface GroupMessage extends MessageCommon {
  post_type: 'message' | 'message_sent'
  message_type: 'group'
  sub_type: 'normal' | 'anonymous' | 'notice'
  group_id: Id
  group_name?: string
  anonymous?: Anonymous | null
}

/** A message of the guild service (go-cqhttp). */
export interface GuildMessage extends EventCommon {
  post_type: 'message'
  message_type: 'guild'
  sub_type: 'channel'
  guild_id: string
  channel_id: string
  user_id: string
  self_tiny_id: string
  message_id: string
  message: Segment[] | string
  sender: { user_id: Id; tiny_id: string; nickname: string }
}

interface NoticeCommon extends EventCommon {
  post_type: 'notice'
}

interface GroupNoticeCommon extends NoticeCommon {
  group_id: Id
  user_id: Id
}

/** A file as notices describe it. */
export interface NoticeFile {
  id: string
  name: string
  /** Bytes. */
  size: number
  busid: number
  url?: string
}

export interface GroupUploadNotice extends GroupNoticeCommon {
  notice_type: 'group_upload'
  file: NoticeFile
}

export interface GroupAdminNotice extends GroupNoticeCommon {
  notice_type: 'group_admin'
  sub_type: 'set' | 'unset'
}

export interface GroupDecreaseNotice extends GroupNoticeCommon {
  notice_type: 'group_decrease'
  sub_type: 'leave' | 'kick' | 'kick_me' | 'disband'
  operator_id: Id
}

export interface GroupIncreaseNotice extends GroupNoticeCommon {
  notice_type: 'group_increase'
  sub_type: 'approve' | 'invite'
  operator_id?: Id
}

/** `user_id` 0 is everybody. */
export interface GroupBanNotice extends GroupNoticeCommon {
  notice_type: 'group_ban'
  sub_type: 'ban' | 'lift_ban'
  operator_id: Id
  /** Seconds; -1 for everybody. */
  duration: number
}

export interface FriendAddNotice extends NoticeCommon {
  notice_type: 'friend_add'
  user_id: Id
}

export interface GroupRecallNotice extends GroupNoticeCommon {
  notice_type: 'group_recall'
  operator_id: Id
  message_id: Id
  tip?: string
}

export interface FriendRecallNotice extends NoticeCommon {
  notice_type: 'friend_recall'
  user_id: Id
  message_id: Id
  tip?: string
}

interface NotifyCommon extends NoticeCommon {
  notice_type: 'notify'
}

export interface PokeNotice extends NotifyCommon {
  sub_type: 'poke' | 'poke_recall'
  group_id?: Id
  /** Who poked; on NapCat in a private chat the partner, see `sender_id`. */
  user_id: Id
  sender_id?: Id
  target_id: Id
  raw_info?: unknown
  action?: string
  suffix?: string
  action_img_url?: string
}

export interface LuckyKingNotice extends NotifyCommon {
  sub_type: 'lucky_king'
  group_id: Id
  /** Who sent the red packet. */
  user_id: Id
  /** Who got most of it. */
  target_id: Id
}

export interface HonorNotice extends NotifyCommon {
  sub_type: 'honor'
  group_id: Id
  user_id: Id
  honor_type: 'talkative' | 'performer' | 'emotion' | (string & {})
}

export interface TitleNotice extends NotifyCommon {
  sub_type: 'title'
  group_id: Id
  user_id: Id
  title: string
}

export interface ProfileLikeNotice extends NotifyCommon {
  sub_type: 'profile_like'
  operator_id: Id
  operator_nick: string
  times: number
}

export interface InputStatusNotice extends NotifyCommon {
  sub_type: 'input_status'
  user_id: Id
  /** 0 in private chats. */
  group_id: Id
  event_type: number
  status_text: string
}

export interface GroupNameNotice extends NotifyCommon {
  sub_type: 'group_name'
  group_id: Id
  user_id: Id
  name_new: string
}

/** A grey line of QQ; members can forge it, so its content is not to be trusted. */
export interface GrayTipNotice extends NotifyCommon {
  sub_type: 'gray_tip'
  group_id: Id
  user_id: Id
  message_id: Id
  busi_id: string
  content: string
  raw_info?: unknown
}

export interface GroupNameChangeNotice extends NoticeCommon {
  notice_type: 'group_name_change'
  group_id: Id
  name: string
}

/** Noticed when the member next speaks; empty means that there is no card. */
export interface GroupCardNotice extends GroupNoticeCommon {
  notice_type: 'group_card'
  card_new: string
  card_old: string
}

export interface OfflineFileNotice extends NoticeCommon {
  notice_type: 'offline_file'
  user_id: Id
  file: { name: string; size: number; url: string; id?: string; hash?: string }
}

export interface ClientStatusNotice extends NoticeCommon {
  notice_type: 'client_status'
  client: { app_id: number; device_name: string; device_kind: string }
  online: boolean
}

export interface EssenceNotice extends NoticeCommon {
  notice_type: 'essence'
  sub_type: 'add' | 'delete'
  group_id?: Id
  sender_id: Id
  operator_id: Id
  message_id: Id
}

export interface EmojiLikeNotice extends NoticeCommon {
  notice_type: 'group_msg_emoji_like'
  group_id: Id
  user_id?: Id
  message_id: Id
  likes: { emoji_id: string; count: number }[]
  is_add?: boolean
}

export interface ReactionNotice extends NoticeCommon {
  notice_type: 'reaction'
  sub_type: 'add' | 'remove'
  group_id: Id
  message_id: Id
  operator_id: Id
  code: string
  count: number
}

export interface GroupDismissNotice extends GroupNoticeCommon {
  notice_type: 'group_dismiss'
}

export interface BotOfflineNotice extends NoticeCommon {
  notice_type: 'bot_offline'
  user_id?: Id
  tag: string
  message: string
}

export interface BotOnlineNotice extends NoticeCommon {
  notice_type: 'bot_online'
  reason: 'Login' | 'Reconnect'
}

export interface OnlineFileNotice extends NoticeCommon {
  notice_type: 'online_file_receive' | 'online_file_send'
  sub_type: 'cancel' | 'receive' | 'refuse'
  peer_id: Id
}

export interface FlashFileNotice extends NoticeCommon {
  notice_type: 'flash_file'
  sub_type: 'downloading' | 'downloaded' | 'uploading' | 'uploaded'
  title: string
  share_link: string
  file_set_id: string
  files: { name: string; size: number; path?: string }[]
  downloaded_size?: number
  uploaded_size?: number
  total_size?: number
  /** Bytes per second. */
  speed?: number
  remain_seconds?: number
}

/** Notices of the guild service. `user_id` has lost digits; use `operator_id`. */
interface ServiceNoticeCommon extends NoticeCommon {
  guild_id: string
  channel_id: string
  self_tiny_id: string
  operator_id: string
  user_id: Id
}

export interface ServiceReactionsNotice extends ServiceNoticeCommon {
  notice_type: 'message_reactions_updated'
  message_id: string
  current_reactions: {
    emoji_id: string
    emoji_index: number
    emoji_type: number
    emoji_name: string
    count: number
    clicked: boolean
  }[]
}

export interface ServiceRecallNotice extends ServiceNoticeCommon {
  notice_type: 'guild_channel_recall'
  message_id: string
}

export interface ServiceChannelInfo {
  channel_id: string
  /** 1 text, 2 voice, 5 live, 7 topics. */
  channel_type: number
  channel_name: string
  owner_guild_id: string
  creator_tiny_id: string
  create_time: number
  current_slow_mode: number
  talk_permission: number
  visible_type: number
  slow_modes: {
    slow_mode_key: number
    slow_mode_text: string
    speak_frequency: number
    slow_mode_circle: number
  }[]
}

export interface ServiceChannelNotice extends ServiceNoticeCommon {
  notice_type: 'channel_created' | 'channel_destroyed'
  channel_info: ServiceChannelInfo
}

export interface ServiceChannelUpdatedNotice extends ServiceNoticeCommon {
  notice_type: 'channel_updated'
  old_info: ServiceChannelInfo
  new_info: ServiceChannelInfo
}

interface RequestCommon extends EventCommon {
  post_type: 'request'
  user_id: Id
  comment: string | null
  /** With which it is answered; opaque. */
  flag: string
}

export interface FriendRequest extends RequestCommon {
  request_type: 'friend'
  via?: string
}

export interface GroupRequest extends RequestCommon {
  request_type: 'group'
  /** `add`: `user_id` wants in; `invite`: `user_id` invites the account. */
  sub_type: 'add' | 'invite'
  group_id: Id
  invitor_id?: Id
  source_group_id?: Id
}

export interface LifecycleEvent extends EventCommon {
  post_type: 'meta_event'
  meta_event_type: 'lifecycle'
  sub_type: 'enable' | 'disable' | 'connect'
}

export interface HeartbeatEvent extends EventCommon {
  post_type: 'meta_event'
  meta_event_type: 'heartbeat'
  status: Status
  /** Ms. */
  interval: number
}

/** Every event that the adapter knows, by the name it is emitted under. */
export interface OneBotEvents {
  'onebot/message.private': PrivateMessage
  'onebot/message.group': GroupMessage
  'onebot/message.guild': GuildMessage
  'onebot/message_sent.private': PrivateMessage
  'onebot/message_sent.group': GroupMessage
  'onebot/notice.group_upload': GroupUploadNotice
  'onebot/notice.group_admin': GroupAdminNotice
  'onebot/notice.group_decrease': GroupDecreaseNotice
  'onebot/notice.group_increase': GroupIncreaseNotice
  'onebot/notice.group_ban': GroupBanNotice
  'onebot/notice.group_dismiss': GroupDismissNotice
  'onebot/notice.group_recall': GroupRecallNotice
  'onebot/notice.group_card': GroupCardNotice
  'onebot/notice.group_name_change': GroupNameChangeNotice
  'onebot/notice.group_msg_emoji_like': EmojiLikeNotice
  'onebot/notice.reaction': ReactionNotice
  'onebot/notice.friend_add': FriendAddNotice
  'onebot/notice.friend_recall': FriendRecallNotice
  'onebot/notice.offline_file': OfflineFileNotice
  'onebot/notice.client_status': ClientStatusNotice
  'onebot/notice.essence': EssenceNotice
  'onebot/notice.bot_offline': BotOfflineNotice
  'onebot/notice.bot_online': BotOnlineNotice
  'onebot/notice.online_file_receive': OnlineFileNotice
  'onebot/notice.online_file_send': OnlineFileNotice
  'onebot/notice.flash_file': FlashFileNotice
  'onebot/notice.notify.poke': PokeNotice
  'onebot/notice.notify.poke_recall': PokeNotice
  'onebot/notice.notify.lucky_king': LuckyKingNotice
  'onebot/notice.notify.honor': HonorNotice
  'onebot/notice.notify.title': TitleNotice
  'onebot/notice.notify.profile_like': ProfileLikeNotice
  'onebot/notice.notify.input_status': InputStatusNotice
  'onebot/notice.notify.group_name': GroupNameNotice
  'onebot/notice.notify.gray_tip': GrayTipNotice
  'onebot/notice.message_reactions_updated': ServiceReactionsNotice
  'onebot/notice.guild_channel_recall': ServiceRecallNotice
  'onebot/notice.channel_created': ServiceChannelNotice
  'onebot/notice.channel_destroyed': ServiceChannelNotice
  'onebot/notice.channel_updated': ServiceChannelUpdatedNotice
  'onebot/request.friend': FriendRequest
  'onebot/request.group': GroupRequest
  'onebot/meta_event.lifecycle': LifecycleEvent
  'onebot/meta_event.heartbeat': HeartbeatEvent
}

/** Any of them; `post_type` and the second level tell them apart. */
export type OneBotEvent = OneBotEvents[keyof OneBotEvents]
