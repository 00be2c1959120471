import type { Segment } from '../wire/wire.ts'

/** Rank in a group. */
export type Role = 'owner' | 'admin' | 'member'

/** Somebody with a QQ number. */
export interface Person {
  readonly userId: number
  /** The newer, opaque id of the account. */
  readonly uid: string
  nickname: string
  sex: 'male' | 'female' | 'unknown'
  age: number
  /** The bot's own name for a friend. */
  remark: string
  isFriend: boolean
  /** Whether the friendship is known to the other side only. */
  isOneWay: boolean
}

/** Somebody's membership of one group. */
export interface Member {
  readonly person: Person
  role: Role
  card: string
  /** The card before a change that was not noticed yet: it is only when the member next speaks. */
  unnoticedCard: string | undefined
  title: string
  level: string
  area: string
  joinTime: number
  lastSentTime: number
  /** Unix seconds; 0 when not muted. */
  mutedUntil: number
}

/** A file in a group. */
export interface GroupFile {
  readonly fileId: string
  name: string
  size: number
  busid: number
  /** Id of its folder, `/` for the root. */
  folderId: string
  uploadTime: number
  deadTime: number
  uploader: number
  /** Name under which the bytes are in the media store. */
  media: string
}

/** A folder of group files. */
export interface GroupFolder {
  readonly folderId: string
  name: string
  createTime: number
  creator: number
}

/** A message marked as essence. */
export interface Essence {
  readonly message: StoredMessage
  operatorId: number
  operatorTime: number
}

/** An announcement of a group. */
export interface Announcement {
  readonly noticeId: string
  senderId: number
  publishTime: number
  text: string
  image: string | undefined
}

/** A group chat. */
export interface Group {
  readonly groupId: number
  name: string
  remark: string
  createTime: number
  maxMemberCount: number
  wholeBan: boolean
  anonymousAllowed: boolean
  readonly members: Map<number, Member>
  readonly files: Map<string, GroupFile>
  readonly folders: Map<string, GroupFolder>
  readonly essences: Map<number, Essence>
  readonly announcements: Map<string, Announcement>
  readonly signed: Map<number, number>
  atAllRemaining: number
}

/** Who speaks anonymously, and the flag to mute them by. */
export interface Anonymous {
  id: number
  name: string
  flag: string
}

/** Where a message was said. */
export type Chat =
  | { kind: 'private'; userId: number; tempGroupId?: number }
  | { kind: 'group'; groupId: number }

/** A message as the platform keeps it. */
export interface StoredMessage {
  readonly id: number
  /** The chat's true sequence number. */
  readonly seq: number
  /** Unix seconds. */
  readonly time: number
  readonly chat: Chat
  readonly senderId: number
  readonly segments: readonly Segment[]
  readonly anonymous: Anonymous | undefined
  recalled: boolean
  /** Reactions: emoji id to the users who set it. */
  readonly reactions: Map<string, Set<number>>
}

/** A stream upload in progress. */
export interface Upload {
  readonly chunks: Map<number, Buffer>
  total: number
  filename: string
  sha256: string
}

/** An open or answered request. */
export interface PendingRequest {
  readonly flag: string
  readonly kind: 'friend' | 'add' | 'invite'
  readonly userId: number
  readonly groupId: number
  readonly comment: string
  readonly invitorId: number
  answered: boolean
}
