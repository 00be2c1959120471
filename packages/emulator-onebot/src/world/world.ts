import { type Clock, MynahError } from '@mynah/core'
import type { Profile } from '../wire/profile.ts'
import type { Segment } from '../wire/wire.ts'
import type { Group, Member, PendingRequest, Person, Role, Upload } from './entities.ts'
import type { MediaStore } from './media-store.ts'
import { MessageLog } from './message-log.ts'

/** What is known of a person from the start. */
export interface PersonInfo {
  /** The QQ number. */
  userId: number
  /** @defaultValue the number */
  nickname?: string
  /** @defaultValue 'unknown' */
  sex?: Person['sex']
  /** In years. @defaultValue 0, not told */
  age?: number
  /** The bot's own name for the friend. */
  remark?: string
}

/** What is known of a membership from the start. */
export interface MemberInfo {
  /** @defaultValue 'member' */
  role?: Role
  /** Name in the group. @defaultValue none */
  card?: string
  /** Title that the owner gave. @defaultValue none */
  title?: string
  /** Level of activity. @defaultValue '1' */
  level?: string
}

/** What is known of a group from the start. */
export interface GroupInfo {
  /** The group's number. */
  groupId: number
  /** The name that is shown. */
  name: string
  /** Rank of the bot. @defaultValue 'member' */
  botRole?: Role
  /** @defaultValue 500 */
  maxMemberCount?: number
}

/** The platform's memory: people, groups, messages, requests. Changing it sends nothing. */
export class World {
  readonly profile: Profile
  readonly self: Person
  readonly people: Map<number, Person> = new Map()
  readonly groups: Map<number, Group> = new Map()
  readonly requests: Map<string, PendingRequest> = new Map()
  readonly messages: MessageLog
  readonly media: MediaStore
  /** The group through which a stranger wrote to the bot last. */
  readonly tempSessions: Map<number, number> = new Map()
  readonly forwards: Map<string, readonly ForwardNode[]> = new Map()
  readonly uploads: Map<string, Upload> = new Map()
  /** Likes that the bot gave today, by user. */
  readonly likes: Map<number, number> = new Map()
  readonly #clock: Clock
  #serial = 0

  constructor(profile: Profile, self: PersonInfo, media: MediaStore, clock: Clock) {
    this.profile = profile
    this.media = media
    this.messages = new MessageLog(profile)
    this.#clock = clock
    this.self = this.person(self)
  }

  /** Unix seconds. */
  get time(): number {
    return Math.floor(this.#clock.now() / 1000)
  }

  /** A number that was not given out before; ids are made of it. */
  serial(): number {
    this.#serial += 1
    return this.#serial
  }

  /** A decimal id as long as the ones QQ gives, growing with time. */
  longId(): string {
    return `${this.time}${String(this.serial()).padStart(9, '0')}`
  }

  /** Finds or makes a person; what is given replaces what was known. */
  person({ userId, ...known }: PersonInfo): Person {
    const found = this.people.get(userId)
    if (found !== undefined) return Object.assign(found, known)
    const person: Person = {
      userId,
      uid: `u_${userId.toString(36).padStart(16, '0')}`,
      nickname: String(userId),
      sex: 'unknown',
      age: 0,
      remark: '',
      isFriend: false,
      isOneWay: false,
      ...known,
    }
    this.people.set(userId, person)
    return person
  }

  /** Finds or makes a group that the bot is in. */
  group({ groupId, name, botRole = 'member', maxMemberCount = 500 }: GroupInfo): Group {
    const group: Group = this.groups.get(groupId) ?? {
      groupId,
      name,
      remark: '',
      createTime: this.time,
      maxMemberCount,
      wholeBan: false,
      anonymousAllowed: true,
      members: new Map(),
      files: new Map(),
      folders: new Map(),
      essences: new Map(),
      announcements: new Map(),
      signed: new Map(),
      atAllRemaining: 10,
    }
    this.groups.set(groupId, group)
    this.join(group, this.self, { role: botRole })
    return group
  }

  /** Makes somebody a member, or changes what is known of the membership. */
  join(group: Group, person: Person, info: MemberInfo = {}): Member {
    const found = group.members.get(person.userId)
    if (found !== undefined) return Object.assign(found, info)
    const member: Member = {
      person,
      role: 'member',
      card: '',
      unnoticedCard: undefined,
      title: '',
      level: '1',
      area: '',
      joinTime: this.time,
      lastSentTime: 0,
      mutedUntil: 0,
      ...info,
    }
    group.members.set(person.userId, member)
    return member
  }

  /** Keeps a merged history and gives the segment that stands for it, for anybody to send. */
  forward(nodes: readonly ForwardNode[]): Segment {
    const id = this.longId()
    this.forwards.set(id, nodes)
    return { type: 'forward', data: { id } }
  }

  /** The member, or an error for the author of the test. */
  memberOf(group: Group, person: Person): Member {
    const member = group.members.get(person.userId)
    if (member === undefined) {
      throw new MynahError(
        'TEST_EXPECTATION',
        `${person.nickname} (${person.userId}) is not in group ${group.groupId}; add them with group.add(user).`,
      )
    }
    return member
  }

  /** Whether the bot is in the group and may speak there now. */
  mutedReason(group: Group): 'muted' | 'whole-group' | undefined {
    const member = group.members.get(this.self.userId)
    if (member === undefined) return undefined
    if (member.mutedUntil > this.time) return 'muted'
    return group.wholeBan && member.role === 'member' ? 'whole-group' : undefined
  }
}

/** One message inside a merged history. */
export interface ForwardNode {
  /** QQ number of who said it. */
  readonly userId: number
  /** The name that is shown. */
  readonly nickname: string
  /** Unix seconds. */
  readonly time: number
  /** The group it was said in; 0 for none. */
  readonly groupId: number
  /** What was said. */
  readonly segments: readonly Segment[]
}
