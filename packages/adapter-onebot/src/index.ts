/**
 * OneBot v11 for Mynah: go-cqhttp, NapCat, LLOneBot, Lagrange.OneBot and everything else that speaks it.
 *
 * @example
 * ```ts
 * import { App } from '@mynah/core'
 * import onebot from '@mynah/adapter-onebot'
 *
 * const app = new App()
 * app.plugin(onebot, { forward: [{ url: 'ws://127.0.0.1:3001', token: process.env.ONEBOT_TOKEN }] })
 * await app.start()
 * ```
 *
 * @packageDocumentation
 */
import type { OneBotConfigInput } from './config.ts'
import type { OneBotQuickOperation } from './send/quick.ts'
import type { OneBotEvents } from './wire/events.ts'

declare module '@mynah/core' {
  interface AdapterConfigs {
    onebot: OneBotConfigInput
  }
  interface QuickOperation extends OneBotQuickOperation {}
  interface PlatformEvents extends OneBotEvents {}
}

// the adapter and its bots
export { default } from './adapter.ts'
export type { AccountState } from './account.ts'
export { OneBotBot } from './bot.ts'
export type {
  ForwardConfig,
  HttpConfig,
  MediaConfig,
  OneBotConfig,
  OneBotConfigInput,
  ReverseConfig,
  WebhookConfig,
} from './config.ts'
export type { OneBotQuickOperation, QuickReply } from './send/quick.ts'
export type { Implementation } from './api/quirks.ts'

// actions and their errors
export { type DownloadedStream, OneBotApi } from './api/api.ts'
export type { HistoryQuery } from './api/go-cqhttp.ts'
export type { CallOptions } from './api/caller.ts'
export {
  ActionFailedError,
  AuthError,
  BadRequestError,
  type CallOutcome,
  CallTimeoutError,
  type CallTransport,
  ConnectionLostError,
  MalformedResponseError,
  NotConnectedError,
  NotFoundError,
  OneBotError,
  PermissionError,
  RiskControlError,
  StreamError,
  UnsupportedActionError,
} from './errors.ts'

// messages
export { escapeCqText, escapeCqValue, parseCq, stringifyCq, unescapeCq } from './wire/cq-code.ts'
export type { Segment, WireMessage } from './wire/segment.ts'

// payloads
export type {
  Anonymous,
  BotOfflineNotice,
  BotOnlineNotice,
  ClientStatusNotice,
  EmojiLikeNotice,
  EssenceNotice,
  EventCommon,
  FlashFileNotice,
  FriendAddNotice,
  FriendRecallNotice,
  FriendRequest,
  GrayTipNotice,
  GroupAdminNotice,
  GroupBanNotice,
  GroupCardNotice,
  GroupDecreaseNotice,
  GroupDismissNotice,
  GroupIncreaseNotice,
  GroupMessage,
  GroupNameChangeNotice,
  GroupNameNotice,
  GroupRecallNotice,
  GroupRequest,
  GroupUploadNotice,
  GuildMessage,
  HeartbeatEvent,
  HonorNotice,
  InputStatusNotice,
  LifecycleEvent,
  LuckyKingNotice,
  NoticeFile,
  OfflineFileNotice,
  OneBotEvent,
  OneBotEvents,
  OnlineFileNotice,
  PokeNotice,
  PrivateMessage,
  ProfileLikeNotice,
  ReactionNotice,
  ServiceChannelInfo,
  ServiceChannelNotice,
  ServiceChannelUpdatedNotice,
  ServiceReactionsNotice,
  ServiceRecallNotice,
  TitleNotice,
} from './wire/events.ts'
export type {
  AtAllRemain,
  Credentials,
  Device,
  EssenceMessage,
  ForwardedMessage,
  Friend,
  FriendCategory,
  GroupFile,
  GroupFileList,
  GroupFileSystem,
  GroupFolder,
  GroupHonors,
  GroupInfo,
  GroupMember,
  GroupNotice,
  GroupRole,
  HonorType,
  HonoredMember,
  Id,
  ImageFile,
  LocalFile,
  LoginInfo,
  RecentContact,
  RecognizedText,
  Sender,
  SentForward,
  SentMessage,
  ServiceGuild,
  ServiceMember,
  Status,
  StoredMessage,
  Stranger,
  StreamProgress,
  SystemMessages,
  UploadedFile,
  VersionInfo,
} from './wire/results.ts'
