import type { Segment } from '../wire/wire.ts'

/** Rank in a group. */
export type Role = 'owner' | 'admin' | 'member'

/** Somebody with a QQ number. */
export interface Person {
  /** The QQ number. */
  readonly userId: number
  /** The newer, opaque id of the account. */
  readonly uid: string
  /** The name that the person chose. */
  nickname: string
  /** As the profile says. */
  sex: 'male' | 'female' | 'unknown'
  /** In years; 0 when it is not told. */
  age: number
  /** The bot's own name for a friend. */
  remark: string
  /** Whether the bot has them in its list of friends. */
  isFriend: boolean
  /** Whether the friendship is known to the other side only. */
  isOneWay: boolean
}

/** Somebody's membership of one group. */
export interface Member {
  /** Who it is. */
  readonly person: Person
  /** Rank in the group. */
  role: Role
  /** Name in the group; empty for none. */
  card: string
  /** The card before a change that was not noticed yet: it is only when the member next speaks. */
  unnoticedCard: string | undefined
  /** Title that the owner gave; empty for none. */
  title: string
  /** Level of activity, a number as text. */
  level: string
  /** Where the person lives; mostly empty. */
  area: string
  /** Unix seconds. */
  joinTime: number
  /** Unix seconds; 0 when nothing was said. */
  lastSentTime: number
  /** Unix seconds; 0 when not muted. */
  mutedUntil: number
}

/** A file in a group. */
export interface GroupFile {
  /** What the actions of group files take. */
  readonly fileId: string
  /** The file name. */
  name: string
  /** In bytes. */
  size: number
  /** QQ's number for the sort of store, which go-cqhttp wants back. */
  busid: number
  /** Id of its folder, `/` for the root. */
  folderId: string
  /** Unix seconds. */
  uploadTime: number
  /** When it expires, in Unix seconds; 0 for never. */
  deadTime: number
  /** QQ number of who put it there. */
  uploader: number
  /** Name under which the bytes are in the media store. */
  media: string
}

/** A folder of group files. */
export interface GroupFolder {
  /** What the actions of group files take. */
  readonly folderId: string
  /** The name that is shown. */
  name: string
  /** Unix seconds. */
  createTime: number
  /** QQ number of who made it. */
  creator: number
}

/** A message marked as essence. */
export interface Essence {
  /** The message that was marked. */
  readonly message: StoredMessage
  /** QQ number of who marked it. */
  operatorId: number
  /** When it was marked, in Unix seconds. */
  operatorTime: number
}

/** An announcement of a group. */
export interface Announcement {
  /** As `_get_group_notice` tells it. */
  readonly noticeId: string
  /** QQ number of who published it. */
  senderId: number
  /** Unix seconds. */
  publishTime: number
  /** The words. */
  text: string
  /** Key of a picture in the media store; undefined without one. */
  image: string | undefined
}

/** A group chat. */
export interface Group {
  /** The group's number. */
  readonly groupId: number
  /** The name as it is now. */
  name: string
  /** The bot's own name for the group; empty when it has none. */
  remark: string
  /** Unix seconds. */
  createTime: number
  /** How many members it may have. */
  maxMemberCount: number
  /** Whether only its owner and admins may speak. */
  wholeBan: boolean
  /** Whether members may speak under made-up names. */
  anonymousAllowed: boolean
  /** By QQ number, the bot included. */
  readonly members: Map<number, Member>
  /** By their ids, those in folders included. */
  readonly files: Map<string, GroupFile>
  /** By their ids. */
  readonly folders: Map<string, GroupFolder>
  /** By the ids of the messages. */
  readonly essences: Map<number, Essence>
  /** By their ids. */
  readonly announcements: Map<string, Announcement>
  /** When members signed in, in Unix seconds, by QQ number. */
  readonly signed: Map<number, number>
  /** How often everybody may still be mentioned today. */
  atAllRemaining: number
}

/** Who speaks anonymously, and the flag to mute them by. */
export interface Anonymous {
  /** Number of the made-up person. */
  id: number
  /** The made-up name. */
  name: string
  /** What `set_group_anonymous_ban` takes. */
  flag: string
}

/** Where a message was said. */
export type Chat =
  /** With a person; `tempGroupId` is the group through which a stranger writes. */
  | { kind: 'private'; userId: number; tempGroupId?: number }
  /** In a group. */
  | { kind: 'group'; groupId: number }

/** A message as the platform keeps it. */
export interface StoredMessage {
  /** The `message_id` of OneBot; negative on some implementations. */
  readonly id: number
  /** The chat's true sequence number. */
  readonly seq: number
  /** Unix seconds. */
  readonly time: number
  /** Where it was said. */
  readonly chat: Chat
  /** QQ number of who said it. */
  readonly senderId: number
  /** What was said; media by its key in the media store. */
  readonly segments: readonly Segment[]
  /** Under which made-up name; undefined for the usual case. */
  readonly anonymous: Anonymous | undefined
  /** Whether it was taken back. */
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
  /** What the bot answers it by. */
  readonly flag: string
  /** To be a friend, to join a group, or to have the bot in a group. */
  readonly kind: 'friend' | 'add' | 'invite'
  /** QQ number of who asks. */
  readonly userId: number
  /** The group's number; 0 for friends. */
  readonly groupId: number
  /** Their words; often empty. */
  readonly comment: string
  /** Who invited them; 0 for nobody. */
  readonly invitorId: number
  /** Whether the bot accepted or refused it. */
  answered: boolean
}
