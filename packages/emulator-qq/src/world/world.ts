import { MynahError } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import type { JsonObject } from '@mynah/emulator-kit'
import { describeMessage, type QQBotMessage } from './message.ts'

/** What recipients received and no expectation took yet. */
export type Inbox = Mailbox<QQBotMessage>

/** A human (or the bot itself) with the ids of all three id spaces. */
export interface UserState {
  /** The guild-side id. */
  readonly id: string
  /** The openid of C2C. */
  readonly openid: string
  readonly unionOpenid: string
  username: string
  avatar: string
  readonly bot: boolean
  friend: boolean
  pushAllowed: boolean
  lastSpokeAt: number | undefined
  /** Wake-up periods that were used since the user last spoke. */
  readonly wakeUps: Set<number>
  readonly inbox: Inbox
  readonly typing: Mailbox<QQBotMessage>
}

export type GroupRole = 'member' | 'admin' | 'owner'

export interface GroupMemberState {
  readonly openid: string
  readonly user: UserState
  role: GroupRole
  readonly joinedAt: number
  /** RFC 3339; undefined when not muted. */
  muteExpiresAt: string | undefined
}

interface JoinRequestState {
  readonly id: string
  readonly memberOpenid: string
  readonly user: UserState
  /** The fields of GROUP_JOIN_REQUEST. */
  readonly data: JsonObject
}

export interface GroupState {
  readonly openid: string
  name: string
  readonly members: Map<string, GroupMemberState>
  readonly joinRequests: Map<string, JoinRequestState>
  readonly blacklist: Set<string>
  botMember:
    | { readonly openid: string; role: GroupRole; readonly joinedAt: number; muted: boolean }
    | undefined
  pushAllowed: boolean
  /** Whether the admin lets the bot see every message, not only those that mention it. */
  fullMode: boolean
  readonly inbox: Inbox
}

export interface RoleState {
  readonly id: string
  name: string
  color: number
  hoist: number
  readonly memberLimit: number
}

export interface GuildMemberState {
  readonly user: UserState
  nick: string
  readonly roles: Set<string>
  /** Channels whose administrator the member is (role 5). */
  readonly channelAdminOf: Set<string>
  readonly joinedAt: number
  mutedUntil: number
}

export interface ScheduleState {
  readonly id: string
  readonly creatorId: string
  fields: {
    name: string
    description: string
    start_timestamp: string
    end_timestamp: string
    jump_channel_id: string
    remind_type: string
  }
}

export interface ThreadState {
  readonly id: string
  readonly authorId: string
  readonly title: string
  readonly content: string
  readonly createdAt: number
}

/** A message in a guild channel or direct message session, by whomever. */
export interface GuildMessageState {
  readonly id: string
  readonly author: UserState
  /** The platform's Message object. */
  readonly data: JsonObject
  /** Who reacted, by `type/id` of the emoji. */
  readonly reactions: Map<string, Set<string>>
}

export interface ChannelState {
  readonly id: string
  readonly guild: GuildState
  name: string
  readonly type: number
  readonly subType: number
  position: number
  parentId: string
  readonly ownerId: string
  privateType: number
  speakPermission: number
  readonly applicationId: string
  sequence: number
  readonly messages: Map<string, GuildMessageState>
  readonly pins: string[]
  readonly schedules: Map<string, ScheduleState>
  readonly threads: Map<string, ThreadState>
  readonly userPermissions: Map<string, bigint>
  readonly rolePermissions: Map<string, bigint>
  /** Who is in the voice or live channel. */
  readonly present: Set<string>
  botOnMic: boolean
  audio: { url: string; text: string; paused: boolean } | undefined
  readonly inbox: Inbox
}

export interface GuildState {
  readonly id: string
  name: string
  icon: string
  description: string
  readonly ownerId: string
  readonly maxMembers: number
  readonly joinedAt: number
  botIn: boolean
  readonly members: Map<string, GuildMemberState>
  readonly roles: Map<string, RoleState>
  readonly channels: Map<string, ChannelState>
  readonly blacklist: Set<string>
  readonly announces: { message: JsonObject | undefined }
  mutedUntil: number
  dmDisabled: boolean
  pushDisabled: boolean
  /** Channels proactive messages may go to; empty means all. */
  pushChannels: string[]
  pushMaximum: number
}

export interface DirectState {
  /** The id of the session, where other calls have a guild id. */
  readonly guildId: string
  readonly channelId: string
  readonly user: UserState
  readonly source: GuildState
  readonly createdAt: number
  closed: boolean
  sequence: number
  readonly messages: Map<string, GuildMessageState>
}

export const newInbox = (): Inbox => new Mailbox(describeMessage)

/** Everything that exists on the emulated platform, by id. */
export class World {
  readonly users: Set<UserState> = new Set()
  readonly groups: Map<string, GroupState> = new Map()
  readonly guilds: Map<string, GuildState> = new Map()
  readonly directs: Map<string, DirectState> = new Map()

  userByOpenid(openid: string): UserState | undefined {
    return [...this.users].find((user) => user.openid === openid)
  }

  /** Finds a user by the id of any space. */
  userByAnyId(id: string): UserState | undefined {
    const user = [...this.users].find((candidate) => candidate.openid === id || candidate.id === id)
    if (user !== undefined) return user
    for (const group of this.groups.values()) {
      const member = group.members.get(id)
      if (member !== undefined) return member.user
    }
    return undefined
  }

  channel(id: string): ChannelState | undefined {
    for (const guild of this.guilds.values()) {
      const channel = guild.channels.get(id)
      if (channel !== undefined) return channel
    }
    return undefined
  }

  directBetween(user: UserState, source: GuildState): DirectState | undefined {
    return [...this.directs.values()].find((direct) => direct.user === user && direct.source === source)
  }
}

/** Takes what a test set up earlier, or says that it did not. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new MynahError('TEST_EXPECTATION', `${what} does not exist on the emulator.`)
  return value
}
