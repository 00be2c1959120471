/** A person or bot, as the platform stores it. */
export interface UserState {
  readonly id: string
  username: string
  identifyNum: string
  avatar: string
  readonly bot: boolean
  /** The platform's own notice account. */
  readonly system: boolean
  online: boolean
  /** 0 or 1 normal, 10 banned from the platform. */
  status: number
  mobileVerified: boolean
  /** This user refuses private messages of the bot. */
  blocksBot: boolean
}

export interface RoleState {
  readonly id: number
  name: string
  color: number
  /** Smaller is higher. */
  position: number
  hoist: boolean
  mentionable: boolean
  permissions: bigint
}

export interface MemberState {
  readonly userId: string
  nickname: string
  readonly roles: Set<number>
  readonly joinedAt: number
  activeTime: number
  microphoneMuted: boolean
  headsetMuted: boolean
}

export interface Overwrite {
  allow: bigint
  deny: bigint
}

/** 0 category, 1 text, 2 voice, 4 thread. */
export type ChannelType = 0 | 1 | 2 | 4

export interface ChannelState {
  readonly id: string
  readonly guildId: string
  name: string
  readonly type: ChannelType
  /** `''` outside every category. */
  parentId: string
  topic: string
  level: number
  slowModeSeconds: number
  limitAmount: number
  voiceQuality: string
  password: string
  readonly creatorId: string
  /** Whether the permissions follow the category. */
  synced: boolean
  roleOverwrites: Map<number, Overwrite>
  userOverwrites: Map<string, Overwrite>
  /** Who is in this voice channel. */
  readonly voiceUsers: Set<string>
}

export interface EmojiState {
  /** `<guild>/<hash>` */
  readonly id: string
  name: string
  readonly creatorId: string
}

interface BanState {
  readonly userId: string
  readonly createdAt: number
  readonly remark: string
}

interface BoostState {
  readonly userId: string
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface GuildState {
  readonly id: string
  name: string
  topic: string
  ownerId: string
  icon: string
  region: string
  notifyType: number
  enableOpen: boolean
  openId: number
  defaultChannelId: string
  welcomeChannelId: string
  readonly roles: Map<number, RoleState>
  readonly members: Map<string, MemberState>
  readonly emojis: Map<string, EmojiState>
  readonly bans: Map<string, BanState>
  readonly boosts: BoostState[]
  boostLevel: number
}

interface ReactionState {
  /** User id to the time of the reaction, in ms. */
  readonly users: Map<string, number>
}

/** What the text of a message says about others; found by the platform when the message is sent. */
export interface Mentions {
  users: string[]
  all: boolean
  here: boolean
  roles: number[]
  channels: string[]
  /** The text without markup, mentions as `@name`. */
  rawContent: string
}

export interface Attachment {
  type: 'image' | 'video' | 'file' | 'audio'
  url: string
  name: string
  fileType: string
  /** Bytes. */
  size: number
}

export interface MessageState {
  readonly id: string
  /** The 24-hex id that events show as `quote.id`. */
  readonly internalId: string
  readonly place: { kind: 'channel'; channelId: string; guildId: string } | { kind: 'chat'; code: string }
  readonly authorId: string
  readonly type: number
  content: string
  quoteId: string | undefined
  readonly nonce: string
  readonly createdAt: number
  /** 0 when it was never edited. */
  updatedAt: number
  mentions: Mentions
  readonly attachment: Attachment | undefined
  readonly reactions: Map<string, ReactionState>
  pinned: boolean
  deleted: boolean
  /** The only user who sees this message, which is not stored. */
  readonly onlyFor: string | undefined
  /** Versions shown to one user instead of the content, by user id. */
  readonly variants: Map<string, string>
}

/** A one-to-one conversation of the bot. */
export interface ChatState {
  /** 32 hex digits. */
  readonly code: string
  readonly userId: string
  lastReadTime: number
  latestMessageTime: number
  unread: number
  /** Whether it shows in the bot's list. */
  listed: boolean
}

export interface AssetState {
  readonly url: string
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
  /** Who uploaded it. */
  readonly ownerId: string
}

export interface InviteState {
  readonly code: string
  readonly url: string
  readonly guildId: string
  readonly channelId: string
  readonly creatorId: string
}

export interface FriendRequestState {
  readonly id: number
  readonly userId: string
  /** Whether the bot sent it. */
  readonly own: boolean
}

export interface IntimacyState {
  score: number
  socialInfo: string
  imageId: string
  lastRead: number
  lastModify: number
}

export interface GameState {
  readonly id: number
  name: string
  icon: string
  /** Whether this bot made it. */
  readonly own: boolean
  readonly createdAt: number
}

export interface TemplateState {
  readonly id: string
  title: string
  content: string
  /** 9 KMarkdown or 10 card. */
  type: 9 | 10
}

export interface PipeState {
  readonly accessToken: string
  readonly channelId: string
  readonly templateId: string | undefined
}

export interface ThreadPostState {
  readonly id: string
  readonly replyId: string
  readonly userId: string
  readonly content: string
  readonly createdAt: number
}

export interface ThreadState {
  readonly id: string
  readonly channelId: string
  readonly categoryId: string
  readonly userId: string
  readonly title: string
  readonly cover: string
  readonly content: string
  readonly tagIds: readonly string[]
  readonly createdAt: number
  latestActiveAt: number
  /** 1 under review, 2 approved, 3 edit under review. */
  status: 1 | 2 | 3
  readonly posts: ThreadPostState[]
}
